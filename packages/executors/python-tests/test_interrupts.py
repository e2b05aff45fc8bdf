"""Interrupts: what they stop, what they leave whole."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import unittest
from typing import ClassVar

from support import Declaration, Host, SessionCase, Tool, declare, echo

DECLARATIONS = [
    declare("def echo(value=None):\n    ...", "echo", "value"),
    declare("def never(value=None):\n    ...", "never", "value"),
]


class InterruptTest(SessionCase):
    tools: ClassVar[dict[str, Tool]] = {"echo": echo}
    declarations: ClassVar[list[Declaration]] = DECLARATIONS

    def interrupt_cell(self, code: str, preparation: str = "kept = 'kept'") -> None:
        self.run_ok(f"{preparation}\nkept = 'kept'")
        started = "" if "started" in preparation else "print('started')\n"
        self.host.start_cell(started + code)
        self.host.wait_for_text("started")
        self.host.interrupt()
        result = self.host.wait_for_cell()
        self.assertEqual(result.status, "interrupted", result.traceback)
        self.assertEqual(result.error["type"], "KeyboardInterrupt")
        self.assertNotIn("codeact_runtime", result.traceback)
        self.assertEqual(self.value("kept"), "'kept'")

    def test_busy_loop(self) -> None:
        self.interrupt_cell("while True: pass")

    def test_sleep(self) -> None:
        self.interrupt_cell("import time\ntime.sleep(1000)")

    def test_pending_tool_call(self) -> None:
        self.interrupt_cell("never(1)")

    def test_pending_map(self) -> None:
        self.interrupt_cell("never.map([1, 2, 3])")

    def test_printing(self) -> None:
        self.interrupt_cell("while True: print('x')")

    def test_printing_errors(self) -> None:
        self.interrupt_cell("import sys\nwhile True: print('x', file=sys.stderr)")

    def test_displaying(self) -> None:
        self.interrupt_cell("while True: display(1)")

    def test_tool_calls(self) -> None:
        self.interrupt_cell("while True: echo(1)")

    def test_encoding(self) -> None:
        self.interrupt_cell("big = [[0] * 1000] * 1000\nwhile True: echo(big)")

    def test_top_level_await(self) -> None:
        self.interrupt_cell("await asyncio.sleep(1000)", "import asyncio")
        self.assertEqual(self.value("await asyncio.sleep(0, 'alive')"), "'alive'")

    def test_asyncio_run(self) -> None:
        self.interrupt_cell("import asyncio\nasyncio.run(asyncio.sleep(1000))")

    def test_asyncio_run_under_await(self) -> None:
        self.interrupt_cell(
            "import asyncio\nawait asyncio.sleep(0)\nasyncio.run(asyncio.sleep(1000))"
        )

    def test_subprocess(self) -> None:
        self.interrupt_cell("import subprocess\nsubprocess.run(['sleep', '1000'])")

    def test_shell_command(self) -> None:
        self.interrupt_cell("!sleep 1000")

    def test_lock(self) -> None:
        self.interrupt_cell(
            "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"
        )

    def test_repr(self) -> None:
        self.interrupt_cell(
            "class Slow:\n    def __repr__(self):\n        while True: pass\nSlow()"
        )

    def test_str_of_an_exception(self) -> None:
        self.host.start_cell(
            "class Slow(Exception):\n    def __str__(self):\n        print('asked')\n"
            "        while True: pass\nraise Slow"
        )
        self.host.wait_for_text("asked")
        self.host.interrupt()
        result = self.host.wait_for_cell()
        self.assertEqual((result.status, result.error["type"]), ("error", "Slow"))

    def test_tasks_are_cancelled(self) -> None:
        self.interrupt_cell(
            "await asyncio.gather(wait(1), wait(2))",
            "import asyncio\ncancelled = []\n"
            "async def wait(n):\n    try:\n        if n == 2: print('started')\n"
            "        await asyncio.sleep(1000)\n    finally:\n        cancelled.append(n)\n",
        )
        self.assertEqual(self.value("sorted(cancelled)"), "[1, 2]")

    def test_swallowing_cells_get_further_ones(self) -> None:
        self.host.start_cell(
            "swallowed = 0\nwhile swallowed < 3:\n    try:\n"
            "        print('round', swallowed)\n        while True: pass\n"
            "    except BaseException:\n        swallowed += 1\n"
            "'done'"
        )
        for count in (0, 1, 2):
            self.host.wait_for_text(f"round {count}")
            self.host.interrupt()
        result = self.host.wait_for_cell()
        self.assertEqual((result.status, result.result), ("ok", "'done'"))

    def test_own_keyboard_interrupt_is_an_error(self) -> None:
        self.run_error("raise KeyboardInterrupt", "KeyboardInterrupt")

    def test_interrupt_before_the_cell_began(self) -> None:
        # Both frames are in the socket before the runtime looks.
        for _ in range(20):
            self.host.start_cell("import time\ntime.sleep(1000)")
            self.host.interrupt()
            self.assertEqual(self.host.wait_for_cell().status, "interrupted")

    def test_stale_interrupts_do_nothing(self) -> None:
        self.run_ok("1")
        self.host.interrupt()
        self.host.interrupt(cell=99_999)
        self.assertEqual(self.value("import time\ntime.sleep(0.05)\n5"), "5")

    def test_outside_signals(self) -> None:
        # A signal to the group: nothing outside a cell, an interrupt inside.
        os.killpg(self.host.process.pid, signal.SIGINT)
        self.assertEqual(self.value("2 + 2"), "4")
        self.host.start_cell("print('started')\nimport time\ntime.sleep(1000)")
        self.host.wait_for_text("started")
        os.killpg(self.host.process.pid, signal.SIGINT)
        self.assertEqual(self.host.wait_for_cell().status, "interrupted")


class TornFrameTest(unittest.TestCase):
    def test_interrupts_at_any_moment_tear_nothing(self) -> None:
        host = Host({"echo": echo}, DECLARATIONS)
        self.addCleanup(host.close)
        random_source = random.Random(7)
        stop = threading.Event()

        def disturb() -> None:
            while not stop.is_set():
                time.sleep(random_source.random() * 0.01)
                host.interrupt()

        thread = threading.Thread(target=disturb)
        thread.start()
        try:
            while len(host.calls) < 2000:
                size = random_source.choice((1, 100, 20_000, 200_000))
                code = (
                    "import sys\nfor i in range(40):\n    try:\n"
                    f"        assert echo({{'i': i, 'x': 'x' * {size}}})['i'] == i\n"
                    "        print(i)\n        display(i)\n        print(i, file=sys.stderr)\n"
                    "    except KeyboardInterrupt:\n        pass\n"
                )
                result = host.execute(code)
                self.assertIn(result.status, ("ok", "interrupted"), result.traceback)
        finally:
            stop.set()
            thread.join()
        self.assertEqual(host.execute("'whole'").result, "'whole'")

    def test_signal_handlers_of_the_user_tear_nothing(self) -> None:
        host = Host({"echo": echo}, DECLARATIONS)
        self.addCleanup(host.close)
        code = (
            "import signal\n"
            "class Alarm(Exception): pass\n"
            "def ring(_, frame):\n"
            "    while frame is not None:\n"
            "        if frame.f_code is work.__code__:\n            raise Alarm\n"
            "        frame = frame.f_back\n"
            "def work(i):\n"
            "    signal.setitimer(signal.ITIMER_REAL, 0.0001 + i * 0.00002)\n"
            "    echo(i)\n    echo(big if i % 4 == 0 else i)\n"
            "signal.signal(signal.SIGALRM, ring)\n"
            "rung = 0\nbig = {'x': 'x' * 500_000, 'b': bytes(500_000)}\n"
            "for i in range(200):\n"
            "    try:\n"
            "        work(i)\n"
            "    except Alarm:\n        rung += 1\n"
            "signal.setitimer(signal.ITIMER_REAL, 0)\n"
            "rung > 20"
        )

        def small(tool_input: object, _blobs: list[bytes]) -> int:
            return 1

        host.tools["echo"] = small
        self.assertEqual(host.execute(code).result, "True")
        self.assertEqual(host.execute("echo(1)").result, "1")

    def test_signal_handlers_that_raise_between_cells_are_reported_and_lose_nothing(self) -> None:
        host = Host({"echo": echo}, DECLARATIONS)
        self.addCleanup(host.close)
        host.execute(
            "import signal, time\n"
            "def ring(*_): raise RuntimeError('alarm')\n"
            "signal.signal(signal.SIGALRM, ring)\n"
            "x = 5; signal.setitimer(signal.ITIMER_REAL, 0.05, 0.003)"
        )
        time.sleep(0.3)
        for _ in range(30):
            # The alarm strikes this code, or what the runtime does before and after it.
            result = host.execute("echo(1)")
            self.assertIn(result.status, ("ok", "error"), result.traceback)
        while host.execute("signal.setitimer(signal.ITIMER_REAL, 0)").status != "ok":
            pass
        self.assertEqual(host.execute("x").result, "5")
        self.assertEqual(host.execute("signal.getsignal(signal.SIGALRM) is ring").result, "True")
        self.assertEqual(
            host.execute("signal.signal(signal.SIGALRM, signal.SIG_IGN) is ring").result, "True"
        )


if __name__ == "__main__":
    unittest.main()
