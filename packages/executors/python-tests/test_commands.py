"""`!command`, magics, and asyncio in cells."""

from __future__ import annotations

import unittest

from support import SessionCase


class CommandTest(SessionCase):
    def test_streams_in_order(self) -> None:
        result = self.run_ok("print('a')\n!echo b; echo c >&2\nprint('d')")
        self.assertEqual(result.text(), "a\nb\nc\nd\n")
        self.assertIsNone(result.result)

    def test_capture(self) -> None:
        self.assertEqual(self.value("lines = !printf 'a\\nb\\n'\nlines"), "['a', 'b']")
        self.assertEqual(self.value("d = {}\nd['k'] = !echo x\nd"), "{'k': ['x']}")

    def test_interpolation(self) -> None:
        self.run_ok("name = 'world'\nnumbers = [1, 2]")
        cases = {
            "!echo $name {name.upper()} {len(numbers) + 1}": "world WORLD 3\n",
            "!echo $HOME_UNKNOWN_X-{undefined_thing}": "-{undefined_thing}\n",
            "!x=5; echo ${x} $$x {{name}}": "5 5 {name}\n",
            "!echo a b | awk '{print $2}'": "b\n",
            "!echo '{}'": "{}\n",
        }
        for code, expected in cases.items():
            with self.subTest(code):
                self.assertEqual(self.run_ok(code).text(), expected)
        code = "def f(local):\n    !echo $local {local * 2}\nf('v')"
        self.assertEqual(self.run_ok(code).text(), "v vv\n")

    def test_exit_status_is_shown(self) -> None:
        self.assertEqual(self.run_ok("!exit 3").text(), "(exit status 3)\n")

    def test_only_at_the_start_of_statements(self) -> None:
        code = (
            'text = """\n!echo no\n"""\n!echo yes\n'
            "if True:\n    !echo indented\nx = 10 \\\n  % 3\nx"
        )
        result = self.run_ok(code)
        self.assertEqual((result.text(), result.result), ("yes\nindented\n", "1"))
        self.assertEqual(self.run_ok("!echo a \\\n  b\nprint('c')").text(), "a b\nc\n")

    def test_lines_keep_their_numbers(self) -> None:
        for code in ("!true\n\n1 / 0", "!echo a \\\n b\n1 / 0", "%%time\nx = 1\n1 / 0"):
            with self.subTest(code):
                self.assertEqual(self.run_error(code).error["frames"][0]["line"], 3)
        result = self.run_error("!true\nx = = 1", "SyntaxError")
        self.assertEqual(
            result.error["frames"][0], {**result.error["frames"][0], "line": 2, "source": "x = = 1"}
        )

    def test_the_right_python(self) -> None:
        code = (
            "import sys, os\nout = !python3 -c 'import sys; print(sys.prefix)'\n"
            "out[0] == sys.prefix"
        )
        self.assertEqual(self.value(code), "True")


class MagicTest(SessionCase):
    def test_pip(self) -> None:
        for code in ("%pip --version", "!pip --version"):
            self.assertRegex(self.run_ok(code).text(), r"pip \d")
        self.assertIn("(exit status", self.run_ok("%pip no-such-command").text())

    def test_directories(self) -> None:
        code = (
            "import os\nos.makedirs('sub', exist_ok=True)\n%cd sub\nhere = %pwd\n"
            "here.endswith('sub')"
        )
        self.assertEqual(self.value(code), "True")
        self.run_ok("%cd ..")

    def test_environment(self) -> None:
        self.assertEqual(self.run_ok("%env NAME_X=5\n!echo $$NAME_X").text(), "5\n")
        self.assertEqual(self.value("x = %env NAME_X\nx"), "'5'")

    def test_time(self) -> None:
        result = self.run_ok("%time timed = 5")
        self.assertRegex(result.text(), r"Wall time: .* m?s\n")
        self.assertEqual(self.value("timed"), "5")
        self.assertEqual(self.value("%time timed + 1"), "6")
        result = self.run_ok("%%time\ny = 1\ny + 1")
        self.assertEqual(result.result, "2")
        self.assertIn("Wall time", result.text())

    def test_scripts(self) -> None:
        self.assertEqual(self.run_ok("%%bash\nfor i in 1 2; do\n  echo $i\ndone").text(), "1\n2\n")
        self.assertEqual(self.run_ok("%%sh\nexit 2").text(), "(exit status 2)\n")

    def test_write_file(self) -> None:
        self.assertIn("Writing notes.txt", self.run_ok("%%writefile notes.txt\na\n'b'\n").text())
        self.assertEqual(self.value("open('notes.txt').read()"), repr("a\n'b'\n"))

    def test_matplotlib_is_accepted(self) -> None:
        self.assertEqual(self.run_ok("%matplotlib inline\nprint(1)").text(), "1\n")

    def test_others_are_refused_before_anything_runs(self) -> None:
        result = self.run_error("print('ran')\n%nosuch magic", "SyntaxError")
        self.assertEqual(result.text(), "")
        self.assertIn("%nosuch is not available here; available: %pip", result.error["message"])
        self.assertEqual(result.error["frames"][0]["line"], 2)
        result = self.run_error("%%javascript\nx", "SyntaxError")
        self.assertIn("available: %%bash", result.error["message"])


class AsyncioTest(SessionCase):
    def test_top_level_await(self) -> None:
        self.assertEqual(self.value("import asyncio\nx = await asyncio.sleep(0, 5)\nx + 1"), "6")
        self.assertEqual(
            self.value("task = asyncio.create_task(asyncio.sleep(0, 7))\nawait task"), "7"
        )
        self.run_ok("queue = asyncio.Queue()\nawait queue.put(1)")
        self.assertEqual(self.value("await queue.get()"), "1")
        self.assertEqual(self.value("async with asyncio.Lock() as l:\n    got = 1\ngot"), "1")

    def test_run(self) -> None:
        self.run_ok(
            "import asyncio\nasync def main(n):\n    await asyncio.sleep(0)\n    return n * 2"
        )
        self.assertEqual(self.value("asyncio.run(main(4))"), "8")
        self.assertEqual(self.value("x = await main(1)\nasyncio.run(main(x))"), "4")
        result = self.run_error("async def bad():\n    1 / 0\nawait main(1)\nasyncio.run(bad())")
        self.assertEqual(result.error["type"], "ZeroDivisionError")
        self.assertEqual(self.value("await main(3)"), "6")

    def test_exit_under_await(self) -> None:
        self.run_ok("import asyncio\nawait asyncio.sleep(0)\nexit()")
        self.assertEqual(self.value("await asyncio.sleep(0, 1)"), "1")


if __name__ == "__main__":
    unittest.main()
