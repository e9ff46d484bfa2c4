#!/usr/bin/env python3
"""Strong and weak scaling of `weir filter` over ranks, domains and nodes: a table, JSON, CSV, and pictures.

Strong: one recording on 1, 2, 4, ... ranks of a node, on domains of fewer ranks, and on 1, 2, 4, ... nodes. Weak: as many
channels for each rank. Every repetition runs all points in turn, and the memory bandwidth of as many ranks.
"""
import argparse
import csv
import json
import os
import pathlib
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time

from side_by_side import begin_alike

HERE = pathlib.Path(__file__).resolve().parent


def powers_to(most):
    """1, 2, 4, ... and `most`."""
    return sorted({1 << i for i in range(most.bit_length()) if 1 << i <= most} | {most})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path, help="folder for what is measured; files of the runs go there too")
    parser.add_argument("--weir", default="weir", help="the program [weir]")
    parser.add_argument("--stream", help="bench_stream; without it no bandwidth is measured")
    parser.add_argument("--launcher", default="mpirun", help="what stands before -n RANKS [mpirun]")
    parser.add_argument("--input", help="recording for the strong scaling [a synthetic one]")
    parser.add_argument("--channels", type=int, default=100, help="of the synthetic recording, and a rank's in the weak [100]")
    parser.add_argument("--seconds", type=int, default=400, help="at 1 kHz, of the synthetic recordings [400]")
    parser.add_argument("--filter", default="--gaussian 40", help="its options [--gaussian 40]")
    parser.add_argument("--ranks", type=int, default=len(os.sched_getaffinity(0)), help="most of a node [its cores]")
    parser.add_argument("--nodes", type=int, default=1, help="most nodes [1]")
    parser.add_argument("--runs", type=int, default=3, help="repetitions that count; where there are several, one more warms up [3]")
    parser.add_argument("--no-weak", action="store_true", help="leave the weak scaling out")
    parser.add_argument("--touch-memory", action="store_true",
                        help="touch this node's free memory ahead of each run: for virtual machines whose host takes it back")
    return parser.parse_args()


def points_of(options):
    """(kind, nodes, ranks, ranks a domain) of all points."""
    on_a_node = [(1, ranks) for ranks in powers_to(options.ranks)]
    on_nodes = [(nodes, nodes * options.ranks) for nodes in powers_to(options.nodes)[1:]]
    strong = [("strong", nodes, ranks, "node") for nodes, ranks in on_a_node + on_nodes]
    domains = [("strong", 1, options.ranks, str(size)) for size in powers_to(options.ranks)[:-1]]
    weak = [] if options.no_weak else [("weak", *point[1:]) for point in strong]
    return strong + domains + weak


class Suite:
    def __init__(self, options):
        self.options = options
        self.folder = options.results
        self.folder.mkdir(parents=True, exist_ok=True)
        self.output = self.folder / "output.h5"
        self.made = {}

    def launch(self, nodes, ranks):
        place = ["--map-by", f"ppr:{ranks // nodes}:node"] if self.options.nodes > 1 else []
        return [*shlex.split(self.options.launcher), *place, "-n", str(ranks)]

    def input_of(self, kind, ranks):
        """The recording of a point; synthetic ones are made once for each number of channels."""
        if kind == "strong" and self.options.input:
            return self.options.input
        channels = self.options.channels * (ranks if kind == "weak" else 1)
        if channels not in self.made:
            self.made[channels] = self.folder / f"input-{channels}.h5"
            subprocess.run([self.options.weir, "synth", self.made[channels], "--channels", str(channels), "--duration",
                            f"{self.options.seconds}s", "--overwrite", "--quiet"], check=True)
        return self.made[channels]

    def filter(self, kind, nodes, ranks, domain):
        """One run of the program: its seconds from outside, and its own report."""
        source = self.input_of(kind, ranks)
        report = self.folder / "report.json"
        command = [*self.launch(nodes, ranks), self.options.weir, "filter", source, self.output,
                   *shlex.split(self.options.filter), "--ranks-per-domain", domain, "--quiet", "--report",
                   report]
        begin_alike([self.output], os.path.getsize(source) if self.options.touch_memory else 0)
        begin = time.perf_counter()
        subprocess.run(command, check=True)
        seconds = time.perf_counter() - begin
        return {"seconds": seconds, "report": json.loads(report.read_text(encoding="utf-8"))}

    def bandwidth(self, nodes, ranks):
        if not self.options.stream:
            return None
        done = subprocess.run([*self.launch(nodes, ranks), self.options.stream], check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)["bytes_per_second"]

    def run(self):
        points = points_of(self.options)
        repetitions = {point: [] for point in points}
        places = sorted({point[1:3] for point in points})
        bandwidths = {place: [] for place in places}
        # A single run is to show that all of it works, and not what it takes.
        warm_up = 1 if self.options.runs > 1 else 0
        for repetition in range(self.options.runs + warm_up):
            for point in points:
                done = self.filter(*point)
                if repetition >= warm_up:
                    repetitions[point].append(done)
            for place in places if repetition >= warm_up else ():
                bandwidths[place].append(self.bandwidth(*place))
        return {"machine": self.machine(repetitions[points[0]][0]["report"]),
                "bandwidth": [{"nodes": nodes, "ranks": ranks, "bytes_per_second": seen}
                              for (nodes, ranks), seen in bandwidths.items()],
                "points": [{"kind": kind, "nodes": nodes, "ranks": ranks, "ranks_per_domain": domain,
                            "repetitions": repetitions[kind, nodes, ranks, domain]}
                           for kind, nodes, ranks, domain in points]}

    def machine(self, report):
        def first_line(command):
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            return done.stdout.splitlines()[0] if done.stdout else ""
        return {"hosts": os.environ.get("SLURM_JOB_NODELIST", platform.node()), "cores": sorted(os.sched_getaffinity(0)),
                "system": platform.platform(), "launcher": self.options.launcher,
                "launcher_version": first_line([shlex.split(self.options.launcher)[0], "--version"]),
                "binding": {name: value for name, value in sorted(os.environ.items())
                            if name.startswith(("OMPI_MCA_", "PRTE_MCA_", "SLURM_CPU_BIND", "OMP_"))},
                "weir": report["weir"], "engine": report["plan"]["engine"], "filter": self.options.filter}

    def clean(self):
        for path in [self.output, self.folder / "report.json", *self.made.values(), *self.folder.glob("output.h5.part*")]:
            pathlib.Path(path).unlink(missing_ok=True)


