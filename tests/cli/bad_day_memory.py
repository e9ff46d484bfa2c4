"""Memory is less than a run was to have, from the start or from its middle on."""
import contextlib
import os
import pathlib
import shutil
import time
import uuid

import mounting
import program
from bad_day import BadDay
from interrupted import FILTER
from mounting import MountingTest, mounts
from program import CANNOT_CREATE, noise, run, write

import numpy as np


class Memory(MountingTest, BadDay):
    def windows_in(self, folder):
        return {"OMPI_MCA_osc_sm_backing_directory": str(folder)}

    @mounts
    def test_room_for_windows_is_gone_before_the_run(self):
        small = self.mount(self.folder / "windows", "-o", "size=1m")
        result = run("filter", self.source, self.out, *FILTER, "--memory-per-node", "500MiB", "--chunk-duration",
                     "150000n", ranks=2, environment=self.windows_in(small))
        self.hold_sentence(result, CANNOT_CREATE, str(small), "memory budget")
        self.assertEqual(sorted(os.listdir(self.folder)), ["in.h5", "windows"])

    @mounts
    def test_room_for_windows_goes_during_the_run(self):
        expected = self.whole()
        windows = self.mount(self.folder / "windows", "-o", "size=200m")
        with self.paused(environment=self.windows_in(windows)) as ended:
            self.fill(windows)
            self.assertEqual(shutil.disk_usage(windows).free, 0)
        self.assertEqual(ended[0].code, 0, ended[0].err)
        self.hold_complete(expected)

    def small_group(self, mebibytes):
        """A control group of that much memory: the file that takes its processes."""
        name = f"weir-test-{uuid.uuid4()}"
        kinds = [(pathlib.Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
                 (pathlib.Path("/sys/fs/cgroup"), "memory.max")]
        for parent, limit in kinds:
            group = parent / name
            with contextlib.suppress(OSError):
                if not (parent / "cgroup.procs").exists():
                    continue
                group.mkdir()
                self.addCleanup(self.remove_group, group)
                with open(group / limit, "r+") as file:
                    file.write(str(mebibytes << 20))
                return group / "cgroup.procs"
        self.skipTest("control groups of memory cannot be made here; by hand: systemd-run --scope -p MemoryMax=300M "
                      "mpirun -n 2 weir filter IN OUT --gaussian 40 --memory-per-node 8GiB")

    def remove_group(self, group):
        # Processes leave a group a little after they end.
        limit = time.monotonic() + program.PATIENCE_SECONDS
        while True:
            try:
                return group.rmdir()
            except OSError:
                self.assertLess(time.monotonic(), limit, "the control group does not become empty")
                time.sleep(0.05)

    def test_control_group_is_smaller_than_the_plan(self):
        members = self.small_group(mebibytes=200)
        join = ["bash", "-c", f'echo $$ >{members} && exec "$@"', "bash"]
        recording = write(self.folder / "large.h5", np.tile(noise(1, 250_000), (1, 100)))
        result = run("filter", recording, self.out, *FILTER, "--memory-per-node", "8GiB", "--chunk-duration",
                     "25000000n", ranks=2, prefix=join)
        self.hold_sentence(result, CANNOT_CREATE, "memory")
        self.assertEqual(sorted(os.listdir(self.folder)), ["in.h5", "large.h5"])
        # What the group allows is what a run without a budget of its own plans with.
        self.succeed("filter", recording, self.out, *FILTER, ranks=2, prefix=join)
        self.succeed("filter", recording, self.folder / "alone.h5", *FILTER)
        self.hold_complete(program.checksum(self.folder / "alone.h5"))


if __name__ == "__main__":
    mounting.main()
