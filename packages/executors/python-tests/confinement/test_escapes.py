"""The escape corpus: nothing succeeds in the sandbox, and everything does without it."""

from __future__ import annotations

import json
import os
import subprocess
import unittest
from pathlib import Path
from typing import Any

from launcher import HERE, USERS, python_for

_SECRET = "hostsecret-" + os.urandom(16).hex()
_FEWEST_ATTEMPTS = 150


class EscapeTest(unittest.TestCase):
    def run_corpus(self, user: int) -> list[dict[str, Any]]:
        # By root, who then becomes the user.
        python = python_for(user)
        finished = subprocess.run(
            [python, str(HERE / "corpus.py"), str(user)],
            env={"PATH": os.environ["PATH"], "CODEACT_HOST_SECRET": _SECRET},
            stdout=subprocess.PIPE,
            timeout=900,
            check=True,
        )
        rows: list[dict[str, Any]] = json.loads(finished.stdout)
        return rows

    def test_corpus(self) -> None:
        for user in USERS:
            rows = self.run_corpus(user)
            self.assertGreaterEqual(len(rows), _FEWEST_ATTEMPTS)
            for row in rows:
                with self.subTest(user=user, group=row["group"], name=row["name"]):
                    self.check(row, user)

    def check(self, row: dict[str, Any], user: int) -> None:
        inside, outside = row["inside"], row["outside"]
        # An attempt with a mistake would fail in both places, and prove nothing.
        self.assertNotIn("broken", outside)
        self.assertNotIn("broken", inside)
        self.assertFalse(inside["escaped"], "it got out")
        if not row["optional"] and (row["control"] == "user" or user == 0):
            self.assertTrue(outside["escaped"], f"the control fails: {outside}")


class TableTest(unittest.TestCase):
    def test_names_are_unique(self) -> None:
        script = (
            "import sys; sys.path[:0] = sys.argv[1:]; from attempts import ATTEMPTS; "
            "names = [a[:2] for a in ATTEMPTS]; assert len(names) == len(set(names)), names"
        )
        runtime = Path(HERE).parent.parent / "src" / "runtime"
        subprocess.run([python_for(os.getuid()), "-c", script, HERE, runtime], check=True)


if __name__ == "__main__":
    unittest.main()
