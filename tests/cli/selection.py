"""What --channels and --time leave of a recording: its samples, filtered with their true neighbours, and all that the
file says about them."""
import json

import program
from program import USAGE, ProgramTest, noise, read, run, write

import h5py
import numpy as np
from scipy import ndimage

CHANNELS, SAMPLES, RATE = 23, 9000, 1000.0
PARTS = [("4:19:3", "1.5s:6500n", slice(4, 19, 3), slice(1500, 6500)),
         ("9,2,3,22", "2500n:", [9, 2, 3, 22], slice(2500, None)),
         (":7", ":0.1s", slice(0, 7), slice(0, 100)),
         ("5", "8.999s:", slice(5, 6), slice(8999, None))]


class Samples(ProgramTest):
    def outputs(self, data, filter_options, time_axis, **storage):
        """For each part: that part of the output of the whole recording, and the output of the part alone."""
        recording = write(self.folder / "in.h5", data, time_axis=time_axis, **storage)
        output = self.folder / "out.h5"
        self.succeed("filter", recording, output, "--overwrite", "-q", *filter_options)
        whole = read(output) if time_axis == 1 else read(output).T
        runs = [(1, []), (3, ["--ranks-per-domain", "2", "--chunk-duration", "700n", "--split", "time"]),
                (4, ["--ranks-per-domain", "1", "--write", "gather"]),
                (2, ["--compress", "gzip:1", "--chunk-duration", "1333n"])]
        for (channels, time, rows, columns), (ranks, options) in zip(PARTS, runs):
            self.succeed("filter", recording, output, "--overwrite", "-q", *filter_options, *options,
                         "--channels", channels, "--time", time, ranks=ranks)
            yield whole[rows][:, columns], read(output) if time_axis == 1 else read(output).T

    def test_the_bits_of_a_run_over_the_whole_recording(self):
        cases = [("int16", ["--gaussian", "12"], 0, {}),
                 ("float64", ["--gaussian", "40", "--method", "fft"], 1, {"chunks": (4, 1000), "compression": "gzip"}),
                 ("float32", ["--gaussian", "9", "--mode", "wrap"], 0, {"chunks": (1024, 5)}),
                 ("uint16", ["--gaussian", "30", "--method", "fft", "--phase", "zero-double"], 1, {})]
        for dtype, filter_options, time_axis, storage in cases:
            for whole, part in self.outputs(noise(CHANNELS, SAMPLES, dtype), filter_options, time_axis, **storage):
                with self.subTest(dtype=dtype, filter=filter_options, shape=part.shape):
                    np.testing.assert_array_equal(part, whole)

    def test_a_cut_needs_no_filter(self):
        for dtype, time_axis in (("int16", 0), ("float32", 1), ("float64", 0), ("int32", 1)):
            data = noise(CHANNELS, SAMPLES, dtype)
            if dtype.startswith("float"):
                # What an arithmetic may lose.
                data[4:8, 1500:1503] = [np.finfo(dtype).smallest_subnormal, np.nan, -np.inf]
            recording = write(self.folder / "in.h5", data, time_axis=time_axis)
            for (channels, time, rows, columns), ranks in zip(PARTS, (None, 2, None, 2)):
                for options, expected in ((["--channels", channels], data[rows]), (["--time", time], data[:, columns]),
                                          (["--channels", channels, "--time", time], data[rows][:, columns])):
                    with self.subTest(dtype=dtype, options=options):
                        output = self.folder / "out.h5"
                        self.succeed("filter", recording, output, "--overwrite", *options, ranks=ranks)
                        got = read(output) if time_axis == 1 else read(output).T
                        np.testing.assert_array_equal(got, expected)

    def test_scipy_agrees(self):
        data = noise(6, 4000)
        recording = write(self.folder / "in.h5", data)
        self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", "20", "--channels", "1,4", "--time",
                     "1s:2s", ranks=2)
        self.hold(read(self.folder / "out.h5"), ndimage.gaussian_filter1d(data[[1, 4]], 20)[:, 1000:2000], data)

    def test_resumed(self):
        recording = write(self.folder / "in.h5", noise(6, 40_000), chunks=(2, 512))
        options = ["--gaussian", "50", "--method", "fft", "--channels", "1:6:2", "--chunk-duration", "2s"]
        span = ["--time", "1s:33s"]
        self.succeed("filter", recording, self.folder / "whole.h5", *options, *span)
        part = self.folder / "part.h5"
        stopped = run("filter", recording, part, *options, *span, "--max-time", "1us", ranks=2)
        self.assertEqual(stopped.code, 75, stopped.err)
        other = run("filter", recording, part, *options, "--time", "1s:32s", "--resume")
        self.assertEqual(other.code, USAGE, other.err)
        self.assertIn("samples", other.err)
        self.succeed("filter", recording, part, *options, *span, "--resume", ranks=3)
        np.testing.assert_array_equal(read(part), read(self.folder / "whole.h5"))

    def test_plan_reads_no_more_than_the_part(self):
        recording = write(self.folder / "in.h5", noise(16, 64_000, "int16"))
        report = self.folder / "report.json"
        for method in "fft", "direct":
            part = ["--gaussian", "4", "--method", method, "--channels", "0:4", "--time", "10s:26s"]
            self.succeed("filter", recording, self.folder / "out.h5", *part, "--report", report, "--overwrite", ranks=2)
            told = json.loads(report.read_text())
            self.assertEqual(told["plan"]["bytes_read"], told["bytes_read"])
        # The direct sum's grid is narrow, so that what is read beside the part is its taps' reach.
        self.assertLess(told["bytes_read"], 1.2 * 4 * 16_000 * 2)
        self.assertIn("4 channels x 16000 samples",
                      self.succeed("filter", recording, self.folder / "no.h5", *part, "--plan").out)


