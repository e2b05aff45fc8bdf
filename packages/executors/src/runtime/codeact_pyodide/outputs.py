"""Standard output and standard error, which Pyodide hands to the host in their order."""

from __future__ import annotations

import os
import sys

from codeact_runtime.outputs import Outputs, standard_stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codeact_runtime.outputs import StandardStream

_DEVICES = {1: "/dev/stdout", 2: "/dev/stderr"}


class DeviceOutputs(Outputs):
    """The text streams. Frames and output take one way to the host, so no marks are needed."""

    def __init__(self) -> None:
        self.stdout: StandardStream = standard_stream(1)
        self.stderr: StandardStream = standard_stream(2)
        self._devices = {number: _device(number) for number in _DEVICES}

    def install(self) -> None:
        """Replaces `sys.stdout` and `sys.stderr`."""
        sys.stdout = sys.__stdout__ = self.stdout  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = self.stderr  # type: ignore[misc]

    def synchronise(self) -> None:
        """No mark."""

    def place_mark(self) -> None:  # type: ignore[override]
        """No mark."""

    def restore_descriptors(self) -> None:
        """Opens 1 and 2 again where user code closed or redirected them."""
        for number, path in _DEVICES.items():
            if _device(number) != self._devices[number]:
                opened = os.open(path, os.O_WRONLY)
                if opened != number:
                    os.dup2(opened, number)
                    os.close(opened)


def _device(descriptor: int) -> int | None:
    try:
        return os.fstat(descriptor).st_rdev
    except OSError:
        return None
