"""The escape corpus: one row for each attempt. See `Attempt` for what a row means."""

from __future__ import annotations

from typing import NamedTuple

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
                attempts.append(Attempt(group, name, code, control, optional, "marker" in words))
    return attempts


ATTEMPTS = _load()
