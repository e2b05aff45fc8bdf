"""Output: its order, its labels, and what user code may do to the descriptors."""

from __future__ import annotations

import unittest
from typing import ClassVar

from support import Declaration, Host, SessionCase, Tool, declare, echo

ECHO = declare("def echo(value=None):\n    ...", "echo", "value")


class OrderTest(SessionCase):
    tools: ClassVar[dict[str, Tool]] = {"echo": echo}
    declarations: ClassVar[list[Declaration]] = [ECHO]

    def test_sources_keep_their_order(self) -> None:
        code = (
            "import os, subprocess, sys\n"
            "for i in range(20):\n"
            "    print('a', end='')\n"
            "    os.write(1, b'b')\n"
            "    subprocess.run(['printf', 'c'])\n"
            "    sys.stderr.write('d')\n"
            "    os.system('printf e >&2')\n"
            "    sys.stdout.buffer.write(b'f\\n')\n"
        )
        self.assertEqual(self.run_ok(code).text(), "abcdef\n" * 20)

    def test_frames_take_their_place_in_the_output(self) -> None:
        code = "for i in range(50):\n    print(i)\n    echo(i)\n    display(i)\n'end'"
        outputs = self.run_ok(code).outputs
        expected: list[object] = []
        for i in range(50):
            expected += [("stdout", f"{i}\n".encode()), ("call", i)]
            expected.append(("display", {"text/plain": str(i)}))
        expected.append(("result", {"text/plain": "'end'"}))
        self.assertEqual(outputs, expected)

    def test_output_is_complete_at_the_end(self) -> None:
        for size in (1, 3000, 100_000, 3_000_000):
            self.assertEqual(len(self.run_ok(f"print('x' * {size})").text()), size + 1)

    def test_unread_output_is_marked(self) -> None:
        for use_fifo in (False, True):
            with self.subTest(use_fifo=use_fifo):
                host = Host({"echo": echo}, [ECHO], use_fifo=use_fifo)
                self.addCleanup(host.close)
                host.pause_output()
                host.start_cell("print('before')\necho(1)\nprint('after')")
                host.read_output.wait(0.2)
                self.assertEqual(host.calls, [])
                host.read_output.set()
                outputs = host.wait_for_cell().outputs
                self.assertEqual(
                    outputs, [("stdout", b"before\n"), ("call", 1), ("stdout", b"after\n")]
                )
                self.assertGreater(host.marked_frames, 0)

    def test_stderr_is_labelled(self) -> None:
        outputs = self.run_ok(
            "import sys\nprint('o1')\nprint('e1', file=sys.stderr)\nprint('o2')"
        ).outputs
        self.assertEqual(outputs, [("stdout", b"o1\n"), ("stderr", b"e1\n"), ("stdout", b"o2\n")])

    def test_back_pressure_can_be_interrupted(self) -> None:
        host = Host()
        self.addCleanup(host.close)
        host.pause_output()
        host.start_cell("while True: print('x' * 10000)")
        host.read_output.wait(0.3)
        host.interrupt()
        host.read_output.wait(0.3)
        host.read_output.set()
        self.assertEqual(host.wait_for_cell().status, "interrupted")
        self.assertEqual(host.execute("1").result, "1")

    def test_c_output_is_flushed(self) -> None:
        code = "import ctypes\nctypes.CDLL(None).puts(b'from C')\nprint('after')\n1;"
        self.assertIn("from C\n", self.run_ok(code).text())


class EncodingTest(SessionCase):
    def test_bytes_pass_untouched(self) -> None:
        outputs = self.run_ok(
            "import os\nos.write(1, b'\\xff\\xfe\\x1b]codeact;x;1\\x07');"
        ).outputs
        self.assertEqual(outputs, [("stdout", b"\xff\xfe\x1b]codeact;x;1\x07")])

    def test_text_is_utf8(self) -> None:
        self.assertEqual(self.run_ok("print('äöü €😀')").text(), "äöü €😀\n")

    def test_surrogates_do_not_fail(self) -> None:
        self.assertEqual(self.run_ok("print('a\\udcffb')").text(), "a\\udcffb\n")
        self.assertEqual(self.value("'a\\udcffb'"), "'a\\udcffb'")
        self.assertEqual(self.run_error("raise ValueError('\\ud800')").error["message"], "\ud800")