class Metadata(ProgramTest):
    def made(self, layout, *options, dtype="int16"):
        recording, output = self.folder / "in.h5", self.folder / "out.h5"
        self.succeed("synth", recording, "--layout", layout, "--channels", "12", "--duration", "4s", "--fs", "500",
                     "--dtype", dtype, "--overwrite", "-q")
        self.succeed("filter", recording, output, "--gaussian", "3", "--overwrite", "-q", *options, ranks=2)
        return json.loads(self.succeed("info", output, "--json").out), output

    def test_prodml(self):
        what, output = self.made("prodml", "--channels", "3:9", "--time", "1s:1500n")
        self.assertEqual((what["channels"], what["samples"]), (6, 1000))
        self.assertEqual(what["warnings"], [])
        with h5py.File(output) as file:
            acquisition, raw = file["Acquisition"], file["Acquisition/Raw[0]"]
            for group in (acquisition, raw):
                self.assertEqual((group.attrs["NumberOfLoci"], group.attrs["StartLocusIndex"]), (6, 3))
            times = raw["RawDataTime"]
            start = times[0]
            np.testing.assert_array_equal(times[...], start + 2000 * np.arange(1000))
            for part, count in ((raw["RawData"], 6000), (times, 1000)):
                self.assertEqual((part.attrs["Count"], part.attrs["StartIndex"]), (count, 500))
                for name, micros in (("PartStartTime", times[0]), ("PartEndTime", times[-1])):
                    self.assertEqual(np.datetime64(part.attrs[name].split("+")[0].rstrip("Z")).astype("M8[us]"),
                                     np.datetime64(int(micros), "us"))
            with h5py.File(self.folder / "in.h5") as source:
                self.assertEqual(start, source["Acquisition/Raw[0]/RawDataTime"][500])
                self.assertEqual(acquisition.attrs["MeasurementStartTime"],
                                 source["Acquisition"].attrs["MeasurementStartTime"])

    def test_prodml_steps(self):
        _, output = self.made("prodml", "--channels", "4:12:4")
        with h5py.File(output) as file:
            attributes = file["Acquisition"].attrs
            self.assertEqual((attributes["SpatialSamplingInterval"], attributes["StartLocusIndex"]), (4.0, 1))
        uneven = run("filter", self.folder / "in.h5", output, "--gaussian", "3", "--overwrite", "--channels", "0,1,5")
        self.assertTrue(any("evenly spaced" in line for line in uneven.warnings), uneven.err)
        self.assertEqual(read(output, "/provenance/channels").tolist(), [0, 1, 5])

    def test_nwb(self):
        recording = self.folder / "in.h5"
        series = "/acquisition/ElectricalSeries"
        what, output = self.made("nwb", "--channels", "7,0,3", "--time", "2.5s:")
        self.assertEqual((what["channels"], what["samples"], what["sampling_rate"]), (3, 750, 500.0))
        with h5py.File(output) as file:
            self.assertEqual(file[series]["starting_time"][()], 2.5)
            electrodes = file[series]["electrodes"]
            self.assertEqual(electrodes[...].tolist(), [7, 0, 3])
            table = file[electrodes.attrs["table"]]
            self.assertEqual(table["id"].shape, (12,))
        with h5py.File(recording, "r+") as file:
            del file[series]["starting_time"]
            file[series]["timestamps"] = 10 + np.arange(2000) / 500
            file[series]["channel_conversion"] = np.linspace(1, 2, 12)
        self.succeed("filter", recording, output, "--gaussian", "3", "--overwrite", "--channels", "7,0,3", "--time",
                     "0.5s:1s")
        with h5py.File(output) as file:
            np.testing.assert_array_equal(file[series]["timestamps"][...], (10 + np.arange(2000) / 500)[250:500])
            np.testing.assert_array_equal(file[series]["channel_conversion"][...], np.linspace(1, 2, 12)[[7, 0, 3]])
        with h5py.File(recording, "r+") as file:
            file["/processing/times"] = file[series]["timestamps"]
        shared = run("filter", recording, output, "--gaussian", "3", "--overwrite", "--time", ":1s")
        self.assertEqual(shared.code, program.BAD_DATA, shared.err)
        self.assertIn("timestamps", shared.errors[0])

    def test_generic(self):
        recording, output = write(self.folder / "in.h5", noise(5, 800), "/ephys/raw"), self.folder / "out.h5"
        with h5py.File(recording, "r+") as file:
            group = file["ephys"]
            group["time"] = np.arange(800) / RATE
            group["names"] = np.array([b"a", b"b", b"c", b"d", b"e"])
            group["other"] = np.arange(7)
            file["elsewhere"] = np.arange(5)
            group["time"].make_scale("time")
            group["raw"].dims[1].attach_scale(group["time"])
        result = self.succeed("filter", recording, output, "--dataset", "/ephys/raw", "--gaussian", "3", "--channels",
                              "4,1", "--time", "100n:300n")
        self.assertEqual(len([line for line in result.warnings if "cut with them" in line]), 2, result.err)
        with h5py.File(output) as file:
            group = file["ephys"]
            np.testing.assert_array_equal(group["time"][...], np.arange(100, 300) / RATE)
            self.assertEqual(group["raw"].dims[1][0], group["time"])
            self.assertEqual(group["names"][...].tolist(), [b"e", b"b"])
            self.assertEqual((group["other"].shape, file["elsewhere"].shape), ((7,), (5,)))
            self.assertEqual(file["provenance"].attrs["first_sample"], 100)
            self.assertEqual(group["raw"].maxshape, (2, 200))


class Refused(ProgramTest):
    def test_what_is_not_there(self):
        recording = write(self.folder / "in.h5", noise(5, 800))
        for said, options in [(["--channels", "from 0 to 4"], ["--channels", "3:9,5"]),
                              (["--channels", "'left'"], ["--channels", "left"]),
                              (["--channels", "channel 2 twice"], ["--channels", "0:3,2"]),
                              (["--time", "no sample"], ["--time", "9s:10s"]),
                              (["--time", "no sample"], ["--time", "300n:200n"]),
                              (["--time", "10s:20s"], ["--time", "5s"])]:
            with self.subTest(options=options):
                result = run("filter", recording, self.folder / "out.h5", "--gaussian", "3", *options)
                self.assertEqual(result.code, USAGE, result.err)
                self.assertEqual(len(result.errors), 1)
                for words in said:
                    self.assertIn(words, result.errors[0])
                self.assertEqual([path.name for path in self.folder.iterdir()], ["in.h5"])


if __name__ == "__main__":
    program.main()
