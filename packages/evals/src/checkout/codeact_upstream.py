"""What the harnesses of upstream checkouts share: their code is imported as it is, quietly."""

import contextlib
import io
import os
import sys
import types
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """A checkout prints what it does; its users do not read it."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def stand_in(name: str, **members: Any) -> None:
    """Puts a module in the place of one that is imported and not used."""
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def enter(folder: str, work_there: bool = False) -> None:
    """Makes the modules of a folder importable, without leaving anything in it."""
    sys.dont_write_bytecode = True
    if folder not in sys.path:
        sys.path.insert(0, folder)
    if work_there:
        os.chdir(folder)
