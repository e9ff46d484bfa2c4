"""Times the same jobs through weir and its peers, in turn, and measures their memory: see peers.sh.

usage: peers.py WEIR FOLDER RUNS
"""
import importlib.util
import json
import pathlib
import shutil
import statistics
import subprocess
import sys

import h5py
import numpy as np
from peak_memory import peak_memory
from peer_jobs import taps_of
from side_by_side import time_in_turn

HERE = pathlib.Path(__file__).resolve().parent
LAUNCH = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2"]
# Case: its title, channels, seconds at 1 kHz, and weir's options.
CASES = {
    "gaussian": ("Gaussian of sigma 40, 100 x 400,000 doubles", 100, 400, ["--gaussian", "40"]),
    "boxcar": ("1,500 taps, causal, 200 x 20,000 doubles", 200, 20, ["--phase", "causal"]),
}
PEERS = {
    "Python pipeline, 2 processes": "pipeline:2",
    "Python pipeline, 1 process": "pipeline:1",
    "SciPy oaconvolve": "oaconvolve",
    "MNE overlap-add": "mne",
    "direct sum, shared array, 2 processes": "shared:2",
    "SciPy direct sum": "direct",
}


def commands_of(case, weir, folder, source, peers):
    """Each command by its name, with the file that it makes."""
    options = CASES[case][3] + ([] if case == "gaussian" else ["--taps", f"{folder}/taps.npy"])
    filtering = ["filter", source, f"{folder}/out.h5", *options, "--overwrite", "-q"]
    commands = {"cp": (["cp", source, f"{folder}/copy.h5"], None),
                "weir, 2 ranks": ([*LAUNCH, weir, *filtering], f"{folder}/out.h5"),
                "weir, 1 rank": ([weir, *filtering], f"{folder}/out.h5")}
    for name, how in peers.items():
        commands[name] = ([sys.executable, str(HERE / "peer_jobs.py"), how, case, source, f"{folder}/out.npy"],
                          f"{folder}/out.npy")
    return commands


def result_of(path):
    if path.endswith(".npy"):
        return np.load(path, mmap_mode="r")
    with h5py.File(path) as file:
        return file["data"][...]


def require_same(name, case, result, expected):
    """The jobs are one job: within rounding, but for MNE's other ends."""
    ends = taps_of(case).size if name.startswith("MNE") else 0
    inside = np.s_[:, ends:expected.shape[1] - ends]
    difference = np.abs(result[inside] - expected[inside]).max()
    if not difference <= 1e-9 * np.abs(expected).max():
        sys.exit(f"peers.py: the result of '{name}' differs by {difference} from weir's")


def measure(case, weir, folder, runs, peers):
    title, channels, duration, _ = CASES[case]
    source = f"{folder}/in.h5"
    subprocess.run([weir, "synth", source, "--channels", str(channels), "--duration", f"{duration}s", "--overwrite",
                    "-q"], check=True)
    np.save(f"{folder}/taps.npy", taps_of("boxcar"))
    commands = commands_of(case, weir, folder, source, peers)
    memory, expected = {}, None
    for name, (command, output) in commands.items():
        memory[name] = peak_memory(command)
        if output is None:
            continue
        expected = result_of(output) if expected is None else expected
        require_same(name, case, result_of(output), expected)
    del expected
    # Every command has just run, for its memory.
    seconds = time_in_turn({name: command for name, (command, _) in commands.items()}, runs, warm_up=0,
                           outputs=[f"{folder}/{name}" for name in ("copy.h5", "out.h5", "out.npy")])
    return {"title": title, "peers": [
        {"name": name, "seconds": seconds[name], "median_seconds": statistics.median(seconds[name]),
         "peak_bytes": memory[name][0], "shared_memory_bytes": memory[name][1]} for name in commands]}


def table_of(result):
    best = next(peer["median_seconds"] for peer in result["peers"] if peer["name"].startswith("weir"))
    lines = [result["title"], "",
             f"{'':40}{'seconds':>8}{'min':>7}{'max':>7}{'x weir':>8}{'peak MiB':>10}{'/dev/shm':>10}"]
    for peer in result["peers"]:
        lines.append(f"{peer['name']:40}{peer['median_seconds']:8.2f}{min(peer['seconds']):7.2f}"
                     f"{max(peer['seconds']):7.2f}{peer['median_seconds'] / best:8.1f}"
                     f"{peer['peak_bytes'] / 2**20:10.0f}{peer['shared_memory_bytes'] / 2**20:10.0f}")
    return "\n".join(lines)


def draw(results, folder):
    data = [f'"{peer["name"]}" {peer["median_seconds"]:.4f} {peer["peak_bytes"] / 2**20:.1f}'
            for peer in results["gaussian"]["peers"]]
    pathlib.Path(folder, "peers.dat").write_text("\n".join(data) + "\n", encoding="utf-8")
    if shutil.which("gnuplot") is None:
        print("no picture was drawn: gnuplot is missing (apt-get install gnuplot-nox)")
        return
    subprocess.run(["gnuplot", "-e", f"folder='{folder}'", str(HERE / "peers.gp")], check=True)
    print(f"\npicture: {folder}/peers.png")


def main(weir, folder, runs):
    peers = dict(PEERS)
    if importlib.util.find_spec("mne") is None:
        print("MNE is left out: it is not installed (apt-get install python3-mne)\n")
        del peers["MNE overlap-add"]
    results = {case: measure(case, weir, folder, int(runs), peers) for case in CASES}
    pathlib.Path(folder, "peers.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    text = "\n\n".join(map(table_of, results.values()))
    print(text)
    pathlib.Path(folder, "peers.txt").write_text(text + "\n", encoding="utf-8")
    draw(results, folder)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
