"""Which thread reads frames, and that none is lost between two."""

from __future__ import annotations

import sys
import time
import unittest
from pathlib import Path
from typing import Any, ClassVar

from support import Declaration, Host, SessionCase, Tool, declare, echo

DECLARATIONS = [
    declare("def echo(value=None):\n    ...", "echo", "value"),
    declare("def slow(value=None):\n    ...", "slow", "value"),
    declare("def large(value=None):\n    ...", "large", "value"),
]


def slow(tool_input: Any, _blobs: list[bytes]) -> Any:
    time.sleep(0.2)
    return tool_input


def large(_tool_input: Any, blobs: list[bytes]) -> Any:
    blobs.append(bytes(range(256)) * 8192)
    return {"bytes": {"$blob": 0}, "text": "é" * 50_000}


class ReadingTest(SessionCase):
    tools: ClassVar[dict[str, Tool]] = {"echo": echo, "slow": slow, "large": large}
    declarations: ClassVar[list[Declaration]] = DECLARATIONS

    def test_answers_for_threads_while_the_main_thread_computes(self) -> None:
        code = (
            "import threading\nanswers = []\n"
            "def ask():\n    for i in range(300): answers.append(echo(i))\n"
            "thread = threading.Thread(target=ask)\nthread.start()\n"
            "while thread.is_alive(): pass\nanswers == list(range(300))"
        )
        self.assertEqual(self.value(code), "True")

    def test_answers_for_threads_while_the_main_thread_waits(self) -> None:
        code = (
            "import threading\nanswers = []\n"
            "def ask():\n    for i in range(300): answers.append(echo(i))\n"
            "thread = threading.Thread(target=ask)\nthread.start()\n"
            "slept = [slow(i) for i in range(3)]\nthread.join()\n"
            "answers == list(range(300)) and slept == [0, 1, 2]"
        )
        self.assertEqual(self.value(code), "True")

    def test_calls_from_a_signal_handler_during_a_call(self) -> None:
        code = (
            "import signal\nanswers = []\n"
            "def ring(*_): answers.append((slow(2), echo(3)))\n"
            "signal.signal(signal.SIGALRM, ring)\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.1)\n"
            # The handler receives this answer too, and must not keep it.
            "answers.append(slow(1))\nanswers"
        )
        self.assertEqual(self.value(code), "[(2, 3), 1]")

    def test_large_answers(self) -> None:
        code = (
            "whole = {'bytes': bytes(range(256)) * 8192, 'text': 'é' * 50_000}\n"
            "all(answer == whole for answer in [large(), *large.map([1] * 5)])"
        )
        self.assertEqual(self.value(code), "True")

    def test_exceptions_from_signal_handlers_lose_no_bytes(self) -> None:
        code = (
            "import signal\n"
            "class Alarm(Exception): pass\n"
            "def ring(*_):\n    if armed: raise Alarm\n"
            "signal.signal(signal.SIGALRM, ring)\nrung = 0\narmed = False\n"
            "for i in range(150):\n"
            "    try:\n"
            "        armed = True\n"
            "        signal.setitimer(signal.ITIMER_REAL, 0.0002 + i * 0.00008)\n"
            "        large()\n        armed = False\n"
            "    except Alarm:\n        rung += 1\n"
            "signal.setitimer(signal.ITIMER_REAL, 0)\n"
            "rung > 20 and echo('whole') == 'whole'"
        )
        self.assertEqual(self.value(code), "True")

    def test_a_result_comes_after_the_text_before_it(self) -> None:
        for _ in range(50):
            result = self.run_ok("print('x' * 3000)\n5")
            self.assertEqual([kind for kind, _ in result.outputs], ["stdout", "result"])


@unittest.skipUnless(sys.platform == "linux", "counts context switches in /proc")
class IdleTest(unittest.TestCase):
    def test_nothing_wakes_an_idle_session(self) -> None:
        host = Host({}, DECLARATIONS)
        self.addCleanup(host.close)
        host.execute("1")
        time.sleep(0.2)
        before = self.count_switches(host.process.pid)
        time.sleep(1.5)
        self.assertEqual(self.count_switches(host.process.pid), before)

    def count_switches(self, process: int) -> int:
        total = 0
        for status in Path(f"/proc/{process}/task").glob("*/status"):
            for line in status.read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    total += int(line.split()[1])
        return total


if __name__ == "__main__":
    unittest.main()
