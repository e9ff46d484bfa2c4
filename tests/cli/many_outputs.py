"""Recordings in many files that become several outputs: one for each file, or for each stretch between gaps."""
import os

import program
from many_files import RAW, cut, write_prodml
from program import BAD_DATA, CANNOT_CREATE, USAGE, ProgramTest, checksum, identity, noise, read, run, write
from watch import Watch

import h5py
import numpy as np
from scipy import ndimage


class Stretches(ProgramTest):
    """--split-at-gaps: what lies between gaps is filtered as if there were nothing else."""

    def setUp(self):
        super().setUp()
        self.data = noise(3, 1000, "int16")
        # Gaps are ahead of the third part and of the fourth.
        self.parts = [write_prodml(self.folder / f"{i}.h5", part, first + late)
                      for i, ((part, first), late) in enumerate(zip(cut(self.data, [300, 200, 100, 400]), [0, 0, 7, 90]))]

    def test_each_has_ends_of_its_own(self):
        folder = self.folder / "out"
        for ranks in (None, 3):
            self.succeed("filter", *self.parts, folder, "--gaussian", "15", "--split-at-gaps", "--overwrite", "-q",
                         ranks=ranks)
            self.assertEqual(sorted(os.listdir(folder)), ["0.h5", "2.h5", "3.h5"])
            for name, (begin, end) in {"0.h5": (0, 500), "2.h5": (500, 600), "3.h5": (600, 1000)}.items():
                part = self.data[:, begin:end]
                self.hold(read(folder / name, RAW).T, ndimage.gaussian_filter1d(part.astype(np.float64), 15), part)
        with h5py.File(folder / "2.h5") as made, h5py.File(self.parts[2]) as source:
            np.testing.assert_array_equal(made["Acquisition/Raw[0]/RawDataTime"], source["Acquisition/Raw[0]/RawDataTime"])

    def test_wrong_use(self):
        (self.folder / "file").write_text("no folder")
        result = run("filter", *self.parts, self.folder / "file", "--gaussian", "15", "--split-at-gaps", ranks=2)
        self.assertEqual((result.code, len(result.errors)), (CANNOT_CREATE, 1), result.err)
        result = run("filter", *self.parts, self.folder / "out", "--gaussian", "15", "--split-at-gaps", "--report",
                     self.folder / "report.json")
        self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
        self.assertFalse((self.folder / "report.json").exists())


