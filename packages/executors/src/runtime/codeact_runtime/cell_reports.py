"""How a cell ended, and errors of threads, in words for the model."""

from __future__ import annotations

import sys

from .display import shorten
from .tool_calls import EndCell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .tracebacks import TracebackFormatter

_MAX_TRACEBACK_CHARACTERS = 50_000
_AWAIT_COMPLAINTS = (
    "'await' expression",
    "can't be awaited",
    "An asyncio.Future, a coroutine",
    "a coroutine was expected",
)
_AWAIT_HINT = (
    "(Tools are ordinary functions: call them without await. To overlap calls use "
    "tool.map([...]), or asyncio.to_thread(tool, ...) for each.)"
)


class CellReporter:
    """Describes the end of cells."""

    def __init__(
        self, cell_of: Callable[[str], int | None], workspace: str, has_tools: bool
    ) -> None:
        self._cell_of = cell_of
        self._workspaces = [workspace]
        self._has_tools = has_tools
        self._formatter: TracebackFormatter | None = None

    def report(self, error: BaseException | None, was_interrupted: bool) -> dict[str, Any]:
        """The members `status` and `error` of `done`."""
        if error is None or isinstance(error, EndCell) or _is_plain_exit(error):
            return {"status": "ok"}
        if _holds_only_end(error):
            return {"status": "ok"}
        return {"status": _failure(error, was_interrupted), "error": self._describe(error)}

    def add_workspace(self, workspace: str) -> None:
        """From now on, files of this directory are the model's own too."""
        self._workspaces.append(workspace)
        self._formatter = None

    def report_thread_error(self, arguments: Any) -> None:
        """The hook `threading.excepthook`: prints a trimmed traceback to stderr."""
        if issubclass(arguments.exc_type, (SystemExit, EndCell)):
            return
        name = getattr(arguments.thread, "name", "?")
        text = self._get_formatter().format(arguments.exc_value or arguments.exc_type())
        print(f"Exception in thread {name}:\n{text}", file=sys.stderr)

    def report_stray_error(self, error: BaseException) -> None:
        """Prints what a signal handler raised while no code of the user ran."""
        text = self._get_formatter().format(error)
        print(f"Exception in a signal handler:\n{text}", file=sys.stderr)

    def _describe(self, error: BaseException) -> dict[str, Any]:
        description = self._get_formatter().describe(error)
        hint = self._hint(error, description["message"])
        if hint:
            description["message"] += f" {hint}"
            description["traceback"] += f" {hint}"
        description["traceback"] = shorten(description["traceback"], _MAX_TRACEBACK_CHARACTERS)
        return description

    def _hint(self, error: BaseException, message: str) -> str:
        if isinstance(error, SystemExit):
            return "" if isinstance(error.code, str) else "(the code called exit with this status)"
        if not self._has_tools or not isinstance(error, TypeError):
            return ""
        misused = any(complaint in message for complaint in _AWAIT_COMPLAINTS)
        return _AWAIT_HINT if misused else ""

    def _get_formatter(self) -> TracebackFormatter:
        if self._formatter is None:
            from .tracebacks import TracebackFormatter

            self._formatter = TracebackFormatter(self._cell_of, self._workspaces)
        return self._formatter


def minimal_report(error: BaseException | None, was_interrupted: bool) -> dict[str, Any]:
    """For an exception that defies description, for example because its `str` never ends."""
    name = type(error).__name__
    text = f"{name}: (this exception cannot be described)"
    description = {"type": name, "message": "", "traceback": text, "frames": []}
    return {"status": _failure(error, was_interrupted), "error": description}


def _failure(error: BaseException | None, was_interrupted: bool) -> str:
    is_interrupt = was_interrupted and isinstance(error, KeyboardInterrupt)
    return "interrupted" if is_interrupt else "error"


def _is_plain_exit(error: BaseException) -> bool:
    return isinstance(error, SystemExit) and error.code in (None, 0, False)


def _holds_only_end(error: BaseException) -> bool:
    # A task group wraps what its tasks raise.
    members = getattr(error, "exceptions", None)
    if not isinstance(members, tuple) or isinstance(error, Exception):
        return False
    return any(isinstance(member, EndCell) or _holds_only_end(member) for member in members)