class DescriptorTest(SessionCase):
    def test_closed_descriptors_come_back(self) -> None:
        self.host.execute("import os\nos.close(1)\nos.close(2)")
        self.assertEqual(self.run_ok("print('back')").text(), "back\n")
        self.assertEqual(self.run_ok("os.system('echo child');").text(), "child\n")

    def test_redirected_descriptors_come_back(self) -> None:
        self.run_ok(
            "import os, sys\nfile = open('redirected', 'w')\nos.dup2(file.fileno(), 1)\n"
            "os.dup2(file.fileno(), 2)\nprint('hidden')\nprint('hidden too', file=sys.stderr)"
        )
        self.assertEqual(self.run_ok("print('seen')").text(), "seen\n")
        self.assertEqual(self.value("open('redirected').read()"), r"'hidden\nhidden too\n'")

    def test_closed_streams_come_back(self) -> None:
        self.host.execute("import sys\nsys.stdout.close()\nsys.stderr = None")
        self.assertEqual(self.run_ok("print('back')").text(), "back\n")
        self.host.execute("sys.stdout = open('file', 'w')\nsys.stdout.close()")
        self.assertEqual(self.run_ok("print('back', file=sys.stderr)").text("stderr"), "back\n")
        self.assertEqual(self.run_ok("print('back')").text(), "back\n")

    def test_replaced_streams_are_flushed(self) -> None:
        self.assertEqual(
            self.run_ok(
                "import io, sys\nold = sys.stdout\n"
                "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')\nprint('kept')"
            ).text(),
            "kept\n",
        )
        self.run_ok("sys.stdout = old\nimport gc\ngc.collect();")
        self.assertEqual(self.run_ok("print('fine')").text(), "fine\n")

    def test_redirect_to_memory(self) -> None:
        code = (
            "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as held:\n"
            "    print('held')\nheld.getvalue()"
        )
        result = self.run_ok(code)
        self.assertEqual((result.text(), result.result), ("", r"'held\n'"))

    def test_non_blocking_output_is_complete(self) -> None:
        self.run_ok("import os\nos.set_blocking(1, False)")
        text = self.run_ok("print('y' * 2_000_000)").text()
        self.run_ok("os.set_blocking(1, True)")
        self.assertEqual(len(text), 2_000_001)

    def test_streams_can_be_configured(self) -> None:
        self.run_ok("import sys\nsys.stdout.reconfigure(encoding='utf-8', line_buffering=True)")
        self.assertEqual(self.value("sys.stdout.encoding, sys.stdout.isatty()"), "('utf-8', False)")

    def test_private_descriptors_survive_closing_in_bulk(self) -> None:
        host = Host()
        self.addCleanup(host.close)
        result = host.execute("import os\nos.closerange(3, 1000)\n'alive'")
        self.assertEqual(result.result, "'alive'")

    def test_closing_the_channel_is_a_clear_crash(self) -> None:
        host = Host()
        self.addCleanup(host.close)
        host.start_cell("import os\nos.closerange(3, 100_000)")
        self.assertNotEqual(host.wait_for_exit(), 0)
        host.wait_for_text("The channel to the host is closed")


class ThreadTest(SessionCase):
    def test_errors_of_threads_are_trimmed(self) -> None:
        code = (
            "import threading\ndef work():\n    return 1 / 0\n"
            "thread = threading.Thread(target=work, name='worker')\nthread.start()\nthread.join()"
        )
        text = self.run_ok(code).text("stderr")
        self.assertIn("Exception in thread worker:", text)
        self.assertIn("line 3, in work", text)
        self.assertNotIn("threading.py", text)


if __name__ == "__main__":
    unittest.main()
