"""File systems of a test's own, in a mount namespace that a test program enters with all its tests."""
import os
import subprocess
import sys
import unittest

import program

_MAY_MOUNT = "WEIR_TEST_MAY_MOUNT"


def enter_mount_namespace():
    """Goes on with this program where it may mount file systems that nobody else sees, if this machine allows that."""
    if _MAY_MOUNT in os.environ:
        return
    rights = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    unshare = ["unshare", *rights, "--mount"]
    try:
        can = subprocess.run([*unshare, "mount", "-t", "tmpfs", "weir", "/mnt"], capture_output=True,
                             check=False).returncode == 0
    except OSError:
        can = False
    if can:
        os.execvpe("unshare", [*unshare, sys.executable, *sys.argv], {**os.environ, _MAY_MOUNT: "1"})


def mounts(test):
    return unittest.skipUnless(_MAY_MOUNT in os.environ, "a file system cannot be mounted here")(test)


class MountingTest:
    """Mixed into a test case with a folder of its own."""

    def mount(self, folder, *options):
        """A file system in memory, on a folder that is made for it."""
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", *options, "weir", str(folder)], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(folder)], check=True)
        return folder

    def mount_with_quota(self, folder):
        """A file system on which quota() works: btrfs, whose quotas hold for root too."""
        image = self.folder / "image"
        with open(image, "wb") as file:
            file.truncate(256 << 20)
        folder.mkdir()
        try:
            for command in (["mkfs.btrfs", "-q", str(image)], ["mount", "-o", "loop", str(image), str(folder)]):
                subprocess.run(command, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("a file system with quotas cannot be made here: it takes root, btrfs-progs and a loop device")
        self.addCleanup(subprocess.run, ["umount", str(folder)], check=True)
        subprocess.run(["btrfs", "quota", "enable", str(folder)], check=True)
        return folder

    def quota(self, folder, limit):
        subprocess.run(["btrfs", "qgroup", "limit", limit, str(folder)], check=True)


def main():
    """As program.main, with leave to mount where there is any."""
    enter_mount_namespace()
    program.main()
