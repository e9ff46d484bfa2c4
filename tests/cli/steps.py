"""What happens to samples before and behind the filter: units, scale, trend, reference and type, held against NumPy
and SciPy; with the same bits on any ranks, domains and blocks."""
import json
import os

import program
from program import BAD_DATA, USAGE, ProgramTest, checksum, noise, read, run, write

import h5py
import numpy as np
from scipy import ndimage, signal

RUNS = [(2, ["--chunk-duration", "700n"]),
        (4, ["--ranks-per-domain", "2", "--chunk-duration", "1500n", "--split", "time"]),
        (3, ["--ranks-per-domain", "1", "--write", "gather"]), (3, ["--compress", "gzip:1", "--write", "leader"])]
SIGMA = 7


def expected(data, scale=1.0, offset=0.0, detrend=None, reference=None, mode="reflect"):
    """The steps in their order, and the filter behind them."""
    values = data.astype(np.float64) * scale + offset
    if detrend:
        values = signal.detrend(values, type=detrend)
    if reference == "median":
        values = values - np.median(values, axis=0)
    elif reference == "mean":
        values = values - values.mean(axis=0)
    elif reference is not None:
        values = values - values[int(reference)]
    return ndimage.gaussian_filter1d(values, SIGMA, mode=mode, cval=2.5)


class Steps(ProgramTest):
    def filtered(self, recording, *options, ranks=None):
        self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", SIGMA, "--overwrite", "-q", *options,
                     ranks=ranks)
        return self.folder / "out.h5"

    def hold_same(self, recording, options, time_axis, runs):
        """The output of one rank, in channels by samples; other runs make the same."""
        output = self.filtered(recording, *options)
        first, samples = checksum(output), read(output)
        for ranks, how in runs:
            with self.subTest(ranks=ranks, how=how, options=options):
                self.assertEqual(checksum(self.filtered(recording, *options, *how, ranks=ranks)), first)
        return samples if time_axis == 1 else samples.T

    def test_each_step_and_all_together(self):
        cases = [("float64", 1, {"detrend": "linear"}, RUNS[:2]), ("int16", 0, {"reference": "median"}, RUNS[1:3]),
                 ("float32", 0, {"detrend": "constant", "reference": "mean"}, RUNS[2:]),
                 ("uint16", 1, {"scale": 0.25, "offset": 40.0}, RUNS[:1]),
                 ("float64", 0, {"scale": -2.5, "offset": 1e3, "detrend": "linear", "reference": "median"}, RUNS),
                 ("int32", 1, {"scale": 1e-4, "reference": "3"}, RUNS[1:2]),
                 ("float64", 1, {"detrend": "linear", "reference": "mean", "mode": "wrap"}, RUNS[1:2]),
                 ("float64", 1, {"scale": 3.0, "detrend": "linear", "mode": "odd"}, RUNS[1:2]),
                 ("float64", 0, {"offset": 30.0, "reference": "median", "mode": "constant"}, RUNS[:1])]
        for number, (dtype, time_axis, steps, runs) in enumerate(cases):
            mode = steps.get("mode", "reflect")
            data = noise(10 - number % 2, 9000, dtype, seed=number)
            recording = write(self.folder / "in.h5", data, time_axis=time_axis)
            options = [word for name, value in steps.items() for word in (f"--{name}", str(value))]
            if mode == "constant":
                options += ["--cval", "2.5"]
            got = self.hold_same(recording, options, time_axis, runs)
            if mode == "odd":
                trended = signal.detrend(data * 3.0)
                radius = 4 * SIGMA
                padded = np.pad(trended, ((0, 0), (radius, radius)), mode="reflect", reflect_type="odd")
                exact = ndimage.gaussian_filter1d(padded, SIGMA)[:, radius:-radius]
            else:
                exact = expected(data, **{**steps, "mode": mode})
            scale = np.abs(data.astype(np.float64) * steps.get("scale", 1.0) + steps.get("offset", 0.0))
            with self.subTest(dtype=dtype, steps=steps):
                self.hold(got, exact, scale)

    def test_a_type_needs_no_filter(self):
        data = noise(5, 3000) * 1e3
        recording = write(self.folder / "in.h5", data)
        output = self.folder / "out.h5"
        for dtype in "float32", "int16", "float64":
            result = self.succeed("filter", recording, output, "--dtype", dtype, "--overwrite", ranks=2)
            exact = data if dtype.startswith("float") else np.clip(np.rint(data), -32768, 32767)
            np.testing.assert_array_equal(read(output), exact.astype(dtype))
            self.assertIn("no filter", result.out)
            with h5py.File(output) as file:
                self.assertEqual(file["provenance"].attrs["filter"], "none")
        plan = self.succeed("filter", recording, output, "--dtype", "int16", "--plan").out
        self.assertRegex(plan, r"(?m)^filter +none;")

    def test_of_a_part(self):
        data = noise(8, 6000) + np.linspace(0, 50, 6000)
        recording = write(self.folder / "in.h5", data)
        options = ["--channels", "6,1,3", "--time", "1s:5s", "--detrend", "linear", "--reference", "1"]
        got = self.hold_same(recording, options, 1, RUNS[:2])
        part = data[[6, 1, 3]]
        times = np.arange(6000.0)
        for row in part:
            row -= np.polyval(np.polyfit(times[1000:5000], row[1000:5000], 1), times)
        exact = ndimage.gaussian_filter1d(part - part[1], SIGMA)[:, 1000:5000]
        np.testing.assert_allclose(got, exact, atol=1e-9)

    def test_resumed(self):
        recording = write(self.folder / "in.h5", noise(6, 40_000, "int16"))
        options = ["--detrend", "linear", "--reference", "median", "--dtype", "float32", "--chunk-duration", "2s"]
        whole = checksum(self.filtered(recording, *options))
        part = self.folder / "part.h5"
        command = ["filter", recording, part, "--gaussian", SIGMA, *options]
        self.assertEqual(run(*command, "--max-time", "1us", ranks=2).code, 75)
        other = run(*command, "--resume", "--offset", "1")
        self.assertEqual(other.code, USAGE, other.err)
        self.succeed(*command, "--resume", ranks=3)
        self.assertEqual(checksum(part), whole)

    def test_alone(self):
        """Steps need no filter."""
        for number, (dtype, step, exact) in enumerate(
                [("int16", ["--reference", "median"], lambda x: np.rint(x - np.median(x, axis=0))),
                 ("float64", ["--detrend", "linear"], lambda x: signal.detrend(x, type="linear")),
                 ("float32", ["--scale", "0.5", "--dtype", "float64"], lambda x: x * 0.5)]):
            with self.subTest(step=step):
                data = noise(5, 3001, dtype, seed=number)
                recording, output = write(self.folder / "in.h5", data), self.folder / "out.h5"
                self.succeed("filter", recording, output, *step, "--overwrite", ranks=2)
                self.hold(read(output), exact(data.astype(np.float64)), data)
                first = checksum(output)
                self.succeed("filter", recording, output, *step, "--overwrite", "--chunk-duration", "170n",
                             "--ranks-per-domain", "1", ranks=3)
                self.assertEqual(checksum(output), first)
        for option in (["--phase", "causal"], ["--complement"], ["--method", "fft"]):
            result = run("filter", recording, self.folder / "no.h5", "--reference", "mean", *option)
            self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
            self.assertIn(option[0], result.errors[0])

    def test_told(self):
        recording = write(self.folder / "in.h5", noise(4, 5000))
        options = ["--gaussian", SIGMA, "--detrend", "constant", "--reference", "average"]
        plan = self.succeed("filter", recording, self.folder / "out.h5", *options, "--plan").out
        self.assertIn("read twice", plan)
        self.assertIn("less each channel's mean, less the channels' mean, then Gaussian", plan)
        report = self.folder / "report.json"
        self.succeed("filter", recording, self.folder / "out.h5", *options, "--report", report, ranks=2)
        told = json.loads(report.read_text())
        self.assertEqual((told["plan"]["passes"], told["options"]["reference"]), (2, "average"))
        self.assertEqual(told["bytes_read"], 2 * 4 * 5000 * 8)
        with h5py.File(self.folder / "out.h5") as file:
            self.assertIn("less each channel's mean", file["provenance"].attrs["filter"])


