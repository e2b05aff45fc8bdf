"""Receiving frames in the only thread there is."""

from __future__ import annotations

import os
from time import monotonic

from codeact_runtime.frame_reader import FrameReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from typing import NoReturn

    from codeact_runtime.frame_reader import Frame
    from codeact_runtime.interrupts import Interrupts

    from .devices import Devices

_READ_BYTES = 65_536


class DeviceReader(FrameReader):
    """Reads frames whenever the code waits for something."""

    def __init__(self, devices: Devices, interrupts: Interrupts) -> None:
        self._devices = devices
        self._interrupts = interrupts
        self._received = []
        self._open_frame_bytes = 0
        self._read = os.read

    def read_first(self) -> Frame:
        """The first frame of all."""
        frames: list[Frame] = []
        self.dispatch = frames.append
        while not frames:
            self._devices.await_arrival(None)
            self._read_available()
        return frames[0]

    def serve(self) -> NoReturn:
        """Not here: nobody else reads."""
        raise RuntimeError("there are no threads")

    def wait(self, arrived: LockType) -> None:
        """Waits until `arrived` can be acquired, because a frame was dispatched."""
        while not arrived.acquire(False):
            self._devices.await_arrival(None)
            self._take_arrived()

    def sleep(self, seconds: float) -> None:
        """Waits so long, and takes what comes meanwhile."""
        deadline = monotonic() + seconds
        while True:
            remaining = deadline - monotonic()
            if remaining <= 0:
                return
            self._devices.await_arrival(remaining)
            self._take_arrived()

    def _take_arrived(self) -> None:
        # Nothing may strike between reading and dispatching.
        interrupts = self._interrupts
        interrupts.held = True
        try:
            self._read_available()
        finally:
            interrupts.held = False
        interrupts.raise_pending()

    def _read_available(self) -> None:
        while True:
            data = self._read(self._devices.channel, _READ_BYTES)
            if not data:
                return
            self._received.append(data)
            self._take_frames()
