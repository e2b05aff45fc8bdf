"""Exceptions as data, with a traceback of the model's own frames only."""

from __future__ import annotations

import linecache
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, TracebackType
    from typing import Any, Callable

MAX_MESSAGE_CHARACTERS = 10_000
_MAX_SOURCE_CHARACTERS = 500
_MAX_FRAMES = 40
_MAX_REPEATS = 3
_MAX_CHAIN = 10
_MAX_GROUP_MEMBERS = 10
_MEMBERS = ("cell", "file", "line", "function", "source")
_HEADER = "Traceback (most recent call last):"
_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"


class TracebackFormatter:
    """Tells the model's own frames from others and writes them down."""

    def __init__(self, cell_of: Callable[[str], int | None], workspaces: list[str]) -> None:
        self._cell_of = cell_of
        self._files: dict[str, dict[str, Any] | None] = {}
        self._workspaces = [os.path.join(os.path.realpath(each), "") for each in workspaces]

    def describe(self, error: BaseException) -> dict[str, Any]:
        """The exception in the form of the protocol's `PythonError`."""
        frames = self._frames(error.__traceback__) or self._syntax_error_frames(error)
        return {
            "type": type_name(type(error)),
            "message": message_of(error),
            "traceback": self.format(error),
            "frames": [{key: frame[key] for key in frame if key in _MEMBERS} for frame in frames],
        }

    def format(self, error: BaseException) -> str:
        """The readable traceback, with the chain of causes before it."""
        return "\n".join(self._format_chain(error, set(), 0))

    def _format_chain(self, error: BaseException, seen: set[int], depth: int) -> list[str]:
        seen.add(id(error))
        lines: list[str] = []
        earlier, reason = error.__cause__, _CAUSE
        if earlier is None and not error.__suppress_context__:
            earlier, reason = error.__context__, _CONTEXT
        if earlier is not None and id(earlier) not in seen and depth < _MAX_CHAIN:
            lines += [*self._format_chain(earlier, seen, depth + 1), "", reason, ""]
        frames = self._frames(error.__traceback__)
        if frames:
            lines.append(_HEADER)
            lines += _frame_lines(frames)
        lines += self._final_lines(error)
        for place, member in enumerate(_members(error)[:_MAX_GROUP_MEMBERS], 1):
            lines.append(f"  +---------------- {place} ----------------")
            if id(member) not in seen and depth < _MAX_CHAIN:
                nested = self._format_chain(member, seen, depth + 1)
                lines += [f"  | {line}" for text in nested for line in text.split("\n")]
        if len(_members(error)) > _MAX_GROUP_MEMBERS:
            lines.append(f"  +---- and {len(_members(error)) - _MAX_GROUP_MEMBERS} more ----")
        return lines

    def _final_lines(self, error: BaseException) -> list[str]:
        lines = []
        if isinstance(error, SyntaxError) and error.filename is not None:
            lines = self._syntax_error_lines(error, error.filename)
        message = message_of(error)
        name = type_name(type(error))
        lines.append(f"{name}: {message}" if message else name)
        notes = getattr(error, "__notes__", None)
        if isinstance(notes, (list, tuple)):
            lines += [_bounded(_text_of(note), MAX_MESSAGE_CHARACTERS) for note in notes[:20]]
        return lines

    def _syntax_error_lines(self, error: SyntaxError, filename: str) -> list[str]:
        line_number = error.lineno or 1
        lines = [
            f"  {_place_text(self._place(filename) or {'file': filename})}, line {line_number}"
        ]
        text = linecache.getline(filename, line_number) or error.text or ""
        stripped = text.strip()[:_MAX_SOURCE_CHARACTERS]
        if stripped:
            lines.append(f"    {stripped}")
            start = (error.offset or 0) - 1 - (len(text) - len(text.lstrip()))
            if 0 <= start <= len(stripped):
                lines.append("    " + " " * start + "^" * _caret_width(error, stripped, start))
        return lines

    def _syntax_error_frames(self, error: BaseException) -> list[dict[str, Any]]:
        if not isinstance(error, SyntaxError) or error.filename is None:
            return []
        place = self._place(error.filename)
        if place is None:
            return []
        line = error.lineno or 1
        source = linecache.getline(error.filename, line) or error.text or ""
        return [{**place, "line": line, "function": "<module>", "source": source.strip()}]

    def _frames(self, traceback: TracebackType | None) -> list[dict[str, Any]]:
        frames = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            place = self._place(code.co_filename)
            if place is not None:
                frames.append(_frame(place, code, traceback.tb_lineno))
            traceback = traceback.tb_next
        return _fold(frames)

    def _place(self, filename: str) -> dict[str, Any] | None:
        """Where own code is; None for the code of libraries and of the runtime."""
        cell = self._cell_of(filename)
        if cell is not None:
            return {"cell": cell}
        if filename not in self._files:
            self._files[filename] = self._workspace_file(filename)
        return self._files[filename]

    def _workspace_file(self, filename: str) -> dict[str, Any] | None:
        if filename.startswith("<"):
            return None
        path = os.path.realpath(filename)
        root = next((each for each in self._workspaces if path.startswith(each)), None)
        if root is None:
            return None
        prefix = os.path.join(sys.prefix, "")
        # Where Python is installed in the root directory, that tells nothing.
        if "site-packages" in path or (prefix != os.sep and path.startswith(prefix)):
            return None
        return {"file": path[len(root) :]}


