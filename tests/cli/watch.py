"""Counts what is done to the files of a folder, by the kernel's own account (inotify). For the tests in this folder."""
import collections
import ctypes
import os
import struct

ACCESS, OPEN, IS_FOLDER = 0x1, 0x20, 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


class Watch:
    """From its making on. Events that are alike and follow one another count as one."""

    def __init__(self, folder):
        self.queue = LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.queue < 0 or LIBC.inotify_add_watch(self.queue, os.fsencode(folder), ACCESS | OPEN) < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def take(self):
        """How often files were opened, and how often the folder itself was listed."""
        counts = collections.Counter()
        while True:
            try:
                events = os.read(self.queue, 1 << 16)
            except BlockingIOError:
                return counts["opened"], counts["listed"]
            while events:
                _, mask, _, length = struct.unpack_from("iIII", events)
                events = events[16 + length:]
                if mask & IS_FOLDER:
                    counts["listed"] += bool(mask & ACCESS)
                else:
                    counts["opened"] += bool(mask & OPEN)

    def close(self):
        os.close(self.queue)
