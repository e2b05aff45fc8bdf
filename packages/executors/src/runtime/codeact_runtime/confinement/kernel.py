"""System calls by name."""

from __future__ import annotations

import ctypes
import os
import sys

from .errors import ConfinementError, SystemCallError
from .system_call_numbers import ARCHITECTURES, MACHINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    Argument = Union[int, bytes, ctypes.Array[ctypes.c_char], None]

_OLDEST_RELEASE = (5, 14)
_NUMBERS = ARCHITECTURES[MACHINE][1] if MACHINE in ARCHITECTURES else {}
# Loaded when first used: elsewhere than on Linux there is nothing to load.
_library: ctypes.CDLL | None = None


def require_linux() -> None:
    """Raises ConfinementError unless this is a Linux for which the confinement is written."""
    part = "isolate a session"
    if sys.platform != "linux":
        raise ConfinementError(
            part, f"it needs Linux, and this is {sys.platform}", "Run it in a Linux container."
        )
    if MACHINE not in ARCHITECTURES or sys.maxsize < 2**32:
        known = " and ".join(sorted(ARCHITECTURES))
        problem = f"it supports 64-bit Python on {known}, and this is {MACHINE}"
        raise ConfinementError(part, problem, "Run it on another machine.")
    release = os.uname().release
    version = tuple(int("".join(filter(str.isdigit, n)) or 0) for n in release.split(".")[:2])
    if version < _OLDEST_RELEASE:
        oldest = ".".join(map(str, _OLDEST_RELEASE))
        problem = f"it needs Linux {oldest} or newer, and this is {release}"
        raise ConfinementError(part, problem, "Older kernels count processes per user only.")


def system_call(name: str, *arguments: Argument) -> int:
    """Makes a system call and returns its result; raises SystemCallError when it fails."""
    global _library
    if _library is None:
        _library = ctypes.CDLL(None, use_errno=True)
        _library.syscall.restype = ctypes.c_long
    # Without a type, ctypes would pass 32 bits and leave the upper half of the register as it is.
    values = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result: int = _library.syscall(ctypes.c_long(_NUMBERS[name]), *values)
    if result < 0:
        raise SystemCallError(ctypes.get_errno(), name)
    return result
