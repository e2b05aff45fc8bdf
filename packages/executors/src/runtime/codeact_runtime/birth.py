"""The birth of a session: what a process that the supervisor forked does before any user code."""

from __future__ import annotations

import os
import sys

from . import session
from .outputs import duplicate_privately
from .process_tree import end_with, set_subreaper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import NoReturn

    from .households import Household


def begin_session(
    channel: int, output: int, link: int, household: Household, namespace: ModuleType
) -> NoReturn:
    """Turns this process, a fresh fork of the supervisor, into a session and serves it.

    It is single-threaded, and nothing of the user has run. Raises what `confine` does.
    """
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    household.confine((channel, link))
    # Whatever leaves the process group stays below this process, so that it can be found.
    set_subreaper(True)
    end_with(household.parent_number)
    reseed()
    descriptor = duplicate_privately(channel)
    os.close(channel)
    private_link = duplicate_privately(link)
    os.close(link)
    session.serve(descriptor, namespace, private_link)


def reseed() -> None:
    """Gives a forked process random numbers of its own; `random` sees to itself."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
