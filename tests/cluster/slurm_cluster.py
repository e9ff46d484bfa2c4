#!/usr/bin/env python3
"""A Slurm of two nodes, near and far, on this one machine. By hand, as root:

    tests/cluster/slurm_cluster.py COMMAND ...     runs the command where srun and sbatch speak to such a cluster

Each node has a network, a host name and a /dev/shm of its own, so that MPI sees two hosts; all other files are seen by
both. All of it lives in namespaces of this program: nothing of it is seen outside, two of them never meet, and when
the program ends, in whatever way, the kernel ends what it started.
"""
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile
import time

NODES = ("near", "far")
# More processors than the machine may have: the nodes share them, and so do the jobs.
PROCESSORS = 4
MEMORY_MIB = 1000
NETWORK = "10.99.0"
PATIENCE_SECONDS = 90
_INSIDE = "WEIR_SLURM_NAMESPACES"

_NAMESPACES = ["unshare", "--mount", "--uts", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]

# The first process of the namespaces: it collects what daemons leave, which a command of ours would not.
_FIRST = ["bash", "-c", '"$@"; exit $?', "first"]

_CONFIGURATION = """\
ClusterName=weir
SlurmctldHost=head({network}.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
TmpFS={folder}/tmp-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=5
DefMemPerNode={job_memory}
ReturnToService=2
KillWait=5
MpiDefault=pmix
NodeName={nodes} CPUs={processors} RealMemory={memory} State=UNKNOWN
PartitionName=all Nodes={nodes} Default=YES MaxTime=INFINITE State=UP
"""

# What a node does before its daemon: it waits until its network is there.
_NODE = """\
set -e
read -r _
hostname "$1"
ip link set lo up
ip address add "$2/24" dev eth0
ip link set eth0 up
mount -t tmpfs -o size=50% tmpfs /dev/shm
exec slurmd -D -f "$3/slurm.conf" -N "$1"
"""


class CannotStart(Exception):
    """Why this machine has no such cluster, in one line."""


