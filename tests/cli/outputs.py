"""The file that a run leaves: whole, under its name only when complete, and with all that its input had."""
import json
import os
import re
import shutil
import subprocess

import program
from program import ProgramTest, checksum, identity, noise, read, real_recordings, run, write

import h5py
import numpy as np
from scipy import ndimage


def tree(path):
    """Every object of a file with its attributes, and the values of its datasets' bytes, by path."""
    found = {}

    def visit(name, thing):
        found[name] = {key: np.asarray(value).tolist() for key, value in thing.attrs.items()}
        if isinstance(thing, h5py.Dataset):
            found[name]["<shape and type>"] = (thing.shape, str(thing.dtype))
            if thing.size < 100_000:
                found[name]["<values>"] = thing[()].tolist() if thing.shape != () else str(thing[()])

    with h5py.File(path, "r") as file:
        found["/"] = {key: np.asarray(value).tolist() for key, value in file.attrs.items()}
        file.visititems(visit)
    return found


class ForeignBytes(ProgramTest):
    """Names of files are bytes, and units in old files are Latin-1: neither need be UTF-8."""

    def test_names_and_units_that_are_no_utf_8(self):
        data = noise(4, 3000, "int16")
        plain = write(self.folder / "in.h5", data)
        foreign = write(self.folder / os.fsdecode(b"in\xff.h5"), data)
        with h5py.File(foreign, "r+") as file:
            file["/data"].attrs["units"] = np.bytes_(b"\xb5V")
        outputs = [self.folder / "out.h5", self.folder / os.fsdecode(b"out\xff.h5")]
        report = self.folder / "report.json"
        for path, output in zip((plain, foreign), outputs):
            self.succeed("filter", path, output, "--gaussian", "5", "--report", report, ranks=2)
        self.assertEqual(*map(checksum, outputs))
        self.assertIn("in\N{REPLACEMENT CHARACTER}.h5", report.read_text())
        self.assertEqual(json.loads(self.succeed("info", foreign, "--json").out)["unit"], "\N{REPLACEMENT CHARACTER}V")
        self.assertIn("complete already",
                      self.succeed("filter", foreign, outputs[1], "--gaussian", "5", "--resume", ranks=2).out)


