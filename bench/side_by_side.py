"""Times whole commands in turn, so that what else the machine does meets all of them alike."""
import mmap
import os
import pathlib
import statistics
import subprocess
import time


def available_bytes():
    """Memory of this machine that programs could have."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))


def begin_alike(outputs, output_bytes):
    """What every command that is timed finds: no older `outputs`, nothing that waits for the disk, and memory for
    `output_bytes` of output at hand.

    To remove an output takes as long as its pages are many. From some tenth of the memory on the kernel makes a command
    that writes wait for the disk, whoever wrote. And where the host of a virtual machine takes free memory back, the first
    write to a page waits ten times as long as the copy takes. So memory is touched here, and given back: twice as much as
    is needed, since the kernel chooses what the command gets. Not for batch jobs, whose limit of memory may be below
    what the node has."""
    for output in outputs:
        pathlib.Path(output).unlink(missing_ok=True)
    os.sync()
    touched = min(2 * output_bytes, available_bytes() // 2)
    if touched > 0:
        populate = getattr(mmap, "MAP_POPULATE", 0x8000)  # Python has a name for it from 3.10 on
        mmap.mmap(-1, touched, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | populate).close()


def time_in_turn(commands, runs, warm_up=1, outputs=(), output_bytes=0):
    """Seconds of each run of each command, by name; the rounds that warm up, ahead of them, do not count. All
    begin_alike()."""
    seconds = {name: [] for name in commands}
    for run in range(runs + warm_up):
        for name, command in commands.items():
            begin_alike(outputs, output_bytes)
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