class OnePerFile(ProgramTest):
    """--output-per-file: each output is its part of the output of all, and else as its own input."""

    def setUp(self):
        super().setUp()
        self.data = noise(5, 16_500, "int16")
        self.parts = [write_prodml(self.folder / f"{name}.h5", part, first)
                      for name, (part, first) in zip("cab", cut(self.data, [900, 600, 15_000]))]
        for number, path in enumerate(self.parts):
            with h5py.File(path, "a") as file:
                file.attrs["number"] = number

    def test_same_bits(self):
        whole, folder = self.folder / "whole.h5", self.folder / "out"
        for options in (["--gaussian", "40"], ["--gaussian", "25", "--channels", "3,0", "--reference", "median"]):
            self.succeed("filter", *self.parts, whole, *options, "-q", "--overwrite")
            expected = read(whole, RAW)
            for ranks, more in ((None, []), (3, ["--ranks-per-domain", "1", "--chunk-duration", "2000n", "--write", "gather"])):
                with self.subTest(options=options, ranks=ranks):
                    self.succeed("filter", *self.parts, folder, *options, *more, "--output-per-file", "-q", "--overwrite",
                                 ranks=ranks)
                    self.assertEqual(sorted(os.listdir(folder)), ["a.h5", "b.h5", "c.h5"])
                    made = [read(folder / path.name, RAW) for path in self.parts]
                    np.testing.assert_array_equal(np.concatenate(made), expected)
                    for number, path in enumerate(self.parts):
                        with h5py.File(folder / path.name) as file, h5py.File(path) as source:
                            self.assertEqual(file.attrs["number"], number)
                            for name in ("PartStartTime", "PartEndTime"):
                                self.assertEqual(file[RAW].attrs[name], source[RAW].attrs[name])
                            np.testing.assert_array_equal(file["Acquisition/Raw[0]/RawDataTime"],
                                                          source["Acquisition/Raw[0]/RawDataTime"])
        # What came out is a recording in files again.
        self.succeed("filter", folder, self.folder / "again.h5", "--gaussian", "3", "-q")

    def test_resumed(self):
        folder = self.folder / "out"
        command = ["filter", *self.parts, folder, "--gaussian", "40", "--output-per-file", "--chunk-duration", "1000n"]
        self.succeed(*command, "-q")
        expected = [checksum(folder / path.name, RAW) for path in self.parts]
        os.remove(folder / self.parts[2].name)
        self.assertEqual(run(*command, "--resume", "--max-time", "0s", ranks=2).code, 75)
        self.succeed(*command, "--resume", ranks=3)
        self.assertEqual([checksum(folder / path.name, RAW) for path in self.parts], expected)

    def test_the_time_is_one_for_all_outputs(self):
        folder = self.folder / "out"
        command = ["filter", *self.parts, folder, "--gaussian", "40", "--output-per-file", "-q"]
        self.succeed(*command)
        expected = [checksum(folder / path.name, RAW) for path in self.parts]
        for path in self.parts:
            os.remove(folder / path.name)
        # A run makes one block in any case, which is a whole file here, and none of the next file.
        for made in (1, 2, 3):
            result = run(*command, "--resume", "--max-time", "0s", ranks=2)
            self.assertEqual(result.code, 75 if made < 3 else 0, result.err)
            self.assertEqual(sorted(os.listdir(folder)), sorted(path.name for path in self.parts[:made]))
            if made < 3:
                self.assertIn(f"stopped before '{folder / self.parts[made].name}' was begun", result.err)
        self.assertEqual([checksum(folder / path.name, RAW) for path in self.parts], expected)

    def test_another_input_is_refused(self):
        folder = self.folder / "out"
        parts = [write_prodml(self.folder / f"{i}.h5", part, first)
                 for i, (part, first) in enumerate(cut(self.data, [15_000, 900, 600]))]
        command = ["filter", *parts, folder, "--gaussian", "40", "--output-per-file", "--chunk-duration", "1000n"]
        self.assertEqual(run(*command, "--max-time", "0s", ranks=2).code, 75)
        left = sorted(os.listdir(folder))
        self.assertEqual(left, ["0.h5.part", "0.h5.part.progress"])
        # Another file than the one that the output is of, with the size and time that it had.
        status = os.stat(parts[2])
        with h5py.File(parts[2], "r+") as file:
            file[RAW][...] = file[RAW][...] + 1
        os.utime(parts[2], ns=(status.st_atime_ns, status.st_mtime_ns))
        self.assertEqual(os.stat(parts[2]).st_size, status.st_size)
        result = run(*command, "--resume", ranks=2)
        self.assertEqual((result.code, len(result.errors)), (BAD_DATA, 1), result.err)
        self.assertIn("the input is another: its input files checksum was", result.errors[0])
        self.assertEqual(sorted(os.listdir(folder)), left)

    def test_each_file_is_opened_as_often_whatever_their_number(self):
        opened = {}
        for number in (4, 24):
            parts, out = self.folder / f"in {number}", self.folder / f"out {number}"
            parts.mkdir()
            out.mkdir()
            for i, (part, first) in enumerate(cut(self.data[:, :600 * number], [600] * number)):
                write_prodml(parts / f"{i:02}.h5", part, first)
            read_from, written_to = Watch(parts), Watch(out)
            self.succeed("filter", parts, out, "--gaussian", "15", "--output-per-file", "-q")
            opened[number] = read_from.take()[0] / number
            self.assertEqual(written_to.take()[1], 0)
            self.assertEqual(len(os.listdir(out)), number)
            for watch in read_from, written_to:
                watch.close()
        self.assertGreater(opened[4], 0)
        self.assertLess(opened[24], opened[4] + 10)

    def test_joining_needs_no_filter(self):
        whole = self.folder / "whole.h5"
        self.succeed("filter", *self.parts, whole, "-q", ranks=2)
        np.testing.assert_array_equal(read(whole, RAW).T, self.data)
        # Files that come out as they went in are no work, and one file is not joined.
        for arguments in ((*self.parts, self.folder / "out", "--output-per-file"), (self.parts[0], self.folder / "one.h5")):
            result = run("filter", *arguments)
            self.assertEqual(result.code, USAGE, result.err)
            self.assertIn("no filter is named", result.errors[0])

    def test_what_is_there_is_found_before_the_first_output(self):
        folder = self.folder / "out"
        folder.mkdir()
        for name, more in (("b.h5", []), ("b.h5.part", []), ("b.h5", ["--resume"])):
            with self.subTest(name=name, more=more):
                (folder / name).write_text("precious")
                result = run("filter", *self.parts, folder, "--output-per-file", "--gaussian", "3", *more, ranks=2)
                self.assertEqual((result.code, len(result.errors)), (CANNOT_CREATE, 1), result.err)
                self.assertIn(f"{name}' exists", result.errors[0])
                self.assertEqual(os.listdir(folder), [name])
                (folder / name).unlink()

    def test_an_input_of_another_stretch_is_no_output(self):
        near, far = self.folder / "near", self.folder / "far"
        for path in near, far:
            path.mkdir()
        first = [write_prodml(near / "x.h5", self.data[:, :900], 0), write_prodml(far / "y.h5", self.data[:, 900:1500], 900)]
        second = write_prodml(near / "y.h5", self.data[:, 1500:2500], 5000)
        before = identity(first[1])
        result = run("filter", *first, second, far, "--split-at-gaps", "--gaussian", "3", "--overwrite")
        self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
        self.assertIn("far/y.h5", result.errors[0])
        self.assertEqual(identity(first[1]), before)
        self.assertEqual(os.listdir(far), ["y.h5"])

    def test_wrong_use(self):
        folder = self.folder / "out"
        for options, fragment in ((["--decimate", "2"], "--decimate"), (["--detrend", "linear", "--gaussian", "3"], "--detrend"),
                                  (["--time", "1s:", "--gaussian", "3"], "--time"),
                                  (["--gaussian", "3", "--report", self.folder / "r.json"], "--report")):
            result = run("filter", *self.parts, folder, "--output-per-file", *options, ranks=2)
            self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
            self.assertIn(fragment, result.errors[0])
        before = [identity(path) for path in self.parts]
        result = run("filter", *self.parts, self.folder, "--output-per-file", "--gaussian", "3", "--overwrite")
        self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
        self.assertIn("input itself", result.errors[0])
        self.assertEqual([identity(path) for path in self.parts], before)


if __name__ == "__main__":
    program.main()
