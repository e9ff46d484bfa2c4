"""Memory stays under the budget, on recordings of ten times the budget, and the report says how much it was.

What counts is what all ranks hold together: their own pages, the windows, whose pages count once however many ranks
share them, and the program with its libraries, once and in full.
"""
import json
import os
import re
import shutil
import subprocess
import threading

import program
from program import ProgramTest, command, run

import h5py

MEBIBYTE = 1 << 20
CHANNELS = 64


def sparse_recording(path, size, time_first):
    """A recording of `size` bytes of float32 zeros that takes no room on the disk."""
    samples = size // (CHANNELS * 4)
    created = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    created.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    created.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    shape = (samples, CHANNELS) if time_first else (CHANNELS, samples)
    with h5py.File(path, "w") as file:
        h5py.h5d.create(file.id, b"data", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(shape), created)
        file["data"].attrs["DIMENSION_LABELS"] = ["time", "channel"] if time_first else ["channel", "time"]
    return path


class Sampler(threading.Thread):
    """Watches the program's processes below `ancestor` and keeps the largest sum of their memory, in bytes.

    Ranks are looked at one after the other. If one gives a window back in between, its share of the pages is counted
    with it, and once more with the others; so what counts of a rank is the smaller of two looks in turn.
    """

    INTERVAL_SECONDS = 0.002

    def __init__(self, ancestor):
        super().__init__()
        self.ancestor = ancestor
        self.peak = 0
        self.samples = 0
        self.ended = threading.Event()

    def run(self):
        ranks = []
        before = {}
        while not self.ended.wait(self.INTERVAL_SECONDS):
            # Ranks are started once; to look for them costs more than to look at them.
            if self.samples % 100 == 0 or not ranks:
                ranks = self.find_ranks()
            looks = {pid: self.memory_of(pid) for pid in ranks}
            own = sum(min(own, before.get(pid, (0, 0))[0]) for pid, (own, _) in looks.items())
            total = own + max((libraries for _, libraries in looks.values()), default=0)
            before = looks
            self.peak = max(self.peak, total)
            self.samples += 1

    def find_ranks(self):
        return [pid for pid in filter(str.isdigit, os.listdir("/proc"))
                if self.is_program(pid) and self.is_descendant(int(pid))]

    @staticmethod
    def is_program(pid):
        try:
            return os.path.samefile(f"/proc/{pid}/exe", program.PROGRAM)
        except OSError:
            return False

    def is_descendant(self, pid):
        while pid > 1:
            if pid == self.ancestor:
                return True
            try:
                with open(f"/proc/{pid}/stat") as status:
                    pid = int(status.read().rpartition(")")[2].split()[1])
            except OSError:
                return False
        return False

    @staticmethod
    def memory_of(pid):
        """Pages of its own with its share of windows, and pages of files."""
        try:
            with open(f"/proc/{pid}/smaps_rollup") as lines:
                fields = {line.split(":")[0]: int(line.split()[1]) << 10 for line in lines if line.endswith("kB\n")}
            with open(f"/proc/{pid}/status") as lines:
                libraries = next((int(line.split()[1]) << 10 for line in lines if line.startswith("RssFile:")), 0)
        except OSError:  # it has ended
            return 0, 0
        return fields.get("Anonymous", 0) + fields.get("Pss_Shmem", 0), libraries


class Memory(ProgramTest):
    def setUp(self):
        super().setUp()
        if not os.path.exists("/proc/self/smaps_rollup"):
            self.skipTest("this kernel does not sum up the memory of a process (smaps_rollup)")

    def tight_budget(self, recording, ranks):
        """A little more than the least with which the program runs, as it says itself."""
        refused = run("filter", recording, self.folder / "out.h5", "--gaussian", "40", "--memory-per-node", "1MiB",
                      ranks=ranks)
        self.assertEqual(refused.code, program.USAGE, refused.err)
        least = int(re.search(r"at least (\d+)MiB", refused.errors[0])[1])
        return (least + least // 6 + 4) * MEBIBYTE

    def hold_budget(self, ranks, time_first):
        probe = sparse_recording(self.folder / "probe.h5", 16 * MEBIBYTE, time_first)
        budget = self.tight_budget(probe, ranks)
        size = 10 * budget
        if shutil.disk_usage(self.folder).free < 2 * size:
            self.skipTest(f"{self.folder} has no room for an output of {size} bytes")
        recording = sparse_recording(self.folder / "in.h5", size, time_first)
        output, report = self.folder / "out.h5", self.folder / "report.json"
        arguments = ["filter", recording, output, "--gaussian", "40", "--memory-per-node", budget, "--report", report]
        with subprocess.Popen(command(*arguments, ranks=ranks), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as process:
            sampler = Sampler(process.pid)
            sampler.start()
            try:
                _, err = process.communicate(timeout=3 * program.PATIENCE_SECONDS)
            finally:
                process.kill()
                sampler.ended.set()
                sampler.join()
        self.assertEqual(process.returncode, 0, err)
        self.assertGreaterEqual(os.path.getsize(output), size)
        os.remove(output)
        said = json.loads(report.read_text())
        mib = {"budget": budget, "sampled": sampler.peak, "reported": said["peak_node_bytes"],
               "planned": said["plan"]["memory"]["node_bytes"], "window": said["plan"]["memory"]["window_bytes"]}
        print({name: round(value / MEBIBYTE, 1) for name, value in mib.items()}, f"{sampler.samples} looks", flush=True)
        self.assertGreater(sampler.samples, 20)
        self.assertGreater(sampler.peak, said["plan"]["memory"]["window_bytes"])
        self.assertLessEqual(sampler.peak, budget)
        self.assertLessEqual(abs(said["peak_node_bytes"] - sampler.peak), 0.1 * sampler.peak)

    def test_time_last(self):
        for ranks in (1, 2, 4):
            with self.subTest(ranks=ranks):
                self.hold_budget(ranks, time_first=False)

    def test_time_first(self):
        for ranks in (1, 2, 4):
            with self.subTest(ranks=ranks):
                self.hold_budget(ranks, time_first=True)


if __name__ == "__main__":
    program.main()
