"""What cannot work is refused: one sentence on stderr, the documented exit code, nothing left behind."""
import os
import shutil
import subprocess

import program
from program import (BAD_DATA, CANNOT_CREATE, IO_ERROR, NO_INPUT, USAGE, ProgramTest, command, identity, noise, run,
                     write)

import h5py
import numpy as np

NOBODY = 65534

# Options that are wrong by themselves: the exit code, what the sentence must say, the options.
WRONG_OPTIONS = [
    (USAGE, ["--gaussian", "--taps"], []),
    (USAGE, ["--gausian", "--help"], ["--gausian", "40"]),
    (USAGE, ["0", "positive"], ["--gaussian", "0"]),
    (USAGE, ["-3", "positive"], ["--gaussian=-3"]),
    (USAGE, ["wide", "no number"], ["--gaussian", "wide"]),
    (USAGE, ["nan", "no number"], ["--gaussian", "nan"]),
    (USAGE, ["40furlongs", "unit"], ["--gaussian", "40furlongs"]),
    (USAGE, ["1000000000000", "smaller sigma"], ["--gaussian", "1e12"]),
    (USAGE, ["600Hz", "500 Hz"], ["--gaussian", "600Hz"]),
    (USAGE, ["-1", "order"], ["--gaussian", "4", "--order=-1"]),
    (USAGE, ["1000000000", "order", "100"], ["--gaussian", "4", "--order", "1000000000"]),
    (USAGE, ["1e-200", "no double"], ["--gaussian", "1e-200"]),
    (USAGE, ["1e300s", "no width"], ["--gaussian", "1e300s", "--fs", "1e300"]),
    (USAGE, ["-2", "truncate"], ["--gaussian", "4", "--truncate=-2"]),
    (USAGE, ["--order", "--gaussian"], ["--taps", "odd.txt", "--order", "1"]),
    (USAGE, ["--truncate", "--gaussian"], ["--taps", "odd.txt", "--truncate", "3"]),
    (USAGE, ["--taps", "--gaussian"], ["--taps", "odd.txt", "--gaussian", "4"]),
    (USAGE, ["--lowpass", "--gaussian", "one of them"], ["--lowpass", "40", "--gaussian", "4"]),
    (USAGE, ["--lowpass", "600", "500 Hz"], ["--lowpass", "600"]),
    (USAGE, ["--highpass", "0Hz", "500 Hz"], ["--highpass", "0Hz"]),
    (USAGE, ["--bandpass", "40 8", "lower cutoff first"], ["--bandpass", "40", "8"]),
    (USAGE, ["--bandstop", "2 required"], ["--bandstop", "40"]),
    (USAGE, ["--lowpass", "high", "no number"], ["--lowpass", "high"]),
    (USAGE, ["--lowpass", "40ms", "unit", "kHz"], ["--lowpass", "40ms"]),
    (USAGE, ["--numtaps", "'some'"], ["--lowpass", "40", "--numtaps", "some"]),
    (USAGE, ["--numtaps", "'0'"], ["--lowpass", "40", "--numtaps", "0"]),
    (USAGE, ["10 taps", "odd"], ["--highpass", "40", "--numtaps", "10"]),
    (USAGE, ["10", "odd"], ["--lowpass", "40", "--numtaps", "10"]),
    (USAGE, ["--transition", "--numtaps"], ["--lowpass", "40", "--numtaps", "11", "--transition", "4"]),
    (USAGE, ["transition", "-4", "positive"], ["--lowpass", "40", "--transition=-4"]),
    (USAGE, ["--window", "'tophat'", "kaiser(BETA)"], ["--lowpass", "40", "--window", "tophat"]),
    (USAGE, ["--window", "'kaiser(-1)'"], ["--lowpass", "40", "--window", "kaiser(-1)"]),
    (USAGE, ["boxcar", "--numtaps"], ["--lowpass", "40", "--window", "boxcar"]),
    (USAGE, ["--attenuation", "--window"], ["--lowpass", "40", "--window", "hann", "--attenuation", "60"]),
    (USAGE, ["--attenuation", "500", "300"], ["--lowpass", "40", "--attenuation", "500"]),
    (USAGE, ["--numtaps", "--lowpass"], ["--gaussian", "4", "--numtaps", "11"]),
    (USAGE, ["--savgol", "'20,3'", "odd"], ["--savgol", "20,3"]),
    (USAGE, ["--savgol", "'21'"], ["--savgol", "21"]),
    (USAGE, ["--savgol", "'21,3,1,0'"], ["--savgol", "21,3,1,0"]),
    (USAGE, ["--moving-average", "one sample"], ["--moving-average", "0n"]),
    (USAGE, ["4 taps", "odd"], ["--moving-average", "4n", "--complement"]),
    (USAGE, ["40000 taps", "32768"], ["--moving-average", "40000n", "--phase", "zero-double"]),
    (USAGE, ["--cval", "--mode constant", "reflect"], ["--gaussian", "4", "--cval", "1"]),
    (USAGE, ["--mode", "periodic"], ["--gaussian", "4", "--mode", "periodic"]),
    (USAGE, ["--phase", "linear"], ["--gaussian", "4", "--phase", "linear"]),
    (USAGE, ["--method", "slow"], ["--gaussian", "4", "--method", "slow"]),
    (USAGE, ["--accumulate", "int16"], ["--gaussian", "4", "--accumulate", "int16"]),
    (USAGE, ["--split", "both"], ["--gaussian", "4", "--split", "both"]),
    (USAGE, ["--write", "nobody"], ["--gaussian", "4", "--write", "nobody"]),
    (USAGE, ["--compress", "'gzip:0'", "gzip:9"], ["--gaussian", "4", "--compress", "gzip:0"]),
    (USAGE, ["--compress", "'gzip:10'", "gzip:9"], ["--gaussian", "4", "--compress", "gzip:10"]),
    (USAGE, ["--compress", "'lzf'", "none"], ["--gaussian", "4", "--compress", "lzf"]),
    (USAGE, ["--shuffle", "--compress gzip:4"], ["--gaussian", "4", "--shuffle"]),
    (USAGE, ["--time-axis", "2"], ["--gaussian", "4", "--time-axis", "2"]),
    (USAGE, ["--fs", "-5"], ["--gaussian", "4", "--fs=-5"]),
    (USAGE, ["--fs", "fast"], ["--gaussian", "4", "--fs", "fast"]),
    (USAGE, ["'0'", "from 1"], ["--gaussian", "4", "--ranks-per-domain", "0"]),
    (USAGE, ["'socket'", "node, numa"], ["--gaussian", "4", "--ranks-per-domain", "socket"]),
    (USAGE, ["--chunk-duration", "one sample at least"], ["--gaussian", "4", "--chunk-duration", "0s"]),
    (USAGE, ["--chunk-duration", "1e+30 samples"], ["--gaussian", "4", "--chunk-duration", "1e30n"]),
    (USAGE, ["--chunk-duration", "-1s"], ["--gaussian", "4", "--chunk-duration=-1s"]),
    (USAGE, ["--chunk-duration", "7 parsecs", "unit"], ["--gaussian", "4", "--chunk-duration", "7 parsecs"]),
    (USAGE, ["--max-time", "1e308d", "longer"], ["--gaussian", "4", "--max-time", "1e308d"]),
    (USAGE, ["--max-time", "55q", "m or min, h and d"], ["--gaussian", "4", "--max-time", "55q"]),
    (USAGE, ["--chunk-duration", "55q", "n for samples"], ["--gaussian", "4", "--chunk-duration", "55q"]),
    (USAGE, ["--gaussian", "8m", "unit"], ["--gaussian", "8m"]),
    (USAGE, ["--max-time", "500n", "in samples", "30s"], ["--gaussian", "4", "--max-time", "500n"]),
    (USAGE, ["no filter is named"], ["--max-time", "55m"]),
    (USAGE, ["no filter is named"], ["--nan", "error", "--write", "leader"]),
    (USAGE, ["--phase", "none is named"], ["--channels", "0:2", "--phase", "causal"]),
    (USAGE, ["--max-time", "soon"], ["--gaussian", "4", "--max-time", "soon"]),
    (USAGE, ["--checkpoint-interval", "-1s"], ["--gaussian", "4", "--checkpoint-interval=-1s"]),
    (USAGE, ["--memory-per-node", "9XB", "GiB"], ["--gaussian", "4", "--memory-per-node", "9XB"]),
    (USAGE, ["--memory-per-node", "budget", "at least"], ["--gaussian", "4", "--memory-per-node", "1MiB"]),
    (USAGE, ["--progress", "never"], ["--gaussian", "4", "--progress", "never"]),
    (USAGE, ["loud", "debug"], ["--gaussian", "4", "--log-level", "loud"]),
    (USAGE, ["--quiet", "--verbose"], ["--gaussian", "4", "-q", "-v"]),
    (USAGE, ["--config", "smoothness"], ["--config", "unknown_key.toml"]),
    (USAGE, ["missing.toml"], ["--config", "missing.toml"]),
    (USAGE, ["--report", "in.h5", "another name"], ["--gaussian", "4", "--report", "./in.h5"]),
    (USAGE, ["--report", "out.h5", "another name"], ["--gaussian", "4", "--report", "out.h5"]),
    (USAGE, ["--report", "odd.txt", "another name"], ["--taps", "odd.txt", "--report", "odd.txt"]),
    (USAGE, ["--report", "taps.h5", "another name"], ["--taps", "taps.h5:/odd", "--report", "taps.h5"]),
    (USAGE, ["--report", "known_key.toml", "another name"], ["--config", "known_key.toml", "--report", "known_key.toml"]),
    (CANNOT_CREATE, ["nowhere/report.json", "folder"], ["--gaussian", "4", "--report", "nowhere/report.json"]),
    (USAGE, ["--log-file", "odd.txt.0", "another name"], ["--taps", "odd.txt.0", "--log-file", "odd.txt"]),
    (CANNOT_CREATE, ["in.h5/log", "--log-file"], ["--gaussian", "4", "--log-file", "in.h5/log"]),
    (USAGE, ["odd number of taps", "4", "causal"], ["--taps", "even.txt"]),
    (BAD_DATA, ["nan.txt", "finite"], ["--taps", "nan.txt"]),
    (BAD_DATA, ["nan.npy", "finite"], ["--taps", "nan.npy"]),
    (BAD_DATA, ["taps.h5", "finite"], ["--taps", "taps.h5:/nan"]),
    (BAD_DATA, ["/none", "taps.h5", "h5ls"], ["--taps", "taps.h5:/none"]),
    (BAD_DATA, ["words.txt", "hello", "numbers"], ["--taps", "words.txt"]),
    (BAD_DATA, ["empty.txt", "at least one"], ["--taps", "empty.txt"]),
    (NO_INPUT, ["missing.txt", "check its name"], ["--taps", "missing.txt"]),
]