class Kept(ProgramTest):
    """What the input has beside its samples is in the output too."""

    def test_real_recordings(self):
        if not real_recordings():
            self.skipTest(f"no real recordings in {program.TEST_DATA}; set WEIR_TEST_DATA to the folder of 'das'")
        for recording, dataset in real_recordings():
            with self.subTest(recording=recording.name):
                output = self.folder / recording.name
                before = identity(recording)
                self.succeed("filter", recording, output, "--gaussian", "40ms", ranks=2)
                self.assertEqual(identity(recording), before)
                self.hold_same_tree(tree(recording), tree(output), output)
                self.hold_provenance(output, recording, dataset)
                with h5py.File(recording) as source, h5py.File(output) as result:
                    rate = source["/Acquisition/Raw[0]"].attrs["OutputDataRate"]
                    self.assertEqual(result["/Acquisition/Raw[0]"].attrs["OutputDataRate"], rate)
                    original = source[dataset][...]
                    exact = ndimage.gaussian_filter1d(original.astype(np.float64), 0.04 * rate, axis=0)
                    self.hold(result[dataset][...], exact, original)
                listing = subprocess.run(["h5ls", "-r", str(output)], capture_output=True, text=True, check=True).stdout
                self.assertRegex(listing.replace("\\ ", " "), re.escape(dataset) + r" +Dataset")
                what = json.loads(self.succeed("info", output, "--json").out)
                self.assertEqual((what["layout"], what["sampling_rate"]), ("prodml", rate))

    def hold_same_tree(self, source, result, output):
        self.assertTrue(source)
        for name, attributes in source.items():
            self.assertIn(name, result)
            for key, value in attributes.items():
                self.assertEqual(result[name].get(key), value, f"{key} of {name}")
        added = {name for name in result if name not in source}
        self.assertTrue(all(name.split("/")[0] == "provenance" for name in added), added)
        self.assertEqual({key for key in result["/"] if key not in source["/"]}, {"history"}, output)

    def hold_provenance(self, output, recording, dataset):
        with h5py.File(output) as file:
            self.assertRegex(file.attrs["history"], r"^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}: weir filter ")
            self.assertIn("--gaussian 40ms", file.attrs["history"])
            about = file["provenance"]
            self.assertEqual(os.path.basename(about.attrs["input_path"]), recording.name)
            self.assertEqual(about.attrs["input_dataset"], dataset)
            self.assertEqual(about.attrs["input_bytes"], recording.stat().st_size)
            self.assertEqual(json.loads(about.attrs["options"])["gaussian"], "40ms")
            self.assertEqual(json.loads(about["results"][()])["nonfinite_samples"], 0)
            version = self.succeed("--version").out.split()[1]
            self.assertEqual(about.attrs["weir_version"], version)
            rate = file["/Acquisition/Raw[0]"].attrs["OutputDataRate"]
            radius = int(4 * 0.04 * rate + 0.5)
            impulse = np.zeros(2 * radius + 1)
            impulse[radius] = 1
            np.testing.assert_allclose(about["taps"][...], ndimage.gaussian_filter1d(impulse, 0.04 * rate,
                                                                                     mode="constant"), rtol=1e-12)

    def test_compressed_time_first_integers(self):
        data = noise(13, 5003, "int16")
        recording = write(self.folder / "in.h5", data, "/group/raw", 0, chunks=(500, 4), compression="gzip",
                          shuffle=True)
        with h5py.File(recording, "a") as file:
            file["group"].attrs["made by"] = "a machine"
            file["group/times"] = np.arange(5003.0)
            file["link"] = h5py.SoftLink("/group/raw")
        output = self.folder / "out.h5"
        result = self.succeed("filter", recording, output, "--gaussian", "7", "--dataset", "/group/raw", ranks=3)
        self.assertTrue(any("compressed" in line for line in result.warnings), result.err)
        self.hold(read(output, "/link").T, ndimage.gaussian_filter1d(data.astype(np.float64), 7), data)
        with h5py.File(output) as file:
            self.assertEqual(file["group"].attrs["made by"], "a machine")
            np.testing.assert_array_equal(file["group/times"][...], np.arange(5003.0))
            self.assertEqual(file["group/raw"].attrs["sampling_rate"], 1000.0)

    def test_nwb(self):
        recording, output = self.folder / "in.nwb", self.folder / "out.nwb"
        self.succeed("synth", recording, "--layout", "nwb", "--channels", "6", "--duration", "3s", "--dtype", "int16",
                     ranks=2)
        what = json.loads(self.succeed("info", recording, "--json").out)
        self.assertEqual((what["layout"], what["channels"], what["samples"]), ("nwb", 6, 3000))
        self.succeed("filter", recording, output, "--gaussian", "50Hz", ranks=2)
        series = os.path.dirname(what["dataset"])
        with h5py.File(output) as file:
            self.assertIn("Gaussian", file[series].attrs["filtering"])
        original = read(recording, what["dataset"])
        exact = ndimage.gaussian_filter1d(original.astype(np.float64), 1000 / (2 * np.pi * 50), axis=0)
        self.hold(read(output, what["dataset"]), exact, original)

    def test_an_output_is_an_input(self):
        data = noise(4, 3000)
        first = write(self.folder / "in.h5", data)
        second, third = self.folder / "second.h5", self.folder / "third.h5"
        self.succeed("filter", first, second, "--gaussian", "5")
        self.succeed("filter", second, third, "--gaussian", "9", ranks=2)
        self.hold(read(third), ndimage.gaussian_filter1d(read(second), 9), read(second))
        with h5py.File(third) as file:
            lines = file.attrs["history"].splitlines()
            self.assertEqual(["--gaussian 9" in line for line in lines], [True, False])
            self.assertEqual(json.loads(file["provenance"].attrs["options"])["gaussian"], "9")
            self.assertEqual(json.loads(file["provenance/previous"].attrs["options"])["gaussian"], "5")


