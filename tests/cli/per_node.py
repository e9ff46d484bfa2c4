"""--write per-node: each domain's file beside the output, and the output that joins them."""
import os
import shutil

import program
from interrupted import FILTER, InterruptedTest
from program import BAD_DATA, CANNOT_CREATE, USAGE, ProgramTest, checksum, noise, read, run, write

import h5py
import numpy as np

PER_NODE = ("--write", "per-node", "--ranks-per-domain", "1")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


class Joined(ProgramTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.h5"

    def test_layouts_types_and_compression(self):
        cases = [("int16", 0, {"chunks": (900, 4)}, []), ("float32", 1, {}, ["--split", "time"]),
                 ("float64", 1, {"chunks": (4, 9000), "fillvalue": 7}, ["--compress", "gzip:3", "--shuffle"]),
                 ("int16", 0, {}, ["--compress", "gzip:1", "--chunk-duration", "7000n"]),
                 ("float32", 1, {}, ["--channels", "2:9", "--time", "5s:20s", "--split", "rows"])]
        for dtype, axis, storage, options in cases:
            with self.subTest(dtype=dtype, axis=axis, options=options):
                source = write(self.folder / "in.h5", noise(11, 30_001, dtype), "/group/raw", axis, **storage)
                how = ["--gaussian", "40", "--method", "direct", "--overwrite", *options]
                self.succeed("filter", source, self.folder / "one.h5", *how)
                self.succeed("filter", source, self.out, *how, *PER_NODE, ranks=3)
                self.assertEqual(checksum(self.out, "/group/raw"), checksum(self.folder / "one.h5", "/group/raw"))
                self.assertEqual(names(self.folder), ["in.h5", "one.h5", "out.h5",
                                                      *(f"out.node-000{i}.h5" for i in range(3))])
                self.hold_files(source)

    def hold_files(self, source):
        """Each sample lies in one file, at the place that its attributes say, and the joined output is not copied."""
        whole = read(self.out, "/group/raw")
        covered = np.zeros(whole.shape, int)
        with h5py.File(self.out) as file:
            joined = file["/group/raw"]
            self.assertTrue(joined.is_virtual)
            self.assertEqual(joined.attrs["sampling_rate"], 1000.0)
            self.assertEqual(file["provenance"].attrs["node_files"], "3")
            self.assertIn("--write per-node", file.attrs["history"])
            self.assertTrue(all(not os.path.isabs(part.file_name) for part in joined.virtual_sources()))
        self.assertLess(self.out.stat().st_size, whole.nbytes)
        for path in sorted(self.folder.glob("out.node-*.h5")):
            with h5py.File(path) as file:
                part = file["data"]
                time_first = list(part.attrs["DIMENSION_LABELS"])[0] == "time"
                corner = [part.attrs["first_channel"], part.attrs["first_sample"]][::-1 if time_first else 1]
                place = tuple(slice(at, at + n) for at, n in zip(corner, part.shape))
                np.testing.assert_array_equal(part[...], whole[place])
                covered[place] += 1
        np.testing.assert_array_equal(covered, 1)

    def test_the_folder_may_be_moved_and_filtered_again(self):
        source = write(self.folder / "in.h5", noise(6, 20_000))
        first = self.folder / "first"
        first.mkdir()
        self.succeed("filter", source, first / "100%.h5", "--gaussian", "5", *PER_NODE, ranks=2)
        moved = first.rename(self.folder / "moved")
        self.succeed("filter", source, self.folder / "plain.h5", "--gaussian", "5")
        self.assertEqual(checksum(moved / "100%.h5"), checksum(self.folder / "plain.h5"))
        self.succeed("filter", self.folder / "plain.h5", self.folder / "twice.h5", "--gaussian", "9")
        self.succeed("filter", moved / "100%.h5", self.out, "--gaussian", "9", *PER_NODE, ranks=3)
        self.assertEqual(checksum(self.out), checksum(self.folder / "twice.h5"))

    def test_a_missing_source_is_an_error_that_names_it(self):
        source = write(self.folder / "in.h5", noise(6, 20_000))
        self.succeed("filter", source, self.out, "--gaussian", "5", *PER_NODE, ranks=2)
        node = self.folder / "out.node-0001.h5"
        aside = node.rename(self.folder / "aside")
        other = write(self.folder / "other.h5", noise(2, 100))
        for damage in (lambda: None, lambda: node.write_text("no HDF5"), lambda: shutil.copy(other, node),
                       lambda: node.write_bytes(aside.read_bytes()[:5000])):
            damage()
            for ranks in (None, 2):
                result = run("filter", self.out, self.folder / "again.h5", "--gaussian", "5", ranks=ranks)
                self.assertEqual(result.code, BAD_DATA, result.err)
                self.assertEqual(len(result.errors), 1, result.err)
                self.assertIn("out.node-0001.h5", result.errors[0])
            node.unlink(missing_ok=True)
        self.assertEqual(run("info", self.out).code, BAD_DATA)
        self.assertFalse((self.folder / "again.h5").exists())

    def test_samples_that_are_in_no_file_are_said(self):
        source = write(self.folder / "in.h5", noise(4, 1000))
        layout = h5py.VirtualLayout((6, 1000), "f8")
        layout[:4] = h5py.VirtualSource(source.name, "data", (4, 1000))
        with h5py.File(self.folder / "gap.h5", "w") as file:
            file.create_virtual_dataset("data", layout, fillvalue=3.0)
        result = self.succeed("filter", self.folder / "gap.h5", self.out, "--gaussian", "5", ranks=2)
        self.assertIn("2000 samples", "".join(result.warnings))
        np.testing.assert_allclose(read(self.out)[4:], 3.0, rtol=1e-12)

    def test_files_that_are_there_are_replaced_only_when_told(self):
        source = write(self.folder / "in.h5", noise(6, 20_000))
        self.succeed("filter", source, self.out, "--gaussian", "5", *PER_NODE, ranks=3)
        before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        self.out.rename(self.folder / "kept")
        result = run("filter", source, self.out, "--gaussian", "7", *PER_NODE, ranks=2)
        self.assertEqual(result.code, CANNOT_CREATE, result.err)
        self.assertIn("out.node-0000.h5", result.errors[0])
        (self.folder / "kept").rename(self.out)
        self.assertEqual({path.name: path.read_bytes() for path in self.folder.iterdir()}, before)
        self.succeed("filter", source, self.out, "--gaussian", "7", "--overwrite", *PER_NODE, ranks=2)
        self.succeed("filter", source, self.folder / "one.h5", "--gaussian", "7")
        self.assertEqual(checksum(self.out), checksum(self.folder / "one.h5"))
        self.assertEqual(names(self.folder), ["in.h5", "one.h5", "out.h5", "out.node-0000.h5", "out.node-0001.h5"])
        self.succeed("filter", source, self.out, "--gaussian", "7", "--overwrite")
        self.assertEqual(names(self.folder), ["in.h5", "one.h5", "out.h5"])

    def test_outputs_of_one_stem_have_files_of_their_own(self):
        source = write(self.folder / "in.h5", noise(6, 20_000))
        outputs = [self.folder / name for name in ("out.h5", "out.nwb", "out", "out.nwb.h5", "out.hdf5")]
        for sigma, output in enumerate(outputs, 3):
            self.succeed("filter", source, output, "--gaussian", sigma, "--overwrite", *PER_NODE, ranks=2)
        for sigma, output in enumerate(outputs, 3):
            self.succeed("filter", source, self.folder / "one", "--gaussian", sigma, "--overwrite")
            self.assertEqual(checksum(output), checksum(self.folder / "one"), output)
        # What replaces one of them takes that one's files away, and no others.
        first = checksum(outputs[0])
        for output in outputs[1:]:
            self.succeed("filter", source, output, "--gaussian", 9, "--overwrite")
        self.assertEqual(names(self.folder), sorted(["in.h5", "one", "out.node-0000.h5", "out.node-0001.h5",
                                                     *(output.name for output in outputs)]))
        self.assertEqual(checksum(outputs[0]), first)

    def test_files_that_were_left_out_hide_no_others(self):
        source = write(self.folder / "in.h5", noise(6, 20_000))
        for options, ranks, left in (([], None, ["in.h5", "out.h5"]),
                                     (PER_NODE, 2, ["in.h5", "out.h5", "out.node-0000.h5", "out.node-0001.h5"])):
            self.succeed("filter", source, self.out, "--gaussian", "5", *PER_NODE, "--overwrite", ranks=3)
            (self.folder / "out.node-0000.h5").unlink()
            self.succeed("filter", source, self.out, "--gaussian", "7", "--overwrite", *options, ranks=ranks)
            self.assertEqual(names(self.folder), left)

    def test_the_input_is_never_written_to(self):
        source = write(self.folder / "in.h5", noise(6, 20_000))
        joined = self.folder / "rec.h5"
        self.succeed("filter", source, joined, "--gaussian", "5", *PER_NODE, ranks=2)
        joined = joined.rename(self.folder / "renamed.h5")
        before = checksum(joined)
        result = run("filter", joined, self.folder / "rec.h5", "--gaussian", "5", "--overwrite", *PER_NODE, ranks=2)
        self.assertEqual(result.code, USAGE, result.err)
        self.assertIn("rec.node-0000.h5", result.errors[0])
        self.assertEqual(checksum(joined), before)
        self.assertEqual(names(self.folder), ["in.h5", "rec.node-0000.h5", "rec.node-0001.h5", "renamed.h5"])


PLACES = [("file created", 1), ("metadata flushed", 1), ("samples written", 3), ("marker renamed", 3),
          ("marker renamed", 6), ("part synced", 1), ("part renamed", 1), ("part renamed", 2), ("results written", 1)]
PACKED_PLACES = [("chunk stored", 1), ("chunk stored", 9), ("part renamed", 1)]


class Killed(InterruptedTest):
    """Killed anywhere, the output is absent, or whole; --resume on other ranks and domains ends with the same bits."""

    def hold_every_place(self, places, *packing):
        self.succeed("filter", self.source, self.folder / "whole.h5", "--gaussian", 40)
        expected = checksum(self.folder / "whole.h5")
        ways = [("1", 3), ("node", 1), ("1", 1), ("2", 3)]
        for number, (place, times) in enumerate(places):
            domain, ranks = ways[number % len(ways)]
            with self.subTest(place=place, times=times, domain=domain, ranks=ranks):
                process, name = self.begin("--chunk-duration", "20000n", *PER_NODE, *packing,
                                           fault=f"{place}:{times}:rank")
                self.end(process, name)
                self.assertNotEqual(process.returncode, 0, "the run never came to this place")
                self.assertTrue(not self.out.exists() or checksum(self.out) == expected)
                self.succeed("filter", self.source, self.out, *FILTER, "--write", "per-node", *packing, "--resume",
                             "--ranks-per-domain", domain, ranks=ranks)
                self.hold_complete(expected)
                self.assertTrue(all(not name.endswith((".part", ".progress")) and ".chunks." not in name
                                    for name in names(self.folder)), names(self.folder))
                for path in self.folder.glob("out*"):
                    path.unlink()

    def test_every_place(self):
        self.hold_every_place(PLACES)

    def test_every_place_of_a_packed_output(self):
        self.hold_every_place(PACKED_PLACES, "--compress", "gzip:1")

    def test_files_follow_who_did_what(self):
        process, name = self.begin("--chunk-duration", "20000n", *PER_NODE, fault="marker renamed:3:rank")
        self.end(process, name)
        self.succeed("filter", self.source, self.out, *FILTER, "--write", "per-node", "--resume")
        with h5py.File(self.out) as file:
            sources = {source.file_name for source in file["data"].virtual_sources()}
        # Both domains of the first run did some, and the one of the second run the rest.
        self.assertGreater(len(sources), 2)
        self.assertTrue(sources <= set(names(self.folder)))
        self.assertEqual(checksum(self.out), self.whole())

    def test_overwrite_removes_what_all_nodes_left(self):
        process, name = self.begin("--chunk-duration", "20000n", *PER_NODE, "--compress", "gzip:1",
                                   fault="marker renamed:3:rank", ranks=3)
        self.end(process, name)
        self.assertIn("out.node-0002.h5.part", names(self.folder))
        self.succeed("filter", self.source, self.out, *FILTER, "--write", "per-node", "--overwrite")
        self.assertEqual(names(self.folder), ["in.h5", "out.h5", "out.node-0000.h5"])

    def test_another_way_to_write_is_refused(self):
        process, name = self.begin("--chunk-duration", "20000n", *PER_NODE, fault="marker renamed:3:rank")
        self.end(process, name)
        result = run("filter", self.source, self.out, *FILTER, "--resume", ranks=2)
        self.assertEqual(result.code, USAGE, result.err)
        self.assertIn('files was "one a node" and is "one"', result.errors[0])


if __name__ == "__main__":
    program.main()