class Types(ProgramTest):
    def test_every_pair(self):
        for number, dtype in enumerate(("int16", "uint16", "int32", "float32", "float64")):
            data = noise(5, 4000, dtype, seed=number)
            recording = write(self.folder / "in.h5", data, time_axis=number % 2)
            exact = ndimage.gaussian_filter1d(data.astype(np.float64), 5)
            for wanted, ranks in (("int16", 2), ("float32", 3), ("float64", None)):
                with self.subTest(dtype=dtype, wanted=wanted):
                    result = self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", "5", "--dtype",
                                          wanted, "--accumulate", "float64", "--overwrite", ranks=ranks)
                    got = read(self.folder / "out.h5")
                    got = got if number % 2 else got.T
                    self.assertEqual(got.dtype, np.dtype(wanted))
                    self.hold(got, exact, data)
                    clipped = np.count_nonzero(np.abs(np.rint(exact) + 0.5) > 2**15) if wanted == "int16" else 0
                    self.assertEqual(any("clipped" in line for line in result.warnings), clipped > 0, result.err)

    def test_volts_of_nwb(self):
        recording, output = self.folder / "in.nwb", self.folder / "out.nwb"
        series = "/acquisition/ElectricalSeries"
        self.succeed("synth", recording, "--layout", "nwb", "--channels", "6", "--duration", "3s", "--dtype", "int16")
        with h5py.File(recording, "r+") as file:
            file[series]["channel_conversion"] = np.linspace(0.5, 2, 6)
            file[series]["data"].attrs["offset"] = 1e-4
            data = file[series]["data"]
            volts = data[...].T * data.attrs["conversion"] * np.linspace(0.5, 2, 6)[:, None] + 1e-4
        self.succeed("filter", recording, output, "--gaussian", "5", "--units", "physical", "--dtype", "float32",
                     "--channels", "4,2", ranks=2)
        with h5py.File(output) as file:
            made = file[series]["data"]
            self.assertEqual((made.attrs["conversion"], made.attrs["offset"], made.dtype), (1, 0, np.float32))
            self.assertEqual(made.attrs["unit"], "volts")
            self.assertNotIn("channel_conversion", file[series])
            self.hold(made[...].T, ndimage.gaussian_filter1d(volts[[4, 2]], 5), volts)
        refused = run("filter", recording, output, "--gaussian", "5", "--units", "physical", "--overwrite")
        self.assertEqual(refused.code, USAGE)
        self.assertIn("--dtype float32", refused.errors[0])


