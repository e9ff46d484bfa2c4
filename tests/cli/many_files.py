"""Recordings in many files: filtered as one, with the bits of the file that they make when they are put together."""
import json
import os

import program
from program import BAD_DATA, NO_INPUT, USAGE, ProgramTest, checksum, identity, noise, read, run, write

import h5py
import numpy as np
from scipy import ndimage

RATE = 500.0
RAW = "/Acquisition/Raw[0]/RawData"
START = 1_559_291_930_626_928  # microseconds since 1970


def iso(microseconds):
    return np.datetime_as_string(np.datetime64(int(microseconds), "us")) + "+00:00"


def write_prodml(path, data, first_sample, start=None, times=True, **storage):
    """A part of a recording as Silixa's PRODML 2.1 has it: times by channels, with the clock of its samples."""
    start = START + round(first_sample / RATE * 1e6) if start is None else start
    clock = start + np.rint(np.arange(data.shape[1]) / RATE * 1e6).astype("i8")
    with h5py.File(path, "w") as file:
        acquisition = file.create_group("Acquisition")
        acquisition.attrs["schemaVersion"] = np.bytes_("2.1")
        acquisition.attrs["MeasurementStartTime"] = np.bytes_(iso(START))
        raw = file.create_group("Acquisition/Raw[0]")
        raw.attrs["OutputDataRate"] = RATE
        samples = raw.create_dataset("RawData", data=np.ascontiguousarray(data.T), **storage)
        samples.attrs["Dimensions"] = np.array(["time", "locus"], "S")
        samples.attrs["Count"] = np.int64(data.size)
        samples.attrs["PartStartTime"] = np.bytes_(iso(clock[0]))
        samples.attrs["PartEndTime"] = np.bytes_(iso(clock[-1]))
        if times:
            entries = raw.create_dataset("RawDataTime", data=clock)
            entries.attrs["Count"] = np.int64(clock.size)
            entries.attrs["EndTime"] = np.bytes_(iso(clock[-1]))
            entries.attrs["Uom"] = np.bytes_("us")
            samples.attrs["times"] = entries.ref
    return path


def cut(data, lengths):
    """The parts of these lengths, and the sample at which each begins."""
    begins = np.concatenate([[0], np.cumsum(lengths)])
    assert begins[-1] == data.shape[1]
    return [(data[:, a:b], a) for a, b in zip(begins, begins[1:])]


