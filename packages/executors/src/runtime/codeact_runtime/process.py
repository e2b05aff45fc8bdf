"""Prepares the process for user code: once, before a session serves a channel."""

from __future__ import annotations

import builtins
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, NoReturn

# A thread that computes must not delay the reader thread by Python's usual 5 ms.
_SWITCH_INTERVAL_SECONDS = 0.0005


class _Exit:
    """`exit` and `quit`: end the cell. Those of `site` would also close standard input."""

    def __call__(self, code: Any = None) -> NoReturn:
        raise SystemExit(code)

    def __repr__(self) -> str:
        return "Use exit() to end the cell."


def set_up_process() -> ModuleType:
    """Adapts interpreter-wide settings and gives user code a fresh `__main__`, which it returns."""
    sys.setswitchinterval(_SWITCH_INTERVAL_SECONDS)
    sys.argv = [""]
    _close_standard_input()
    # Also for the child processes of user code: there is no screen.
    os.environ.setdefault("MPLBACKEND", "Agg")
    names: Any = builtins
    names.exit = names.quit = _Exit()
    names.input = _refuse_input
    sys.breakpointhook = _refuse_breakpoint
    main = type(sys)("__main__")
    main.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = main
    return main


def enter_workspace(path: str) -> None:
    """Makes the workspace the working directory, and its modules importable."""
    os.chdir(path)
    sys.path.insert(0, path)


def _close_standard_input() -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    if null != 0:
        os.close(null)


def _refuse_input(prompt: object = "", /) -> NoReturn:
    """Not available: nobody is there to answer."""
    raise RuntimeError(
        "input() is not available: nobody is there to answer. Put the value into the code."
    )


def _refuse_breakpoint(*_arguments: Any, **_named: Any) -> NoReturn:
    raise RuntimeError("breakpoint() is not available: there is no debugger. Print what you need.")
