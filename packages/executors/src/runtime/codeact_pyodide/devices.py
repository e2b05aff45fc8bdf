"""The devices through which the runtime and the JavaScript around it talk."""

from __future__ import annotations

import os

# Carries the frames. Reads never block: they return nothing where there is nothing.
CHANNEL_PATH = "/dev/codeact-channel"
# A read of n bytes returns none: it waits up to n milliseconds until the channel can be read.
ARRIVAL_PATH = "/dev/codeact-arrival"

_MAX_WAIT_MILLISECONDS = 10_000


class Devices:
    """Both devices, opened."""

    def __init__(self) -> None:
        self.channel = os.open(CHANNEL_PATH, os.O_RDWR)
        self._arrival = os.open(ARRIVAL_PATH, os.O_RDONLY)
        # User code may replace what it finds in `os`.
        self._read = os.read

    def await_arrival(self, seconds: float | None) -> None:
        """Waits until the channel can be read; a signal handler may raise meanwhile."""
        milliseconds = _MAX_WAIT_MILLISECONDS
        if seconds is not None:
            # Rounded up: nobody may wake too early.
            milliseconds = min(milliseconds, int(seconds * 1000) + 1)
        self._read(self._arrival, milliseconds)
