"""Compressed outputs: the samples of an uncompressed run, and the same packed bytes whoever packed them."""
import hashlib
import itertools
import json
import re
import subprocess
import zlib

import program
from pairs import covering
from program import USAGE, ProgramTest, noise, read, run, write

import h5py
import numpy as np


def chunks_of(path, dataset="/data"):
    """The bytes of each chunk as they are in the file, by its corner."""
    with h5py.File(path) as file:
        opened = file[dataset]
        corners = [opened.id.get_chunk_info(i).chunk_offset for i in range(opened.id.get_num_chunks())]
        return {corner: opened.id.read_direct_chunk(corner) for corner in corners}


def packed_checksum(path, dataset="/data"):
    digest = hashlib.sha256()
    for corner, (mask, packed) in sorted(chunks_of(path, dataset).items()):
        digest.update(repr((corner, mask)).encode() + packed)
    return digest.hexdigest()


def unpacked(packed, dtype, shuffled):
    """What zlib and the definition of HDF5's shuffle make of a chunk."""
    plain = zlib.decompress(packed)
    if shuffled:
        plain = np.frombuffer(plain, np.uint8).reshape(np.dtype(dtype).itemsize, -1).T.tobytes()
    return np.frombuffer(plain, dtype)


class Compress(ProgramTest):
    def filtered(self, recording, *options, ranks=None, name="out.h5"):
        output = self.folder / name
        self.succeed("filter", recording, output, "--overwrite", "-q", *options, ranks=ranks)
        return output

    def test_types_axes_and_shuffle(self):
        cases = [("int16", 0, True), ("int16", 1, False), ("float32", 0, False), ("float32", 1, True),
                 ("float64", 0, True), ("float64", 1, False)]
        ways = itertools.cycle([{"ranks": 2, "options": []},
                                {"ranks": 4, "options": ["--ranks-per-domain", "2", "--chunk-duration", "7000n"]}])
        for (dtype, axis, shuffled), way in zip(cases, ways):
            with self.subTest(dtype=dtype, axis=axis, shuffled=shuffled):
                # Chunks of 64 KiB and more are kept.
                chunks = (9000, 4) if axis == 0 else (4, 9000)
                recording = write(self.folder / "in.h5", noise(11, 30_001, dtype), time_axis=axis, chunks=chunks,
                                  fillvalue=7)
                packing = ["--gaussian", "5", "--compress", "gzip:6", *(["--shuffle"] if shuffled else [])]
                plain = self.filtered(recording, "--gaussian", "5", name="plain.h5")
                one = self.filtered(recording, *packing, name="one.h5")
                many = self.filtered(recording, *packing, *way["options"], ranks=way["ranks"])
                np.testing.assert_array_equal(read(one), read(plain))
                self.assertEqual(packed_checksum(many), packed_checksum(one))
                self.hold_storage(many, read(plain), dtype, chunks, shuffled)

    def hold_storage(self, path, samples, dtype, chunks, shuffled):
        """What readers see of the filters, and that the chunks are what the filters' definitions say, with the fill
        value beyond the recording's ends."""
        with h5py.File(path) as file:
            data = file["data"]
            self.assertEqual((data.compression, data.compression_opts, data.shuffle, data.chunks, data.fillvalue),
                             ("gzip", 6, shuffled, chunks, 7))
        listing = subprocess.run(["h5dump", "-pH", str(path)], capture_output=True, text=True, check=True).stdout
        self.assertIn("COMPRESSION DEFLATE { LEVEL 6 }", listing)
        self.assertEqual("PREPROCESSING SHUFFLE" in listing, shuffled)
        grown = np.full([-(-n // c) * c for n, c in zip(samples.shape, chunks)], 7, dtype)
        grown[tuple(map(slice, samples.shape))] = samples
        for corner, (mask, packed) in chunks_of(path).items():
            expected = grown[tuple(slice(at, at + size) for at, size in zip(corner, chunks))]
            np.testing.assert_array_equal(unpacked(packed, dtype, shuffled).reshape(chunks), expected)
            self.assertEqual(mask, 0)

    def test_same_chunks_whoever_writes(self):
        # 801 taps by FFT: blocks end on the transform's grid, inside of chunks.
        recording = write(self.folder / "in.h5", noise(37, 20_000, "int16"), chunks=(7, 5000), compression="gzip")
        options = ["--gaussian", "100", "--method", "fft", "--compress", "gzip", "--shuffle"]
        plain = self.filtered(recording, *options[:4], name="plain.h5")
        one = self.filtered(recording, *options, name="one.h5")
        np.testing.assert_array_equal(read(one), read(plain))
        for row in covering({"ranks": [2, 3, 4], "domain": ["1", "2", "node"], "block": [None, 1, 7000],
                             "write": ["parallel", "leader", "gather"], "split": ["rows", "time"]}):
            with self.subTest(**row):
                block = [] if row["block"] is None else ["--chunk-duration", f"{row['block']}n"]
                output = self.filtered(recording, *options, "--ranks-per-domain", row["domain"], "--write", row["write"],
                                       "--split", row["split"], *block, ranks=row["ranks"])
                self.assertEqual(packed_checksum(output), packed_checksum(one))
                left = sorted(path.name for path in self.folder.iterdir())
                self.assertEqual(left, ["in.h5", "one.h5", "out.h5", "plain.h5"])

    def hold_whole_chunks(self, recording, options, ways):
        """Blocks hold chunks whole, of which none waits for other blocks then, and change no bit and no count."""
        output, report = self.folder / "out.h5", self.folder / "report.json"
        filtering = ["filter", recording, output, "--overwrite", "--report", report, *options]
        self.succeed(*filtering)
        plain, expected = read(output), json.loads(report.read_text())
        filtering += ["--compress", "gzip:1", "-v"]
        for ranks, domains, how in ways:
            with self.subTest(options=options, ranks=ranks, how=how):
                refused = run(*filtering, *how, "--memory-per-node", "1MiB", ranks=ranks)
                least = int(re.search(r"at least (\d+)MiB", refused.errors[0])[1])
                result = self.succeed(*filtering, *how, "--memory-per-node", f"{least + 10 * domains}MiB", ranks=ranks)
                cut = re.findall(r"(\d+) of \d+ chunks lie in several blocks", result.err)
                self.assertEqual(set(cut), {"0"}, result.err)
                np.testing.assert_array_equal(read(output), plain)
                said = json.loads(report.read_text())
                self.assertGreater(said["plan"]["blocks"], 2)
                for count in "clipped_samples", "nonfinite_samples":
                    self.assertEqual(said[count], expected[count])

    def test_blocks_hold_chunks_whole(self):
        data = noise(24, 300_001, "float32")
        data[::5, 16384 * 3 - 2::4321] = np.nan
        recording = write(self.folder / "in.h5", data, chunks=(4, 16384))
        smooth = ["--gaussian", "40", "--method", "fft"]
        ways = [(1, 1, []), (2, 1, []), (3, 3, ["--ranks-per-domain", "1"]), (2, 1, ["--write", "per-node"])]
        self.hold_whole_chunks(recording, smooth, ways)
        for options in ([*smooth, "--time", "1234n:280000n", "--scale", "2000", "--dtype", "int16"],
                        ["--decimate", "5", "--time", "1234n:280000n"], ["--resample", "3/7"]):
            self.hold_whole_chunks(recording, options, ways[2:])
        # Blocks have all channels then.
        self.hold_whole_chunks(recording, ["--gaussian", "5", "--method", "direct", "--reference", "median"], ways[:2])

    def test_blocks_of_which_all_of_a_short_recording_is_computed(self):
        """They have a halo all the same, for which there is room ahead of each row."""
        recording = write(self.folder / "in.h5", noise(24, 4000, "float32"), chunks=(24, 1000))
        smooth = ["--gaussian", "40", "--method", "fft"]
        self.succeed("filter", recording, self.folder / "plain.h5", *smooth)
        for domain in ("1", "node"):
            out = self.filtered(recording, *smooth, "--compress", "gzip:1", "--split", "time", "--ranks-per-domain",
                                domain, ranks=2)
            np.testing.assert_array_equal(read(out), read(self.folder / "plain.h5"))

    def test_chunks_wait_for_blocks_that_cut_them(self):
        recording = write(self.folder / "in.h5", noise(6, 50_000, "float32"), chunks=(2, 10_000))
        result = self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", "40", "--compress", "gzip:1",
                              "--chunk-duration", "25000n", "-v", ranks=2)
        # The one in the middle, of each two channels.
        self.assertIn("3 of 15 chunks lie in several blocks", result.err)

    def test_the_plan_counts_pieces_that_wait(self):
        recording = write(self.folder / "in.h5", noise(6, 50_000, "float32"), chunks=(2, 10_000))
        planning = ["filter", recording, self.folder / "out.h5", "--moving-average", "25n", "--method", "direct",
                    "--compress", "gzip:1", "--chunk-duration", "1n", "--plan", "--memory-per-node"]

        def least_for(budget):
            refused = run(*planning, budget, ranks=2)
            self.assertEqual((refused.code, len(refused.errors)), (USAGE, 1), refused.err)
            return refused.errors[0], int(re.search(r"at least (\d+)MiB", refused.errors[0])[1])

        _, for_windows = least_for("1MiB")
        # Of 150,000 pieces rank 0 knows where they wait: each takes 72 bytes, and is dealt out.
        sentence, least = least_for(f"{for_windows + 4}MiB")
        self.assertIn("to put the packed chunks together", sentence)
        self.assertGreater(least, for_windows + 150_000 * 72 // 2**20)
        self.succeed(*planning, f"{least + 1}MiB", ranks=2)

    def test_contiguous_inputs_get_chunks(self):
        for axis in (0, 1):
            with self.subTest(time_axis=axis):
                recording = write(self.folder / "in.h5", noise(3, 300_000), time_axis=axis)
                plain = self.filtered(recording, "--gaussian", "5", name="plain.h5")
                output = self.filtered(recording, "--gaussian", "5", "--compress", "gzip:1", ranks=2)
                np.testing.assert_array_equal(read(output), read(plain))
                with h5py.File(output) as file:
                    self.assertLess(np.prod(file["data"].chunks) * 8, 2 << 20)
                    self.assertLess(file["data"].id.get_storage_size(), read(plain).nbytes)

    def test_packing_needs_no_filter(self):
        for dtype in "int16", "float32":
            data = noise(5, 4000, dtype)
            recording, output = write(self.folder / "in.h5", data), self.folder / f"{dtype}.h5"
            self.assertIn("no filter", self.succeed("filter", recording, output, "--compress", "gzip", ranks=2).out)
            np.testing.assert_array_equal(read(output), data)
            with h5py.File(output) as file:
                self.assertEqual(file["data"].compression, "gzip")

    def test_a_plain_output_of_a_compressed_input_says_so(self):
        recording = write(self.folder / "in.h5", noise(4, 5000), chunks=(4, 2500), compression="gzip")
        silent = self.succeed("filter", recording, self.folder / "packed.h5", "--gaussian", "5", "--compress", "gzip")
        self.assertEqual(silent.warnings, [])
        warned = self.succeed("filter", recording, self.folder / "plain.h5", "--gaussian", "5")
        self.assertEqual(len(warned.warnings), 1)
        self.assertIn("--compress", warned.warnings[0])


if __name__ == "__main__":
    program.main()
