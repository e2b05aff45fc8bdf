"""What is different in IPython while a cell of ours runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from ..display import plain_text
from ..process import _refuse_breakpoint, _refuse_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .session import KernelSession

_HIDDEN_NAMES: dict[str, Any] = {"_oh": {}, "_ih": [""], "_dh": [], "In": [""], "Out": {}}
_FINISH_SECONDS = 0.25


class _Reported(Exception):
    """Stands for the error of a cell, which our report describes."""


class _PlainFormatter:
    """`text/plain` as everywhere else: IPython's own takes for ever on deep values."""

    original: Any
    session: Any

    def __init__(self, original: Any, session: KernelSession) -> None:
        self.__dict__.update(original=original, session=session)

    def __call__(self, value: Any) -> Any:
        return self.original(value) if self.session.cell is None else plain_text(value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.original, name, value)


class ShellChanges:
    """Replaces methods of the shell and of its kernel by ones that look whose cell runs."""

    def __init__(self, shell: Any, session: KernelSession) -> None:
        self._shell = shell
        self._session = session
        self._undo: list[tuple[Any, str]] = []
        kernel = shell.kernel
        self._replace(shell, "showtraceback", self._show_error)
        self._replace(shell, "showsyntaxerror", self._show_error)
        self._replace(shell, "showindentationerror", self._show_error)
        self._replace(shell, "system", self._run_command)
        formatters = shell.display_formatter.formatters
        formatters["text/plain"] = _PlainFormatter(formatters["text/plain"], session)
        self._keep_leading_lines(shell.input_transformer_manager.cleanup_transforms)
        self._end_process = (os._exit, os.abort)
        os._exit = self._exit_with_output
        os.abort = self._abort_with_output
        self._replace(kernel, "raw_input", _refuse)
        self._replace(kernel, "getpass", _refuse)
        self._breakpoint_hook = sys.breakpointhook
        sys.breakpointhook = _refuse_breakpoint
        shell.events.register("post_run_cell", self._after_run)

    def uninstall(self) -> None:
        """Gives the shell its own methods back."""
        for target, name in self._undo:
            delattr(target, name)
        sys.breakpointhook = self._breakpoint_hook
        os._exit, os.abort = self._end_process
        formatters = self._shell.display_formatter.formatters
        formatters["text/plain"] = formatters["text/plain"].original
        self._transforms[:] = self._original_transforms
        self._shell.events.unregister("post_run_cell", self._after_run)

    def begin_cell(self) -> None:
        """Repairs what IPython cannot do without, for cells may clear their namespace."""
        namespace = self._shell.user_ns
        for name, value in _HIDDEN_NAMES.items():
            if name not in namespace:
                namespace[name] = value.copy()
        namespace.setdefault("get_ipython", self._shell.get_ipython)
        if self._after_run not in self._shell.events.callbacks["post_run_cell"]:
            self._shell.events.register("post_run_cell", self._after_run)

    def _replace(self, target: Any, name: str, own: Any) -> None:
        original = getattr(target, name)

        def method(*arguments: Any, **named: Any) -> Any:
            if self._session.cell is None:
                return original(*arguments, **named)
            return own(*arguments, **named)

        setattr(target, name, method)
        self._undo.append((target, name))

    def _keep_leading_lines(self, transforms: list[Any]) -> None:
        """IPython drops empty lines at the beginning, and every line after has another number."""
        self._transforms = transforms
        self._original_transforms = list(transforms)
        drop = transforms[0]

        def keep(lines: list[str]) -> Any:
            first = next((line for line in lines if line.strip()), "")
            if self._session.cell is None or first.startswith("%%"):
                return drop(lines)
            return lines

        if getattr(drop, "__name__", "") == "leading_empty_lines":
            transforms[0] = keep

    def _exit_with_output(self, status: int) -> Any:
        self._session.deliver_output()
        self._end_process[0](status)

    def _abort_with_output(self) -> Any:
        self._session.deliver_output()
        self._end_process[1]()

    def _show_error(self, *_arguments: Any, **_named: Any) -> None:
        # The report of the cell tells it. A value whose display fails is told of nowhere else.
        self._shell._last_traceback = []
        self._session.note_shown_error(sys.exc_info()[1])

    def _after_run(self, result: Any) -> None:
        if self._session.cell is not None and result is not None:
            error = result.error_before_exec or result.error_in_exec
            self._session.end_by_tool_or_error(error)
            if error is not None:
                # ipykernel calls `str` of it, which is the user's and may raise.
                result.error_before_exec = None
                result.error_in_exec = _Reported()

    def _run_command(self, command: str) -> None:
        """`!command`: with the cell's output, and nothing to read."""
        command = self._shell.var_expand(command, depth=2)
        process = subprocess.Popen(
            command, shell=True, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            status = process.wait()
        except BaseException:
            _end_group(process)
            raise
        self._shell.user_ns["_exit_code"] = status


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(_FINISH_SECONDS)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _refuse(*_arguments: Any, **_named: Any) -> Any:
    return _refuse_input()