class SameBits(ProgramTest):
    """One recording, whole in a file and cut into several: the outputs are the same."""

    ROWS = [{"ranks": None, "domain": "node", "options": []},
            {"ranks": 3, "domain": "2", "options": ["--chunk-duration", "130n"]},
            {"ranks": 4, "domain": "1", "options": ["--split", "rows", "--write", "gather"]},
            {"ranks": 2, "domain": "node", "options": ["--split", "time", "--write", "leader"]}]

    def hold(self, parts, whole, dataset, *options, rows=ROWS):
        expected = self.folder / "expected.h5"
        self.succeed("filter", whole, expected, *options, "--overwrite", "-q")
        output = self.folder / "out.h5"
        for row in rows:
            with self.subTest(**row):
                self.succeed("filter", *parts, output, *options, "--overwrite", "-q", "--ranks-per-domain",
                             row["domain"], *row["options"], ranks=row["ranks"])
                self.assertEqual(checksum(output, dataset), checksum(expected, dataset))
        return output

    def test_prodml_in_time_order(self):
        data = noise(7, 2000, "int16")
        parts = [write_prodml(self.folder / f"{name}.h5", part, first, chunks=(min(300, part.shape[1]), 7),
                              compression="gzip")
                 for name, (part, first) in zip("dacb", cut(data, [401, 799, 1, 799]))]
        whole = write_prodml(self.folder / "whole.h5", data, 0)
        before = [identity(path) for path in parts]
        output = self.hold(sorted(parts), whole, RAW, "--gaussian", "20", "--mode", "wrap")
        self.assertEqual([identity(path) for path in parts], before)
        exact = ndimage.gaussian_filter1d(data.astype(np.float64), 20, mode="wrap")
        super().hold(read(output, RAW).T, exact, data)
        with h5py.File(output) as made, h5py.File(whole) as one:
            times, expected = made["Acquisition/Raw[0]/RawDataTime"], one["Acquisition/Raw[0]/RawDataTime"]
            np.testing.assert_array_equal(times, expected)
            self.assertEqual(made[made[RAW].attrs["times"]], times)
            self.assertEqual(dict(times.attrs), dict(expected.attrs))
            for name in ("Count", "PartStartTime", "PartEndTime"):
                self.assertEqual(made[RAW].attrs[name], one[RAW].attrs[name], name)
            about = made["provenance"]
            self.assertEqual([os.path.basename(path).decode() for path in about["input_files"]],
                             ["d.h5", "a.h5", "c.h5", "b.h5"])
            np.testing.assert_array_equal(about["input_first_samples"], [0, 401, 1200, 1201])

    def test_plain_files_in_the_order_of_their_names(self):
        data = noise(5, 3000)
        folder = self.folder / "parts"
        folder.mkdir()
        parts = [write(folder / f"{i:02}.h5", part, **({"chunks": (2, 64)} if i % 2 else {}))
                 for i, (part, _) in enumerate(cut(data, [600, 500, 1, 899, 1000]))]
        (folder / "notes.txt").write_text("no recording")
        whole = write(self.folder / "whole.h5", data)
        filtered = ["--gaussian", "300", "--truncate", "3"]
        self.hold(parts, whole, "/data", *filtered)
        for names in ([folder], [f"{folder}/*.h5"], [folder / "00.h5", f"{folder}/0[1-4].h5"]):
            self.hold(names, whole, "/data", *filtered, rows=self.ROWS[:1])
        result = self.succeed("filter", folder, self.folder / "again.h5", *filtered)
        self.assertTrue(any("in the order in which they are named" in line for line in result.warnings), result.err)

    def test_other_rates_other_stores(self):
        """Taps reach over the borders, and kept samples are counted from the first file's first sample."""
        data = noise(6, 3000, "int16")
        parts = [write_prodml(self.folder / f"{name}.h5", part, first)
                 for name, (part, first) in zip("abcd", cut(data, [703, 1111, 3, 1183]))]
        whole = write_prodml(self.folder / "whole.h5", data, 0)
        packed = ["--compress", "gzip:2", "--shuffle"]
        rows = [{"ranks": 3, "domain": "1", "options": ["--chunk-duration", "170n", "--split", "time"]},
                {"ranks": 2, "domain": "1", "options": [*packed, "--chunk-duration", "400n"]},
                {"ranks": 2, "domain": "1", "options": ["--write", "per-node", "--split", "time", "--chunk-duration", "250n"]},
                {"ranks": 4, "domain": "2", "options": ["--write", "per-node", *packed, "--chunk-duration", "333n"]}]
        for options in (["--decimate", "7"], ["--resample", "3/5"], ["--gaussian", "31", "--method", "fft"],
                        ["--gaussian", "12", "--detrend", "linear", "--reference", "median"]):
            with self.subTest(options=options):
                output = self.hold(parts, whole, RAW, *options, rows=rows)
                with h5py.File(output) as made, h5py.File(self.folder / "expected.h5") as expected:
                    for name in ("RawData", "RawDataTime"):
                        one, other = (file["Acquisition/Raw[0]"][name] for file in (made, expected))
                        self.assertEqual({k: str(v) for k, v in one.attrs.items()},
                                         {k: str(v) for k, v in other.attrs.items()})
                    np.testing.assert_array_equal(made["Acquisition/Raw[0]/RawDataTime"],
                                                  expected["Acquisition/Raw[0]/RawDataTime"])

    def test_parts_of_it(self):
        data = noise(7, 3000, "int16")
        parts = [write_prodml(self.folder / f"{name}.h5", part, first)
                 for name, (part, first) in zip("abc", cut(data, [1100, 900, 1000]))]
        whole = write_prodml(self.folder / "whole.h5", data, 0)
        for options in (["--time", "1s:3s"], ["--time", "2200n:", "--channels", "6,1"], ["--channels", "0:7:3"]):
            with self.subTest(options=options):
                output = self.hold(parts, whole, RAW, "--gaussian", "20", *options, rows=self.ROWS[1:3])
                with h5py.File(output) as made, h5py.File(self.folder / "expected.h5") as expected:
                    times, of_one = (file["Acquisition/Raw[0]/RawDataTime"] for file in (made, expected))
                    np.testing.assert_array_equal(times, of_one)
                    for attributes in ((made[RAW].attrs, expected[RAW].attrs), (times.attrs, of_one.attrs)):
                        self.assertEqual(*({k: str(v) for k, v in those.items() if k != "times"} for those in attributes))

    def test_thousands_of_files_with_few_handles(self):
        data = noise(2, 4000, "float32")
        folder = self.folder / "parts"
        folder.mkdir()
        for part, first in cut(data, [4] * 1000):
            write_prodml(folder / f"{first:06}.h5", part, first)
        whole = write_prodml(self.folder / "whole.h5", data, 0)
        output, expected = self.folder / "out.h5", self.folder / "expected.h5"
        self.succeed("filter", folder, output, "--gaussian", "10", "-q", ranks=2,
                     prefix=["bash", "-c", 'ulimit -n 100; exec "$@"', "-"])
        self.succeed("filter", whole, expected, "--gaussian", "10", "-q")
        self.assertEqual(checksum(output, RAW), checksum(expected, RAW))


