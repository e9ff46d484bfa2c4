"""How much memory a whole command takes: all its processes' proportional set sizes, and what lies in /dev/shm."""
import os
import subprocess
import time

INTERVAL_SECONDS = 0.03


def children_of(pid):
    """The process and all that it started, as far as they run now."""
    found = [pid]
    for parent in found:
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children", encoding="ascii") as children:
                    found += map(int, children.read().split())
        except OSError:  # it has ended
            continue
    return found


def proportional_bytes(pid):
    """What a process takes of the machine's memory: pages that several map count by their share. Pages of files that
    it maps are among them."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
            return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)
    except OSError:
        return 0


def shared_bytes():
    status = os.statvfs("/dev/shm")
    return (status.f_blocks - status.f_bfree) * status.f_frsize


def peak_memory(command):
    """Runs a command; the largest sum that was seen of its processes' proportional bytes, and the most that /dev/shm
    held beyond what it held before. The second is in the first where processes map it."""
    before = shared_bytes()
    peak = in_shared = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(proportional_bytes, children_of(process.pid))))
            in_shared = max(in_shared, shared_bytes() - before)
            time.sleep(INTERVAL_SECONDS)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak, in_shared
