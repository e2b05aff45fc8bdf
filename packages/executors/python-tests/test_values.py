"""The wire codec by itself."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import types
import unittest
import uuid
from typing import Any, NamedTuple

import support  # noqa: F401  (puts the runtime on the path)
from codeact_runtime.values import decode, encode
from wire import decode_value


class Color(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Point(NamedTuple):
    x: int
    y: int


@dataclasses.dataclass
class Line:
    start: Point
    color: Color


class Text(str):
    pass


class EncodeTest(unittest.TestCase):
    def check(self, value: Any, expected: Any) -> None:
        blobs: list[bytes] = []
        self.assertEqual(decode_value(encode(value, blobs), blobs), expected)

    def test_plain_values(self) -> None:
        values: list[Any] = [
            None,
            True,
            False,
            0,
            -5,
            2**53 - 1,
            1.5,
            "",
            "ä\ud800",
            [],
            {},
            [[{}]],
        ]
        for value in values:
            self.check(value, value)

    def test_python_values(self) -> None:
        self.check((1, (2,)), [1, [2]])
        self.check({3, 1, 2}, [1, 2, 3])
        self.check(frozenset(["b", "a"]), ["a", "b"])
        self.check(range(3), [0, 1, 2])
        self.check(collections.deque([1]), [1])
        self.check({"a": 1}.keys(), ["a"])
        self.check({"a": 1}.values(), [1])
        self.check({"a": 1}.items(), [["a", 1]])
        self.check(collections.OrderedDict(a=1), {"a": 1})
        self.check(collections.Counter("aab"), {"a": 2, "b": 1})
        self.check(types.MappingProxyType({"a": 1}), {"a": 1})
        self.check(Color.RED, "red")
        self.check(Level.HIGH, 3)
        self.check(Text("t"), "t")
        self.check(Point(1, 2), {"x": 1, "y": 2})
        self.check(Line(Point(1, 2), Color.RED), {"start": {"x": 1, "y": 2}, "color": "red"})
        self.check(datetime.date(2024, 2, 29), "2024-02-29")
        self.check(datetime.datetime(2024, 2, 29, 1, 2), "2024-02-29T01:02:00")
        self.check(datetime.time(1, 2), "01:02:00")
        self.check(datetime.timedelta(minutes=1.5), 90.0)
        self.check(decimal.Decimal("1.5"), 1.5)
        self.check(decimal.Decimal("7"), 7)
        self.check(fractions.Fraction(1, 4), 0.25)
        self.check(uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001")
        self.check(pathlib.PurePosixPath("/a/b"), "/a/b")

    def test_bytes(self) -> None:
        self.check([b"a", bytearray(b"b"), memoryview(b"c")], [b"a", b"b", b"c"])
        self.assertEqual(encode(b"\xff", None), {"$bytes": "/w=="})

    def test_long_text_travels_as_a_blob(self) -> None:
        blobs: list[bytes] = []
        self.assertEqual(encode("ä" * 70_000, blobs), {"$text": 0})
        self.assertEqual(blobs, [("ä" * 70_000).encode()])

    def test_non_finite_floats(self) -> None:
        infinity = float("inf")
        self.check([infinity, -infinity], [infinity, -infinity])
        self.assertEqual(encode(float("nan"), []), {"$float": "NaN"})
        self.assertEqual(encode(decimal.Decimal("NaN"), []), {"$float": "NaN"})

    def test_objects_that_look_like_tags(self) -> None:
        for value in ({"$blob": 0}, {"$anything": [1]}, {"$object": {"$float": "x"}}):
            encoded = encode(value, [])
            self.assertEqual(list(encoded), ["$object"])
            self.assertEqual(decode(encoded, []), value)
        self.check({"$a": 1, "b": 2}, {"$a": 1, "b": 2})

    def test_keys(self) -> None:
        day = datetime.date(2024, 1, 1)
        keys = {1: 1, 1.5: 2, False: 3, Color.RED: 4, day: 5, Text("t"): 6}
        expected = {"1": 1, "1.5": 2, "false": 3, "red": 4, "2024-01-01": 5, "t": 6}
        self.check(keys, expected)
        for bad in ((1, 2), None, b"x", object()):
            with self.subTest(bad), self.assertRaisesRegex(TypeError, "key"):
                encode({bad: 1}, [])
        with self.assertRaisesRegex(ValueError, "twice"):
            encode({1: "a", "1": "b"}, [])

    def test_refusals_name_the_place(self) -> None:
        cases: list[tuple[Any, type[Exception], str]] = [
            ({"rows": [1, {"n": 2**53}]}, ValueError, r"\['rows'\]\[1\]\['n'\] is 900719925474099"),
            ([object()], TypeError, r"\[0\] is of type object, which cannot be sent"),
            ((n for n in [1]), TypeError, r"is of type generator; send list\(…\)"),
            (map(str, []), TypeError, r"is of type map; send list"),
            (print, TypeError, "is of type builtin_function_or_method"),
            (1j, TypeError, "complex"),
            (10**400, ValueError, "beyond"),
            (decimal.Decimal(10**20), ValueError, "beyond"),
        ]
        for value, kind, message in cases:
            with self.subTest(message), self.assertRaisesRegex(kind, message):
                encode(value, [])

    def test_cycles_and_depth(self) -> None:
        cycle: list[Any] = []
        cycle.append({"again": cycle})
        with self.assertRaisesRegex(ValueError, "contains itself"):
            encode(cycle, [])
        deep: list[Any] = []
        for _ in range(250):
            deep = [deep]
        with self.assertRaisesRegex(ValueError, "deeper than 200 levels"):
            encode(deep, [])
        for _ in range(50_000):
            deep = [deep]
        with self.assertRaisesRegex(ValueError, "deeper than 200 levels"):
            encode(deep, [])
        while deep:
            deep = deep[0]

    def test_coroutines_are_not_awaited(self) -> None:
        async def work() -> None: ...

        coroutine = work()
        with self.assertRaisesRegex(TypeError, "was not awaited"):
            encode(coroutine, [])
        coroutine.close()


class DecodeTest(unittest.TestCase):
    def test_tags(self) -> None:
        value = {
            "a": [{"$blob": 0}, {"$text": 1}, {"$bytes": "/w=="}],
            "b": {"$float": "-Infinity"},
            "c": {"$object": {"$blob": {"$blob": 0}}},
        }
        expected = {
            "a": [b"\xff", "ä", b"\xff"],
            "b": float("-inf"),
            "c": {"$blob": b"\xff"},
        }
        self.assertEqual(decode(value, [b"\xff", "ä".encode()]), expected)
        self.assertEqual(decode(5, []), 5)


if __name__ == "__main__":
    unittest.main()
