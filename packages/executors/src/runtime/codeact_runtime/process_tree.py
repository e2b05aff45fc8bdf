"""What Linux offers a process that answers for all of its descendants."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def set_subreaper(enabled: bool) -> None:
    """Decides whether orphans among the descendants become children of this process."""
    _control_process(_PR_SET_CHILD_SUBREAPER, int(enabled))


def end_with(parent: int) -> None:
    """Makes the kernel kill this process when its parent ends."""
    _control_process(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        # It ended before the kernel was told.
        os._exit(0)


def end_with_host() -> None:
    """Does the same for a host that is the parent, as far as the system can.

    The end of the channel does not reach a call that never returns.
    """
    if sys.platform != "linux":
        return
    try:
        end_with(os.getppid())
    except (ImportError, OSError):
        # A Python may have been built without `_ctypes`.
        return


def children_of(pid: int) -> list[int]:
    """The children of all threads of a process."""
    children: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                children += [int(child) for child in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        # It has ended, or the kernel was built without this list.
        return children or _children_by_search(pid)
    return children


def descendants_of(pid: int) -> list[int]:
    """All processes below a process, parents first."""
    found = children_of(pid)
    for child in found:
        # The list grows while it is walked.
        found += children_of(child)
    return found


def parent_of(pid: int) -> int:
    """The parent of a process; 0 if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # The name stands in parentheses and may itself hold any character.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def is_below(pid: int, ancestor: int) -> bool:
    """Whether a process descends from another."""
    while pid > 1:
        pid = parent_of(pid)
        if pid == ancestor:
            return True
    return False


def send_signal(pid: int, number: int) -> None:
    """Sends a signal; a process that has ended meanwhile needs none. Negative for a group."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _children_by_search(pid: int) -> list[int]:
    if os.path.exists(f"/proc/self/task/{os.getpid()}/children"):
        return []
    numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [number for number in numbers if parent_of(number) == pid]


def _control_process(operation: int, argument: int) -> None:
    # Not `ctypes`, which takes several times as long to import; some Pythons have neither.
    import _ctypes

    this_program: Any = None
    function: Any = _ctypes.dlsym(_ctypes.dlopen(this_program, 0), "prctl")
    if _ctypes.call_function(function, (operation, argument, 0, 0, 0)) != 0:
        raise OSError(f"prctl({operation}, {argument}) failed")
