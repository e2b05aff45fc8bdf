"""Tools: signatures, values, errors, threads, `map`, and the end of a cell."""

from __future__ import annotations

import threading
import time
import unittest
from typing import Any, ClassVar

from host import Answer
from support import Declaration, Host, SessionCase, Tool, declare, echo

FORECAST = (
    "from typing import Literal, TypedDict\n\n"
    "class Forecast(TypedDict):\n    city: str\n    celsius: float\n\n"
    'def forecast(city: str, unit: Literal["c", "f"] = "c", *, days: int | None = None)'
    " -> Forecast:\n"
    '    """Weather of a city.\n\n    city: its name\n    """\n    ...\n'
)
DECLARATIONS = [
    declare(FORECAST, "forecast", ["city", "unit?", "days?!"]),
    declare("def echo(value: object) -> object:\n    ...", "echo", "value"),
    declare(
        "def rename(from_: int = 1, locals: int = 2) -> dict:\n    ...",
        "rename",
        ["from:from_?", "locals?"],
    ),
    declare("def fail(kind: str) -> None:\n    ...", "fail", ["kind"]),
    declare("def finish(value: Any) -> None:\n    ...", "finish", ["value"]),
    declare("def slow(value: Any = None) -> Any:\n    ...", "slow", "value"),
    declare("def never() -> None:\n    ...", "never", []),
    declare("def blobs(size: int) -> dict[str, Any]:\n    ...", "blobs", ["size"]),
    declare(
        "def search(query: str, max_results: 'NotRequired[int]' = 5) -> None:\n    ...",
        "search",
        ["query", "max_results?"],
    ),
]


def fail(tool_input: Any, _blobs: list[bytes]) -> Any:
    errors = {"TypeError": TypeError, "ValueError": ValueError}
    raise errors.get(tool_input["kind"], RuntimeError)(f"failed with {tool_input['kind']}")


def finish(_tool_input: Any, _blobs: list[bytes]) -> Any:
    return Answer(value=None, endCell=True)


def slow(tool_input: Any, _blobs: list[bytes]) -> Any:
    time.sleep(0.05)
    return tool_input


