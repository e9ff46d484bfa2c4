"""What happens to a run from outside while it works: it ends with one sentence and the right code, and what it leaves can
be resumed; or it is not disturbed at all.

File systems of a test's own are mounted in a mount namespace that this program enters with all its tests.
"""
import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
import unittest.mock
import uuid

import program
from interrupted import FILTER, InterruptedTest, is_paused, processes_of
from program import CANNOT_CREATE, IO_ERROR, NO_INPUT, noise, run, write

import numpy as np

BLOCKS = ("--chunk-duration", "4000n")
_MAY_MOUNT = "WEIR_TEST_MAY_MOUNT"


def enter_mount_namespace():
    """Goes on with this program where it may mount file systems that nobody else sees, if this machine allows that."""
    if _MAY_MOUNT in os.environ:
        return
    rights = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    unshare = ["unshare", *rights, "--mount"]
    try:
        can = subprocess.run([*unshare, "mount", "-t", "tmpfs", "weir", "/mnt"], capture_output=True,
                             check=False).returncode == 0
    except OSError:
        can = False
    if can:
        os.execvpe("unshare", [*unshare, sys.executable, *sys.argv], {**os.environ, _MAY_MOUNT: "1"})


def mounts(test):
    return unittest.skipUnless(_MAY_MOUNT in os.environ, "a file system cannot be mounted here")(test)


class BadDay(InterruptedTest):
    def mount(self, folder, *options):
        """A file system in memory, on a folder that is made for it."""
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", *options, "weir", str(folder)], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(folder)], check=True)
        return folder

    def mount_with_quota(self, folder):
        """A file system on which quota() works: btrfs, whose quotas hold for root too."""
        image = self.folder / "image"
        with open(image, "wb") as file:
            file.truncate(256 << 20)
        folder.mkdir()
        try:
            for command in (["mkfs.btrfs", "-q", str(image)], ["mount", "-o", "loop", str(image), str(folder)]):
                subprocess.run(command, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("a file system with quotas cannot be made here: it takes root, btrfs-progs and a loop device")
        self.addCleanup(subprocess.run, ["umount", str(folder)], check=True)
        subprocess.run(["btrfs", "quota", "enable", str(folder)], check=True)
        return folder

    def quota(self, folder, limit):
        subprocess.run(["btrfs", "qgroup", "limit", limit, str(folder)], check=True)

    def fill(self, folder):
        """Leaves no byte free there."""
        with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as filler:
            while filler.write(bytes(1 << 20)):
                pass

    def output_in(self, folder):
        self.out = folder / "out.h5"
        self.part, self.marker = folder / "out.h5.part", folder / "out.h5.part.progress"

    @contextlib.contextmanager
    def paused(self, place="marker renamed:3", environment=None):
        """A run that stands still at a place, in its middle unless told otherwise: some blocks are safe and some are to
        do. What it comes to when it goes on is in the list that is given."""
        with unittest.mock.patch.dict(os.environ, environment or {}):
            process, name = self.begin(*BLOCKS, fault=f"{place}:pause")
        try:
            self.wait_until(lambda: any(map(is_paused, processes_of(name))) or process.poll() is not None,
                            f"the run does not come to {place}")
            if process.poll() is not None:
                self.fail(f"the run ended before {place}: {self.end(process, name)}")
            rank = next(filter(is_paused, processes_of(name)))
            results = []
            yield results
            os.kill(rank, signal.SIGCONT)
            err = self.end(process, name)
            results.append(program.Result(process.returncode, "", err))
        finally:
            for pid in processes_of(name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.communicate()

    def hold_sentence(self, result, code, *words):
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])
        self.assertNotIn("internal", result.errors[0])

    def hold_resumable(self, result, *words):
        """It failed on the way, what is done is kept, and the sentence says how to go on."""
        self.hold_sentence(result, IO_ERROR, "--resume", *words)
        done, all_blocks = map(int, re.search(r"(\d+) of (\d+) blocks are safe", result.errors[0]).groups())
        self.assertTrue(0 < done < all_blocks, result.errors[0])
        self.assertTrue(self.part.exists() and self.marker.exists() and not self.out.exists())

    def resume(self, expected):
        self.succeed("filter", self.source, self.out, *FILTER, "--resume", ranks=2)
        self.hold_complete(expected)


