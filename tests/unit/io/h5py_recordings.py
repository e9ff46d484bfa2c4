"""Recordings of all kinds, made with h5py for weir to read."""
import os
import zlib

import h5py
import numpy as np

CHANNELS, SAMPLES = 13, 1009
TYPES = {"int16": "i2", "uint16": "u2", "int32": "i4", "float32": "f4", "float64": "f8"}


def pattern(dtype, channels=CHANNELS, samples=SAMPLES):
    """Known values, channels by samples. tests/unit/io/pattern.hpp says the same in C++."""
    c = np.arange(channels, dtype="i8")[:, None]
    s = np.arange(samples, dtype="i8")[None, :]
    n = (c * 7919 + s * 10473 + c * s) % 65521
    dtype = np.dtype(dtype)
    if dtype.kind == "u":
        return n.astype(dtype)
    if dtype.kind == "i":
        return (n - 32768 if dtype.itemsize == 2 else n * 30011 - 1000000000).astype(dtype)
    return ((n - 32768) / 3.0).astype(dtype)


def put(parent, name, values, axis, **storage):
    if axis == 0:
        values = values.T
        if "chunks" in storage and storage["chunks"] is not None:
            storage["chunks"] = storage["chunks"][::-1]
    return parent.create_dataset(name, data=values, **storage)