class Refused(ProgramTest):
    def two(self, **of_second):
        data = noise(3, 400)
        return [write(self.folder / "a.h5", data), write(self.folder / "b.h5", **{"data": data, **of_second})]

    def refuse(self, code, names, *fragments, options=(), ranks=None):
        output = self.folder / "out.h5"
        output.unlink(missing_ok=True)
        result = run("filter", *names, output, "--gaussian", "5", *options, ranks=ranks)
        self.assertEqual((result.code, len(result.errors)), (code, 1), result.err)
        for fragment in fragments:
            self.assertIn(str(fragment), result.errors[0])
        self.assertEqual([path for path in os.listdir(self.folder) if path.startswith("out")], [])
        return result.errors[0]

    def test_files_of_different_recordings(self):
        data = noise(3, 400)
        for what, of_second in {"number of channels": {"data": noise(4, 400)}, "sample type": {"data": noise(3, 400, "int16")},
                                "sampling rate": {"rate": 999.0}, "time axis": {"time_axis": 0}}.items():
            with self.subTest(what):
                self.refuse(BAD_DATA, self.two(**of_second), what, "a.h5", "b.h5")
        prodml = write_prodml(self.folder / "c.h5", data, 0)
        self.refuse(BAD_DATA, [prodml, self.folder / "a.h5"], "layout", "prodml", "generic", ranks=2)

    def test_gaps_and_overlaps(self):
        data = noise(3, 1400, "int16")
        # The second begins 30 samples late, the third 5 early.
        begins = [0, 130, 225, 325, 425, 525, 625, 725, 825, 925, 1025, 1125]
        parts = [write_prodml(self.folder / f"{i:02}.h5", data[:, :100], first) for i, first in enumerate(begins)]
        sentence = self.refuse(BAD_DATA, parts, "2 gaps or overlaps", "01.h5' begins 30 samples (0.06 s) after",
                               "02.h5' begins 5 samples (0.01 s) before", "--gap-tolerance", ranks=2)
        self.assertNotIn("more", sentence)
        output = self.folder / "out.h5"
        result = self.succeed("filter", *parts, output, "--gaussian", "5", "--gap-tolerance", "30n")
        self.assertTrue(any("30 samples" in line and "joined across" in line for line in result.warnings), result.err)
        self.assertEqual(read(output, RAW).shape, (1200, 3))
        os.remove(output)
        self.refuse(BAD_DATA, parts, "a gap or overlap", options=["--gap-tolerance", "50ms"])
        many = [write_prodml(self.folder / f"m{i:02}.h5", data[:, :100], 120 * i) for i in range(14)]
        self.refuse(BAD_DATA, many, "13 gaps or overlaps", "m10.h5", "and 3 more")

    def test_names(self):
        first, second = self.two()
        self.refuse(USAGE, [first, first], "named twice")
        self.refuse(NO_INPUT, [f"{self.folder}/*.nwb"], "*.nwb")
        (self.folder / "empty").mkdir()
        self.refuse(NO_INPUT, [self.folder / "empty"], "no file")
        self.refuse(NO_INPUT, [first, self.folder / "gone.h5"], "gone.h5", ranks=2)
        self.refuse(USAGE, [first, second], "--gap-tolerance", options=["--gap-tolerance", "1 parsec"])
        before = identity(second)
        result = run("filter", first, second, second, "--gaussian", "5")
        self.assertEqual(result.code, USAGE, result.err)
        self.assertIn("named twice" if "twice" in result.err else "input itself", result.err)
        self.assertEqual(identity(second), before)

    def test_one_file_says_no_time(self):
        data = noise(3, 400)
        parts = [write_prodml(self.folder / "a.h5", data, 0), write_prodml(self.folder / "b.h5", data, 400)]
        with h5py.File(parts[1], "a") as file:
            del file["Acquisition"].attrs["MeasurementStartTime"], file[RAW].attrs["PartStartTime"]
        self.refuse(BAD_DATA, parts, "a.h5", "b.h5", "order")


