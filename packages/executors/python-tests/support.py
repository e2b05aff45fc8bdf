"""What the test cases share."""

from __future__ import annotations

import os
import sys
import unittest
from typing import Any, Callable, ClassVar

from host import Host, declare
from wire import Result

# For tests of single modules in this process.
RUNTIME_ROOT = os.path.join(os.path.dirname(__file__), "..", "src", "runtime")
if RUNTIME_ROOT not in sys.path:
    sys.path.insert(0, RUNTIME_ROOT)


Tool = Callable[..., Any]
Declaration = dict[str, Any]


class SessionCase(unittest.TestCase):
    """Tests that share one interpreter; each uses names of its own."""

    tools: ClassVar[dict[str, Tool]] = {}
    declarations: ClassVar[list[Declaration]] = []
    host: ClassVar[Host]

    @classmethod
    def setUpClass(cls) -> None:
        cls.host = Host(cls.tools, cls.declarations)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.host.close()

    def run_ok(self, code: str) -> Result:
        result = self.host.execute(code)
        self.assertEqual(result.status, "ok", result.traceback)
        return result

    def run_error(self, code: str, kind: str = "") -> Result:
        result = self.host.execute(code)
        self.assertEqual(result.status, "error")
        if kind:
            self.assertEqual(result.error["type"], kind, result.traceback)
        return result

    def value(self, code: str) -> Any:
        return self.run_ok(code).result


def echo(tool_input: Any, _blobs: list[bytes]) -> Any:
    """A tool that gives back the members of its input; for values without tags only."""
    return tool_input


__all__ = ["Declaration", "Host", "Result", "SessionCase", "Tool", "declare", "echo"]