def make_mixed(path):
    """Shuffled gzip, but for chunks that skip one filter (their bit is set) or both, and one that is not there."""
    values = np.zeros((15, 1024), "<i2")
    values[:13, :1009] = pattern("i2")
    with h5py.File(path, "w") as f:
        data = f.create_dataset("data", (13, 1009), "<i2", chunks=(5, 128), compression=4, shuffle=True, fillvalue=-7)
        for row in range(0, 15, 5):
            for column in range(0, 1024, 128):
                chunk = values[row:row + 5, column:column + 128].copy()
                shuffled = chunk.view("u1").reshape(-1, 2).T.tobytes()
                mask = (row // 5 + column // 128) % 4
                stored = chunk.tobytes() if mask & 1 else shuffled
                if (row, column) != (5, 256):
                    data.id.write_direct_chunk((row, column), stored if mask & 2 else zlib.compress(stored), mask)


def make_plain(folder):
    storages = {
        "contiguous": {},
        "chunked": {"chunks": (5, 128)},
        "gzip": {"chunks": (5, 128), "compression": 4, "shuffle": True},
    }
    for name, code in TYPES.items():
        for axis in (0, 1):
            for storage, how in storages.items():
                with h5py.File(f"{folder}/{name}_{axis}_{storage}.h5", "w") as f:
                    data = put(f, "data", pattern(code), axis, **how)
                    data.attrs["fs"] = 500.0
    for name, code in {"int16": ">i2", "float64": ">f8"}.items():
        for axis in (0, 1):
            with h5py.File(f"{folder}/big_{name}_{axis}.h5", "w") as f:
                put(f, "data", pattern(code), axis, chunks=(4, 100)).attrs["fs"] = 500.0
    with h5py.File(f"{folder}/checked_gzip.h5", "w") as f:
        put(f, "data", pattern("f8"), 0, chunks=(5, 128), compression=4, shuffle=True, fletcher32=True)
    with h5py.File(f"{folder}/big_gzip.h5", "w") as f:
        put(f, "data", pattern(">i2"), 1, chunks=(5, 128), compression=4, shuffle=True)
    make_mixed(f"{folder}/mixed_gzip.h5")
    with h5py.File(f"{folder}/unwritten_gzip.h5", "w") as f:
        f.create_dataset("data", (13, 1009), "<i2", chunks=(5, 128), compression=4, fillvalue=-7)
    with h5py.File(f"{folder}/one_dimension.h5", "w") as f:
        f["trace"] = pattern("f4")[3]
        f.attrs["Sampling_Rate"] = "250"
    with h5py.File(f"{folder}/one_dimension_chunked.h5", "w") as f:
        f.create_dataset("trace", data=pattern("i2")[3], chunks=(100,), maxshape=(None,))
    with h5py.File(f"{folder}/labelled.h5", "w") as f:
        f["data"] = pattern("i2", 40, 11)
        f["data"].dims[0].label = "channel"
        f["data"].dims[1].label = "time"
        f["data"].attrs["scale_factor"] = 0.5
        f["data"].attrs["add_offset"] = 3.0
        f["data"].attrs["units"] = "uV"
    with h5py.File(f"{folder}/square.h5", "w") as f:
        f["data"] = pattern("i2", 20, 20)


def make_virtual(folder):
    for i, rows in enumerate((slice(0, 6), slice(6, 13))):
        with h5py.File(f"{folder}/virtual_source_{i}.h5", "w") as f:
            f["data"] = pattern("i2")[rows]
    for name, second in (("virtual", "virtual_source_1.h5"), ("virtual_missing", "gone.h5")):
        layout = h5py.VirtualLayout((CHANNELS, SAMPLES), "i2")
        layout[:6] = h5py.VirtualSource("virtual_source_0.h5", "data", (6, SAMPLES))
        layout[6:] = h5py.VirtualSource(second, "data", (7, SAMPLES))
        with h5py.File(f"{folder}/{name}.h5", "w") as f:
            f.create_virtual_dataset("data", layout)
    make_elsewhere(folder)


def make_elsewhere(folder):
    """Recordings whose samples lie in other files, in every way there is."""
    layout = h5py.VirtualLayout((CHANNELS, SAMPLES), "i2")
    layout[:] = h5py.VirtualSource("virtual.h5", "data", (CHANNELS, SAMPLES))
    with h5py.File(f"{folder}/virtual_nested.h5", "w") as f:
        f.create_virtual_dataset("data", layout)
    with h5py.File(f"{folder}/virtual_own.h5", "w") as f:
        f["rows/data"] = pattern("i2")
        layout = h5py.VirtualLayout((CHANNELS, SAMPLES), "i2")
        layout[:] = h5py.VirtualSource(f["rows/data"])
        f.create_virtual_dataset("data", layout)
    with h5py.File(f"{folder}/raw_bytes.h5", "w") as f:
        f.create_dataset("data", data=pattern("i2"),
                         external=[(f"{folder}/raw_0.bin", 0, 1000), (f"{folder}/raw_1.bin", 0, h5py.h5f.UNLIMITED)])
    with h5py.File(f"{folder}/linked.h5", "w") as f:
        f["data"] = h5py.ExternalLink("virtual.h5", "/data")


def make_wrong(folder):
    with h5py.File(f"{folder}/several.h5", "w") as f:
        f["left"] = pattern("i2")
        f["deep/right"] = pattern("f8")
        f["names"] = ["a", "b"]
    with h5py.File(f"{folder}/none.h5", "w") as f:
        f["cube"] = np.zeros((2, 3, 4))
        f["names"] = ["a", "b"]
    for name, values in {
        "bytes": np.zeros((3, 50), "u1"),
        "long": np.zeros((3, 50), "i8"),
        "half": np.zeros((3, 50), "f2"),
        "no_samples": np.zeros((3, 0), "i2"),
    }.items():
        with h5py.File(f"{folder}/{name}.h5", "w") as f:
            f["data"] = values
    with h5py.File(f"{folder}/bad_rate.h5", "w") as f:
        f["data"] = pattern("i2")
        f["data"].attrs["fs"] = -1.0
    with h5py.File(f"{folder}/huge.h5", "w") as f:
        f.create_dataset("data", (1000, 10**12), "f8", chunks=(1000, 1000))
    with h5py.File(f"{folder}/odd_filter.h5", "w") as f:
        f.create_dataset("data", data=pattern("i2"), chunks=(5, 128), compression="lzf")
    with open(f"{folder}/int16_1_contiguous.h5", "rb") as f:
        whole = f.read()
    with open(f"{folder}/truncated.h5", "wb") as f:
        f.write(whole[: len(whole) // 2])
    with open(f"{folder}/text.h5", "w") as f:
        f.write("this is no HDF5 file\n")
    with h5py.File(f"{folder}/taps.h5", "w") as f:
        f["good"] = np.array([0.25, 0.5, 0.25])
        f["integers"] = np.array([1, 2, -1], ">i2")
        f["nan"] = np.array([0.5, np.nan])
        f["matrix"] = np.zeros((2, 3))
        f["empty"] = np.zeros(0)
        f["words"] = ["one", "two"]
        f.create_group("group")


def make_nwb(folder):
    """What makes copying hard: references of all kinds, links of all kinds, named types, odd attributes."""
    with h5py.File(f"{folder}/beside.h5", "w") as f:
        f["elsewhere"] = np.arange(4)
    with h5py.File(f"{folder}/nwb.h5", "w") as f:
        f.attrs["neurodata_type"] = "NWBFile"
        f.attrs["nwb_version"] = np.bytes_("2.5.0")
        f.attrs["history"] = "Mon Jan  1 00:00:00 2024: made by hand"
        f["session_start_time"] = "2024-01-01T00:00:00+00:00"
        series = f.create_group("acquisition/probe", track_order=True)
        series.attrs["neurodata_type"] = "ElectricalSeries"
        series.attrs["filtering"] = "analog 1-500 Hz"
        data = series.create_dataset("data", data=pattern("i2").T, chunks=(100, 13), maxshape=(None, 13),
                                     fillvalue=-7)
        data.attrs["conversion"] = np.float32(0.25)
        data.attrs["offset"] = -1.5
        data.attrs["unit"] = "volts"
        series["starting_time"] = 2.5
        series["starting_time"].attrs["rate"] = 1000.0
        table = f.create_group("general/electrodes")
        group = f.create_group("general/shank")
        table["group"] = np.array([group.ref] * CHANNELS, h5py.ref_dtype)
        table["index"] = np.arange(CHANNELS)
        series["electrodes"] = np.arange(CHANNELS)
        series["electrodes"].attrs["table"] = table.ref
        series["electrodes"].attrs["null"] = h5py.Reference()
        pair = np.dtype([("where", h5py.ref_dtype), ("count", "i4"), ("name", h5py.string_dtype())])
        rows = np.empty(2, pair)
        rows[0] = (data.ref, 3, "the data")
        rows[1] = (f["acquisition"].ref, 4, "its group")
        table.create_dataset("pairs", data=rows)
        table.attrs["one_pair"] = rows[0]
        lists = np.empty(2, object)
        lists[0] = np.array([group.ref, data.ref], h5py.ref_dtype)
        lists[1] = np.array([], h5py.ref_dtype)
        table.attrs.create("lists", lists, dtype=h5py.vlen_dtype(h5py.ref_dtype))
        times = f.create_dataset("times", data=np.arange(SAMPLES) / 1000.0)
        times.make_scale("seconds")
        data.dims[0].attach_scale(times)
        f["named"] = np.dtype([("x", "f8"), ("y", "i2")])
        f.create_dataset("points", data=np.zeros(3, f["named"].dtype), dtype=f["named"])
        group.attrs.create("point", np.zeros((), f["named"].dtype), dtype=f["named"])
        group.attrs["words"] = ["first", "second", "dritte \u00fc"]
        group.attrs["fixed"] = np.array([b"ab", b"cde"])
        group.attrs["matrix"] = np.arange(6.0).reshape(2, 3)
        group.attrs["nothing"] = h5py.Empty("f4")
        group.attrs["yes"] = True
        group["back"] = f["general"]
        f["again"] = series["electrodes"]
        f["soft"] = h5py.SoftLink("/acquisition/probe/data")
        f["dangling"] = h5py.SoftLink("/not/there")
        f["outside"] = h5py.ExternalLink("beside.h5", "/elsewhere")
        f.create_dataset("packed", data=np.arange(1000), chunks=(100,), compression=6)
    with h5py.File(f"{folder}/nwb_regions.h5", "w") as f:
        f.attrs["neurodata_type"] = "NWBFile"
        series = f.create_group("acquisition/probe")
        series.attrs["neurodata_type"] = "ElectricalSeries"
        series["data"] = pattern("f4").T
        series["timestamps"] = 100.0 + np.arange(SAMPLES) / 30000.0
        f.attrs["region"] = series["data"].regionref[0:2, 0:2]
    for name, second in (("nwb_two", "lfp"), ("nwb_gap", None)):
        with h5py.File(f"{folder}/{name}.h5", "w") as f:
            f.attrs["neurodata_type"] = "NWBFile"
            for group in filter(None, ("ap", second)):
                series = f.create_group(f"acquisition/{group}")
                series.attrs["neurodata_type"] = "ElectricalSeries"
                series["data"] = pattern("i2").T
                times = np.arange(SAMPLES) / 1000.0
                times[600:] += 0.005
                series["timestamps"] = times


def make_prodml(folder):
    for name, dimensions, axis in (("prodml", ["time", "locus"], 0), ("prodml_turned", ["locus", "time"], 1),
                                   ("prodml_joined", ["locus, time"], 1)):
        with h5py.File(f"{folder}/{name}.h5", "w") as f:
            f.create_group("Acquisition").attrs["schemaVersion"] = np.bytes_("2.1")
            f["Acquisition"].attrs["PulseRate"] = 4000.0
            raw = f.create_group("Acquisition/Raw[0]")
            raw.attrs["OutputDataRate"] = 200.0
            raw.attrs["RawDataUnit"] = "rad"
            data = put(raw, "RawData", pattern("f4"), axis)
            data.attrs["Dimensions"] = np.array(dimensions, "S")
            data.attrs["PartStartTime"] = np.bytes_("2024-05-01T00:00:00.000000+00:00")
            times = 1000000 + np.arange(SAMPLES, dtype="i8") * 5000
            if name == "prodml_turned":
                times[500:] += 40000
            raw["RawDataTime"] = times
    with h5py.File(f"{folder}/prodml_two.h5", "w") as f:
        for i in (0, 1):
            f[f"Acquisition/Raw[{i}]/RawData"] = pattern("f4")


def make_das(folder):
    """The layouts of makers of interrogators, with the names and types that DASCore and xdas read."""
    start = 1_600_000_000.25

    def scalars(file, values):
        for path, value in values.items():
            file[path] = value

    with h5py.File(f"{folder}/asn.h5", "w") as f:
        f["data"] = pattern("f4").T
        scalars(f, {"fileVersion": np.int32(7), "header/time": start, "header/dt": 0.002, "header/dx": 1.02,
                    "header/unit": np.bytes_("rad/m/s"), "header/channels": np.arange(CHANNELS) * 4,
                    "header/dimensionNames": np.array([b"time", b"distance"]),
                    "header/dimensionRanges/dimension0/max": np.int64(SAMPLES - 1),
                    "header/dimensionRanges/dimension0/min": np.int64(0),
                    "cableSpec/sensorDistances": np.arange(CHANNELS) * 4.08, "acqSpec/gaugeLength": 10.0})
    with h5py.File(f"{folder}/silixa.h5", "w") as f:
        f["Acoustic"] = pattern("i2").T
        for name, value in {"SamplingFrequency[Hz]": "1000", "Precise Sampling Frequency (Hz)": "999.9999",
                            "GPSTimeStamp": "31/05/2019 08:38:50.626928 (UTC)", "CPUTimeStamp": "31/05/2019 08:38:51",
                            "SpatialResolution[m]": "1.0", "Fibre Length Multiplier": "1.020952"}.items():
            f["Acoustic"].attrs[name] = value
    with h5py.File(f"{folder}/silixa_without_gps.h5", "w") as f:
        f["Acoustic"] = pattern("i2").T
        for name, value in {"SamplingFrequency[Hz]": "1000", "GPSTimeStamp": "NaT",
                            "CPUTimeStamp": "31/05/2019 08:38:51"}.items():
            f["Acoustic"].attrs[name] = value
    with h5py.File(f"{folder}/apsensing.h5", "w") as f:
        f["DAS"] = pattern("i4").T
        f.attrs["FileVersion"] = "1.0"
        scalars(f, {"ProcessingServer/DataRate": np.array([2000.0]), "ProcessingServer/SpatialSampling": 2.5,
                    "Metadata/Timestamp": "2020-09-13T12:26:40.250Z", "Metadata/Timezone": "UTC",
                    "Metadata/TraceCount": np.int32(SAMPLES), "DAQ/PositionStart": 0.0, "Interrogator/Name": "N52"})
    with h5py.File(f"{folder}/terra15.h5", "w") as f:
        f["data_product/data"] = pattern("f4").T
        f["data_product/data"].attrs["dT"] = 0.0011
        f["data_product/gps_time"] = start + np.arange(SAMPLES) / 1000.0
        f["data_product/posix_time"] = 7 + start + np.arange(SAMPLES) / 1000.0
        for name, value in {"file_version": "6", "sensing_range_start": 100.0, "dx": 0.817, "nx": CHANNELS,
                            "data_product_units": "s-1"}.items():
            f.attrs[name] = value
    with h5py.File(f"{folder}/gdr.h5", "w") as f:
        f["DasRawData/RawData"] = pattern("f4")
        f["DasRawData/RawData"].attrs["DasDimensions"] = ["locus", "time"]
        f["DasRawData/DasTimeArray"] = 1_600_000_000_250_000_000 + np.arange(SAMPLES, dtype="i8") * 4_000_000
        acquisition = f.create_group("DasMetadata/Interrogator/Acquisition")
        acquisition.attrs["UnitOfMeasure"] = "strain rate"
        acquisition.attrs["SpatialSamplingInterval"] = "1.5"
    with h5py.File(f"{folder}/das_rcn.h5", "w") as f:
        f["traces"] = pattern("f4").T
        for name, value in {"DASFileVersion": np.float16(0.92), "t0": start, "dt": np.float32(0.001),
                            "GL": np.float32(10), "domain": "Strainrate"}.items():
            f.attrs[name] = value
    with h5py.File(f"{folder}/febus.h5", "w") as f:
        f["fa1-1234/Source1/Zone1/StrainRate"] = np.zeros((3, 20, 5), "f4")
    with h5py.File(f"{folder}/nwb_lfp.h5", "w") as f:
        f.attrs["neurodata_type"] = "NWBFile"
        container = f.create_group("processing/ecephys/LFP")
        container.attrs["neurodata_type"] = "LFP"
        series = container.create_group("lfp")
        series.attrs["neurodata_type"] = "ElectricalSeries"
        series["data"] = pattern("i2").T
        series["timestamps"] = np.arange(SAMPLES) / 1250.0
        container["loop"] = f["processing"]


def make(folder):
    os.makedirs(folder, exist_ok=True)
    for step in (make_plain, make_virtual, make_wrong, make_nwb, make_prodml, make_das):
        step(folder)