class Runs(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = noise(4, 30_000, "int16")
        self.parts = [write_prodml(self.folder / f"{i}.h5", part, first)
                      for i, (part, first) in enumerate(cut(self.data, [10_000, 8_000, 12_000]))]
        self.output = self.folder / "out.h5"
        self.command = ["filter", *self.parts, self.output, "--gaussian", "30", "--chunk-duration", "1000n"]

    def test_plan_lists_the_files(self):
        text = self.succeed(*self.command, "--plan").out
        self.assertIn("3 files", text)
        for path in self.parts:
            self.assertIn(str(path), text)

    def test_report_says_the_files(self):
        report = self.folder / "report.json"
        self.succeed(*self.command, "--report", report, ranks=2)
        files = json.loads(report.read_text())["input"]["files"]
        self.assertEqual([file["path"] for file in files], list(map(str, self.parts)))
        self.assertEqual([file["first_sample"] for file in files], [0, 10_000, 18_000])

    def test_resume(self):
        self.assertEqual(run(*self.command, "--max-time", "0s", ranks=2).code, 75)
        part, marker = f"{self.output}.part", f"{self.output}.part.progress"
        with h5py.File(self.parts[1], "a") as file:
            file[RAW][100, 2] += 1
        result = run(*self.command, "--resume", ranks=2)
        self.assertEqual(result.code, BAD_DATA, result.err)
        self.assertIn("files 1", result.errors[0])
        self.assertTrue(os.path.exists(part) and os.path.exists(marker))
        self.succeed(*self.command, "--overwrite", ranks=2)
        expected = checksum(self.output, RAW)
        self.assertEqual(run(*self.command, "--overwrite", "--max-time", "0s").code, 75)
        self.succeed(*self.command, "--overwrite", "--resume", ranks=3)
        self.assertEqual(checksum(self.output, RAW), expected)
        self.assertIn("complete already", self.succeed(*self.command, "--resume").out)


if __name__ == "__main__":
    program.main()
