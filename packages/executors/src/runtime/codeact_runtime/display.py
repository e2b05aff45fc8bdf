"""Rich display: MIME bundles of values, and `display()`."""

from __future__ import annotations

import sys
from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

MAX_PLAIN_CHARACTERS = 200_000
MAX_RICH_CHARACTERS = 4_000_000
_MAX_ITEMS = 1000

_METHODS = (
    ("text/html", "_repr_html_"),
    ("text/markdown", "_repr_markdown_"),
    ("image/svg+xml", "_repr_svg_"),
    ("image/png", "_repr_png_"),
    ("image/jpeg", "_repr_jpeg_"),
    ("text/latex", "_repr_latex_"),
    ("application/json", "_repr_json_"),
)
_SCALARS = frozenset((int, float, bool, str, bytes, complex))


def mime_bundle(value: Any) -> dict[str, Any]:
    """Every representation of a value that it offers, `text/plain` always among them.

    A representation that fails or is too large is left out, and `text/plain` says so.
    """
    if type(value) in _SCALARS:
        return {"text/plain": plain_text(value)}
    data: dict[str, Any] = {"text/plain": plain_text(value)}
    notes: list[str] = []
    if not isinstance(value, type):
        _add_rich(value, data, notes)
    if notes:
        data["text/plain"] = "\n".join([str(data["text/plain"]), *notes])
    return data


def _add_rich(value: Any, data: dict[str, Any], notes: list[str]) -> None:
    figure = getattr(sys.modules.get("matplotlib.figure"), "Figure", None)
    if figure is not None and isinstance(value, figure):
        from .figures import png_of

        _add(data, notes, "image/png", lambda: png_of(value))
        return
    whole = _method(value, "_repr_mimebundle_")
    if whole is not None:
        for mime_type, content in _offered_bundle(whole, notes).items():
            _add(data, notes, mime_type, partial(_json_content, content))
    for mime_type, name in _METHODS:
        if mime_type not in data:
            method = _method(value, name)
            if method is not None:
                _add(data, notes, mime_type, method)


def _method(value: Any, name: str) -> Any:
    # Looked up on the class, so that objects which answer any attribute offer nothing.
    if getattr(type(value), name, None) is None:
        return None
    return getattr(value, name)


def _offered_bundle(method: Callable[[], Any], notes: list[str]) -> dict[Any, Any]:
    try:
        offered = method()
        if isinstance(offered, tuple):
            offered = offered[0]
        return dict(offered or {})
    except Exception as error:
        notes.append(f"(_repr_mimebundle_ raised {type(error).__name__}: {error})")
        return {}


def _add(data: dict[str, Any], notes: list[str], mime_type: Any, make: Callable[[], Any]) -> None:
    try:
        content = make()
        if isinstance(content, tuple):
            content = content[0]
        if content is None:
            return
        content = _json_content(content)
        length = len(content) if isinstance(content, str) else len(_dump(content))
    except Exception as error:
        notes.append(f"({mime_type} failed with {type(error).__name__}: {error})")
        return
    if mime_type == "text/plain":
        data["text/plain"] = shorten(str(content))
    elif length > MAX_RICH_CHARACTERS:
        notes.append(f"({mime_type} left out: {length} characters)")
    else:
        data[str(mime_type)] = content


def _json_content(content: Any) -> Any:
    if isinstance(content, (bytes, bytearray, memoryview)):
        from base64 import b64encode

        return b64encode(content).decode("ascii")
    return content


def _dump(content: Any) -> str:
    import json

    return json.dumps(content, allow_nan=False)


def plain_text(value: Any) -> str:
    """`repr(value)`, of sensible length; a description of the failure where repr raises."""
    try:
        text = _repr(value)
    except Exception as error:
        name = type(value).__name__
        try:
            return f"<{name} object; its repr raised {type(error).__name__}: {error}>"
        except Exception:
            return f"<{name} object; its repr raised {type(error).__name__}>"
    return shorten(text)


def _repr(value: Any) -> str:
    kind = type(value)
    if kind in (list, tuple, set, frozenset, dict) and len(value) > _MAX_ITEMS:
        from itertools import islice

        first = islice(value.items() if kind is dict else value, _MAX_ITEMS)
        head = repr(dict(first) if kind is dict else kind(first))
        closing = "})" if kind is frozenset else head[-1]
        return f"{head[: -len(closing)]}, …{closing}  ({len(value)} items)"
    return repr(value)


def shorten(text: str, limit: int = MAX_PLAIN_CHARACTERS) -> str:
    """Cuts the middle out of a text that is too long, and says how much."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n… ({len(text) - 2 * half} characters left out) …\n{text[-half:]}"
