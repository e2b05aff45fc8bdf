"""Calls of API-Bank as code, JSON and text: written without loss, and read by real parsers.

The paper reads all three by regular expressions, which lose lists, quotes and calls without
parameters in code and text, but not in JSON.
"""

import ast
import json
import re
from typing import Any, Optional

Call = tuple[str, dict[str, Any]]


def write_call(name: str, parameters: dict[str, Any], mode: str) -> str:
    """A call in the form that the prompt asks for."""
    if mode == "code":
        given = ", ".join(f"{key}={value!r}" for key, value in parameters.items())
        return f"[{name}({given})]"
    if mode == "json":
        return json.dumps([{"action": name, **parameters}])
    pieces = [f"Action: {name}", *(f"{key}: {value}" for key, value in parameters.items())]
    return f"[{', '.join(pieces)}]"


def read_call(message: str, mode: str, declared: dict[str, list[str]]) -> Optional[Call]:
    """The call in a message; `declared` are the parameters of each API, in order."""
    for text in _candidates(message):
        call = _READERS[mode](text, declared)
        if call is not None:
            return call
    return None


def literal(value: Any) -> Any:
    """What a text spells, where it spells a value of Python or JSON."""
    if not isinstance(value, str):
        return value
    for read in (ast.literal_eval, json.loads):
        try:
            return read(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return value


def _candidates(message: str) -> list[str]:
    """What stands in square brackets, a single line of it first, and the whole message."""
    found = [match.group(1) for match in re.finditer(r"\[(.*)\]", message)]
    around = re.search(r"\[(.*)\]", message, re.DOTALL)
    return [*found, *([around.group(1)] if around else []), message]


def _read_code(text: str, declared: dict[str, list[str]]) -> Optional[Call]:
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    name = node.func.id
    parameters = dict(zip(declared.get(name, []), map(_value, node.args)))
    for keyword in node.keywords:
        if keyword.arg is not None:
            parameters[keyword.arg] = _value(keyword.value)
    return name, parameters


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return ast.unparse(node)


def _read_json(text: str, _declared: dict[str, list[str]]) -> Optional[Call]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if not isinstance(given, dict) or not isinstance(given.get("action"), str):
        return None
    return given["action"], {key: value for key, value in given.items() if key != "action"}


def _read_text(text: str, _declared: dict[str, list[str]]) -> Optional[Call]:
    start = re.match(r"\s*Action:\s*(\w+)\s*(?:,|$)", text)
    if start is None:
        return None
    rest = text[start.end() :]
    # A parameter begins with a name and ends where the next begins: its value may have commas.
    names = list(re.finditer(r"(?:^|,)\s*(\w+):(?:\s|$)", rest))
    ends = [match.start() for match in names[1:]] + [len(rest)]
    return start.group(1), {
        match.group(1): _unquoted(rest[match.end() : end].strip())
        for match, end in zip(names, ends)
    }


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text


_READERS = {"code": _read_code, "json": _read_json, "text": _read_text}