def type_name(kind: type) -> str:
    """The name of an exception's class, qualified unless builtin or from a cell."""
    module = getattr(kind, "__module__", None)
    if module in (None, "builtins", "__main__"):
        return kind.__qualname__
    return f"{module}.{kind.__qualname__}"


def message_of(error: BaseException) -> str:
    """`str(error)`, of sensible length, also where that raises."""
    if isinstance(error, SyntaxError) and error.msg is not None:
        return _bounded(_text_of(error.msg), MAX_MESSAGE_CHARACTERS)
    return _bounded(_text_of(error), MAX_MESSAGE_CHARACTERS)


def _text_of(value: object) -> str:
    try:
        return str(value)
    except Exception as error:
        return f"<unprintable {type(value).__name__} object: str() raised {type(error).__name__}>"


def _bounded(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} … ({len(text) - 2 * half} characters left out) … {text[-half:]}"


def _members(error: BaseException) -> tuple[BaseException, ...]:
    members = getattr(error, "exceptions", ())
    group = getattr(sys.modules["builtins"], "BaseExceptionGroup", None)
    if group is None or not isinstance(error, group) or not isinstance(members, tuple):
        return ()
    return members


def _frame(place: dict[str, Any], code: CodeType, line: int | None) -> dict[str, Any]:
    line = line or code.co_firstlineno
    frame = {**place, "line": line, "function": code.co_name}
    source = linecache.getline(code.co_filename, line).strip()
    if source:
        frame["source"] = source[:_MAX_SOURCE_CHARACTERS]
    return frame


def _fold(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shortens a recursion: equal frames in a row, then the middle of what is still too long.

    A frame that stands for more than itself has the member `repeats`; it is not sent.
    """
    folded: list[dict[str, Any]] = []
    run = 0
    for frame in frames:
        run = run + 1 if folded and frame == _without_repeats(folded[-1]) else 1
        if run <= _MAX_REPEATS:
            folded.append(frame)
        else:
            folded[-1] = {**frame, "repeats": run - _MAX_REPEATS}
    if len(folded) <= _MAX_FRAMES:
        return folded
    half = _MAX_FRAMES // 2
    return [
        *folded[: half - 1],
        {**folded[half - 1], "cut": len(folded) - 2 * half},
        *folded[-half:],
    ]


def _without_repeats(frame: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in frame.items() if key != "repeats"}


def _frame_lines(frames: list[dict[str, Any]]) -> list[str]:
    lines = []
    for frame in frames:
        lines.append(f"  {_place_text(frame)}, line {frame['line']}, in {frame['function']}")
        if "source" in frame:
            lines.append(f"    {frame['source']}")
        if "repeats" in frame:
            lines.append(f"  [the same {frame['repeats']} more times]")
        if "cut" in frame:
            lines.append(f"  [{frame['cut']} more frames]")
    return lines


def _place_text(place: dict[str, Any]) -> str:
    return f"Cell {place['cell']}" if "cell" in place else f'File "{place["file"]}"'


def _caret_width(error: SyntaxError, stripped: str, start: int) -> int:
    end = getattr(error, "end_offset", None)
    if not isinstance(end, int) or getattr(error, "end_lineno", None) != error.lineno:
        return 1
    return max(1, min(end - (error.offset or 0), len(stripped) - start))