class Nonfinite(ProgramTest):
    def test_the_first_is_named(self):
        data = noise(5, 6000, "float32")
        data[3, 4200], data[1, 4200], data[0, 5000] = np.nan, np.inf, np.nan
        recording = write(self.folder / "in.h5", data)
        for ranks, options in ((None, []), (4, ["--ranks-per-domain", "2", "--chunk-duration", "500n"]),
                               (3, ["--split", "rows", "--ranks-per-domain", "1"])):
            with self.subTest(ranks=ranks):
                result = run("filter", recording, self.folder / "out.h5", "--gaussian", "3", "--nan", "error", *options,
                             ranks=ranks)
                self.assertEqual(result.code, BAD_DATA, result.err)
                self.assertEqual(len(result.errors), 1, result.err)
                self.assertIn("channel 1 is infinite at 4.2 s (sample 4200)", result.errors[0])
                self.assertEqual([path.name for path in self.folder.iterdir()], ["in.h5"])
        self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", "3", "--nan", "error", "--time", ":4s",
                     ranks=2)
        near = run("filter", recording, self.folder / "out2.h5", "--gaussian", "3", "--nan", "error", "--time",
                   ":4195n")
        self.assertEqual(near.code, BAD_DATA, "a neighbour of the last samples is infinite")
        spread = self.succeed("filter", recording, self.folder / "out3.h5", "--gaussian", "3")
        self.assertTrue(any("3 of 30000" in line for line in spread.warnings), spread.err)

    def test_what_is_safe_when_one_is_found_stays(self):
        data = noise(5, 60_000, "float32")
        data[3, 55_000] = np.nan
        recording = write(self.folder / "in.h5", data)
        self.succeed("filter", recording, self.folder / "whole.h5", "--gaussian", "3")
        for ranks, packing in ((None, []), (3, ["--ranks-per-domain", "1", "--split", "time", "--compress", "gzip:1"])):
            with self.subTest(ranks=ranks):
                out = self.folder / "out.h5"
                command = ["filter", recording, out, "--gaussian", "3", *packing]
                refused = run(*command, "--chunk-duration", "1000n", "--checkpoint-interval", "0s", "--nan", "error",
                              ranks=ranks)
                self.assertEqual((refused.code, len(refused.errors)), (BAD_DATA, 1), refused.err)
                self.assertIn("channel 3 is NaN at 55 s (sample 55000)", refused.errors[0])
                self.assertRegex(refused.errors[0], r"; [1-9]\d* of \d+ blocks are safe in '.*out.h5.part', and the same "
                                                    r"command with --nan propagate and --resume goes on$")
                report = self.folder / "report.json"
                self.succeed(*command, "--nan", "propagate", "--resume", "--report", report, ranks=ranks)
                self.assertEqual(checksum(out), checksum(self.folder / "whole.h5"))
                self.assertEqual(json.loads(report.read_text())["nonfinite_samples"], 1)
                self.assertLess(json.loads(report.read_text())["bytes_read"], data.nbytes)
                out.unlink()


class Refused(ProgramTest):
    def test_wrong_options(self):
        recording = write(self.folder / "in.h5", noise(5, 800))
        for said, options in [(["--scale 0"], ["--scale", "0"]), (["--scale nan"], ["--scale", "nan"]),
                              (["--offset"], ["--offset", "much"]), (["--detrend", "quadratic"], ["--detrend", "quadratic"]),
                              (["--reference", "'mode'", "0 to 4"], ["--reference", "mode"]),
                              (["--reference", "'5'"], ["--reference", "5"]),
                              (["--reference 4", "--channels"], ["--reference", "4", "--channels", "0:3"]),
                              (["--reference", "--split rows"], ["--reference", "median", "--split", "rows"]),
                              (["--nan", "ignore"], ["--nan", "ignore"]), (["--dtype", "int8"], ["--dtype", "int8"]),
                              (["--units", "volts"], ["--units", "volts"])]:
            with self.subTest(options=options):
                result = run("filter", recording, self.folder / "out.h5", "--gaussian", "3", *options)
                self.assertEqual(result.code, USAGE, result.err)
                self.assertEqual(len(result.errors), 1)
                for words in said:
                    self.assertIn(words, result.errors[0])
                self.assertEqual(os.listdir(self.folder), ["in.h5"])


if __name__ == "__main__":
    program.main()
