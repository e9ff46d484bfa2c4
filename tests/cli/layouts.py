"""The layouts of makers of recordings: filtered in their own layout, and joined from several files."""
import json

import program
from program import BAD_DATA, ProgramTest, noise, read, run

import h5py
import numpy as np
from scipy import ndimage

RATE, START = 500.0, 1_600_000_000.25


def asn(file, data, start):
    file["data"] = data.T
    for path, value in {"fileVersion": 7, "header/time": start, "header/dt": 1 / RATE, "header/dx": 1.02,
                        "header/unit": np.bytes_("rad/m/s"), "header/channels": np.arange(len(data)),
                        "header/dimensionNames": np.array([b"time", b"distance"]),
                        "header/dimensionRanges/dimension0/max": np.int64(data.shape[1] - 1),
                        "cableSpec/sensorDistances": np.arange(len(data)) * 1.02}.items():
        file[path] = value


def silixa(file, data, start):
    file["Acoustic"] = data.T
    when = np.datetime64(round(start * 1e6), "us").item()
    for name, value in {"SamplingFrequency[Hz]": str(RATE), "GPSTimeStamp": when.strftime("%d/%m/%Y %H:%M:%S.%f (UTC)"),
                        "SpatialResolution[m]": "1.0", "Fibre Length Multiplier": "1.02"}.items():
        file["Acoustic"].attrs[name] = value


def apsensing(file, data, start):
    file["DAS"] = data.T
    file["ProcessingServer/DataRate"] = RATE
    file["Metadata/Timestamp"] = np.datetime_as_string(np.datetime64(round(start * 1e6), "us")) + "Z"
    file["Metadata/Timezone"] = "UTC"
    file["Metadata/TraceCount"] = np.int32(data.shape[1])


def terra15(file, data, start):
    file["data_product/data"] = data.T
    file["data_product/gps_time"] = start + np.arange(data.shape[1]) / RATE
    file["data_product/posix_time"] = start + np.arange(data.shape[1]) / RATE
    for name, value in {"file_version": "6", "sensing_range_start": 0.0, "dx": 0.8}.items():
        file.attrs[name] = value


def gdr(file, data, start):
    file["DasRawData/RawData"] = data.T
    file["DasRawData/RawData"].attrs["DasDimensions"] = ["time", "locus"]
    file["DasRawData/DasTimeArray"] = round(start * 1e3) * 10**6 + np.arange(data.shape[1], dtype="i8") * round(1e9 / RATE)


def das_rcn(file, data, start):
    file["traces"] = data.T
    for name, value in {"t0": start, "dt": np.float32(1 / RATE), "GL": np.float32(10), "domain": "Strain"}.items():
        file.attrs[name] = value


MAKERS = {"asn": (asn, "/data", "float32"), "silixa": (silixa, "/Acoustic", "int16"),
          "apsensing": (apsensing, "/DAS", "int32"), "terra15": (terra15, "/data_product/data", "float32"),
          "gdr": (gdr, "/DasRawData/RawData", "float32"), "das-rcn": (das_rcn, "/traces", "float32")}

# What tells the number of samples, or the time of each, and so is the whole recording's where files are joined.
OF_ALL_SAMPLES = {"asn": ["header/dimensionRanges/dimension0/max"], "apsensing": ["Metadata/TraceCount"],
                  "terra15": ["data_product/gps_time", "data_product/posix_time"], "gdr": ["DasRawData/DasTimeArray"]}


