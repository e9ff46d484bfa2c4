"""The output cannot be written, from the start or from the middle of a run on."""
import os
import shutil
import signal
import subprocess

import mounting
import program
from bad_day import BadDay
from interrupted import FILTER
from mounting import MountingTest, mounts
from program import CANNOT_CREATE, IO_ERROR, run


class Output(MountingTest, BadDay):
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


if __name__ == "__main__":
    mounting.main()
