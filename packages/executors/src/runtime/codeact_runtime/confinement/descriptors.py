"""Open files: a session has the given ones and no other."""

from __future__ import annotations

import os
import stat

from .errors import ConfinementError
from .kernel import system_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_HIGHEST = 0xFFFFFFFF
_STANDARD = (0, 1, 2)


def close_all_except(kept: Iterable[int]) -> None:
    """Closes every descriptor but these."""
    lowest = 0
    for descriptor in sorted(set(kept)):
        if descriptor > lowest:
            system_call("close_range", lowest, descriptor - 1, 0)
        lowest = descriptor + 1
    system_call("close_range", lowest, _HIGHEST, 0)


def check(kept: Iterable[int]) -> None:
    """Raises ConfinementError for a descriptor that leads out of the session."""
    for descriptor in sorted({*_STANDARD, *kept}):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if stat.S_ISDIR(mode) or stat.S_ISBLK(mode) or os.isatty(descriptor):
            kind = "a directory" if stat.S_ISDIR(mode) else "a device"
            raise ConfinementError(
                "hand descriptors to the session",
                f"descriptor {descriptor} is {kind} of the host",
                "Hand over pipes, sockets and ordinary files only.",
            )
