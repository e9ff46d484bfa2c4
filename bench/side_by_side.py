"""Times whole commands in turn, so that what else the machine does meets all of them alike."""
import os
import pathlib
import statistics
import subprocess
import time


def time_in_turn(commands, runs, warm_up=1, outputs=()):
    """Seconds of each run of each command, by name; the rounds that warm up, ahead of them, do not count.

    The files `outputs` are removed ahead of each command: all begin with the same files, none spends time on
    an older output. What waits for the disk is awaited there, too: the kernel makes a command that writes wait for
    it from some tenth of the memory on, whoever wrote it."""
    seconds = {name: [] for name in commands}
    for run in range(runs + warm_up):
        for name, command in commands.items():
            for output in outputs:
                pathlib.Path(output).unlink(missing_ok=True)
            os.sync()
            begin = time.perf_counter()
            subprocess.run(command, check=True)
            if run >= warm_up:
                seconds[name].append(time.perf_counter() - begin)
    return seconds


def print_table(seconds, heading, ratio):
    """A line for each command: median, least and most, and what `ratio` makes of the median."""
    print(f"{'':32}{'seconds':>9}{'min':>8}{'max':>8}{heading:>22}")
    for name, runs in seconds.items():
        median = statistics.median(runs)
        print(f"{name:32}{median:9.3f}{min(runs):8.3f}{max(runs):8.3f}{ratio(median):22.2f}")
