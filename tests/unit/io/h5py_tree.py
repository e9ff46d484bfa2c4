"""Compares what two HDF5 files hold beside a recording's values."""
import sys

import h5py
import numpy as np


def value_of(file, value):
    """A value that can be compared between files: references become the names of what they lead to."""
    if isinstance(value, h5py.Reference):
        return file[value].name if value else None
    if isinstance(value, h5py.Empty):
        return ("empty", value.dtype.str)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iufbS":
        return (value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, np.ndarray):
        return [value_of(file, item) for item in value] if value.ndim else value_of(file, value[()])
    if isinstance(value, np.void):
        return [value_of(file, value[name]) for name in value.dtype.names]
    return value


def attributes(file, item):
    return {name: (item.attrs.get_id(name).dtype.str if item.attrs.get_id(name).get_type() else "",
                   item.attrs.get_id(name).shape, value_of(file, item.attrs[name])) for name in item.attrs}


def name_of_type(file, dataset):
    """Name, among those in the root, of a dataset's named type."""
    kind = dataset.id.get_type()
    if not kind.committed():
        return None
    address = h5py.h5o.get_info(kind).addr
    return [name for name in file if isinstance(file.get(name, getlink=True), h5py.HardLink)
            and h5py.h5o.get_info(file[name].id).addr == address]


def links(group, path="", seen=None):
    """(path, link) for every link that leads somewhere new, not following circles."""
    seen = seen if seen is not None else set()
    for name in group:
        link = group.get(name, getlink=True)
        yield f"{path}/{name}", link
        if isinstance(link, h5py.HardLink) and isinstance(group[name], h5py.Group):
            number = h5py.h5o.get_info(group[name].id).addr
            if number not in seen:
                seen.add(number)
                yield from links(group[name], f"{path}/{name}", seen)


def tree(before, after, dataset):
    with h5py.File(before, "r") as a, h5py.File(after, "r") as b:
        for path, link in [("/", h5py.HardLink()), *links(a)]:
            target = path.replace("/provenance", "/provenance/previous", 1) if path.startswith("/provenance") else path
            other = b.get(target, getlink=True) if path != "/" else h5py.HardLink()
            if type(other) is not type(link):
                sys.exit(f"{path}: {other} in place of {link}")
            if not isinstance(link, h5py.HardLink):
                if (link.path, getattr(link, "filename", "")) != (other.path, getattr(other, "filename", "")):
                    sys.exit(f"{path}: leads elsewhere")
                continue
            mine, copy = a[path], b[target]
            if isinstance(mine, h5py.Datatype):
                if mine.dtype != copy.dtype:
                    sys.exit(f"{path}: another type")
                continue
            added = {"history", "filtering"}
            old = {k: v for k, v in attributes(a, mine).items() if k not in added}
            new = {k: v for k, v in attributes(b, copy).items() if k not in added}
            if repr(old) != repr(new):
                sys.exit(f"{path}: attributes {old} became {new}")
            if isinstance(mine, h5py.Group):
                if path != "/" and list(mine) != list(copy):
                    sys.exit(f"{path}: links in another order: {list(mine)}, {list(copy)}")
                continue
            if (mine.shape, mine.maxshape, mine.dtype) != (copy.shape, copy.maxshape, copy.dtype):
                sys.exit(f"{path}: another shape or type")
            if path != dataset and name_of_type(a, mine) != name_of_type(b, copy):
                sys.exit(f"{path}: its named type is gone")
            if path != dataset and repr(value_of(a, mine[()])) != repr(value_of(b, copy[()])):
                sys.exit(f"{path}: other values")
        if dataset and h5py.h5o.get_info(b[dataset].id).rc != h5py.h5o.get_info(a[dataset].id).rc:
            sys.exit("hard links became copies")