# Inputs and outputs that cannot be: the exit code, what the sentence must say, IN, OUT and more options.
WRONG_FILES = [
    (USAGE, ["input", "weir filter IN OUT"], []),
    (USAGE, ["output", "weir filter IN OUT"], ["in.h5"]),
    (USAGE, ["'in.h5'", "the input itself"], ["in.h5", "in.h5"]),
    (USAGE, ["'symbolic.h5'", "the input itself"], ["in.h5", "symbolic.h5", "--overwrite"]),
    (USAGE, ["'hard.h5'", "the input itself"], ["in.h5", "hard.h5", "--overwrite"]),
    (USAGE, ["'folder/../in.h5'", "the input itself"], ["in.h5", "folder/../in.h5"]),
    (USAGE, ["'taps.h5'", "is read by this run"], ["in.h5", "taps.h5", "--taps", "taps.h5:/odd", "--overwrite"]),
    (USAGE, ["'known_key.toml'", "is read by this run"],
     ["in.h5", "known_key.toml", "--config", "known_key.toml", "--overwrite"]),
    (NO_INPUT, ["'missing.h5'", "No such file"], ["missing.h5", "out.h5"]),
    (NO_INPUT, ["'folder'", "has no file"], ["folder", "out.h5"]),
    (BAD_DATA, ["'text.h5'", "not an HDF5 file"], ["text.h5", "out.h5"]),
    (BAD_DATA, ["'empty.h5'", "not an HDF5 file"], ["empty.h5", "out.h5"]),
    (BAD_DATA, ["'truncated.h5'", "cut short", "copy it again"], ["truncated.h5", "out.h5"]),
    (BAD_DATA, ["'unfit.h5'", "no dataset", "--dataset"], ["unfit.h5", "out.h5"]),
    (BAD_DATA, ["/bytes", "int8", "convert"], ["bytes.h5", "out.h5"]),
    (BAD_DATA, ["/volume", "3 dimensions"], ["unfit.h5", "out.h5", "--dataset", "/volume"]),
    (BAD_DATA, ["'several.h5'", "/a", "/b", "--dataset"], ["several.h5", "out.h5"]),
    (BAD_DATA, ["/c", "/a, /b"], ["several.h5", "out.h5", "--dataset", "/c"]),
    (USAGE, ["20ms", "--fs"], ["no_rate.h5", "out.h5", "--gaussian", "20ms"]),
    (USAGE, ["--chunk-duration", "--fs"], ["no_rate.h5", "out.h5", "--chunk-duration", "1s"]),
    (CANNOT_CREATE, ["'old.h5'", "exists", "--overwrite"], ["in.h5", "old.h5"]),
    (CANNOT_CREATE, ["'left.h5.part'", "exists", "--resume", "--overwrite"], ["in.h5", "left.h5"]),
    (CANNOT_CREATE, ["'folder'", "name a file"], ["in.h5", "folder", "--overwrite"]),
    (CANNOT_CREATE, ["'nowhere/out.h5.part'", "folder"], ["in.h5", "nowhere/out.h5"]),
    (IO_ERROR, ["damaged.h5", "/data", "channels"], ["damaged.h5", "out.h5"]),
]


