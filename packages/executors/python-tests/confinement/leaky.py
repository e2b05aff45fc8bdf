"""A module to preload: like a careless library it leaves descriptors open that others inherit.

It reads the file that CODEACT_WORLD names. Whatever imports it can attempt things.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "src" / "runtime")]

import toolbox  # noqa: E402
from attempts import ATTEMPTS  # noqa: E402
from world import be_sibling  # noqa: E402, F401

WORLD: dict[str, Any] = json.loads(Path(os.environ["CODEACT_WORLD"]).read_text())
_NEW_MOUNTS_AND_NAMES = 0x20000 | 0x4000000
_PRIVATE = 1 << 18 | 0x4000


def _leak() -> dict[str, int]:
    # Kept alive for the socket's other end.
    ours, theirs = socket.socketpair()
    leaks = {
        "leaked_file": os.open(WORLD["secret"], os.O_RDONLY),
        "leaked_directory": os.open(WORLD["outside"], os.O_RDONLY),
        "leaked_device": os.open("/dev/zero", os.O_RDONLY),
        "leaked_socket": theirs.detach(),
        "other_end": ours.detach(),
    }
    for leak in leaks.values():
        os.set_inheritable(leak, True)
    return leaks


LEAKS = _leak()


def attempt(number: int, names: dict[str, Any], is_control: bool) -> str:
    """Makes an attempt in a session; returns its outcome as JSON."""
    world = {**WORLD, **LEAKS, **names, "mine": os.getcwd().encode()}
    if is_control and os.getuid() == 0:
        # What root mounts and names ends with this process.
        toolbox.checked(toolbox.sc("unshare", _NEW_MOUNTS_AND_NAMES)[0])
        toolbox.checked(toolbox.sc("mount", b"none", b"/", None, _PRIVATE, None)[0])
    if not ATTEMPTS[number].alone:
        return json.dumps(ATTEMPTS[number].evaluate(world))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(ATTEMPTS[number].evaluate(world)).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text
