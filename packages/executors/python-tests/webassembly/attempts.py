"""Attempts to get out of WebAssembly: one row for each. See `Attempt` for what a row means."""

from __future__ import annotations

import ast
import inspect
import json
import sys
import traceback
from typing import Any, NamedTuple

import toolbox
from attempts_on_files import FILE_ATTEMPTS
from attempts_on_javascript import JAVASCRIPT_ATTEMPTS
from attempts_on_machine import MACHINE_ATTEMPTS
from attempts_on_network import NETWORK_ATTEMPTS


class Attempt(NamedTuple):
    """Code that tries to reach the host.

    The code is an expression, or statements that set `escaped`: true when it got what it wanted. It
    may await, and sees the names of `toolbox.py`, and the world: what there is to get. It also
    succeeded if the file `marker` exists on the host afterwards, or the host's port was reached.
    """

    group: str
    name: str
    code: str
    # Why it cannot succeed in plain Pyodide either; empty where it does.
    without_control: str

    async def evaluate(self, world: dict[str, Any]) -> dict[str, Any]:
        """Runs it, and says whether it escaped; `broken` is a mistake in it."""
        names = {**vars(toolbox), **{name: sys.modules[name] for name in _MODULES}, **world}
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            try:
                escaped = eval(compile(self.code, self.name, "eval", flags), names)
                names["escaped"] = await escaped if inspect.isawaitable(escaped) else escaped
            except SyntaxError:
                running = eval(compile(self.code, self.name, "exec", flags), names)
                if inspect.isawaitable(running):
                    await running
            return {"escaped": bool(names["escaped"]), "detail": ""}
        except BaseException as error:
            answer = {"escaped": False, "detail": f"{type(error).__name__}: {error}"}
            if isinstance(error, (NameError, SyntaxError)):
                answer["broken"] = traceback.format_exc()
            return answer


_MODULES = ("asyncio", "ctypes", "gc", "importlib.util", "os", "socket", "subprocess", "sys")
for _name in _MODULES:
    __import__(_name)
_MODULES = (*_MODULES, "importlib")

ATTEMPTS = [
    Attempt(group, name, code, notes[0] if notes else "")
    for table in (JAVASCRIPT_ATTEMPTS, FILE_ATTEMPTS, NETWORK_ATTEMPTS, MACHINE_ATTEMPTS)
    for group, rows in table.items()
    for name, code, *notes in rows
]


async def attempt(index: int, world: str) -> str:
    """What became of one of them, as JSON; so is what it is told."""
    return json.dumps(await ATTEMPTS[index].evaluate(json.loads(world)))


async def control(world: str) -> str:
    """What became of an attempt that succeeds anywhere: at a file of its own."""
    code = "open(toolbox_path).read() != ''"
    names = {**json.loads(world), "toolbox_path": toolbox.__file__}
    return json.dumps(await Attempt("control", "own files", code, "").evaluate(names))


def rows() -> str:
    """All of them, as JSON."""
    return json.dumps([row._asdict() for row in ATTEMPTS])
