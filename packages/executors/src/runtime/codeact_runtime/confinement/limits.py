"""Limits by setrlimit."""

from __future__ import annotations

import os
import resource

from .errors import ConfinementError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .policy import Limits

# RLIMIT_MSGQUEUE, RLIMIT_NICE and RLIMIT_RTPRIO; Python does not name all of them everywhere.
_NEVER_NEEDED = (12, 13, 14)
_LOCKED_MEMORY_BYTES = 64 << 10
# The init process of the session counts as well.
_PROCESSES_OF_OURS = 1


def set_limits(limits: Limits) -> None:
    """Sets hard limits, so that nothing in the session can raise them."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_size_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_MEMLOCK, _LOCKED_MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        *((kind, 0) for kind in _NEVER_NEEDED),
    ):
        _limit(kind, value)
    if limits.cpu_seconds is not None:
        _limit(resource.RLIMIT_CPU, limits.cpu_seconds)


def limit_processes(limits: Limits) -> None:
    """Limits processes and threads, and makes sure that the kernel really counts them.

    It does not for the machine's root, and not for a process with privileges: drop them before.
    """
    resource.setrlimit(resource.RLIMIT_NPROC, (0, limits.processes + _PROCESSES_OF_OURS))
    try:
        child = os.fork()
    except OSError:
        _limit(resource.RLIMIT_NPROC, limits.processes + _PROCESSES_OF_OURS)
        return
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    raise ConfinementError(
        "limit the number of processes",
        "a process could be started beyond the limit, as the machine's root may always do",
        "Start the host as an ordinary user.",
    )


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
