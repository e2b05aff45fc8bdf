"""The wire codec: Python values to tagged JSON and back."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Callable

MAX_DEPTH = 200
MAX_INTEGER = 2**53 - 1
MAX_BLOBS = 65_536
LONG_TEXT_CHARACTERS = 65_536
_KEY_TYPES = (str, int, float, bool)


class UnsendableError(Exception):
    """A value cannot be sent; `path` grows from the inside out while the walk unwinds."""

    def __init__(self, kind: type[Exception], reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.path: list[str] = []
        self.containers: list[int] = []

    def describe(self) -> str:
        """The reason with the place of the value, for example `['rows'][3] is a generator`."""
        if len(set(self.containers)) < len(self.containers):
            self.reason = "contains itself; send a copy without the cycle"
            self.path = self.path[-1:]
        steps = self.path[::-1]
        if len(steps) > 8:
            steps = [*steps[:4], "[…]", *steps[-3:]]
        return f"{''.join(steps)} {self.reason}".strip()


class Encoder:
    """Encodes values for one frame and collects its blobs.

    Without `blobs`, for channels that carry text only, bytes become base64.
    """

    def __init__(self, blobs: list[bytes] | None) -> None:
        self._blobs = blobs

    def encode(self, value: Any) -> Any:
        """The JSON form of `value`; raises TypeError or ValueError that names the bad part."""
        try:
            return self._encode(value, 0)
        except UnsendableError as error:
            raise error.kind(error.describe()) from None

    def _encode(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str:
            return value if len(value) <= LONG_TEXT_CHARACTERS else self._long_text(value)
        if kind is int:
            return _check_integer(value)
        if kind is float:
            return value if value - value == 0 else {"$float": _float_name(value)}
        if kind is bool or value is None:
            return value
        if depth >= MAX_DEPTH:
            raise UnsendableError(ValueError, f"is nested deeper than {MAX_DEPTH} levels")
        if kind is dict:
            return self._object(value, value.items(), depth)
        if kind is list or kind is tuple:
            return self._array(value, value, depth)
        if kind is bytes or kind is bytearray or kind is memoryview:
            return self._bytes(bytes(value))
        return self._other(value, kind, depth)

    def _array(self, container: object, items: Iterable[Any], depth: int) -> list[Any]:
        encoded: list[Any] = []
        add = encoded.append
        try:
            for item in items:
                add(self._encode(item, depth + 1))
        except UnsendableError as error:
            error.path.append(f"[{len(encoded)}]")
            error.containers.append(id(container))
            raise
        return encoded

    def _object(self, container: object, items: Iterable[tuple[Any, Any]], depth: int) -> Any:
        encoded: dict[str, Any] = {}
        key: Any = None
        try:
            for key, item in items:
                name = key if type(key) is str else self._key(key)
                if name in encoded:
                    reason = f"occurs twice, as keys that both read {name!r}"
                    raise UnsendableError(ValueError, reason)
                encoded[name] = self._encode(item, depth + 1)
        except UnsendableError as error:
            error.path.append(f"[{_short(key)}]")
            error.containers.append(id(container))
            raise
        if len(encoded) == 1 and next(iter(encoded)).startswith("$"):
            return {"$object": encoded}
        return encoded

    def _key(self, key: Any) -> str:
        name = key
        if type(key) not in _KEY_TYPES:
            from .conversions import convert

            try:
                # Twice, for an enum of dates.
                name = convert(key, type(key))
                name = name if type(name) in _KEY_TYPES else convert(name, type(name))
            except UnsendableError:
                name = None
        if type(name) is str:
            return name
        if type(name) is bool:
            return "true" if name else "false"
        if type(name) is int or type(name) is float:
            return repr(name)
        reason = f"has a key of type {type(key).__name__}; keys must be strings"
        raise UnsendableError(TypeError, reason)

    def _long_text(self, value: str) -> Any:
        if self._blobs is None:
            return value
        try:
            data = value.encode("utf-8")
        except UnicodeEncodeError:
            return value  # Lone surrogates survive only in JSON's escapes.
        return {"$text": self._add_blob(data)}

    def _bytes(self, data: bytes) -> Any:
        if self._blobs is None:
            from base64 import b64encode

            return {"$bytes": b64encode(data).decode("ascii")}
        return {"$blob": self._add_blob(data)}

    def _add_blob(self, data: bytes) -> int:
        blobs = self._blobs
        assert blobs is not None
        if len(blobs) >= MAX_BLOBS:
            reason = f"is one of more than {MAX_BLOBS} bytes objects or long strings"
            raise UnsendableError(ValueError, reason)
        blobs.append(data)
        return len(blobs) - 1

    def _other(self, value: Any, kind: type, depth: int) -> Any:
        from .conversions import convert

        converted = convert(value, kind)
        if type(converted) is dict:
            return self._object(value, converted.items(), depth)
        if type(converted) is list:
            return self._array(value, converted, depth)
        return self._encode(converted, depth + 1)


def encode(value: Any, blobs: list[bytes] | None) -> Any:
    """Encodes one value; see `Encoder`."""
    return value if _is_flat(value) else Encoder(blobs).encode(value)


def _is_flat(value: Any) -> bool:
    """Whether a value is the common input of a tool: an object of short texts and the like."""
    if type(value) is not dict:
        return False
    for key, item in value.items():
        kind = type(item)
        if kind is str:
            if len(item) > LONG_TEXT_CHARACTERS:
                return False
        elif kind is int:
            if not -MAX_INTEGER <= item <= MAX_INTEGER:
                return False
        elif kind is not bool and item is not None:
            return False
        if type(key) is not str:
            return False
    return len(value) != 1 or not key.startswith("$")


def decode(value: Any, blobs: Sequence[bytes]) -> Any:
    """The Python value of tagged JSON. Lists and objects are changed in place."""
    kind = type(value)
    if kind is list:
        for index, item in enumerate(value):
            if type(item) is dict or type(item) is list:
                value[index] = decode(item, blobs)
        return value
    if kind is not dict:
        return value
    if len(value) == 1:
        ((tag, content),) = value.items()
        if tag == "$object":
            return _decode_members(content, blobs)
        if tag.startswith("$"):
            return _TAGS[tag](content, blobs)
    return _decode_members(value, blobs)


def _decode_members(value: dict[str, Any], blobs: Sequence[bytes]) -> dict[str, Any]:
    for key, item in value.items():
        if type(item) is dict or type(item) is list:
            value[key] = decode(item, blobs)
    return value


def _decode_bytes(content: str, _blobs: Sequence[bytes]) -> bytes:
    from base64 import b64decode

    return b64decode(content)


_TAGS: dict[str, Callable[[Any, Sequence[bytes]], Any]] = {
    "$blob": lambda content, blobs: blobs[content],
    "$text": lambda content, blobs: blobs[content].decode("utf-8", "replace"),
    "$bytes": _decode_bytes,
    "$float": lambda content, _blobs: float(content),
}


def _check_integer(value: int) -> int:
    if -MAX_INTEGER <= value <= MAX_INTEGER:
        return value
    digits = _short(value) if abs(value).bit_length() < 200 else "this integer"
    reason = f"is {digits}, beyond ±(2**53 - 1), and would lose digits; send str(…) of it"
    raise UnsendableError(ValueError, reason)


def _float_name(value: float) -> str:
    if value != value:
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _short(value: object) -> str:
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 60 else text[:57] + "…"


def loaded(module: str, name: str) -> Any:
    """An attribute of a module if it is imported already, otherwise None."""
    return getattr(sys.modules.get(module), name, None)
