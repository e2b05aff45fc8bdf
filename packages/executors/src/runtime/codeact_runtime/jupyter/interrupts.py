"""SIGINT in a kernel: raises KeyboardInterrupt in the model's code, wherever that is.

ipykernel lets a signal cancel the task of a cell with top-level `await`, which does not help where
the code of that cell blocks, for example in a tool call.
"""

from __future__ import annotations

import os
import signal
from _thread import get_ident
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType
    from typing import Any


class KernelInterrupts:
    """Decides what SIGINT does while a cell of ours runs."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._run_code = type(kernel.shell).run_code.__code__
        self._cancel_on_sigint = kernel._cancel_on_sigint
        self._main_thread = get_ident()
        self._protected: set[CodeType] = set()
        self._task: Any = None
        self._pending = False
        self._cell: int | None = None
        kernel._cancel_on_sigint = self._watch_task

    def uninstall(self) -> None:
        """Gives the kernel its own behaviour back."""
        self._kernel._cancel_on_sigint = self._cancel_on_sigint

    def protect(self, code: CodeType) -> None:
        """Nothing is raised in this function, nor in what it calls; it looks itself."""
        self._protected.add(code)

    def begin_cell(self, cell: int) -> None:
        """From now on SIGINT counts; ipykernel restores the old handler after the cell."""
        self._cell = cell
        self._pending = False
        signal.signal(signal.SIGINT, self._handle)

    def end_cell(self) -> None:
        """SIGINT means nothing any more."""
        self._cell = None
        self._pending = False

    def request(self, cell: int, with_children: bool) -> None:
        """Interrupts that cell, if it still runs; called by the control thread."""
        if self._cell != cell:
            return
        process = os.getpid()
        if with_children and os.getpgid(process) == process:
            os.killpg(process, signal.SIGINT)
        else:
            signal.pthread_kill(self._main_thread, signal.SIGINT)

    def raise_pending(self) -> None:
        """Raises the KeyboardInterrupt that a protected function held back."""
        if self._pending and get_ident() == self._main_thread:
            self._pending = False
            raise KeyboardInterrupt

    def _handle(self, _number: int, frame: FrameType | None) -> None:
        if self._cell is None:
            return
        is_user_code = False
        while frame is not None:
            if frame.f_code in self._protected:
                self._pending = True
                return
            is_user_code = is_user_code or frame.f_code is self._run_code
            frame = frame.f_back
        if is_user_code:
            raise KeyboardInterrupt
        task = self._task
        if task is not None:
            task.get_loop().call_soon_threadsafe(task.cancel)

    @contextmanager
    def _watch_task(self, task: Any) -> Iterator[None]:
        if self._cell is None:
            with self._cancel_on_sigint(task):
                yield
            return
        self._task = task
        try:
            yield
        finally:
            self._task = None
