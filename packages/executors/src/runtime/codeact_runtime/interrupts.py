"""SIGINT becomes KeyboardInterrupt while user code runs, and nothing at any other time."""

from __future__ import annotations

import signal
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable


class Interrupts:
    """Decides what SIGINT does.

    An exception must not strike between two steps of the runtime that belong together, for
    example in the middle of a frame. Such functions are *protected*: a signal that arrives in one
    of them is remembered, and raised when it calls `raise_pending`. A protected function may call
    nothing written in Python in its delicate part, because only the innermost frame is looked at.
    """

    def __init__(self) -> None:
        self.active = False
        self.received = False
        # While it is True, all functions that the main thread calls count as protected.
        self.held = False
        self._pending = False
        self._deferred: list[Callable[[], None]] = []
        self._cell_is_open = False
        self._requested_cell: int | None = None
        self._protected: set[CodeType] = {Interrupts.guard.__code__}
        self._main_thread = get_ident()

    def install(self) -> None:
        """Takes over SIGINT; the calling thread must be the main thread."""
        signal.signal(signal.SIGINT, self.handle)

    def protect(self, code: CodeType) -> None:
        """Makes a function protected."""
        self._protected.add(code)

    def is_main_thread(self) -> bool:
        """Whether signals can strike in the calling thread."""
        return get_ident() == self._main_thread

    def request(self, cell: int) -> None:
        """Interrupts a cell from another thread, even where it sleeps or has not begun."""
        self._requested_cell = cell
        signal.pthread_kill(self._main_thread, signal.SIGINT)

    def is_delicate(self, frame: FrameType | None) -> bool:
        """Whether a signal has arrived in the middle of something that it must not cut."""
        return self.held or (frame is not None and frame.f_code in self._protected)

    def defer(self, action: Callable[[], None]) -> None:
        """Does something when the delicate part that is under way has ended."""
        self._deferred.append(action)

    def raise_pending(self) -> None:
        """Does and raises what a protected function held back."""
        if not (self._pending or self._deferred) or not self.is_main_thread():
            return
        while self._deferred:
            self._deferred.pop(0)()
        if self._pending and self.active:
            self._pending = False
            raise KeyboardInterrupt

    def open_cell(self, cell: int) -> None:
        """From now on SIGINT counts, first of all for `guard`; called by the main thread."""
        self.received = self._pending = False
        self._cell_is_open = True
        # In this order: a request that comes meanwhile is seen here or by the handler.
        if self._requested_cell == cell:
            self.received = self._pending = True

    def close_cell(self) -> None:
        """SIGINT means nothing any more."""
        self._cell_is_open = False

    def guard(self, run: Callable[[], Any]) -> tuple[Any, BaseException | None]:
        """Runs user code, the only time when it can be interrupted, and never raises."""
        self.active = True
        try:
            if self._pending:
                self._pending = False
                raise KeyboardInterrupt
            return run(), None
        except BaseException as error:
            return None, error
        finally:
            self.active = False

    def handle(self, _number: int, frame: FrameType | None) -> None:
        """The handler of SIGINT."""
        if not self._cell_is_open:
            return
        self.received = True
        if not self.active or self.is_delicate(frame):
            self._pending = True
        else:
            raise KeyboardInterrupt
