"""Errors as the model reads them."""

from __future__ import annotations

import unittest

from support import Host, SessionCase


class TracebackTest(SessionCase):
    def test_shows_cells_lines_and_sources(self) -> None:
        host = Host()
        self.addCleanup(host.close)
        host.execute("def divide(a):\n    return a / 0\n")
        result = host.execute("x = 1\ndivide(x)")
        self.assertEqual(
            result.traceback,
            "Traceback (most recent call last):\n"
            "  Cell 2, line 2, in <module>\n    divide(x)\n"
            "  Cell 1, line 2, in divide\n    return a / 0\n"
            "ZeroDivisionError: division by zero",
        )
        self.assertEqual(
            result.error["frames"],
            [
                {"cell": 2, "line": 2, "function": "<module>", "source": "divide(x)"},
                {"cell": 1, "line": 2, "function": "divide", "source": "return a / 0"},
            ],
        )
        self.assertEqual(result.error["type"], "ZeroDivisionError")

    def test_workspace_files_are_own_code(self) -> None:
        self.run_ok(
            "import os\nos.mkdir('package')\n"
            "open('package/inner.py', 'w').write('def go(f):\\n    return f()\\n');"
        )
        result = self.run_error("from package.inner import go\ngo(lambda: {}['k'])", "KeyError")
        self.assertIn('  File "package/inner.py", line 2, in go\n    return f()', result.traceback)
        self.assertIn("in <lambda>", result.traceback)

    def test_library_frames_are_dropped(self) -> None:
        result = self.run_error("import json\njson.loads('{')", "json.decoder.JSONDecodeError")
        self.assertEqual(len(result.error["frames"]), 1)
        self.assertEqual(result.traceback.count("line "), 2)  # the frame, and the message's

    def test_syntax_errors(self) -> None:
        result = self.run_error("x = 1\nif x == 1\n    pass", "SyntaxError")
        lines = result.traceback.splitlines()
        self.assertRegex(lines[0], r"^  Cell \d+, line 2$")
        self.assertEqual(lines[1], "    if x == 1")
        self.assertEqual(lines[2], "             ^")
        self.assertEqual(result.error["frames"][0]["line"], 2)
        self.run_error("def f():\nreturn 1", "IndentationError")
        self.run_error("return 1", "SyntaxError")
        self.run_error("'unclosed", "SyntaxError")

    def test_syntax_errors_inside(self) -> None:
        self.run_ok("open('broken.py', 'w').write('a = (\\n');")
        result = self.run_error("import broken", "SyntaxError")
        self.assertIn('File "broken.py", line', result.traceback)
        self.assertIn("import broken", result.traceback)
        result = self.run_error("eval('1 +')", "SyntaxError")
        self.assertIn("eval('1 +')", result.traceback)

    def test_chains(self) -> None:
        result = self.run_error(
            "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('b') from e",
            "ValueError",
        )
        self.assertIn("KeyError: 'a'\n\nThe above exception was the direct", result.traceback)
        result = self.run_error("try:\n    {}['a']\nexcept KeyError:\n    1 / 0")
        self.assertIn("During handling of the above exception", result.traceback)
        result = self.run_error(
            "try:\n    {}['a']\nexcept KeyError:\n    raise ValueError from None"
        )
        self.assertNotIn("KeyError:", result.traceback.replace("except KeyError:", ""))

    def test_cyclic_chains_end(self) -> None:
        self.run_error(
            "a = ValueError('a')\nb = ValueError('b')\na.__cause__ = b\nb.__cause__ = a\nraise a"
        )

    def test_groups_and_notes(self) -> None:
        if self.value("import sys; sys.version_info >= (3, 11)") == "False":
            self.skipTest("no exception groups in this Python")
        result = self.run_error(
            "e = ValueError('inner')\ne.add_note('a note')\n"
            "raise ExceptionGroup('many', [e, KeyError(1)])"
        )
        for text in ("ExceptionGroup: many (2 sub-exceptions)", "| ValueError: inner", "| a note"):
            self.assertIn(text, result.traceback)

    def test_recursion_is_folded(self) -> None:
        result = self.run_error(
            "def again(n):\n    return again(n + 1)\nagain(0)", "RecursionError"
        )
        self.assertLess(len(result.traceback.splitlines()), 30)
        self.assertRegex(result.traceback, r"\[the same \d+ more times\]")
        result = self.run_error(
            "def ping(n):\n    return pong(n)\ndef pong(n):\n    return ping(n)\nping(0)"
        )
        self.assertLess(len(result.traceback.splitlines()), 100)
        self.assertLessEqual(len(result.error["frames"]), 40)

    def test_broken_exceptions(self) -> None:
        result = self.run_error(
            "class Bad(Exception):\n    def __str__(self): 1 / 0\nraise Bad", "Bad"
        )
        self.assertIn("unprintable Bad", result.error["message"])
        result = self.run_error("raise ValueError('x' * 1_000_000)")
        self.assertLess(len(result.error["message"]), 11_000)
        self.assertIn("characters left out", result.error["message"])

    def test_names_of_types(self) -> None:
        self.run_error("class Mine(Exception): pass\nraise Mine('m')", "Mine")
        self.run_error("import decimal\nraise decimal.InvalidOperation", "decimal.InvalidOperation")

    def test_errors_in_await(self) -> None:
        result = self.run_error(
            "async def f():\n    raise ValueError('v')\nawait f()", "ValueError"
        )
        self.assertEqual([f["function"] for f in result.error["frames"]], ["<module>", "f"])
        self.assertNotIn("codeact", result.traceback)

    def test_error_after_output_keeps_the_output(self) -> None:
        result = self.run_error("print('before')\n1 / 0")
        self.assertEqual(result.text(), "before\n")


if __name__ == "__main__":
    unittest.main()
