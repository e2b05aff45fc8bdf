"""Interrupts that come by a flag in shared memory, which Pyodide turns into SIGINT."""

from __future__ import annotations

from codeact_runtime.interrupts import Interrupts


class FlagInterrupts(Interrupts):
    """Decides what SIGINT does.

    The host sets the flag and sends the frame `interrupt`. The flag reaches code that runs or
    waits; the frame tells for which cell it is, and reaches one that has not begun.
    """

    def request(self, cell: int) -> None:
        """Interrupts a cell, unless the flag has done so before."""
        if not self.received:
            self._requested_cell = cell
            if self._cell_is_open:
                self.received = self._pending = True
