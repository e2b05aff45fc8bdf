"""What the relay knows of the processes below it: all of them belong to the session."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

_PATIENCE_SECONDS = 2.0
_POLL_SECONDS = 0.01


def keep_orphans() -> None:
    """Makes orphans among the descendants children of this process, where the system can.

    Then nothing that a session starts can leave, and all of it is found when the session ends.
    """
    if sys.platform != "linux":
        return
    # A Python may have been built without `_ctypes`.
    with suppress(ImportError, OSError):
        from codeact_runtime.process_tree import set_subreaper

        set_subreaper(True)


def kill(pid: int) -> None:
    """Kills a process and what it has started; others may have left its group."""
    below = _descendants_of(pid)
    for each in [-pid, pid, *below]:
        send_signal(each, signal.SIGKILL)


def kill_orphans() -> None:
    """Kills everything below this process, and collects those that have ended."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        _reap()
        below = _descendants_of(os.getpid())
        if not below:
            return
        for pid in below:
            send_signal(pid, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def send_signal(pid: int, number: int) -> None:
    """Sends a signal; a process that has ended meanwhile needs none. Negative for a group."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass


def _descendants_of(pid: int) -> list[int]:
    if sys.platform != "linux":
        return []
    from codeact_runtime.process_tree import descendants_of

    return descendants_of(pid)
