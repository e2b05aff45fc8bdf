"""Becomes the fork server: what happens once, before the first session."""

from __future__ import annotations

import os

from .control import ControlChannel
from .outputs import duplicate_privately
from .process import set_up_process
from .refusal import Refusal
from .supervisor import Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def main(descriptor: int) -> None:
    """Serves the control channel on a file descriptor until the host closes it, or is gone."""
    control = ControlChannel(duplicate_privately(descriptor))
    os.close(descriptor)
    plan = control.read_first()
    if plan is None:
        return
    try:
        enclosed = None
        if plan["sandbox"] is not None:
            from .enclosed import EnclosedHouseholds

            # Before anything is preloaded: it starts a process that has to be small.
            enclosed = EnclosedHouseholds(plan["sandbox"])
        namespace = set_up_process()
        if not _preload(plan["preload"], control):
            return
        Supervisor(control, plan, namespace, enclosed).run()
    except Refusal as error:
        control.send({"type": "sandbox-failed", "message": str(error)})


def _preload(modules: Iterable[str], control: ControlChannel) -> bool:
    for module in modules:
        control.send({"type": "importing", "module": module})
        try:
            __import__(module)
        except BaseException as error:
            message = f"{type(error).__name__}: {error}"
            control.send({"type": "import-failed", "module": module, "message": message})
            return False
    return True