def make_blobs(tool_input: Any, blobs: list[bytes]) -> Any:
    size = tool_input["size"]
    blobs += [b"\x00\xff" * (size // 2), ("ä" * (size // 2)).encode()]
    return {"data": {"$blob": 0}, "text": {"$text": 1}, "nan": {"$float": "NaN"}}


TOOLS = {
    "forecast": echo,
    "echo": echo,
    "rename": echo,
    "fail": fail,
    "finish": finish,
    "slow": slow,
    "blobs": make_blobs,
    "search": echo,
}


class ToolCase(SessionCase):
    tools: ClassVar[dict[str, Tool]] = TOOLS
    declarations: ClassVar[list[Declaration]] = DECLARATIONS


class SignatureTest(ToolCase):
    def test_looks_like_a_function(self) -> None:
        text = self.run_ok("help(forecast)").text()
        self.assertIn("forecast(city: ", text)
        self.assertIn("Weather of a city.", text)
        self.assertEqual(
            self.value("forecast.__name__, forecast.__module__"), "('forecast', '__main__')"
        )
        self.assertEqual(
            self.value("import inspect; list(inspect.signature(forecast).parameters)"),
            "['city', 'unit', 'days']",
        )
        self.assertEqual(
            self.value("import typing; typing.get_type_hints(echo)['value']"), "<class 'object'>"
        )
        self.assertEqual(
            self.value("Forecast(city='x', celsius=1.0)"), "{'city': 'x', 'celsius': 1.0}"
        )
        self.assertEqual(
            self.value("import pickle; pickle.loads(pickle.dumps(forecast)) is forecast"), "True"
        )

    def test_arguments(self) -> None:
        cases = {
            "forecast('Oslo')": {"city": "Oslo"},
            "forecast('Oslo', 'f')": {"city": "Oslo", "unit": "f"},
            "forecast(unit='f', city='Oslo')": {"city": "Oslo", "unit": "f"},
            "forecast('Oslo', None)": {"city": "Oslo"},
            "forecast('Oslo', days=None)": {"city": "Oslo", "days": None},
            "forecast(None)": {"city": None},
            "rename(from_=3)": {"from": 3},
            "rename(1, 2)": {"from": 1, "locals": 2},
        }
        for code, expected in cases.items():
            with self.subTest(code):
                self.assertEqual(self.value(code), repr(expected))

    def test_wrong_calls_say_how_to_call(self) -> None:
        cases = {
            "forecast()": r"missing 1 required positional argument: 'city'",
            "forecast('a', 'c', 3)": r"takes from 1 to 2 positional arguments but 3 were given",
            "search('x', maxresults=3)": r"unexpected keyword argument 'maxresults'\. Did you mean "
            r"'max_results'\? Call it as: search\(query: str, max_results: .*= 5\)",
            "search('x', query='y')": r"multiple values for argument 'query'",
        }
        for code, message in cases.items():
            with self.subTest(code):
                result = self.run_error(code, "TypeError")
                self.assertRegex(result.error["message"], message)
                self.assertIn("Call it as: ", result.error["message"])
                self.assertNotIn("codeact", result.traceback)

    def test_record_types(self) -> None:
        for call in [
            "Forecast('Rome', 21.5)",
            "Forecast(city='Rome', celsius=21.5)",
            "Forecast({'city': 'Rome'}, celsius=21.5)",
            "Forecast([('city', 'Rome'), ('celsius', 21.5)])",
        ]:
            with self.subTest(call):
                self.assertEqual(self.run_ok(call).result, "{'city': 'Rome', 'celsius': 21.5}")
        self.assertEqual(self.run_ok("Forecast(), type(Forecast())").result, "({}, <class 'dict'>)")
        self.assertEqual(
            self.run_ok(
                "from typing import TypedDict, get_type_hints\n"
                "class Wide(Forecast):\n    wind: float\n"
                "Forecast('Rome', 21.5)['city'], Wide(wind=3), list(get_type_hints(Wide))"
            ).result,
            "('Rome', {'wind': 3}, ['city', 'celsius', 'wind'])",
        )
        for call, message in {
            "Forecast('Rome', 21.5, 'sun')": r"Forecast has 2 members \(city, celsius\), got 3",
            "Forecast('Rome', 21.5, city='Oslo')": r"Forecast got 'city' twice",
        }.items():
            with self.subTest(call):
                result = self.run_error(call, "TypeError")
                self.assertRegex(result.error["message"], message)
                self.assertNotIn("codeact", result.traceback)

    def test_overwritten_tools_stay_overwritten(self) -> None:
        host = Host(TOOLS, DECLARATIONS)
        self.addCleanup(host.close)
        self.assertEqual(host.execute("echo = echo(5)\necho").result, "5")


class ValueTest(ToolCase):
    def test_plain_values(self) -> None:
        for value in ("5", "'ä'", "True", "[1, {'a': [2.5]}]", "{}", "''"):
            self.assertEqual(self.value(f"echo({value})"), value)

    def test_lone_surrogates(self) -> None:
        self.assertEqual(self.value("echo('a\\ud800')"), "'a\\ud800'")
        self.assertEqual(self.value("len(echo('\\ud800' * 70_000))"), "70000")

    def test_unsendable_inputs(self) -> None:
        result = self.run_error("forecast(city={'a': [object()]})", "TypeError")
        self.assertIn("['city']['a'][0] is of type object", result.error["message"])
        result = self.run_error("echo(2**53)", "ValueError")
        self.assertIn("2**53", result.error["message"])
        self.assertNotIn("codeact", result.traceback)

    def test_binary_and_long_results(self) -> None:
        code = (
            "r = blobs(200_000)\n(r['data'] == b'\\x00\\xff' * 100_000, len(r['text']), r['nan'])"
        )
        self.assertEqual(self.value(code), "(True, 100000, nan)")

    def test_ten_megabytes_both_ways(self) -> None:
        self.run_ok("data = bytes(10_000_000); text = 'ä' * 10_000_000")
        result = self.run_ok("r = blobs(10_000_000)\nlen(r['data']), len(r['text'])")
        self.assertEqual(result.result, "(10000000, 5000000)")
        self.host.tools["slow"] = lambda _input, _blobs: None
        try:
            self.run_ok("slow([data, text])")
        finally:
            self.host.tools["slow"] = slow
        received = self.host.calls[-1]["input"]
        self.assertEqual([len(received[0]), len(received[1])], [10_000_000, 10_000_000])

    def test_too_large_inputs_are_refused(self) -> None:
        result = self.run_error("echo(['x' * 60_000] * 400)", "ValueError")
        self.assertIn("16 MiB", result.error["message"])
        self.assertEqual(self.value("echo(1)"), "1")

    def test_ten_thousand_rows(self) -> None:
        code = (
            "rows = [{'i': i, 'name': str(i), 'x': i / 7} for i in range(10_000)]\n"
            "echo(rows) == rows"
        )
        self.assertEqual(self.value(code), "True")


class ErrorTest(ToolCase):
    def test_kinds(self) -> None:
        for kind in ("TypeError", "ValueError", "ToolError"):
            result = self.run_error(f"fail('{kind}')", kind)
            self.assertEqual(result.error["message"], f"failed with {kind}")
            self.assertIn(f"fail('{kind}')", result.traceback)
            self.assertNotIn("codeact", result.traceback)

    def test_tool_error_can_be_caught(self) -> None:
        self.assertEqual(
            self.value("try:\n    fail('x')\nexcept ToolError as e:\n    caught = e\ncaught"),
            "ToolError('failed with x')",
        )
        self.assertEqual(self.value("issubclass(ToolError, RuntimeError)"), "True")

    def test_await_gets_a_hint(self) -> None:
        self.assertIn("without await", self.run_error("await echo({'a': 1})").error["message"])
        code = (
            "import asyncio\nasync def f():\n"
            "    return await asyncio.gather(echo(1), echo(2))\nawait f()"
        )
        self.assertIn("without await", self.run_error(code).error["message"])

    def test_calls_outside_a_cell(self) -> None:
        code = (
            "import threading\nerrors = []\ngo = threading.Event()\n"
            "def later():\n    go.wait()\n    import time\n    time.sleep(0.1)\n"
            "    try:\n        echo(1)\n    except ToolError as e:\n        errors.append(str(e))\n"
            "thread = threading.Thread(target=later)\nthread.start()\ngo.set()"
        )
        self.run_ok(code)
        time.sleep(0.5)
        self.assertIn("no cell is running", self.value("thread.join()\nerrors[0]"))

    def test_calls_pending_at_the_end_fail(self) -> None:
        code = (
            "import threading\nerrors = []\n"
            "def wait():\n    try:\n        never()\n"
            "    except ToolError as e:\n        errors.append(str(e))\n"
            "thread = threading.Thread(target=wait)\nthread.start()\n"
            "import time\ntime.sleep(0.1)"
        )
        self.run_ok(code)
        self.assertIn("ended before", self.value("thread.join(10)\nerrors[0]"))

    def test_calls_from_child_processes(self) -> None:
        code = (
            "import multiprocessing\n"
            "def call(n):\n    try:\n        return echo(n)\n    except ToolError as e:\n"
            "        return str(e)\n"
            "with multiprocessing.get_context('fork').Pool(1) as pool:\n"
            "    answer = pool.map(call, [1])\nanswer"
        )
        self.assertIn("child process", self.value(code))
        self.assertEqual(self.value("echo(2)"), "2")


class EndCellTest(ToolCase):
    def test_ends_the_cell(self) -> None:
        for guard in ("Exception", "ToolError"):
            result = self.run_ok(
                f"reached = 0\ntry:\n    finish(1)\nexcept {guard}:\n    reached = 1\nreached = 2"
            )
            self.assertEqual((result.status, self.value("reached")), ("ok", "0"))

    def test_swallowed_ends_come_back(self) -> None:
        self.run_ok(
            "steps = []\ntry:\n    finish(1)\nexcept:\n    steps.append(1)\necho(1)\n"
            "steps.append(2)"
        )
        self.assertEqual(self.value("steps"), "[1]")

    def test_ends_from_asyncio_and_threads(self) -> None:
        self.run_ok("import asyncio\nend = 0\nawait asyncio.to_thread(finish, 1)\nend = 1")
        self.assertEqual(self.value("end"), "0")
        self.run_ok(
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor() as pool:\n    list(pool.map(finish, [1]))\nend = 1"
        )
        self.assertEqual(self.value("end"), "0")
        result = self.run_ok(
            "import threading\nt = threading.Thread(target=finish, args=(1,))\nt.start(); t.join()"
        )
        self.assertEqual(result.text(), "")


class ConcurrencyTest(ToolCase):
    def test_a_thousand_calls(self) -> None:
        self.assertEqual(self.value("sum(echo(i) for i in range(1000))"), "499500")

    def test_a_hundred_threads(self) -> None:
        barrier = threading.Barrier(100)

        def meet(tool_input: Any, _blobs: list[bytes]) -> Any:
            barrier.wait(30)
            return tool_input

        self.host.tools["slow"] = meet
        try:
            code = (
                "import threading\nresults = []\n"
                "def call(i): results.append(slow(i))\n"
                "threads = [threading.Thread(target=call, args=(i,)) for i in range(100)]\n"
                "for t in threads: t.start()\nfor t in threads: t.join()\nsum(results)"
            )
            self.assertEqual(self.value(code), "4950")
            self.assertEqual(self.value("sum(slow.map(range(100)))"), "4950")
        finally:
            self.host.tools["slow"] = slow

    def test_asyncio_threads_overlap(self) -> None:
        barrier = threading.Barrier(60)

        def meet(tool_input: Any, _blobs: list[bytes]) -> Any:
            barrier.wait(30)
            return tool_input

        self.host.tools["slow"] = meet
        try:
            gather = "sum(await asyncio.gather(*(asyncio.to_thread(slow, i) for i in range(60))))"
            self.assertEqual(self.value(f"import asyncio\n{gather}"), "1770")
            self.assertEqual(
                self.value(f"async def main():\n    return {gather}\nasyncio.run(main())"), "1770"
            )
        finally:
            self.host.tools["slow"] = slow


class MapTest(ToolCase):
    def test_forms_of_input(self) -> None:
        code = "forecast.map(['Oslo', ('Rome', 'f'), {'city': 'Cairo', 'days': 2}])"
        expected = [
            {"city": "Oslo"},
            {"city": "Rome", "unit": "f"},
            {"city": "Cairo", "days": 2},
        ]
        self.assertEqual(self.value(code), repr(expected))
        self.assertEqual(self.value("echo.map([{'a': 1}, (1, 2)])"), "[{'a': 1}, [1, 2]]")
        self.assertEqual(self.value("echo.map(i for i in range(3))"), "[0, 1, 2]")
        self.assertEqual(self.value("echo.map([])"), "[]")

    def test_errors(self) -> None:
        before = len(self.host.calls)
        result = self.run_error("fail.map(['ValueError', 'TypeError', 'x'])", "ValueError")
        self.assertEqual(result.error["message"], "failed with ValueError")
        self.assertEqual(len(self.host.calls) - before, 3)
        self.assertEqual(
            self.value("fail.map(['TypeError', 'x'], return_exceptions=True)"),
            "[TypeError('failed with TypeError'), ToolError('failed with x')]",
        )

    def test_a_wrong_input_sends_nothing(self) -> None:
        before = len(self.host.calls)
        self.run_error("forecast.map(['a', {'no': 1}])", "TypeError")
        self.assertEqual(len(self.host.calls), before)

    def test_help(self) -> None:
        self.assertIn("return_exceptions", self.run_ok("help(echo.map)").text())


if __name__ == "__main__":
    unittest.main()