def enter(arguments):
    """Goes on with this program, called with `arguments`, in namespaces of its own; returns once it is there. Raises
    CannotStart."""
    if os.environ.get(_INSIDE):
        return
    if os.geteuid() != 0:
        raise CannotStart("Slurm's daemons want root")
    os.environ["PATH"] += ":/usr/sbin:/sbin"  # where the daemons are, for root's shells that do not look there
    wanted = {"slurmctld": "slurm-wlm", "slurmd": "slurm-wlm", "srun": "slurm-wlm", "munged": "munge", "ip": "iproute2"}
    missing = {package for program, package in wanted.items() if not shutil.which(program)}
    if missing:
        raise CannotStart(f"the packages {' '.join(sorted(missing))} are not installed")
    probe = subprocess.run([*_NAMESPACES, "sh", "-c", "ip link add weir0 type bridge && hostname head"],
                           capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        raise CannotStart(f"this machine lets nobody make the namespaces that stand for nodes ({probe.stderr.strip()})")
    os.execvpe("unshare", [*_NAMESPACES, *_FIRST, sys.executable, *arguments], {**os.environ, _INSIDE: "1"})


class Cluster:
    """Started by its constructor, inside of enter()'s namespaces; close() ends it. `environment` is what commands
    want to speak to it, and `folder` one that all nodes see."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-cluster-"))
        # MPI names its folders by host and process, and another cluster may have the same of both.
        # Slurm's other way to synchronise the ranks that srun starts, a tree, lets some go before others have come: these
        # crash in MPI_Init (3 of 100 starts with a tree alone, 0 of 600 with the ring; Slurm 22.05, Open MPI 4.1.4).
        self.environment = {"SLURM_CONF": str(self.folder / "slurm.conf"), "TMPDIR": str(self.folder / "tmp"),
                            "SLURM_PMIX_FENCE": "ring"}
        self._daemons = {}
        try:
            self._configure()
            self._start_head()
            for number, node in enumerate(NODES):
                self._start_node(node, f"{NETWORK}.{10 + number}")
            self._await(lambda: self.output("sinfo", "-h", "-t", "idle", "-o", "%D").strip() == str(len(NODES)),
                        "the nodes did not come up")
        except BaseException:
            self.close()
            raise

    def close(self):
        for daemon in self._daemons.values():
            daemon.terminate()
        for daemon in self._daemons.values():
            try:
                daemon.wait(timeout=10)
            except subprocess.TimeoutExpired:
                daemon.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def output(self, *command):
        """What a command of Slurm's says."""
        return subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True, text=True,
                              timeout=PATIENCE_SECONDS, check=False).stdout

    def process_of(self, node):
        """The process whose namespaces are the node."""
        return self._daemons[node].pid

    def on_node(self, node, *command):
        """Runs a command on a node, without Slurm."""
        subprocess.run(["nsenter", "--target", str(self.process_of(node)), "--mount", "--uts", "--net", *command],
                       check=True, timeout=PATIENCE_SECONDS)

    def _configure(self):
        os.chmod(self.folder, 0o755)
        for name in ("state", "munge", "tmp", *(f"tmp-{node}" for node in NODES)):
            (self.folder / name).mkdir()
        (self.folder / "munge" / "key").write_bytes(os.urandom(128))
        (self.folder / "munge" / "key").chmod(0o400)
        addresses = {"head": 1, **{node: 10 + number for number, node in enumerate(NODES)}}
        (self.folder / "hosts").write_text(
            "127.0.0.1 localhost\n" + "".join(f"{NETWORK}.{last} {name}\n" for name, last in addresses.items()))
        (self.folder / "slurm.conf").write_text(
            _CONFIGURATION.format(folder=self.folder, network=NETWORK, nodes=",".join(NODES), processors=PROCESSORS,
                                  memory=MEMORY_MIB, job_memory=MEMORY_MIB // 2))

    def _start_head(self):
        for command in (["hostname", "head"], ["mount", "--bind", str(self.folder / "hosts"), "/etc/hosts"],
                        ["ip", "link", "set", "lo", "up"], ["ip", "link", "add", "weir0", "type", "bridge"],
                        ["ip", "address", "add", f"{NETWORK}.1/24", "dev", "weir0"],
                        ["ip", "link", "set", "weir0", "up"]):
            self._prepare(command)
        munge = self.folder / "munge"
        self._daemons["munged"] = self._daemon(
            "munged", ["munged", "--foreground", "--force", f"--socket={munge}/socket", f"--key-file={munge}/key",
                       f"--pid-file={munge}/pid", f"--seed-file={munge}/seed", f"--log-file={munge}/log"])
        self._await((munge / "socket").exists, "munged did not start")
        self._daemons["slurmctld"] = self._daemon("slurmctld", ["slurmctld", "-D", "-f", self.environment["SLURM_CONF"]])

    def _start_node(self, node, address):
        daemon = self._daemon(f"slurmd-{node}", ["unshare", "--mount", "--uts", "--net", "bash", "-c", _NODE, "node",
                                                 node, address, str(self.folder)], stdin=subprocess.PIPE)
        self._daemons[node] = daemon
        ours = os.readlink("/proc/self/ns/net")
        self._await(lambda: os.readlink(f"/proc/{daemon.pid}/ns/net") != ours, f"{node} got no network of its own")
        for command in (["ip", "link", "add", f"to-{node}", "type", "veth", "peer", "name", "eth0", "netns",
                         str(daemon.pid)], ["ip", "link", "set", f"to-{node}", "master", "weir0", "up"]):
            self._prepare(command)
        daemon.stdin.write(b"\n")
        daemon.stdin.close()

    def _prepare(self, command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise CannotStart(f"'{' '.join(command)}' is refused here ({done.stderr.strip()})")

    def _daemon(self, name, command, **how):
        with open(self.folder / f"{name}.log", "wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT,
                                    env={**os.environ, **self.environment}, **{"stdin": subprocess.DEVNULL, **how})

    def _await(self, is_so, complaint):
        end = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            dead = [name for name, daemon in self._daemons.items() if daemon.poll() is not None]
            if dead or time.monotonic() > end:
                logs = "".join((self.folder / name).read_text(errors="replace")
                               for name in sorted(os.listdir(self.folder)) if name.endswith(".log"))
                raise CannotStart(f"{complaint}; {' '.join(dead)} said:\n{logs[-3000:]}")
            time.sleep(0.1)


def main():
    try:
        enter([os.path.abspath(__file__), *sys.argv[1:]])
        cluster = Cluster()
    except CannotStart as reason:
        sys.exit(f"there is no cluster: {reason}")
    try:
        command = sys.argv[1:] or [pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"]
        sys.exit(subprocess.run(command, env={**os.environ, **cluster.environment}, check=False).returncode)
    finally:
        cluster.close()


if __name__ == "__main__":
    main()
