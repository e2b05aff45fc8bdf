"""The escape corpus: one row for each attempt. See `Attempt` for what a row means."""

from __future__ import annotations

import sys
import traceback
from typing import Any, NamedTuple

import toolbox

from attempts_on_files import FILE_ATTEMPTS
from attempts_on_kernel import KERNEL_ATTEMPTS
from attempts_on_network import NETWORK_ATTEMPTS
from attempts_on_processes import PROCESS_ATTEMPTS
from attempts_on_resources import RESOURCE_ATTEMPTS
from codeact_runtime.confinement.system_call_numbers import MACHINE


class Attempt(NamedTuple):
    """Code that tries to get out, and who can do it where nothing confines him.

    The code is an expression, or statements that set `escaped`: true when it got what it wanted. An
    exception, or a killed process, means that it did not. It sees the names of `toolbox.py`, and
    `world`, which tells what there is to get. With `marker` it wrote to `world["marker"]`, and it
    succeeded if that file exists outside afterwards.
    """

    group: str
    name: str
    code: str
    # Who succeeds without the sandbox: the same user, or only root.
    control: str
    # Not every machine has what it takes.
    optional: bool
    marker: bool
    # Works only in a process without other threads.
    alone: bool

    def evaluate(self, world: dict[str, Any]) -> dict[str, Any]:
        """Runs it, and says whether it escaped; `broken` is a mistake in it."""
        try:
            names = _names(world)
            try:
                escaped = bool(eval(compile(self.code, self.name, "eval"), names))
            except SyntaxError:
                exec(compile(self.code, self.name, "exec"), names)
                escaped = bool(names["escaped"])
            return {"escaped": escaped, "detail": ""}
        except BaseException as error:
            answer = {"escaped": False, "detail": f"{type(error).__name__}: {error}"}
            if isinstance(error, (NameError, KeyError, AttributeError, TypeError)):
                answer["broken"] = traceback.format_exc()
            return answer


def _names(world: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {**vars(toolbox), **world, "world": world, "sys": sys}
    for module in ("glob", "sqlite3", "asyncio", "urllib.request", "multiprocessing.connection"):
        __import__(module)
        names[module.split(".")[0]] = sys.modules[module.split(".")[0]]
    names["Listener"] = sys.modules["multiprocessing.connection"].Listener
    return names


def _load() -> list[Attempt]:
    attempts = []
    for table in (
        FILE_ATTEMPTS,
        NETWORK_ATTEMPTS,
        PROCESS_ATTEMPTS,
        KERNEL_ATTEMPTS,
        RESOURCE_ATTEMPTS,
    ):
        for group, rows in table.items():
            for name, code, *notes in rows:
                words = " ".join(notes).split()
                if "x86" in words and MACHINE != "x86_64":
                    continue
                control = "root" if "root" in words else "user"
                optional = "optional" in words
                marker, alone = "marker" in words, "alone" in words
                attempts.append(Attempt(group, name, code, control, optional, marker, alone))
    return attempts


ATTEMPTS = _load()
