"""Runs the program as a user would, and looks at what it leaves behind. For the tests in this folder.

The build tells, in the environment: WEIR_PROGRAM, the executable; WEIR_LAUNCHER, what stands before "-n RANKS";
WEIR_TEST_DATA, the folder of real recordings, which may be absent.
"""
import hashlib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass, field

try:
    import h5py
    import numpy as np
    import scipy
except ImportError as missing:
    print(f"skipped: {missing}; Debian's python3-numpy, python3-scipy and python3-h5py bring the oracle")
    sys.exit(77)

PROGRAM = os.environ["WEIR_PROGRAM"]
LAUNCHER = shlex.split(os.environ["WEIR_LAUNCHER"])
TEST_DATA = pathlib.Path(os.environ.get("WEIR_TEST_DATA", ""))

# The exit codes that the help documents.
USAGE, BAD_DATA, NO_INPUT, CANNOT_CREATE, IO_ERROR = 64, 65, 66, 73, 74

# What takes this long hangs. No run of these tests takes a tenth of it where it gets a core; where many others want the
# cores and the disk, runs that need a second took more than 100.
PATIENCE_SECONDS = 250


@dataclass
class Result:
    code: int
    out: str
    err: str
    errors: list = field(init=False)
    warnings: list = field(init=False)

    def __post_init__(self):
        lines = self.err.splitlines()
        self.errors = [line for line in lines if line.startswith("weir: error:")]
        # That ranks share cores is said of the machine that runs the test.
        self.warnings = [line for line in lines if line.startswith("weir: warning:") and "share" not in line]


def command(*arguments, ranks=None):
    """The command line; without `ranks` the program runs without a launcher."""
    launcher = [] if ranks is None else [*LAUNCHER, "-n", str(ranks)]
    return [*launcher, PROGRAM, *map(str, arguments)]


def processes_below(pid):
    """A process and all that it started, a line each: what it is, whether it runs or what it waits in, and how long it
    ran. A launcher that is left without ranks hangs by itself."""
    try:
        name, _, rest = pathlib.Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
        fields = rest.split()
        seconds = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
        waits_in = pathlib.Path(f"/proc/{pid}/wchan").read_text()
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []  # It ended.
    here = f"{pid} {name}: state {fields[0]}, in {waits_in}, {seconds:.1f} s of processor"
    return [here, *(line for child in children for line in processes_below(child))]


def run(*arguments, ranks=None, prefix=(), cwd=None, environment=None):
    """Runs the program to its end. A run that hangs is ended and fails the test, which says where it hung."""
    with subprocess.Popen([*prefix, *command(*arguments, ranks=ranks)], cwd=cwd, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace", stdin=subprocess.DEVNULL,
                          env={**os.environ, **(environment or {})}) as process:
        try:
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            left = "\n".join(processes_below(process.pid))
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"{arguments} hangs:\n{left}\n{out}\n{err}") from None
    return Result(process.returncode, out, err)


def write(path, data, dataset="/data", time_axis=1, rate=1000.0, **storage):
    """A plain recording of `data`, channels by samples, and the path of its file."""
    with h5py.File(path, "w") as file:
        made = file.create_dataset(dataset, data=data if time_axis == 1 else np.ascontiguousarray(data.T), **storage)
        made.attrs["DIMENSION_LABELS"] = ["channel", "time"] if time_axis == 1 else ["time", "channel"]
        if rate:
            made.attrs["sampling_rate"] = rate
    return path


def read(path, dataset="/data"):
    with h5py.File(path, "r") as file:
        return file[dataset][...]


def checksum(path, dataset="/data"):
    """Of the samples alone: the file around them also holds when and how it was made."""
    return hashlib.sha256(np.ascontiguousarray(read(path, dataset))).hexdigest()


def identity(path):
    """All that a run must leave as it was in a file that it only reads."""
    status = os.stat(path)
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest(), status.st_mtime_ns, status.st_size


def noise(channels, samples, dtype="float64", seed=0):
    """Rows with drift and noise; integers use most of their range."""
    values = np.random.default_rng(seed).standard_normal((channels, samples))
    values = 0.1 * values.cumsum(axis=1) + 3 * values
    if np.issubdtype(dtype, np.integer):
        limits = np.iinfo(dtype)
        values = values / np.abs(values).max() * (0.45 * (limits.max - limits.min))
        return np.clip(np.rint(values + (limits.max + limits.min + 1) / 2), limits.min, limits.max).astype(dtype)
    return values.astype(dtype)


def real_recordings():
    """The real recordings that are there, and the dataset in each."""
    return [(path, "/Acquisition/Raw[0]/RawData") for path in sorted(TEST_DATA.glob("das/*.h5"))]


class ProgramTest(unittest.TestCase):
    """A test case with a folder of its own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def succeed(self, *arguments, **how):
        result = run(*arguments, **how)
        self.assertEqual(result.code, 0, f"{arguments}\n{result.out}\n{result.err}")
        return result

    def hold(self, got, expected, original, exact=False):
        """`expected` is the exact result in float64; the tolerances are what the program promises of its types.
        `exact`: integers were filtered in float64."""
        expected = np.asarray(expected)
        self.assertEqual(got.shape, expected.shape)
        if np.issubdtype(got.dtype, np.integer):
            limits = np.iinfo(got.dtype)
            rounded = np.clip(np.rint(expected), limits.min, limits.max)
            # 16-bit integers are filtered in float32: where the exact result is as close to the middle of two integers
            # as that errs, either of them may come out.
            error = 2e-6 * np.abs(original.astype(np.float64)).max() if got.dtype.itemsize == 2 and not exact else 1e-9
            is_tie = np.abs(np.abs(expected - np.floor(expected)) - 0.5) < error
            differs = got != rounded
            wrong = np.flatnonzero(differs & ~is_tie)
            self.assertEqual(wrong.size, 0, f"{wrong.size} samples differ from the rounded result")
            self.assertLessEqual(np.abs(got - rounded).max(), 1)
            self.assertLess(differs.mean(), 0.01)
            return
        tolerance = {np.dtype("float64"): 1e-13, np.dtype("float32"): 2e-6}[got.dtype]
        worst = np.abs(got.astype(np.float64) - expected).max()
        self.assertLessEqual(worst, tolerance * np.abs(original.astype(np.float64)).max())


def main():
    """As unittest.main, but a run in which every test was skipped says so to CTest."""
    outcome = unittest.main(exit=False, verbosity=2).result
    all_skipped = outcome.testsRun > 0 and len(outcome.skipped) == outcome.testsRun
    sys.exit(77 if all_skipped else 0 if outcome.wasSuccessful() else 1)
