"""The session in WebAssembly: the shared one, on devices and with a single thread."""

from __future__ import annotations

import os
import sys
import time

from codeact_runtime.process import set_up_process
from codeact_runtime.session import Session, report_fault

from . import host_calls
from .channel import DeviceChannel
from .devices import Devices
from .interrupts import FlagInterrupts
from .lockdown import remove_javascript
from .outputs import DeviceOutputs
from .reader import DeviceReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, NoReturn


def main() -> NoReturn:
    """Serves the host until this interpreter ends."""
    namespace = set_up_process()
    remove_javascript()
    _reseed()
    devices = Devices()
    interrupts = FlagInterrupts()
    interrupts.install()
    channel = DeviceChannel(devices.channel, interrupts)
    reader = DeviceReader(devices, interrupts)
    try:
        hello = reader.read_first().header
        os.makedirs(hello["workspace"], exist_ok=True)
        PyodideSession(channel, reader, interrupts, namespace.__dict__, None, hello).run()
    except BaseException as error:
        report_fault(channel, error)


def _reseed() -> None:
    # The memory may be a snapshot, in which all interpreters begin with the same numbers.
    random = sys.modules.get("random")
    if random is not None:
        random.seed()


class PyodideSession(Session):
    """Everything of one session."""

    _reader: DeviceReader

    def _open_outputs(self, _nonce: str) -> DeviceOutputs:
        return DeviceOutputs()

    def _start_reading(self) -> int:
        return 0

    def _install_process_hooks(self) -> None:
        reader = self._reader

        def sleep(seconds: Any, /) -> None:
            """Delay execution for a given number of seconds."""
            if seconds < 0:
                raise ValueError("sleep length must be non-negative")
            reader.sleep(float(seconds))

        # Emscripten's own cannot be interrupted.
        time.sleep = sleep
        host_calls.connect(self._tool_caller)

    def _adapt_asyncio(self, asyncio: ModuleType) -> None:
        from . import event_loop

        event_loop.install(self._reader.sleep)
