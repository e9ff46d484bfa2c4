"""How long a run takes, from a few constants: model.py SCALING.json

The constants are those of the strong scaling's point of one rank. The model is held against the other points of the
file, and then says what a recording of 10,000 channels, a day long at 1 kHz, takes on 1, 10 and 100 nodes.
"""
import json
import pathlib
import statistics
import sys

START = ("launch", "load", "mpi_init", "plan", "open", "finalize", "close")

# The machine on paper: a node's cores and their memory's bandwidth, its link, and the file system that all share.
CORES = 64
NODE_MEMORY = 200e9
NODE_LINK = 12.5e9
FILE_SYSTEM = 50e9
CHANNELS, SAMPLES, SAMPLE_BYTES = 10_000, 86_400_000, 4
WINDOW_BYTES_A_RANK = 16 << 20
# As STREAM counts: read, filter and write each load and store every byte of the samples once.
PASSES = 6


def phase(point, name):
    return statistics.median(run["report"]["phases"][name]["mean_seconds"] for run in point["repetitions"])


def samples_of(point):
    made = point["repetitions"][0]["report"]
    return made["input"]["channels"] * made["input"]["samples"]


def blocks_of(point):
    plan = point["repetitions"][0]["report"]["plan"]
    return plan["blocks"] / plan["domains"]


def bytes_of(point):
    return point["repetitions"][0]["report"]["plan"]["bytes_written"]


def constants_of(one):
    """Of one rank: seconds a byte through read and write, seconds a sample in the filter, all else."""
    return {"start": sum(phase(one, name) for name in START),
            "read": phase(one, "read") / bytes_of(one), "write": phase(one, "write") / bytes_of(one),
            "filter": phase(one, "filter") / samples_of(one)}


def predict(constants, size, samples, ranks, memory, link=float("inf"), storage=float("inf"), nodes=1):
    """Seconds by stage. Ranks of a node share `memory`, nodes share `storage`, both in bytes a second; reading goes
    through the page cache or the `link`, whichever is slower."""
    stages = {}
    for stage in ("read", "write"):
        slowest = {"cores": constants[stage] * size / ranks, "memory": PASSES / 3 * size / (memory * nodes),
                   "link": size / (link * nodes), "file system": size / storage}
        stages[stage] = max((seconds, name) for name, seconds in slowest.items())
    filtering = {"cores": constants["filter"] * samples / ranks, "memory": PASSES / 3 * size / (memory * nodes)}
    stages["filter"] = max((seconds, name) for name, seconds in filtering.items())
    return stages


def check(result, constants):
    bandwidth = {(at["nodes"], at["ranks"]): max(filter(None, at["bytes_per_second"]), default=float("inf"))
                 for at in result["bandwidth"]}
    print(f"{'point':34}{'measured':>9}{'model':>8}{'ratio':>7}")
    for point in result["points"]:
        stages = predict(constants, bytes_of(point), samples_of(point), point["ranks"],
                         bandwidth[point["nodes"], point["ranks"]] / point["nodes"], nodes=point["nodes"])
        # What a launcher takes is a constant of itself and of the hosts, so it is measured at each point.
        seconds = sum(phase(point, name) for name in START) + sum(value for value, _ in stages.values())
        measured = statistics.median(run["seconds"] for run in point["repetitions"])
        name = f"{point['kind']}, {point['nodes']} nodes, {point['ranks']} ranks, {point['ranks_per_domain']}"
        print(f"{name:34}{measured:9.2f}{seconds:8.2f}{measured / seconds:7.2f}")


def paper(constants, per_block):
    samples = CHANNELS * SAMPLES
    size = samples * SAMPLE_BYTES
    print(f"\n{CHANNELS:,} channels x {SAMPLES:,} samples of {SAMPLE_BYTES} bytes, {size / 1e12:.2f} TB; nodes of {CORES} cores, "
          f"{NODE_MEMORY / 1e9:.0f} GB/s of memory, {NODE_LINK / 1e9:.1f} GB/s to a file system of {FILE_SYSTEM / 1e9:.0f} GB/s\n")
    print(f"{'nodes':>5}{'read s':>10}{'filter s':>10}{'write s':>10}{'blocks s':>10}{'all s':>10}  first bottleneck")
    for nodes in (1, 10, 100):
        ranks = nodes * CORES
        stages = predict(constants, size, samples, ranks, NODE_MEMORY, NODE_LINK, FILE_SYSTEM, nodes)
        blocks = per_block * size / (ranks * WINDOW_BYTES_A_RANK)
        total = constants["start"] + blocks + sum(seconds for seconds, _ in stages.values())
        stage, (_, limit) = max(stages.items(), key=lambda item: item[1][0])
        print(f"{nodes:5}" + "".join(f"{stages[name][0]:10.1f}" for name in ("read", "filter", "write")) +
              f"{blocks:10.1f}{total:10.1f}  {stage}: {limit}")


def main(path):
    result = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    strong = [point for point in result["points"] if point["kind"] == "strong" and point["ranks_per_domain"] == "node"]
    constants = constants_of(strong[0])
    # Ranks of a domain wait for one another at each block.
    per_block = phase(strong[-1], "wait") / blocks_of(strong[-1])
    print(f"one rank: read {1e-9 / constants['read']:.2f} GB/s, write {1e-9 / constants['write']:.2f} GB/s, filter "
          f"{1e-6 / constants['filter']:.0f} M samples/s; a block {1e3 * per_block:.1f} ms of waiting; start and end "
          f"{constants['start']:.2f} s\n")
    check(result, constants)
    paper(constants, per_block)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
