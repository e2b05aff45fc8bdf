"""Rich results, with and without libraries."""

from __future__ import annotations

import base64
import os
import subprocess
import unittest
from typing import Any

from host import PYTHON
from support import Host, SessionCase, declare

PNG = b"\x89PNG\r\n\x1a\n"


class DisplayTest(SessionCase):
    def display(self, body: str, expression: str = "Shown()") -> dict[str, Any]:
        return self.run_ok(f"class Shown:\n    {body}\n{expression}").displays[-1]

    def test_methods(self) -> None:
        data = self.display(
            "def __repr__(self): return 'plain'\n"
            "    def _repr_html_(self): return '<b>'\n"
            "    def _repr_png_(self): return b'\\x89PNG'\n"
            "    def _repr_json_(self): return {'a': [1]}\n"
            "    def _repr_latex_(self): return None\n"
            "    def _repr_svg_(self): return '<svg/>', {'meta': 1}"
        )
        expected = {
            "text/plain": "plain",
            "text/html": "<b>",
            "image/png": base64.b64encode(b"\x89PNG").decode(),
            "application/json": {"a": [1]},
            "image/svg+xml": "<svg/>",
        }
        self.assertEqual(data, expected)

    def test_mime_bundle(self) -> None:
        data = self.display(
            "def _repr_mimebundle_(self, include=None, exclude=None):\n"
            "        return {'text/plain': 'p', 'text/html': '<i>'}, {}"
        )
        self.assertEqual(data, {"text/plain": "p", "text/html": "<i>"})

    def test_failures_are_described(self) -> None:
        data = self.display("def __repr__(self): raise ValueError('no repr')")
        self.assertEqual(data["text/plain"], "<Shown object; its repr raised ValueError: no repr>")
        data = self.display(
            "def __repr__(self): return 'r'\n    def _repr_html_(self): raise KeyError('k')"
        )
        self.assertEqual(data, {"text/plain": "r\n(text/html failed with KeyError: 'k')"})
        data = self.display("def _repr_json_(self): return {'x': object()}")
        self.assertIn("application/json failed", data["text/plain"])

    def test_objects_that_answer_everything(self) -> None:
        data = self.display(
            "def __getattr__(self, name): return lambda *a: 'lie'\n"
            "    def __repr__(self): return 'r'"
        )
        self.assertEqual(data, {"text/plain": "r"})

    def test_classes_show_themselves(self) -> None:
        self.assertEqual(
            self.display("def _repr_html_(self): return 'x'", "Shown"),
            {"text/plain": "<class '__main__.Shown'>"},
        )

    def test_sizes_are_bounded(self) -> None:
        for code in (
            "list(range(10**6))",
            "{i: i for i in range(10**6)}",
            "'x' * 10**7",
            "[['y' * 10**7]]",
            "set(range(10**6))",
        ):
            with self.subTest(code):
                text = self.value(code)
                self.assertLess(len(text), 250_000)
                self.assertIn("…", text)
        self.assertTrue(self.value("(0,) * 2000").endswith(", …)  (2000 items)"))
        self.assertTrue(self.value("frozenset(range(2000))").endswith(", …})  (2000 items)"))
        data = self.display("def _repr_html_(self): return 'x' * 10**7")
        self.assertIn("text/html left out", data["text/plain"])
        data = self.display(
            "\n    ".join(
                f"def _repr_{name}_(self): return 'ä' * 3_900_000"
                for name in ("html", "markdown", "latex", "svg", "png")
            )
        )
        self.assertIn("left out", data["text/plain"])

    def test_display_function(self) -> None:
        result = self.run_ok("display(1, 'a')\ndisplay()\n2;")
        self.assertEqual([data["text/plain"] for data in result.displays], ["1", "'a'"])
        self.assertEqual({kind for kind, _ in result.outputs}, {"display"})


def python_with_libraries() -> str | None:
    for python in (PYTHON, "/usr/bin/python3"):
        imports = [python, "-I", "-c", "import numpy, pandas, matplotlib"]
        if os.path.exists(python) and subprocess.run(imports, capture_output=True).returncode == 0:
            return python
    return None


LIBRARY_PYTHON = python_with_libraries()
if LIBRARY_PYTHON is None:
    print("\n*** SKIPPED: no Python with numpy, pandas and matplotlib was found ***\n")


