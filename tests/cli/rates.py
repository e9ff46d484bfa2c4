"""weir filter --decimate and --resample: the same bits however the work is cut, and files that say the new rate."""
import itertools
import json
import os
import subprocess

import program
from pairs import covering
from program import CANNOT_CREATE, USAGE, ProgramTest, checksum, noise, read, run, write
from same_bits import DOMAINS, SPLITS, WRITERS, SameBits

import h5py
import numpy as np
from scipy import signal

class Bits(SameBits):
    def hold_rates(self, data, rows, *options, time_axis=1, **storage):
        recording = write(self.folder / "in.h5", data, time_axis=time_axis, **storage)
        return self.hold_same(recording, list(options), rows)

    def test_cuts(self):
        # Blocks shorter than the taps, on no chunk and on no multiple of the factor.
        rows = covering({"ranks": [2, 3, 8], "domain": DOMAINS, "block": [None, 97, 6661], "write": WRITERS,
                         "split": SPLITS})
        self.hold_rates(noise(7, 20_003), rows, "--decimate", "10")

    def test_ratios_types_and_axes(self):
        rows = [{"ranks": 4, "domain": "2", "block": 300, "write": "gather", "split": "time"},
                {"ranks": 3, "domain": "1", "block": 1001, "write": "leader", "split": "rows"}]
        cases = itertools.product((("--resample", "3/7"), ("--resample", "5/2"), ("--decimate", "4")),
                                  ("int16", "float32"))
        for row, (options, dtype) in zip(itertools.cycle(rows), cases):
            with self.subTest(options=options, dtype=dtype):
                data = noise(5, 4001, dtype)
                last = self.hold_rates(data, [], *options)
                first = self.hold_rates(data, [row], *options, time_axis=0, chunks=(256, 3), compression="gzip")
                np.testing.assert_array_equal(first.T, last)

    def test_one_channel_on_many_ranks(self):
        rows = [{"ranks": 8, "domain": "node", "block": None, "write": "parallel", "split": "rows"},
                {"ranks": 8, "domain": "2", "block": 5000, "write": "gather", "split": "time"}]
        self.hold_rates(noise(1, 100_000), rows, "--decimate", "3", "--mode", "wrap")
        # Fewer samples than ranks and taps.
        self.hold_rates(noise(2, 5), rows, "--resample", "7/3")

    def test_by_fft_it_is_every_nth_of_the_filter(self):
        data = noise(3, 60_000)
        recording = write(self.folder / "in.h5", data)
        options = ["--lowpass", "20", "--numtaps", "2001"]
        rows = [{"ranks": 3, "domain": "1", "block": 9000, "write": "leader", "split": "time"}]
        kept = self.hold_same(recording, [*options, "--decimate", "7", "--method", "fft"], rows)
        taps = signal.firwin(2001, 20, fs=1000)
        exact = signal.oaconvolve(np.pad(data, ((0, 0), (1000, 1000)), "symmetric"), taps[None, :], "valid", axes=1)[:, ::7]
        np.testing.assert_allclose(kept, exact, rtol=0, atol=1e-12 * np.abs(data).max())

    def test_compressed(self):
        recording = write(self.folder / "in.h5", noise(6, 30_000, "int16"), chunks=(2, 1000))
        rows = [{"ranks": 4, "domain": "2", "block": 1700, "write": write, "split": "time"} for write in WRITERS]
        plain = self.hold_same(recording, ["--decimate", "5"], [])
        packed = self.hold_same(recording, ["--decimate", "5", "--compress", "gzip:3", "--shuffle"], rows)
        np.testing.assert_array_equal(packed, plain)

    def test_some_channels(self):
        data = noise(7, 6000)
        recording = write(self.folder / "in.h5", data)
        rows = [{"ranks": 3, "domain": "1", "block": 700, "write": "gather", "split": "time"}]
        some = self.hold_same(recording, ["--decimate", "6", "--channels", "1:6:2"], rows)
        np.testing.assert_array_equal(some, self.hold_same(recording, ["--decimate", "6"], [])[1:6:2])

    def test_some_time(self):
        # Kept samples are counted from the recording's first, whichever are chosen.
        data = noise(4, 6000)
        recording = write(self.folder / "in.h5", data)
        rows = [{"ranks": 3, "domain": "1", "block": 170, "write": "gather", "split": "time"},
                {"ranks": 2, "domain": "node", "block": 333, "write": "parallel", "split": "rows"}]
        for rate, up, down in ((("--decimate", "6"), 1, 6), (("--resample", "3/7"), 3, 7), (("--resample", "5/2"), 5, 2)):
            whole = self.hold_same(recording, rate, [])
            for begin, end in ((0, 100), (1001, 2345), (5003, 6000)):
                with self.subTest(rate=rate, begin=begin):
                    for more in ([], ["--dtype", "float32"]):
                        some = self.hold_same(recording, [*rate, "--time", f"{begin}n:{end}n", *more], rows)
                        kept = whole[:, -(-begin * up // down):-(-end * up // down)]
                        np.testing.assert_array_equal(some, kept.astype(some.dtype))

    def test_prepared_and_of_another_type(self):
        # In one pass it is what two runs make, the first of which does not filter.
        recording = write(self.folder / "in.h5", noise(5, 9001))
        np.savetxt(self.folder / "one.txt", [1])
        steps = ["--reference", "median", "--scale", "0.5"]
        prepared = self.folder / "prepared.h5"
        self.succeed("filter", recording, prepared, "--taps", self.folder / "one.txt", *steps)
        rows = [{"ranks": 3, "domain": "1", "block": 1000, "write": "gather", "split": "time"},
                {"ranks": 4, "domain": "2", "block": None, "write": "parallel", "split": "time"}]
        for rate in (("--decimate", "6"), ("--resample", "4/3")):
            for dtype in ("float64", "float32"):
                with self.subTest(rate=rate, dtype=dtype):
                    options = [*rate, "--dtype", dtype]
                    once = self.hold_same(recording, [*steps, *options], rows)
                    np.testing.assert_array_equal(once, self.hold_same(prepared, options, []))

    def test_resumed(self):
        recording = write(self.folder / "in.h5", noise(6, 40_000))
        options = ("--resample", "2/5", "--chunk-duration", "2500n", "--checkpoint-interval", "0s", "-q")
        expected = checksum(self.filtered(recording, "/data", None, "--resample", "2/5"))
        output = self.folder / "resumed.h5"
        command = program.command("filter", recording, output, *options, ranks=2)
        command[command.index(program.PROGRAM)] = os.environ["WEIR_FAULTY_PROGRAM"]
        killed = subprocess.run(command, env={**os.environ, "WEIR_FAULT": "marker renamed:4:rank"}, capture_output=True,
                                stdin=subprocess.DEVNULL, timeout=program.PATIENCE_SECONDS, check=False)
        self.assertNotEqual(killed.returncode, 0)
        self.assertFalse(output.exists())
        other = run("filter", recording, output, "--resample", "2/3", *options[2:], "--resume", ranks=2)
        self.assertEqual(other.code, USAGE, other.err)
        self.assertIn("rate", other.errors[0])
        self.succeed("filter", recording, output, *options, "--resume", ranks=3)
        self.assertEqual(checksum(output), expected)


class Files(ProgramTest):
    def resampled(self, recording, *options):
        output = self.folder / "out.h5"
        result = self.succeed("filter", recording, output, "--overwrite", *options, ranks=2)
        return h5py.File(output, "r"), result

    def test_plain(self):
        recording = write(self.folder / "in.h5", noise(3, 1003), rate=500.0, chunks=(2, 100), maxshape=(None, 1003))
        seconds = 7 + np.arange(1003) / 500
        with h5py.File(recording, "r+") as file:
            file["time"] = seconds
            file["time"].attrs["unit"] = "s"
            file.create_dataset("other", data=np.arange(1003))
        out, result = self.resampled(recording, "--decimate", "10")
        with out:
            self.assertEqual(out["data"].shape, (3, 101))
            self.assertEqual(out["data"].maxshape, (None, 101))
            self.assertEqual(out["data"].attrs["sampling_rate"], 50)
            np.testing.assert_array_equal(out["time"][...], seconds[::10])
            self.assertEqual(out["time"].attrs["unit"], "s")
            self.assertEqual(out["other"].shape, (1003,))
            self.assertEqual(out["provenance/taps"].shape, (201,))
        self.assertIn("3 channels x 101 samples", result.out)
        self.assertIn("every 10th sample kept", result.out)
        out, _ = self.resampled(recording, "--resample", "3/2")
        with out:
            self.assertEqual(out["data"].shape, (3, 1505))
            self.assertEqual(out["data"].attrs["sampling_rate"], 750)
            np.testing.assert_allclose(out["time"][...], 7 + np.arange(1505) / 750, rtol=0, atol=1e-12)

    def test_times_that_are_computed_a_part_at_a_time(self):
        recording = write(self.folder / "in.h5", noise(1, 1003), rate=500.0)
        with h5py.File(recording, "r+") as file:
            file["time"] = 7 + np.arange(1003) / 500
        out, _ = self.resampled(recording, "--resample", "400/1", "--method", "direct")
        with out:
            times = 7 + np.arange(401_200) / 200_000
            np.testing.assert_allclose(out["time"][...], times, rtol=0, atol=1e-12)

    def test_a_rate_that_only_the_option_says(self):
        recording = write(self.folder / "in.h5", noise(3, 1000), rate=None)
        out, _ = self.resampled(recording, "--decimate", "4", "--fs", "1000")
        with out:
            self.assertEqual(out["data"].attrs["sampling_rate"], 250)
        out, _ = self.resampled(recording, "--decimate", "4")
        with out:
            self.assertNotIn("sampling_rate", out["data"].attrs)

    def test_the_rate_that_was_used_is_written(self):
        recording = write(self.folder / "in.h5", noise(3, 1000), rate=250.0)
        with h5py.File(recording, "r+") as file:
            file["time"] = 7 + np.arange(1000) / 250
        for options, rate in ((["--lowpass", "40"], 500), (["--decimate", "2"], 250),
                              (["--gaussian", "2", "--time", "1s:"], 500)):
            out, result = self.resampled(recording, "--fs", "500", *options)
            with out, self.subTest(options=options):
                self.assertFalse([line for line in result.warnings if "Hz" in line])
                self.assertEqual(out["data"].attrs["sampling_rate"], rate)
                first = 7 + (1 if "--time" in options else 0)
                np.testing.assert_allclose(out["time"], first + np.arange(out["time"].size) / rate, rtol=1e-12)
        out, _ = self.resampled(recording, "--gaussian", "3", "--fs", "500", "--write", "per-node")
        out.close()
        with h5py.File(self.folder / "out.node-0000.h5") as node:
            self.assertEqual(node["data"].attrs["sampling_rate"], 500)
        again = ("filter", recording, self.folder / "out.h5", "--gaussian", "3", "--write", "per-node", "--resume", "--fs")
        self.assertIn("complete already", self.succeed(*again, "500").out)
        self.assertEqual(run(*again, "400").code, CANNOT_CREATE)
        bare = write(self.folder / "bare.h5", noise(3, 1000), rate=None)
        out, _ = self.resampled(bare, "--lowpass", "40", "--fs", "500")
        with out:
            self.assertEqual(out["data"].attrs["sampling_rate"], 500)
        self.succeed("sweep", bare, "--lowpass", "40", "--fs", "500", "--keep", "best", self.folder / "kept.h5")
        with h5py.File(self.folder / "kept.h5") as kept:
            self.assertEqual(kept["data"].attrs["sampling_rate"], 500)

    def test_no_layout_contradicts_itself(self):
        for layout in "prodml", "nwb":
            recording = self.folder / f"{layout}.h5"
            self.succeed("synth", recording, "--layout", layout, "--channels", "3", "--duration", "2001n", "--fs", "250")
            for options, rate in ((["--gaussian", "3"], 500), (["--decimate", "2"], 250), (["--resample", "3/2"], 750)):
                with self.subTest(layout=layout, options=options):
                    result = self.resampled(recording, "--fs", "500", *options, "-q")[1]
                    self.assertEqual(result.warnings, [])
                    what = json.loads(self.succeed("info", self.folder / "out.h5", "--json").out)
                    self.assertEqual((what["sampling_rate"], what["warnings"]), (rate, []))
        with h5py.File(self.folder / "prodml.h5") as file:
            times = file["Acquisition/Raw[0]/RawDataTime"][...]
        out, _ = self.resampled(self.folder / "prodml.h5", "--fs", "500", "--decimate", "2", "--time", "1s:3s")
        with out:
            raw = out["Acquisition/Raw[0]"]
            kept = times[0] + 1_000_000 + np.arange(500) * 4000
            np.testing.assert_array_equal(raw["RawDataTime"], kept)
            self.assertEqual((raw["RawData"].attrs["StartIndex"], raw["RawData"].attrs["Count"]), (250, 1500))
            for name, when in (("PartStartTime", kept[0]), ("PartEndTime", kept[-1])):
                self.assertEqual(np.datetime64(raw["RawData"].attrs[name][:26], "us").astype("int64"), when, name)

    def test_prodml(self):
        recording = self.folder / "in.h5"
        self.succeed("synth", recording, "--layout", "prodml", "--channels", "6", "--duration", "2001n", "--fs", "1000")
        with h5py.File(recording) as file:
            before = dict(file["Acquisition/Raw[0]/RawData"].attrs)
            times = file["Acquisition/Raw[0]/RawDataTime"][...]
            order = list(before["Dimensions"])
        out, _ = self.resampled(recording, "--decimate", "10")
        with out:
            raw = out["Acquisition/Raw[0]"]
            self.assertEqual(raw["RawData"].shape[order.index("time")], 201)
            self.assertEqual(raw.attrs["OutputDataRate"], 100)
            self.assertEqual(raw["RawData"].attrs["Count"], 201 * 6)
            self.assertEqual(raw["RawData"].attrs["PartStartTime"], before["PartStartTime"])
            # The last sample that is kept is the last of the input.
            self.assertEqual(raw["RawData"].attrs["PartEndTime"], before["PartEndTime"])
            self.assertEqual(raw["RawDataTime"].attrs["PartEndTime"], before["PartEndTime"])
            np.testing.assert_array_equal(raw["RawDataTime"][...], times[::10])
            self.assertEqual(raw["RawDataTime"].attrs["Count"], 201)
        out, _ = self.resampled(recording, "--resample", "2/7")
        with out:
            raw = out["Acquisition/Raw[0]"]
            self.assertEqual(raw.attrs["OutputDataRate"], 2000 / 7)
            self.assertEqual(raw["RawData"].shape[order.index("time")], 572)
            exact = times[0] + np.arange(572) * 3500
            np.testing.assert_array_equal(raw["RawDataTime"][...], exact)
            end = raw["RawData"].attrs["PartEndTime"]
            end = end.decode() if isinstance(end, bytes) else end
            self.assertEqual(np.datetime64(end[:26], "us").astype("int64"), exact[-1])

    def test_the_times_of_a_span(self):
        recording = self.folder / "in.h5"
        self.succeed("synth", recording, "--layout", "prodml", "--channels", "6", "--duration", "2001n", "--fs", "1000")
        with h5py.File(recording) as file:
            times = file["Acquisition/Raw[0]/RawDataTime"][...]
        for options, first, step in ((["--decimate", "10"], 1010, 10_000), (["--resample", "2/7"], 1004.5, 3500)):
            out, _ = self.resampled(recording, *options, "--time", "1003n:1500n")
            with out, self.subTest(options=options):
                raw = out["Acquisition/Raw[0]"]
                kept = raw["RawDataTime"][...]
                exact = times[0] + round(first * 1000) + np.arange(kept.size) * step
                np.testing.assert_array_equal(kept, exact)
                self.assertLess(kept[-1], times[1500])
                self.assertGreaterEqual(kept[-1] + step, times[1500])
                self.assertEqual(raw["RawData"].attrs["Count"], kept.size * 6)
                for name, when in (("PartStartTime", exact[0]), ("PartEndTime", exact[-1])):
                    said = raw["RawData"].attrs[name]
                    said = said.decode() if isinstance(said, bytes) else said
                    self.assertEqual(np.datetime64(said[:26], "us").astype("int64"), when, name)

    def test_real_recordings(self):
        for recording, dataset in program.real_recordings():
            with self.subTest(recording=recording.name), h5py.File(recording) as file:
                data, times = file[dataset], file["Acquisition/Raw[0]/RawDataTime"]
                out, _ = self.resampled(recording, "--decimate", "4")
                with out:
                    samples = -(-data.shape[0] // 4)
                    self.assertEqual(out[dataset].shape, (samples, data.shape[1]))
                    self.assertEqual(out[dataset].attrs["Count"], samples * data.shape[1])
                    kept = out["Acquisition/Raw[0]/RawDataTime"]
                    np.testing.assert_array_equal(kept[...], times[::4])
                    end = out[dataset].attrs["PartEndTime"]
                    self.assertEqual(np.datetime64(end[:26], "us").astype("int64"),
                                     np.datetime64(data.attrs["PartStartTime"].decode()[:26], "us").astype("int64")
                                     + kept[-1] - kept[0])
                    self.assertEqual(out["Acquisition/Raw[0]"].attrs["OutputDataRate"],
                                     file["Acquisition/Raw[0]"].attrs["OutputDataRate"] / 4)

    def test_nwb(self):
        recording = self.folder / "in.h5"
        self.succeed("synth", recording, "--layout", "nwb", "--channels", "4", "--duration", "1001n", "--fs", "1000")
        series = "acquisition/ElectricalSeries"
        with h5py.File(recording, "r+") as file:
            file[series]["starting_time"][()] = 12.5
            del file[series]["starting_time"].attrs["rate"]
            file[series]["starting_time"].attrs["rate"] = np.float32(1000)
        out, _ = self.resampled(recording, "--decimate", "8")
        with out:
            self.assertEqual(out[series]["data"].shape, (126, 4))
            rate = out[series]["starting_time"].attrs["rate"]
            self.assertEqual((rate, rate.dtype), (125, np.float32))
            self.assertEqual(out[series]["starting_time"][()], 12.5)
            self.assertIn("every 8th sample kept", out[series].attrs["filtering"])
        stamps = 3 + np.arange(1001) / 1000
        with h5py.File(recording, "r+") as file:
            del file[series]["starting_time"]
            file[series].create_dataset("timestamps", data=stamps, chunks=(256,), compression="gzip")
            file[series]["timestamps"].attrs["interval"] = np.int32(1)
            file[series]["control"] = np.arange(1001, dtype=np.uint16)
        out, _ = self.resampled(recording, "--resample", "3/5")
        with out:
            self.assertEqual(out[series]["data"].shape, (601, 4))
            np.testing.assert_allclose(out[series]["timestamps"][...], 3 + np.arange(601) / 600, rtol=0, atol=1e-12)
            self.assertEqual(out[series]["timestamps"].attrs["interval"], 1)
            np.testing.assert_array_equal(out[series]["control"][...], np.arange(601) * 5 // 3)

    def test_plan_and_report(self):
        recording = write(self.folder / "in.h5", noise(4, 100_000))
        text = self.succeed("filter", recording, "o.h5", "--decimate", "10", "--plan").out
        for words in ("4 channels x 10000 samples, 100 s,", "at 100 Hz", "201 taps", "polyphase"):
            self.assertIn(words, text)
        self.resampled(recording, "--decimate", "10", "--report", self.folder / "r.json")[0].close()
        report = json.loads((self.folder / "r.json").read_text())
        self.assertEqual(report["plan"]["rate"], "1/10")
        self.assertEqual(report["plan"]["bytes_written"], 4 * 10_000 * 8)
        self.assertEqual(report["bytes_written"], 4 * 10_000 * 8)
        self.assertLess(report["plan"]["read_amplification"], 1.1)


class Options(ProgramTest):
    def refuse(self, words, *options):
        for arguments in (("filter", "in.h5", "out.h5"), ("design",)):
            result = run(*arguments, *options, cwd=self.folder)
            self.assertEqual(result.code, USAGE, result.err)
            self.assertEqual(len(result.errors), 1, result.err)
            for word in words:
                self.assertIn(word, result.errors[0])

    def test_refused(self):
        write(self.folder / "in.h5", noise(2, 100))
        for wrong in ("1", "0", "-2", "2.5", "ten", "10000001"):
            self.refuse(["--decimate", wrong, "whole number"], "--decimate", wrong)
        for wrong in ("3/0", "0/3", "a/b", "3/2/1", "1.5/2", "/"):
            self.refuse(["--resample", wrong, "P/Q"], "--resample", wrong)
        self.refuse(["5/5", "leave it out"], "--resample", "5/5")
        self.refuse(["--decimate", "--resample"], "--decimate", "2", "--resample", "1/2")
        self.refuse(["--complement", "name"], "--decimate", "2", "--complement")
        result = run("filter", "in.h5", "out.h5", "--resample", "3/2", "--method", "fft", cwd=self.folder)
        self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
        result = run("filter", "in.h5", "out.h5", "--decimate", "20", "--time", "21n:39n", cwd=self.folder)
        self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
        self.assertIn("--time", result.errors[0])
        result = run("filter", "in.h5", "out.h5", "--decimate", "900000", cwd=self.folder)
        self.assertEqual((result.code, len(result.errors)), (USAGE, 1), result.err)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["in.h5"])

    def test_equal_ratios(self):
        write(self.folder / "in.h5", noise(2, 1000))
        for number, ratio in enumerate(("4/6", "2/3")):
            self.succeed("filter", self.folder / "in.h5", self.folder / f"{number}.h5", "--resample", ratio)
        self.assertEqual(checksum(self.folder / "0.h5"), checksum(self.folder / "1.h5"))
        for name, options in (("a", ("--resample", "1/4", "--lowpass", "50")), ("b", ("--decimate", "4", "--lowpass", "50"))):
            self.succeed("filter", self.folder / "in.h5", self.folder / f"{name}.h5", *options)
        self.assertEqual(checksum(self.folder / "a.h5"), checksum(self.folder / "b.h5"))

    def test_design(self):
        facts = json.loads(self.succeed("design", "--decimate", "10", "--fs", "1000", "--json").out)
        np.testing.assert_allclose(facts["taps"], signal.firwin(201, 0.1), rtol=0, atol=1e-12 * 0.1)
        text = self.succeed("design", "--resample", "2/5", "--fs", "1000").out
        self.assertIn("101 taps (0.0505 s)", text)
        self.assertIn("2 samples for every 5", text)

    def test_what_folds_is_heard_of(self):
        recording = write(self.folder / "in.h5", noise(2, 1000))
        for options, warnings in ((("--gaussian", "1"), 1), (("--lowpass", "40"), 0), ((), 0)):
            result = self.succeed("filter", recording, self.folder / "out.h5", "--decimate", "10", "--overwrite", *options)
            self.assertEqual(len(result.warnings), warnings, result.err)
            if warnings:
                self.assertIn("fold", result.warnings[0])

    def test_clipped_samples_are_counted_among_those_kept(self):
        data = np.full((2, 1000), 30_000, np.int16)
        recording = write(self.folder / "in.h5", data)
        np.savetxt(self.folder / "taps.txt", [1, 2, 1])
        result = self.succeed("filter", recording, self.folder / "out.h5", "--taps", self.folder / "taps.txt",
                              "--decimate", "10")
        self.assertTrue(any("200 of 200 samples did not fit" in line for line in result.warnings), result.err)


if __name__ == "__main__":
    program.main()
