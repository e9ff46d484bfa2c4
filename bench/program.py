"""Times weir in turn with what it is held against: program.py BUILD FOLDER RUNS CASE; see program.sh."""
import os
import pathlib
import statistics
import sys

from side_by_side import print_table, time_in_turn

LAUNCH = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2"]


def main(build, folder, runs, case):
    source = f"{folder}/in.h5"
    filtering = [f"{build}/weir", "filter", source, f"{folder}/out.h5", "--gaussian", "40", "--overwrite", "-q"]
    peer = [sys.executable, str(pathlib.Path(__file__).with_name("peer_jobs.py"))]
    commands = {"cp": ["cp", source, f"{folder}/copy.h5"],
                "empty MPI program, 2 ranks": [*LAUNCH, f"{build}/bench/bench_empty_mpi"],
                "weir, 2 ranks": [*LAUNCH, *filtering],
                "weir, 1 rank": filtering}
    if case == "small":
        commands["weir, 2 ranks, --durable"] = [*LAUNCH, *filtering, "--durable"]
    if case != "int16":
        commands["Python pipeline, 2 processes"] = [*peer, "pipeline:2", "gaussian", source, f"{folder}/out.npy"]
    outputs = [f"{folder}/{name}" for name in ("copy.h5", "out.h5", "out.npy")]
    seconds = time_in_turn(commands, int(runs), outputs=outputs, output_bytes=os.path.getsize(source))
    median = {name: statistics.median(all_runs) for name, all_runs in seconds.items()}
    print(f"{os.path.getsize(source) / 1e6:.0f} MB, Gaussian of sigma 40, medians of {runs} runs in turn\n")
    print_table(seconds, "x cp", lambda one: one / median["cp"])
    beyond = median["weir, 2 ranks"] - median["empty MPI program, 2 ranks"]
    print(f"\nweir on 2 ranks beyond the empty MPI program: {beyond / median['cp']:.2f} x cp")
    if "Python pipeline, 2 processes" in median:
        print(f"the Python pipeline takes {median['Python pipeline, 2 processes'] / median['weir, 2 ranks']:.1f} x as long")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