class Input(BadDay):
    def test_is_cut_while_it_is_read(self):
        expected = self.whole()
        copy = shutil.copy2(self.source, self.folder / "copy.h5")
        with self.paused() as ended:
            os.truncate(self.source, os.stat(self.source).st_size // 2)
        self.hold_resumable(ended[0], "in.h5", "cut")
        result = run("filter", self.source, self.out, *FILTER, "--resume", ranks=2)
        self.hold_sentence(result, program.BAD_DATA, "in.h5", "cut short")
        shutil.copy2(copy, self.source)
        self.resume(expected)

    def test_is_removed_while_it_is_read(self):
        expected = self.whole()
        with self.paused() as ended:
            self.source.unlink()
        self.assertEqual(ended[0].code, 0, ended[0].err)
        self.hold_complete(expected)

    def test_is_locked_by_another_process(self):
        with open(self.source, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            result = run("filter", self.source, self.out, *FILTER, ranks=2)
            self.hold_sentence(result, NO_INPUT, "in.h5", "lock", "HDF5_USE_FILE_LOCKING=FALSE")
            self.assertEqual(os.listdir(self.folder), ["in.h5"])
            self.succeed("filter", self.source, self.out, *FILTER, ranks=2,
                         environment={"HDF5_USE_FILE_LOCKING": "FALSE"})
        self.hold_complete(self.whole())

    def test_was_written_in_the_future(self):
        next_century = 4_200_000_000
        os.utime(self.source, (next_century, next_century))
        code, err = self.stop_midway(signal.SIGUSR1)
        self.assertEqual(code, 75, err)
        self.resume(self.whole())


class Output(BadDay):
    def test_name_is_taken_meanwhile(self):
        expected = self.whole()
        with self.paused() as ended:
            self.out.write_text("somebody else's")
        self.hold_sentence(ended[0], CANNOT_CREATE, "out.h5.part' is complete", "rename it by hand")
        self.assertEqual(self.out.read_text(), "somebody else's")
        # What the sentence says is true: the part is the output.
        self.assertEqual(program.checksum(self.part), expected)

    @mounts
    def test_disk_is_full_in_the_middle(self):
        expected = self.whole()
        self.output_in(self.mount(self.folder / "small", "-o", f"size={os.stat(self.source).st_size + (2 << 20)}"))
        with self.paused() as ended:
            self.fill(self.out.parent)
        self.hold_resumable(ended[0], "out.h5.part.progress", "No space left")
        (self.out.parent / "filler").unlink()
        self.resume(expected)

    @mounts
    def test_quota_is_used_up_in_the_middle(self):
        expected = self.whole()
        folder = self.mount_with_quota(self.folder / "quota")
        self.output_in(folder)
        with self.paused() as ended:
            self.quota(folder, "1M")  # Less than is there already.
        self.hold_resumable(ended[0], str(folder), "Disk quota exceeded")
        subprocess.run(["btrfs", "quota", "disable", str(folder)], check=True)
        self.resume(expected)

    @mounts
    def test_quota_is_too_small_from_the_start(self):
        folder = self.mount_with_quota(self.folder / "quota")
        self.quota(folder, "2M")
        result = run("filter", self.source, folder / "out.h5", *FILTER, ranks=2)
        self.hold_sentence(result, CANNOT_CREATE, "out.h5.part", "Disk quota exceeded")
        self.assertEqual(os.listdir(folder), [])

    def test_file_is_larger_than_the_shell_allows(self):
        allowed = os.stat(self.source).st_size // 1024 - 100
        result = run("filter", self.source, self.out, *FILTER, ranks=2,
                     prefix=["bash", "-c", 'ulimit -f "$1"; shift; exec "$@"', "bash", str(allowed)])
        self.hold_sentence(result, CANNOT_CREATE, "out.h5.part", "File too large")
        self.assertEqual(os.listdir(self.folder), ["in.h5"])

    def test_folder_is_removed(self):
        for place in ("marker renamed:3", "results written:1"):
            with self.subTest(place=place):
                self.output_in(self.folder / "gone")
                self.out.parent.mkdir()
                with self.paused(place) as ended:
                    shutil.rmtree(self.out.parent)
                self.hold_sentence(ended[0], IO_ERROR, str(self.out.parent), "No such file or directory")
                self.assertNotIn("--resume", ended[0].errors[0])
                self.assertFalse(self.out.parent.exists())

    @mounts
    def test_file_system_is_read_only(self):
        closed = self.mount(self.folder / "closed")
        subprocess.run(["mount", "-o", "remount,ro", str(closed)], check=True)
        result = run("filter", self.source, closed / "out.h5", *FILTER, ranks=2)
        self.hold_sentence(result, CANNOT_CREATE, "out.h5.part", "Read-only file system", "folder")

    def test_clock_jumps_while_it_is_interrupted(self):
        for seconds in (1, 4_200_000_000):
            with self.subTest(written_at=seconds):
                self.out.unlink(missing_ok=True)
                code, err = self.stop_midway(signal.SIGUSR1)
                self.assertEqual(code, 75, err)
                for path in (self.part, self.marker):
                    os.utime(path, (seconds, seconds))
                self.resume(self.whole() if seconds == 1 else program.checksum(self.folder / "whole.h5"))


class Memory(BadDay):
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


del BadDay  # which unittest would run too

if __name__ == "__main__":
    enter_mount_namespace()
    program.main()