class Sources(ProgramTest):
    """A file that holds samples of the input is no output, whatever its name and its kind."""

    def setUp(self):
        super().setUp()
        self.data = noise(6, 2000)

    def hold_refused(self, source, *targets, options=()):
        for target in targets:
            with self.subTest(source=source.name, target=target):
                before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
                result = run("filter", source, self.folder / target, "--gaussian", "4", "--overwrite", *options,
                             ranks=2)
                self.assertEqual(result.code, program.USAGE, result.err)
                self.assertEqual(len(result.errors), 1, result.err)
                self.assertIn(target, result.errors[0])
                self.assertIn("the input itself, or holds samples of it", result.errors[0])
                self.assertEqual({path.name: path.read_bytes() for path in self.folder.iterdir()}, before)

    def test_the_parts_of_a_virtual_dataset(self):
        layout = h5py.VirtualLayout(self.data.shape, self.data.dtype)
        for i in range(2):
            write(self.folder / f"part{i}.h5", self.data[3 * i:3 * i + 3])
            layout[3 * i:3 * i + 3] = h5py.VirtualSource(f"part{i}.h5", "data", (3, 2000))
        whole, nested = self.folder / "whole.h5", self.folder / "nested.h5"
        with h5py.File(whole, "w") as file:
            file.create_virtual_dataset("data", layout)
        layout = h5py.VirtualLayout(self.data.shape, self.data.dtype)
        layout[...] = h5py.VirtualSource("whole.h5", "data", self.data.shape)
        with h5py.File(nested, "w") as file:
            file.create_virtual_dataset("data", layout)
        self.hold_refused(whole, "part0.h5", "part1.h5")
        self.hold_refused(nested, "whole.h5", "part1.h5")

    def test_the_files_of_nodes(self):
        source, joined = write(self.folder / "in.h5", self.data), self.folder / "pn.h5"
        self.succeed("filter", source, joined, "--gaussian", "5", "--write", "per-node", "--ranks-per-domain", "1", ranks=2)
        self.hold_refused(joined, "pn.node-0000.h5", "pn.node-0001.h5")

    def test_bytes_outside_of_the_file(self):
        path = self.folder / "raw.h5"
        with h5py.File(path, "w") as file:
            file.create_dataset("data", data=self.data, external=[(str(self.folder / "raw.bin"), 0, h5py.h5f.UNLIMITED)])
        self.hold_refused(path, "raw.bin")

    def test_a_recording_behind_a_link(self):
        write(self.folder / "far.h5", self.data)
        path = self.folder / "near.h5"
        with h5py.File(path, "w") as file:
            file["data"] = h5py.ExternalLink("far.h5", "/data")
        self.hold_refused(path, "far.h5", options=("--dataset", "/data"))


class Whole(ProgramTest):
    """Under its name the output is complete."""

    def setUp(self):
        super().setUp()
        self.recording = write(self.folder / "in.h5", noise(6, 2000), chunks=(6, 200), compression="gzip")
        self.output = self.folder / "out.h5"

    def damage(self, path):
        with h5py.File(path, "r") as file:
            chunk = file["data"].id.get_chunk_info(9)
        with open(path, "r+b") as file:
            file.seek(chunk.byte_offset + 10)
            file.write(b"\xff" * 100)

    def test_overwrite_replaces_only_when_complete(self):
        self.succeed("filter", self.recording, self.output, "--gaussian", "5")
        before = identity(self.output)
        damaged = self.folder / "damaged.h5"
        shutil.copy(self.recording, damaged)
        self.damage(damaged)
        result = run("filter", damaged, self.output, "--gaussian", "9", "--overwrite", ranks=2)
        self.assertEqual(result.code, program.IO_ERROR, result.err)
        self.assertEqual(identity(self.output), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["damaged.h5", "in.h5", "out.h5"])
        self.succeed("filter", self.recording, self.output, "--gaussian", "9", "--overwrite", ranks=2)
        self.hold(read(self.output), ndimage.gaussian_filter1d(read(self.recording), 9), read(self.recording))
        self.assertEqual(sorted(os.listdir(self.folder)), ["damaged.h5", "in.h5", "out.h5"])


if __name__ == "__main__":
    program.main()