def median_of(point):
    return statistics.median(run["seconds"] for run in point["repetitions"])


def data_bytes(point):
    return point["repetitions"][0]["report"]["plan"]["bytes_written"]


def summary_of(result):
    """What the medians say of each point: samples' bytes a second, speed-up and efficiency over the fewest ranks."""
    first = {}
    rows = []
    for point in result["points"]:
        base = first.setdefault(point["kind"], point)
        rate = data_bytes(point) / median_of(point)
        speedup = rate / (data_bytes(base) / median_of(base))
        rows.append({"kind": point["kind"], "nodes": point["nodes"], "ranks": point["ranks"],
                     "ranks_per_domain": point["ranks_per_domain"], "seconds": median_of(point),
                     "bytes_per_second": rate, "speedup": speedup,
                     "efficiency": speedup * base["ranks"] / point["ranks"]})
    return rows


def write_csv(result, path):
    """A line for every repetition of every point."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        lines = None
        for point in result["points"]:
            for number, run in enumerate(point["repetitions"], 1):
                report = run["report"]
                line = {"kind": point["kind"], "nodes": point["nodes"], "ranks": point["ranks"],
                        "ranks_per_domain": point["ranks_per_domain"], "repetition": number, "seconds": run["seconds"],
                        "data_bytes": report["plan"]["bytes_written"], "peak_node_bytes": report["peak_node_bytes"],
                        **{f"{name}_seconds": phase["mean_seconds"] for name, phase in report["phases"].items()}}
                if lines is None:
                    lines = csv.DictWriter(file, line)
                    lines.writeheader()
                lines.writerow(line)


def table_of(rows):
    text = f"{'nodes':>5} {'ranks':>5} {'seconds':>9} {'MiB/s':>9} {'speed-up':>8} {'of ideal':>8}  what"
    for row in rows:
        what = row["kind"] + ("" if row["ranks_per_domain"] == "node" else f", {row['ranks_per_domain']} a domain")
        text += (f"\n{row['nodes']:5} {row['ranks']:5} {row['seconds']:9.3f} {row['bytes_per_second'] / 2**20:9.1f} "
                 f"{row['speedup']:8.2f} {100 * row['efficiency']:7.0f}%  {what}")
    return text


def draw(result, rows, folder):
    """Data for gnuplot, and the pictures."""
    limits = {(at["nodes"], at["ranks"]): max(filter(None, at["bytes_per_second"]), default=float("nan"))
              for at in result["bandwidth"]}
    for kind in ("strong", "weak"):
        lines = [f"{row['ranks']} {row['speedup']:.4f} {row['efficiency']:.4f} {row['bytes_per_second']:.6g} "
                 f"{limits[row['nodes'], row['ranks']]:.6g}"
                 for row in rows if row["kind"] == kind and row["ranks_per_domain"] == "node"]
        (folder / f"{kind}.dat").write_text("\n".join(lines or ["0 nan nan nan nan"]) + "\n", encoding="utf-8")
    points = [point for point in result["points"] if point["kind"] == "strong" and point["ranks_per_domain"] == "node"]
    # In the order of a run's life; MPI's end is known to the report alone.
    order = ["launch", "load", "mpi_init", "plan", "open", "read", "filter", "write", "wait", "sync", "close", "finalize"]
    lines = ["ranks " + " ".join(name.replace("_", " ").join('""') for name in order)]
    for point in points:
        means = [statistics.median(run["report"]["phases"][name]["mean_seconds"] for run in point["repetitions"])
                 for name in order]
        lines.append(f"{point['ranks']} " + " ".join(f"{mean:.5f}" for mean in means))
    (folder / "phases.dat").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if shutil.which("gnuplot") is None:
        print("no picture was drawn: gnuplot is missing (apt-get install gnuplot-nox)")
        return
    subprocess.run(["gnuplot", "-e", f"folder='{folder}'", str(HERE / "scaling.gp")], check=True)
    print(f"\npicture: {folder}/scaling.png")


def main():
    options = arguments()
    suite = Suite(options)
    try:
        result = suite.run()
    except subprocess.CalledProcessError as failed:
        sys.exit(f"scaling.py: {shlex.join(map(str, failed.cmd))} ended with {failed.returncode}")
    finally:
        suite.clean()
    rows = summary_of(result)
    result["summary"] = rows
    (options.results / "scaling.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    write_csv(result, options.results / "scaling.csv")
    (options.results / "table.txt").write_text(table_of(rows) + "\n", encoding="utf-8")
    print(table_of(rows))
    for at in result["bandwidth"]:
        if at["bytes_per_second"][0] is not None:
            print(f"memory of {at['ranks']} ranks on {at['nodes']} nodes: {max(at['bytes_per_second']) / 1e9:.1f} GB/s")
    draw(result, rows, options.results)


if __name__ == "__main__":
    main()
