"""Batch jobs of a slurm_cluster: what is submitted, what becomes of it, and the ranks that run in it."""
import os
import pathlib
import re
import subprocess
import time

from interrupted import processes_of
from program import PATIENCE_SECONDS

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "jobs"


def await_that(is_so, complaint):
    """Waits for a state, with a limit that only a hang reaches; `complaint` is called to say what was seen instead."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(complaint())
        time.sleep(0.05)


def edited(script, folder, slurm, **values):
    """A copy of a script of jobs/ as a user edits it: `slurm` in place of its line of sizes, `values` as Bash writes
    them in place of what its variables hold."""
    text = (SCRIPTS / script).read_text()
    text, count = re.subn(r"(?m)^#SBATCH .*# edit$", f"#SBATCH {slurm}", text)
    assert count == 1, f"{script} has {count} lines of sizes"
    for name, value in values.items():
        text, count = re.subn(rf"(?m)^{name}=.*$", lambda _, name=name, value=value: f"{name}={value}", text)
        assert count == 1, f"{script} sets {name} {count} times"
    path = folder / script
    path.write_text(text)
    return path


class Job:
    """A job that was submitted. Its output, of each task if it is an array, goes to `folder`."""

    def __init__(self, cluster, folder, *sbatch, environment):
        self._cluster = cluster
        self._folder = folder
        done = subprocess.run(["sbatch", "--parsable", f"--output={folder}/%A-%a.log", *map(str, sbatch)], text=True,
                              env={**os.environ, **cluster.environment, **environment}, capture_output=True,
                              timeout=PATIENCE_SECONDS, check=False)
        assert done.returncode == 0, done.stderr
        self.number = done.stdout.strip()

    def log(self):
        return "".join(path.read_text(errors="replace")
                       for path in sorted(self._folder.glob(f"{self.number}-*.log")))

    def tasks(self):
        """What Slurm knows of the job, one dictionary for each task of an array."""
        lines = self._cluster.output("scontrol", "-o", "show", "job", self.number).splitlines()
        return [dict(re.findall(r"(\w+)=(\S*)", line)) for line in lines if line.startswith("JobId=")]

    def states(self):
        return {task["JobState"] for task in self.tasks()}

    def wait(self, *states):
        """Until all tasks are in one of the states."""
        await_that(lambda: (seen := self.states()) and seen <= set(states),
                   lambda: f"job {self.number} is {self.tasks()} and said:\n{self.log()}")

    def wait_for_the_end(self):
        self.wait("COMPLETED", "FAILED", "TIMEOUT", "NODE_FAIL", "CANCELLED")

    def begin_again(self):
        """Slurm lets a job that went back to its queue wait for minutes. This one need not, but for the seconds until
        its nodes take its new credential: those made in the second in which they revoked the old one they refuse."""
        self.wait("PENDING")
        self._cluster.output("scontrol", "update", f"JobId={self.number}", "StartTime=now+3")

    def signal_the_script(self, number):
        """As Slurm does with --signal=B: before the time limit."""
        self._cluster.output("scancel", f"--signal={number.value}", "--batch", self.number)

    def ranks(self, node=None):
        """The processes of the program that belong to the job, on one node or on all."""
        host = node and os.readlink(f"/proc/{self._cluster.process_of(node)}/ns/uts")
        found = []
        for pid in processes_of(f"SLURM_JOB_ID={self.number}\0"):
            try:
                if (pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "weir"
                        and host in (None, os.readlink(f"/proc/{pid}/ns/uts"))):
                    found.append(pid)
            except FileNotFoundError:
                pass
        return found
