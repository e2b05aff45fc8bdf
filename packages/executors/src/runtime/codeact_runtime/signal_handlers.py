"""Signal handlers of user code: they strike that code, and never the runtime between two steps."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Callable

    from .interrupts import Interrupts


class SignalHandlers:
    """Takes the place of `signal.signal`.

    A handler runs wherever the main thread happens to be. In a delicate part of the runtime it has
    to wait until that is over. While no user code runs, for example between two cells, it has
    nothing to interrupt: what it raises is reported and goes no further.
    """

    def __init__(self, interrupts: Interrupts, report: Callable[[BaseException], None]) -> None:
        self._interrupts = interrupts
        self._report = report
        self._handlers: dict[int, Any] = {}
        self._is_outside = False
        self._set_handler: Any = signal.signal
        self._get_handler: Any = signal.getsignal

    def install(self) -> None:
        """From now on, user code sets its handlers here."""
        module: Any = signal
        module.signal = self._signal
        module.getsignal = self._getsignal

    def _signal(self, signalnum: Any, handler: Any) -> Any:
        """Set the action for the given signal; returns the previous one."""
        former = self._getsignal(signalnum)
        is_own = callable(handler) and handler != self._interrupts.handle
        self._set_handler(signalnum, self._strike if is_own else handler)
        self._handlers.pop(int(signalnum), None)
        if is_own:
            self._handlers[int(signalnum)] = handler
        return former

    def _getsignal(self, signalnum: Any) -> Any:
        """Return the current action for the given signal."""
        handler = self._get_handler(signalnum)
        return self._handlers.get(int(signalnum), handler) if handler == self._strike else handler

    def _strike(self, number: int, frame: FrameType | None) -> None:
        if self._interrupts.is_delicate(frame):
            self._interrupts.defer(lambda: self._run(number, frame))
        else:
            self._run(number, frame)

    def _run(self, number: int, frame: FrameType | None) -> None:
        handler = self._handlers.get(number)
        if handler is None:
            return
        if self._interrupts.active:
            handler(number, frame)
            return
        if self._is_outside:
            return  # A signal that comes faster than it can be handled.
        self._is_outside = True
        try:
            handler(number, frame)
        except BaseException as error:
            self._report(error)
        self._is_outside = False
