"""What the attempts use: ways to JavaScript objects, and from one of them to the host."""

from __future__ import annotations

import ctypes
import gc
import importlib
import sys
from typing import Any, Iterator

SECRET_VARIABLE = "CODEACT_TEST_SECRET"


def proxies() -> Iterator[Any]:
    """Every JavaScript object that is near to anything in memory."""
    seen: set[int] = set()
    stack = [(found, 0) for found in gc.get_objects()]
    while stack:
        found, depth = stack.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        if type(found).__module__ == "pyodide.ffi" and hasattr(found, "js_id"):
            yield found
        elif depth < 3:
            stack += [(near, depth + 1) for near in gc.get_referents(found)]


def finder() -> Any:
    """What imports JavaScript objects."""
    return next(each for each in sys.meta_path if hasattr(each, "jsproxies"))


def process(found: Any) -> Any:
    """Node's `process`, of the first object from which it can be had."""
    for each in found:
        if type(each).__module__ != "pyodide.ffi":
            continue
        try:
            return each.process if hasattr(each, "process") else from_code(each)
        except Exception:
            continue
    raise LookupError("none of the objects leads to it")


def from_code(found: Any) -> Any:
    """Node's `process` by code from a string, which a constructor of constructors takes."""
    function = found.constructor.constructor
    return function("return globalThis.process")()


def sees(process: Any, secret: str) -> bool:
    """Whether an object is Node's `process`, with the host's environment."""
    return bool(getattr(process.env, SECRET_VARIABLE) == secret)


def builtin(name: str) -> Any:
    """A module of Node, in the way that plain Pyodide offers."""
    return importlib.import_module("js").process.getBuiltinModule(name)


def to_array(values: list[str]) -> Any:
    """An array of JavaScript."""
    return importlib.import_module("pyodide.ffi").to_js(values)


def dynamic_library() -> Any:
    """Everything in the WebAssembly module that has a name."""
    return ctypes.CDLL(None)


def evaluated(code: str) -> str:
    """The value of JavaScript code, by Emscripten."""
    function = dynamic_library().emscripten_run_script_string
    function.restype = ctypes.c_char_p
    return bytes(function(code.encode())).decode()


def initialised_again(name: str) -> Any:
    """A module of the interpreter's own, as it is before anybody changes it."""
    initialise = getattr(ctypes.pythonapi, f"PyInit_{name}")
    initialise.restype = ctypes.py_object
    return initialise()


def side_module(function_body: str) -> bytes:
    """A library whose function `f` has this body, in JavaScript."""
    name = b"f"
    text = f"()<::>{{ {function_body} }}".encode() + b"\0"

    def section(number: int, content: bytes) -> bytes:
        return bytes([number]) + _leb(len(content)) + content

    def text_of(value: bytes) -> bytes:
        return _leb(len(value)) + value

    imported = (
        b"\x03"
        + (text_of(b"env") + text_of(b"memory") + b"\x02\x00\x01")
        + (text_of(b"env") + text_of(b"__memory_base") + b"\x03\x7f\x00")
        + (text_of(b"env") + text_of(name) + b"\x00\x00")
    )
    exported = (
        b"\x02" + (text_of(b"call") + b"\x00\x01") + (text_of(b"__em_js__" + name) + b"\x03\x01")
    )
    return b"".join(
        [
            b"\0asm\x01\0\0\0",
            section(0, text_of(b"dylink.0") + b"\x01\x04" + _leb(len(text)) + b"\0\0\0"),
            section(1, b"\x01\x60\x00\x01\x7f"),
            section(2, imported),
            section(3, b"\x01\x00"),
            section(6, b"\x01\x7f\x00\x41\x00\x0b"),
            section(7, exported),
            section(10, b"\x01\x04\x00\x10\x00\x0b"),
            section(11, b"\x01\x00\x23\x00\x0b" + text_of(text)),
        ]
    )


def _leb(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])
