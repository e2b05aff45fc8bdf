"""A host for tests that start sessions by other means: prints its world, and lasts until told.

    world_server.py    # ends with its standard input
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "src" / "runtime")]

from attempts import ATTEMPTS  # noqa: E402
from world import World  # noqa: E402

if __name__ == "__main__":
    with World() as world:
        attempts = [attempt._asdict() for attempt in ATTEMPTS]
        print(json.dumps({"world": world.names, "attempts": attempts}), flush=True)
        sys.stdin.read()
