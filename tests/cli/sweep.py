"""weir sweep against SciPy: every score, the best one, the tables, the picture, and the output that is kept."""
import csv
import json
import subprocess

import program as weir

import h5py
import numpy as np
from scipy import ndimage, signal

RATE = 500.0
SIGMAS = [2, 4, 6, 8]


def recording(channels=7, samples=9000, seed=1):
    times = np.arange(samples) / RATE
    tone = np.sin(2 * np.pi * 12 * times)
    return tone + np.random.default_rng(seed).standard_normal((channels, samples))


def spectrum(row):
    frequencies, density = signal.welch(row, RATE, "hann", nperseg=4096, noverlap=2048, detrend=False)
    return frequencies, density * RATE / 4096


def in_band(row, low, high):
    frequencies, power = spectrum(row)
    inside = (frequencies >= low) & (frequencies <= high)
    return power[inside].sum(), power[~inside & (frequencies > 0)].sum()


class Sweep(weir.ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = recording()
        self.input = weir.write(self.folder / "in.h5", self.data, rate=RATE)

    def sweep(self, *arguments, ranks=2):
        table = self.folder / "table.json"
        done = weir.run("sweep", self.input, "--json", table, "--overwrite", *arguments, ranks=ranks)
        self.assertEqual(done.code, 0, done.err)
        return done, json.loads(table.read_text())["results"]

    def smooth(self, sigma, order=0):
        return ndimage.gaussian_filter1d(self.data, sigma, axis=1, order=order)

    def test_rms_and_the_tables(self):
        done, found = self.sweep("--gaussian", "2:8:2", "--order", "0,1", "--csv", self.folder / "t.csv")
        self.assertEqual([r["filter"] for r in found],
                         [{"gaussian": str(s), "order": o} for s in SIGMAS for o in "01"])
        expected = [np.sqrt(np.mean(self.smooth(s, o) ** 2)) for s in SIGMAS for o in (0, 1)]
        np.testing.assert_allclose([r["score"] for r in found], expected, rtol=1e-10)
        self.assertEqual([r["best"] for r in found], [e == min(expected) for e in expected])
        rows = list(csv.DictReader((self.folder / "t.csv").read_text().splitlines()))
        self.assertEqual([float(r["rms"]) for r in rows], [r["score"] for r in found])
        self.assertEqual(sum(int(r["best"]) for r in rows), 1)
        marked = [line for line in done.out.splitlines() if "best" in line]
        self.assertEqual(len(marked), 1)
        self.assertEqual(marked[0].split()[:2], ["8", "1"])

    def test_power_and_signal_to_noise_of_a_band(self):
        for score in "band-power", "snr":
            _, found = self.sweep("--gaussian", "2,4,6,8", "--score", score, "--band", 10, 14)
            expected = []
            for sigma in SIGMAS:
                inside, outside = np.mean([in_band(row, 10, 14) for row in self.smooth(sigma)], axis=0)
                expected.append(inside if score == "band-power" else 10 * np.log10(inside / outside))
            np.testing.assert_allclose([r["score"] for r in found], expected, rtol=1e-9)
            self.assertTrue(found[int(np.argmax(expected))]["best"])

    def test_every_way_to_name_a_filter(self):
        average = ndimage.convolve1d(self.data, np.full(5, 0.2), axis=1)
        _, found = self.sweep("--moving-average", "5n", "--complement")
        np.testing.assert_allclose([r["score"] for r in found], [np.sqrt(np.mean((self.data - average) ** 2))], rtol=1e-9)
        for options, taps in ((["--savgol", "21,3"], [signal.savgol_coeffs(21, 3)]),
                              (["--bandpass", "8", "14", "--numtaps", "101,201"],
                               [signal.firwin(n, [8, 14], pass_zero=False, fs=RATE) for n in (101, 201)])):
            _, found = self.sweep(*options)
            expected = [np.sqrt(np.mean(ndimage.convolve1d(self.data, h, axis=1) ** 2)) for h in taps]
            np.testing.assert_allclose([r["score"] for r in found], expected, rtol=1e-6)

    def test_difference_to_a_reference_of_another_type(self):
        wanted = self.smooth(6).astype("float32")
        reference = weir.write(self.folder / "wanted.h5", wanted, rate=RATE)
        _, found = self.sweep("--gaussian", "2:8:2", "--score", "difference", "--reference", reference)
        expected = [np.sqrt(np.mean((self.smooth(s) - wanted) ** 2)) for s in SIGMAS]
        np.testing.assert_allclose([r["score"] for r in found], expected, rtol=1e-6, atol=1e-9)
        self.assertEqual([r["best"] for r in found], [False, False, True, False])

    def test_same_bits_on_any_ranks_and_domains(self):
        data = recording(channels=40, samples=60000)
        weir.write(self.input, data, rate=RATE)
        options = ["--gaussian", "2:8:2", "--score", "snr", "--band", 10, 14]
        _, alone = self.sweep(*options, ranks=1)
        for ranks, domain in (2, "node"), (3, 1), (4, 2):
            _, found = self.sweep(*options, "--ranks-per-domain", domain, ranks=ranks)
            self.assertEqual(found, alone)

    def test_same_bits_where_a_rank_has_fewer_instructions(self):
        weir.write(self.input, recording(channels=40, samples=60000), rate=RATE)
        table, best = self.folder / "table.json", self.folder / "best.h5"
        # From what the best set makes of it others differ by rounding alone, and that is then the score.
        self.succeed("filter", self.input, best, "--gaussian", "4", "-q")
        words = ["sweep", self.input, "--json", table, "--overwrite", "--gaussian", "4", "--score", "difference",
                 "--reference", best, "-q"]
        found = []
        for fewer in "01", "0":
            set_of_rank = (f'case "{fewer}" in *"${{OMPI_COMM_WORLD_RANK:-$PMI_RANK}}"*) '
                           'export WEIR_INSTRUCTION_SET=baseline;; esac; exec "$@"')
            subprocess.run([*weir.LAUNCHER, "-n", "2", "sh", "-c", set_of_rank, "sh", *weir.command(*words)], check=True,
                           timeout=weir.PATIENCE_SECONDS)
            found.append(json.loads(table.read_text())["results"])
        self.assertEqual(found[1], found[0])

    def test_the_best_is_kept_and_drawn(self):
        kept, expected = self.folder / "kept.h5", self.folder / "expected.h5"
        picture = self.folder / "scores.svg"
        self.sweep("--gaussian", "4ms:16ms:4ms", "--best", "highest", "--keep", "best", kept, "--plot", picture)
        self.assertEqual(weir.run("filter", self.input, expected, "--gaussian", "4ms", ranks=1).code, 0)
        self.assertEqual(weir.checksum(kept), weir.checksum(expected))
        self.assertIn("<svg", picture.read_text())

    def test_options_of_two_values(self):
        picture = self.folder / "scores.svg"
        _, found = self.sweep("--bandpass", "5,10", "20:30:10", "--score", "snr", "--band", "8", "15", "--plot", picture)
        pairs = [("5", "20"), ("5", "30"), ("10", "20"), ("10", "30")]
        self.assertEqual([r["filter"]["bandpass"] for r in found], [" ".join(pair) for pair in pairs])
        for pair, row in zip(pairs, found):
            _, [one] = self.sweep("--bandpass", *pair, "--score", "snr", "--band", "8", "15")
            self.assertEqual(one["score"], row["score"])
        drawn = picture.read_text()
        for text in ("bandpass 20", "bandpass 30", "best", "snr, dB"):
            self.assertIn(text, drawn)

    def test_scores_that_are_none_are_said(self):
        zeros = weir.write(self.folder / "zeros.h5", np.zeros_like(self.data), rate=RATE)
        done = weir.run("sweep", zeros, "--gaussian", "1,2", "--score", "snr", "--band", 10, 14, ranks=2)
        self.assertEqual(done.code, weir.BAD_DATA, done.err)
        self.assertIn("no filter has a score: the recording has samples that are NaN, or only zeros", done.errors[0])

    def test_what_cannot_be_is_said_once(self):
        for arguments, words in [
            (["--gaussian", "9:3:1"], "9:3:1"),
            (["--gaussian", "1,x"], "x"),
            (["--score", "snr", "--gaussian", "3"], "--band"),
            (["--score", "difference", "--gaussian", "3"], "--reference"),
            (["--gaussian", "3", "--keep", "worst", "o.h5"], "--keep best OUT"),
            (["--gaussian", "3", "--mode", "reflect,sideways"], "sideways"),
            ([], "no filter is named"),
            (["--gaussian", "3", "--plot", self.folder / "p.png"], "several values"),
            (["--gaussian", "3,4", "--plot", self.folder / "p.jpeg"], ".png, .svg or .pdf"),
            (["--gaussian", "3,4", "--progress", "soon"], "--progress got 'soon'"),
            (["--gaussian", "500000:500010:1"], "the first 9 of 11 filters have 36000"),
            (["--gaussian", "3", "--keep", "best", self.input], "is the input"),
        ]:
            done = weir.run("sweep", self.input, *arguments, ranks=2)
            self.assertEqual(done.code, weir.USAGE, done.err)
            self.assertEqual(len(done.errors), 1, done.err)
            self.assertIn(words, done.errors[0])


class Outputs(weir.ProgramTest):
    """What a sweep writes is no file that it reads, and is found out before the work."""

    def setUp(self):
        super().setUp()
        data = recording(channels=2, samples=600)
        for name in ("in.h5", "wanted.h5", "kept.h5", "part.h5"):
            weir.write(self.folder / name, data, rate=RATE)
        layout = h5py.VirtualLayout(data.shape, data.dtype)
        layout[...] = h5py.VirtualSource("part.h5", "data", data.shape)
        with h5py.File(self.folder / "whole.h5", "w") as file:
            file.create_virtual_dataset("data", layout).attrs["sampling_rate"] = RATE
        (self.folder / "odd.txt").write_text("0.25 0.5 0.25\n")
        (self.folder / "old.csv").write_text("precious\n")
        (self.folder / "link.csv").symlink_to("in.h5")

    def contents(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def hold_refused(self, code, words, *arguments, ranks=None):
        with self.subTest(arguments=arguments):
            before = self.contents()
            done = weir.run("sweep", *arguments, ranks=ranks, cwd=self.folder)
            self.assertEqual((done.code, done.out.strip()), (code, ""), done.err)
            self.assertEqual(len(done.errors), 1, done.err)
            for word in words:
                self.assertIn(word, done.errors[0])
            self.assertEqual(self.contents(), before)

    def test_files_that_are_read(self):
        for option in "--csv", "--json":
            for path in "in.h5", "./in.h5", "link.csv":
                self.hold_refused(weir.USAGE, [option, "overwrite", "another name"], "in.h5", "--gaussian", "3",
                                  option, path, "--overwrite", ranks=2)
            self.hold_refused(weir.USAGE, [option, "wanted.h5"], "in.h5", "--gaussian", "3", "--score", "difference",
                              "--reference", "wanted.h5", option, "wanted.h5", "--overwrite")
            self.hold_refused(weir.USAGE, [option, "odd.txt"], "in.h5", "--taps", "odd.txt", option, "odd.txt",
                              "--overwrite")
            self.hold_refused(weir.USAGE, [option, "part.h5"], "whole.h5", "--gaussian", "3", option, "part.h5",
                              "--overwrite")
        keep = ("--overwrite", "--keep", "best")
        self.hold_refused(weir.USAGE, ["'wanted.h5'", "the input itself, or holds"], "in.h5", "--gaussian", "3",
                          "--score", "difference", "--reference", "wanted.h5", *keep, "wanted.h5")
        self.hold_refused(weir.USAGE, ["'odd.txt'", "is read"], "in.h5", "--taps", "odd.txt", *keep, "odd.txt")
        self.hold_refused(weir.USAGE, ["'part.h5'", "holds samples"], "whole.h5", "--gaussian", "3", *keep, "part.h5")

    def test_two_outputs_of_one_name(self):
        self.hold_refused(weir.USAGE, ["--csv", "--json", "'./t'"], "in.h5", "--gaussian", "3", "--csv", "t",
                          "--json", "./t")
        for option in "--csv", "--json":
            self.hold_refused(weir.USAGE, [option, "new.h5"], "in.h5", "--gaussian", "3", "--keep", "best", "new.h5",
                              option, "new.h5")
            self.hold_refused(weir.USAGE, [option, "kept.h5"], "in.h5", "--gaussian", "3", "--keep", "best", "kept.h5",
                              "--overwrite", option, "kept.h5")

    def test_outputs_that_exist(self):
        self.hold_refused(weir.CANNOT_CREATE, ["'kept.h5'", "exists", "--overwrite"], "in.h5", "--gaussian", "3",
                          "--keep", "best", "kept.h5", ranks=2)
        for option in "--csv", "--json":
            self.hold_refused(weir.CANNOT_CREATE, [option, "old.csv", "exists", "--overwrite"], "in.h5", "--gaussian",
                              "3", option, "old.csv")
        self.succeed("sweep", "in.h5", "--gaussian", "3", "--csv", "old.csv", "--overwrite", cwd=self.folder)
        self.assertIn("rms", (self.folder / "old.csv").read_text())

    def test_folders_that_do_not_exist(self):
        for arguments in (("--csv", "nodir/k.csv"), ("--json", "nodir/k.json"), ("--keep", "best", "nodir/k.h5"),
                          ("--csv", ".")):
            self.hold_refused(weir.CANNOT_CREATE, [arguments[-1], "folder"], "in.h5", "--gaussian", "3", *arguments,
                              "--overwrite")


if __name__ == "__main__":
    weir.main()