class Layouts(ProgramTest):
    def make(self, name, layout, data, first_sample):
        path = self.folder / name
        with h5py.File(path, "w") as file:
            MAKERS[layout][0](file, data, START + first_sample / RATE)
        return path

    def test_each_is_joined_and_written_in_its_own_layout(self):
        for layout, (_, dataset, dtype) in MAKERS.items():
            with self.subTest(layout):
                data = noise(4, 900, dtype)
                second = self.make("a.h5", layout, data[:, 500:], 500)
                first = self.make("b.h5", layout, data[:, :500], 0)
                whole = self.make("whole.h5", layout, data, 0)
                output = self.folder / f"{layout}.h5"
                # 40 ms are 20 samples only where the rate is read.
                self.succeed("filter", second, first, output, "--gaussian", "40ms", "-q", ranks=2)
                exact = ndimage.gaussian_filter1d(data.astype(np.float64), 20)
                self.hold(read(output, dataset).T, exact, data)
                self.hold_kept(layout, whole, output)
                self.assertRegex(self.succeed("info", output).out, rf"layout +{layout}\n(.*\n)*because +layout {layout}")

    def test_rates_and_selections_are_told_in_each(self):
        """What is made of two files has the bits and tells the times of what is made of one, and those that it should."""
        cases = [(["--decimate", "5"], slice(None), slice(None), RATE / 5, 0),
                 (["--resample", "2/5", "--gaussian", "9"], slice(None), slice(None), RATE * 2 / 5, 0),
                 (["--gaussian", "7", "--time", "430n:641n"], slice(None), slice(430, 641), RATE, 430 / RATE),
                 (["--gaussian", "7", "--time", "520n:", "--channels", "1:3"], slice(1, 3), slice(520, None), RATE, 520 / RATE)]
        for layout, (_, dataset, dtype) in MAKERS.items():
            data = noise(4, 900, dtype)
            parts = [self.make("a.h5", layout, data[:, :500], 0), self.make("b.h5", layout, data[:, 500:], 500)]
            whole = self.make("whole.h5", layout, data, 0)
            for options, rows, columns, rate, begin in cases:
                with self.subTest(layout, options=options):
                    output, expected = self.folder / "out.h5", self.folder / "expected.h5"
                    self.succeed("filter", *parts, output, *options, "-q", "--overwrite", ranks=2)
                    self.succeed("filter", whole, expected, *options, "-q", "--overwrite")
                    self.hold_kept(layout, expected, output)
                    made = read(output, dataset)
                    np.testing.assert_array_equal(made, read(expected, dataset))
                    if rate == RATE:
                        exact = ndimage.gaussian_filter1d(data.astype(np.float64), 7)[rows, columns]
                        self.hold(made.T, exact, data)
                    told = json.loads(self.succeed("info", output, "--json").out)
                    self.assertEqual(told["layout"], layout)
                    self.assertAlmostEqual(told["sampling_rate"] / rate, 1, 6)
                    # A clock of doubles since 1970 tells a quarter of a microsecond.
                    self.assertAlmostEqual(told["start_ns"] / 1e9 - START, begin, 5)
                    if layout == "asn" and options[-2] == "--channels":
                        with h5py.File(output) as file:
                            np.testing.assert_array_equal(file["header/channels"], [1, 2])
                            np.testing.assert_array_equal(file["cableSpec/sensorDistances"], [1.02, 2.04])

    def hold_kept(self, layout, whole, output):
        """All but the samples is as in the file that the two make together."""
        with h5py.File(whole) as expected, h5py.File(output) as made:
            def compare(name, thing):
                if name.startswith("provenance"):
                    return
                self.assertEqual({k: str(v) for k, v in thing.attrs.items()},
                                 {k: str(v) for k, v in made[name].attrs.items()}, name)
                if isinstance(thing, h5py.Dataset) and f"/{name}" != MAKERS[layout][1]:
                    self.assertEqual(thing.dtype, made[name].dtype, name)
                    # A clock of doubles since 1970 tells a quarter of a microsecond.
                    near = np.testing.assert_allclose if thing.dtype.kind == "f" else np.testing.assert_array_equal
                    near(thing[()], made[name][()], **({"rtol": 1e-15} if thing.dtype.kind == "f" else {}))
            expected.visititems(compare)
            for name in OF_ALL_SAMPLES.get(layout, []):
                self.assertIn(name, made)

    def test_values_of_optodas_in_its_unit(self):
        data = noise(3, 400, "float32")
        path = self.make("in.h5", "asn", data, 0)
        with h5py.File(path, "a") as file:
            file["header/dataScale"] = 0.25
        output = self.folder / "out.h5"
        self.succeed("filter", path, output, "--units", "physical", "--gaussian", "2", "-q", ranks=2)
        self.hold(read(output, "/data").T, ndimage.gaussian_filter1d(data.astype(np.float64) / 4, 2), data)
        with h5py.File(output) as file:
            self.assertEqual(file["header/dataScale"][()], 1)

    def test_a_lost_sample_is_a_gap(self):
        for layout, (_, _, dtype) in MAKERS.items():
            with self.subTest(layout):
                # A half second is a double, whatever the clock.
                data = noise(3, 249, dtype)
                parts = [self.make("a.h5", layout, data, 0), self.make("b.h5", layout, data, 250)]
                result = run("filter", *parts, self.folder / "out.h5", "--gaussian", "2")
                self.assertEqual(result.code, BAD_DATA, result.err)
                self.assertIn("begins 1 samples", result.errors[0])
                self.assertIn("begins 1 samples", self.succeed("info", *parts).out)

    def test_febus_is_refused(self):
        path = self.folder / "febus.h5"
        with h5py.File(path, "w") as file:
            file["fa1-1/Source1/Zone1/StrainRate"] = np.zeros((3, 20, 5), "f4")
        for command in (["info", path], ["filter", path, self.folder / "out.h5", "--gaussian", "2"]):
            result = run(*command)
            self.assertEqual((result.code, len(result.errors)), (BAD_DATA, 1), result.err)
            self.assertIn("febus", result.errors[0])


if __name__ == "__main__":
    program.main()
