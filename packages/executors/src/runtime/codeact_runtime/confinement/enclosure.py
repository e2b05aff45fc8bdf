"""An enclosure: namespaces and a file system, into which a process is forked and confined."""

from __future__ import annotations

import contextlib
import os
import signal

from . import descriptors, landlock, limits, privileges, seccomp
from .errors import Part
from .file_system import DEVICES, HOME, SHARED_MEMORY, TEMPORARY, USER
from .files import write_file
from .kernel import system_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .policy import Limits
    from .warden import Plan

_NEW_PROCESSES = 0x20000000
# CLONE_NEWNS, CGROUP, UTS, IPC, USER and NET.
_OTHER_NAMESPACES = 0x5E020000
_PRIVATE_FILES = 0o077
# Where memory runs out, the kernel should end sessions first.
_FIRST_TO_GO = "1000"
_STANDARD_DESCRIPTORS = (0, 1, 2)


class Enclosure:
    """Made by `Sandbox.create_enclosure`, in the supervisor."""

    def __init__(
        self,
        plan: Plan,
        limits: Limits,
        writable_paths: Sequence[str],
        init: int,
        has_processes: bool,
    ) -> None:
        # The first process of the enclosure, by its number in the supervisor.
        self.init = init
        self._plan = plan
        self._limits = limits
        self._writable_paths = list(writable_paths)
        self._has_processes = has_processes
        with Part("make an enclosure"):
            self._init_descriptor = os.pidfd_open(init)

    def fork(self) -> int:
        """Like `os.fork`, but the child is inside; it has to call `enter` before anything else.

        From the first such call on, the supervisor can start no threads, and no other process than
        by this method: only root could have its children outside again.
        """
        with Part("start a process in the enclosure"):
            system_call("setns", self._init_descriptor, _NEW_PROCESSES)
            return os.fork()

    def enter(self, kept_descriptors: Collection[int], directory: str) -> None:
        """Confines the calling process, for good, and enters a directory.

        It was forked by `fork`, and has a single thread. Of its descriptors it keeps the standard
        ones and the given ones. Raises ConfinementError; the process must then report it and exit.
        """
        kept = {*_STANDARD_DESCRIPTORS, *kept_descriptors}
        descriptors.check(kept)
        with Part("offer the session to the kernel where memory runs out"):
            write_file("/proc/self/oom_score_adj", _FIRST_TO_GO)
        self._plan.identity.join(self._join_namespaces)
        os.setsid()
        os.umask(_PRIVATE_FILES)
        os.environ.update({"HOME": HOME, "TMPDIR": TEMPORARY, "USER": USER, "LOGNAME": USER})
        with Part("close the host's descriptors"):
            descriptors.close_all_except(kept)
        with Part("restrict files by Landlock"):
            privileges.forbid_new_privileges()
            self._restrict_files()
        with Part("drop all privileges"):
            privileges.drop_capabilities()
        with Part("set limits"):
            limits.set_limits(self._limits)
            limits.limit_processes(self._limits)
        with Part("filter system calls"):
            seccomp.install_filter(self._plan.filter_program)
        with Part(f"enter {directory}"):
            os.chdir(directory)

    def describe(self) -> list[str]:
        """What is enforced in it, in words."""
        limited = self._limits
        return [
            "namespaces: user, processes, mounts, network, IPC, host name, cgroups",
            "file system of its own, read-only except for the writable paths and /tmp",
            "/proc with the session's processes only" if self._has_processes else "no /proc",
            landlock.describe(self._plan.landlock_version),
            "seccomp filter of system calls",
            "no capabilities, no new privileges",
            f"limits: {limited.memory_bytes >> 20} MiB of memory for each process, "
            f"{limited.processes} processes, files of {limited.file_size_bytes >> 20} MiB",
        ]

    def destroy(self) -> None:
        """Kills everything inside; to be called once.

        The supervisor has to wait for the processes that it has forked into the enclosure; until
        then the end of the init process, whose parent it is as well, is not complete.
        """
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._init_descriptor, signal.SIGKILL)
        os.close(self._init_descriptor)

    def _join_namespaces(self) -> None:
        with Part("join the namespaces of the enclosure"):
            system_call("setns", self._init_descriptor, _OTHER_NAMESPACES)

    def _restrict_files(self) -> None:
        rules = landlock.Landlock(self._plan.landlock_version)
        rules.allow_reading("/")
        for path in (TEMPORARY, SHARED_MEMORY, *self._writable_paths):
            rules.allow_writing(path)
        for path in DEVICES:
            if os.path.exists(path):
                rules.allow_device(path)
        rules.enforce()
