"""What weir design and weir plot save on a disk that is full: nothing, the system's reason is told, and what was there
before stays."""
import os
import shutil

import mounting
import program
from mounting import MountingTest, mounts
from program import IO_ERROR, ProgramTest, noise, run, write

DESIGN = ("design", "--lowpass", "40", "--fs", "1000")
SAVED = {"t.txt": "--save", "t.csv": "--save", "t.npy": "--save", "t.h5": "--save", "t.h5:/a/b": "--save"}
DRAWN = {"r.png": "--plot", "r.svg": "--plot", "r.pdf": "--plot"}


class FullDisk(MountingTest, ProgramTest):
    def fill(self, folder, left):
        """Leaves room for so many bytes."""
        with open(folder / "ballast", "wb") as file:
            room = os.statvfs(folder)
            file.write(bytes(room.f_bavail * room.f_frsize - left))
        self.assertEqual(os.statvfs(folder).f_bavail * room.f_frsize, left)

    def hold_refused(self, folder, *arguments):
        before = {name: (folder / name).read_bytes() for name in os.listdir(folder)}
        result = run(*arguments)
        self.assertEqual(result.code, IO_ERROR, result.err)
        # One line: HDF5 has no say.
        self.assertRegex(result.err, rf"\Aweir: error: cannot write '{folder}/.*': No space left on device; .*\n\Z")
        self.assertEqual({name: (folder / name).read_bytes() for name in os.listdir(folder)}, before)

    def saved(self):
        return SAVED | (DRAWN if shutil.which("gnuplot") else {})

    @mounts
    def test_without_any_room(self):
        full = self.mount(self.folder / "full", "-o", "size=1m")
        self.fill(full, 0)
        for name, option in self.saved().items():
            with self.subTest(name=name):
                self.hold_refused(full, *DESIGN, option, full / name)

    @mounts
    def test_with_room_for_a_part(self):
        full = self.mount(self.folder / "full", "-o", "size=1m")
        for name, option in self.saved().items():
            with self.subTest(name=name):
                # A page; the taps and the pictures take more.
                (full / "ballast").unlink(missing_ok=True)
                self.fill(full, 4096)
                self.hold_refused(full, *DESIGN, "--numtaps", "1001", option, full / name)

    @mounts
    def test_what_was_there_stays(self):
        full = self.mount(self.folder / "full", "-o", "size=1m")
        for name in self.saved():
            (full / name.split(":")[0]).write_text("before")
        self.fill(full, 0)
        for name, option in self.saved().items():
            with self.subTest(name=name):
                self.hold_refused(full, *DESIGN, option, full / name, "--overwrite")

    @mounts
    def test_traces(self):
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot is not installed")
        write(self.folder / "in.h5", noise(3, 5000))
        full = self.mount(self.folder / "full", "-o", "size=1m")
        for left in (0, 4096):
            (full / "ballast").unlink(missing_ok=True)
            self.fill(full, left)
            self.hold_refused(full, "plot", self.folder / "in.h5", "--save", full / "p.png")

    def test_a_link_is_followed_and_a_pipe_stays_one(self):
        target = self.folder / "target.txt"
        target.write_text("before")
        target.chmod(0o640)
        (self.folder / "link.txt").symlink_to(target)
        self.succeed(*DESIGN, "--save", self.folder / "link.txt", "--overwrite")
        self.assertTrue((self.folder / "link.txt").is_symlink())
        self.assertIn("low-pass", target.read_text())
        self.assertEqual(target.stat().st_mode & 0o777, 0o640)
        (self.folder / "null.txt").symlink_to(os.devnull)
        self.succeed(*DESIGN, "--save", self.folder / "null.txt", "--overwrite")
        self.assertTrue((self.folder / "null.txt").is_char_device())


if __name__ == "__main__":
    mounting.main()