@unittest.skipIf(LIBRARY_PYTHON is None, "no Python with numpy, pandas and matplotlib")
class LibraryTest(SessionCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.host = Host(
            {"echo": lambda tool_input, _blobs: None},
            [declare("def echo(value: object) -> None:\n    ...", "echo", "value")],
            python=LIBRARY_PYTHON or PYTHON,
        )
        cls.host.execute("import numpy as np, pandas as pd")

    def sent(self, code: str) -> Any:
        self.run_ok(f"echo({code})")
        return self.host.calls[-1]["input"]

    def test_numpy_values(self) -> None:
        self.assertEqual(
            self.sent("[np.int64(5), np.float32(1.5), np.bool_(True), np.str_('s')]"),
            [5, 1.5, True, "s"],
        )
        self.assertEqual(self.sent("np.arange(6).reshape(2, 3)"), [[0, 1, 2], [3, 4, 5]])
        self.assertEqual(self.sent("{np.int64(1): np.array(2)}"), {"1": 2})
        self.assertEqual(
            self.sent("np.array(['2024-01-01'], 'M8[ns]')"), ["2024-01-01T00:00:00.000000000"]
        )
        self.assertEqual(self.sent("np.datetime64('2024-01-01')"), "2024-01-01")
        self.assertEqual(self.sent("np.timedelta64(90, 's')"), 90)
        self.assertEqual(str(self.sent("np.array([np.nan])")), "[nan]")
        self.assertIn("complex", self.run_error("echo(np.array([1j]))").error["message"])

    def test_pandas_values(self) -> None:
        frame = "pd.DataFrame({'a': [1, 2], 'b': ['x', None], 'c': [1.5, np.nan]})"
        self.assertEqual(
            self.sent(frame), [{"a": 1, "b": "x", "c": 1.5}, {"a": 2, "b": None, "c": None}]
        )
        self.assertEqual(self.sent("pd.Series([1, 2])"), [1, 2])
        self.assertEqual(self.sent("pd.Index(['a'])"), ["a"])
        self.assertEqual(
            self.sent("[pd.Timestamp('2024-01-01'), pd.NaT, pd.NA]"),
            ["2024-01-01T00:00:00", None, None],
        )
        self.assertEqual(self.sent("pd.Timedelta('90s')"), 90)
        self.assertEqual(self.sent("pd.Categorical(['a', None])"), ["a", None])
        self.assertEqual(
            self.sent("pd.DataFrame({'d': pd.to_datetime(['2024-01-01', None])})"),
            [{"d": "2024-01-01T00:00:00"}, {"d": None}],
        )

    def test_pandas_display(self) -> None:
        data = self.run_ok("pd.DataFrame({'a': range(3)})").displays[-1]
        self.assertIn("<table", data["text/html"])
        self.assertIn("a", data["text/plain"])
        self.assertEqual(
            self.run_error("pd.DataFrame({'a': [1]})['b']", "KeyError").error["frames"][0]["line"],
            1,
        )

    def test_figures(self) -> None:
        host = Host(python=LIBRARY_PYTHON or PYTHON)
        self.addCleanup(host.close)
        result = host.execute(
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('a')\nplt.show()\n"
            "print('b')\n"
            "plt.figure();"
        )
        self.assertEqual(result.status, "ok", result.traceback)
        self.assertEqual(
            [kind for kind, _ in result.outputs], ["stdout", "display", "stdout", "display"]
        )
        for data in result.displays:
            self.assertTrue(base64.b64decode(data["image/png"]).startswith(PNG))
        self.assertEqual(host.execute("plt.get_fignums()").result, "[]")

    def test_figure_as_result_is_shown_once(self) -> None:
        result = self.run_ok(
            "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1])\nfigure"
        )
        self.assertEqual([kind for kind, _ in result.outputs], ["result"])
        self.assertIn("image/png", result.displays[0])

    def test_figures_of_failed_cells_are_shown(self) -> None:
        result = self.run_error("import matplotlib.pyplot as plt\nplt.plot([1])\n1 / 0")
        self.assertEqual(len(result.displays), 1)

    def test_figures_in_child_processes(self) -> None:
        code = (
            "import subprocess, sys\n"
            "subprocess.run([sys.executable, '-c', 'import matplotlib.pyplot']).returncode"
        )
        self.assertEqual(self.value(code), "0")


if __name__ == "__main__":
    unittest.main()
