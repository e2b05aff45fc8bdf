"""How a cell of a kernel ended, in the form of the runtime protocol."""

from __future__ import annotations

import linecache

from ..cell_reports import CellReporter, minimal_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class KernelReporter:
    """Gives cells their names, and describes the errors in which they ended."""

    def __init__(self, shell: Any, workspace: str, has_tools: bool) -> None:
        self._numbers: dict[str, int] = {}
        self._cell: int | None = None
        self._error: BaseException | None = None
        self._shown: BaseException | None = None
        self._reporter = CellReporter(self._numbers.get, workspace, has_tools)
        self._compiler = shell.compile
        self._name_of = shell.compile.get_code_name
        shell.compile.get_code_name = self._code_name

    def uninstall(self) -> None:
        """Leaves the names of code to the kernel."""
        self._compiler.get_code_name = self._name_of

    def begin_cell(self, number: int, code: str) -> None:
        """From now on code is compiled in the name of this cell."""
        self._cell = number
        self._error = self._shown = None
        name = f"<cell {number}>"
        self._numbers[name] = number
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)

    def note(self, error: BaseException | None) -> None:
        """Takes the exception that ended the cell."""
        self._error = error

    def note_shown(self, error: BaseException | None) -> None:
        """Takes an exception that IPython would have printed."""
        self._shown = error

    def report(self, reply: dict[str, Any]) -> dict[str, Any]:
        """The members `status` and `error` of `done`."""
        self._cell = None
        error = self._error or self._shown
        self._error = self._shown = None
        if error is None and reply.get("status") == "error":
            return _report_of_reply(reply)
        try:
            # Describing calls user code once more: `str(error)`.
            return self._reporter.report(error, isinstance(error, KeyboardInterrupt))
        except BaseException:
            return minimal_report(error, False)

    def _code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        if self._cell is None:
            name: str = self._name_of(raw_code, transformed_code, number)
            return name
        return f"<cell {self._cell}>"


def _report_of_reply(reply: dict[str, Any]) -> dict[str, Any]:
    name, message = str(reply.get("ename", "Error")), str(reply.get("evalue", ""))[:10_000]
    text = f"{name}: {message}"
    error = {"type": name, "message": message, "traceback": text, "frames": []}
    return {"status": "error", "error": error}