class Errors(ProgramTest):
    ranks = None

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.make_recordings()
        self.make_taps()
        (self.folder / "known_key.toml").write_text('gaussian = "4"\n')
        (self.folder / "unknown_key.toml").write_text('gaussian = "4"\nsmoothness = 3\n')

    def make_recordings(self):
        folder = self.folder
        data = noise(6, 2000)
        write(folder / "in.h5", data)
        write(folder / "old.h5", data[:1])
        write(folder / "no_rate.h5", data, rate=None)
        (folder / "left.h5.part").write_bytes(b"another run's")
        (folder / "folder").mkdir()
        (folder / "symbolic.h5").symlink_to("in.h5")
        os.link(folder / "in.h5", folder / "hard.h5")
        (folder / "text.h5").write_text("channel 1: 0.3 0.4\n" * 100)
        (folder / "empty.h5").touch()
        whole = (folder / "in.h5").read_bytes()
        (folder / "truncated.h5").write_bytes(whole[:len(whole) // 2])
        with h5py.File(folder / "unfit.h5", "w") as file:
            file["volume"] = np.zeros((4, 5, 6))
            file["note"] = "no samples here"
        with h5py.File(folder / "bytes.h5", "w") as file:
            file["bytes"] = np.zeros((4, 100), np.int8)
        with h5py.File(folder / "several.h5", "w") as file:
            file["a"], file["b"] = data, data
        self.make_damaged(data)

    def make_damaged(self, data):
        """A recording whose last compressed chunk does not unpack."""
        path = write(self.folder / "damaged.h5", data, chunks=(6, 200), compression="gzip")
        with h5py.File(path, "r") as file:
            chunk = file["data"].id.get_chunk_info(9)
        with open(path, "r+b") as file:
            file.seek(chunk.byte_offset + 10)
            file.write(b"\xff" * 100)

    def make_taps(self):
        folder = self.folder
        (folder / "odd.txt").write_text("0.25 0.5 0.25\n")
        (folder / "odd.txt.0").write_text("0.25 0.5 0.25\n")
        (folder / "even.txt").write_text("0.1, 0.4, 0.4, 0.1\n")
        (folder / "nan.txt").write_text("0.25\nnan\n0.25\n")
        (folder / "words.txt").write_text("0.25 hello 0.25\n")
        (folder / "empty.txt").write_text("# nothing\n")
        np.save(folder / "nan.npy", np.array([0.25, np.nan, 0.25]))
        with h5py.File(folder / "taps.h5", "w") as file:
            file["nan"] = np.array([0.25, np.nan, 0.25])
            file["odd"] = np.array([0.25, 0.5, 0.25])

    def snapshot(self):
        return {str(path.relative_to(self.folder)): identity(path) if path.is_file() else None
                for path in sorted(self.folder.rglob("*"))}

    def hold_refused(self, result, code, words):
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        sentence = result.errors[0]
        for word in words:
            self.assertIn(word, sentence)
        self.assertNotIn("internal", sentence)
        self.assertEqual(result.out.strip(), "")
        if self.ranks is None:  # the launcher has a word of its own
            strangers = [line for line in result.err.splitlines() if not line.startswith("weir: ")]
            self.assertEqual(strangers, [])

    def refuse(self, code, words, *arguments, **how):
        with self.subTest(arguments=[str(a) for a in arguments]):
            before = self.snapshot()
            result = run(*arguments, ranks=self.ranks, cwd=self.folder, **how)
            self.hold_refused(result, code, words)
            self.assertEqual(self.snapshot(), before)

    def test_options(self):
        for code, words, options in WRONG_OPTIONS:
            self.refuse(code, words, "filter", "in.h5", "out.h5", *options)

    def test_files(self):
        for code, words, arguments in WRONG_FILES:
            names_filter = {"--gaussian", "--taps", "--config"} & set(arguments)
            with_filter = arguments if names_filter else [*arguments, "--gaussian", "4"]
            self.refuse(code, words, "filter", *with_filter)

    def test_samples_are_not_offered_where_they_are_refused(self):
        for text in ("55q", "soon"):
            result = run("filter", "in.h5", "out.h5", "--gaussian", "4", "--max-time", text, cwd=self.folder)
            self.assertEqual(result.code, USAGE, result.err)
            self.assertNotIn("samples", result.errors[0])
            self.assertNotIn("500n", result.errors[0])

    def test_other_commands(self):
        self.refuse(USAGE, ["filtre", "weir --help"], "filtre", "in.h5", "out.h5")
        self.refuse(NO_INPUT, ["missing.h5"], "info", "missing.h5")
        self.refuse(BAD_DATA, ["text.h5", "not an HDF5 file"], "info", "text.h5")
        self.refuse(USAGE, ["FILE"], "info")
        self.refuse(CANNOT_CREATE, ["old.h5", "exists", "--overwrite"], "synth", "old.h5", "--duration", "10n")
        self.refuse(USAGE, ["0x5", "--chunk"], "synth", "new.h5", "--duration", "10n", "--chunk", "0x5")
        self.refuse(USAGE, ["nwb", "time axis 0"], "synth", "new.h5", "--duration", "10n", "--layout", "nwb",
                    "--time-axis", "1")
        self.refuse(USAGE, ["--duration", "one sample at least"], "synth", "new.h5", "--duration", "0s")
        self.refuse(CANNOT_CREATE, ["nowhere/log", "folder"], "synth", "new.h5", "--duration", "10n", "--log-file",
                    "nowhere/log")

    def as_nobody(self):
        """The prefix of a command that runs without a superuser's rights."""
        if os.geteuid() != 0:
            return []
        prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        try:
            can = run("--version", prefix=prefix, cwd="/").code == 0
        except OSError:
            can = False
        if not can:
            self.skipTest("an ordinary user cannot start this program here (no setpriv, or a closed folder)")
        return prefix

    def test_no_permission(self):
        prefix = self.as_nobody()
        open_folder, closed = self.folder / "open", self.folder / "closed"
        open_folder.mkdir()
        open_folder.chmod(0o777)
        shutil.copy(self.folder / "in.h5", closed.parent / "secret.h5")
        (self.folder / "secret.h5").chmod(0)
        closed.mkdir()
        closed.chmod(0o555)
        how = {"prefix": prefix, "environment": {"HOME": str(open_folder)}}
        cases = [(NO_INPUT, ["'secret.h5'", "Permission denied"], "secret.h5", "open/out.h5"),
                 (CANNOT_CREATE, ["'closed/out.h5.part'", "Permission denied", "folder"], "in.h5", "closed/out.h5")]
        for code, words, source, target in cases:
            with self.subTest(source=source, target=target):
                result = run("filter", source, target, "--gaussian", "4", ranks=self.ranks, cwd=self.folder, **how)
                self.hold_refused(result, code, words)
                self.assertFalse(os.listdir(closed))
                self.assertFalse([name for name in os.listdir(open_folder) if name.startswith("out.h5")])

    def test_disk_full(self):
        rights = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
        small = self.folder / "folder"
        # The mount is seen by this shell and its children alone, so the shell also tells what is left in it.
        script = """small=$1; shift; mount -t tmpfs -o size=64k weir "$small" || exit 99
                    "$@"; code=$?; ls -A "$small"; exit $code"""
        prefix = ["unshare", *rights, "--mount", "sh", "-c", script, "sh", str(small)]
        try:
            mounts = subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
        except OSError:
            mounts = False
        if not mounts:
            self.skipTest("a file system cannot be mounted here")
        self.refuse(CANNOT_CREATE, ["'folder/out.h5.part'", "free", "make room"], "filter", "in.h5", "folder/out.h5",
                    "--gaussian", "4", prefix=prefix)
        self.refuse(CANNOT_CREATE, ["folder/new.h5", "free", "make room"], "synth", "folder/new.h5", "--duration",
                    "100000n", prefix=prefix)


class OneRank(Errors):
    """Without a launcher."""


class FourRanks(Errors):
    """Of which one speaks."""

    ranks = 4


del Errors  # which unittest would run too

if __name__ == "__main__":
    program.main()
