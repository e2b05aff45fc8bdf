"""Compiling and evaluating cells in the namespace of `__main__`."""

from __future__ import annotations

import builtins
import linecache

# The compiler's own node classes; importing `ast` would cost time at every start.
from _ast import Expr, Expression, PyCF_ALLOW_TOP_LEVEL_AWAIT, PyCF_ONLY_AST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

MAGICS_NAME = "__codeact_magics__"
_CO_COROUTINE = 0x80
_FUTURE_FLAGS = 0x1FE0000


class CompiledCell:
    """A cell in two parts: its statements, and the last expression, whose value is shown."""

    __slots__ = ("is_asynchronous", "last", "shows_value", "statements")

    def __init__(
        self, statements: CodeType | None, last: CodeType | None, shows_value: bool
    ) -> None:
        self.statements = statements
        self.last = last
        self.shows_value = shows_value
        parts = [part for part in (statements, last) if part is not None]
        self.is_asynchronous = any(part.co_flags & _CO_COROUTINE for part in parts)


class CellCompiler:
    """Compiles cells, and remembers their source and their `from __future__` imports."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._future_flags = 0

    def number_of(self, filename: str) -> int | None:
        """The cell that a code object's file name stands for."""
        return self._numbers.get(filename)

    def compile(self, source: str, number: int) -> CompiledCell:
        """Compiles a cell; raises SyntaxError, or ValueError for null bytes."""
        filename = f"<cell {number}>"
        self._numbers[filename] = number
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        tree = self._parse(source, filename)
        body = tree.body
        statements = last = None
        shows_value = True
        if body and isinstance(body[-1], Expr):
            node: Any = body.pop()
            shows_value = not (";" in source and _is_followed_by_semicolon(source, node))
            last = self._compile(Expression(node.value), filename, "eval")
        if body or last is None:
            statements = self._compile(tree, filename, "exec")
            self._future_flags |= statements.co_flags & _FUTURE_FLAGS
        return CompiledCell(statements, last, shows_value)

    def _parse(self, source: str, filename: str) -> Any:
        try:
            return self._compile(source, filename, "exec", PyCF_ONLY_AST)
        except SyntaxError:
            if "!" not in source and "%" not in source:
                raise
            from .source_transforms import transform

            # No valid Python statement begins with ! or %, so only broken cells are looked at.
            transformed = transform(source, filename)
            if transformed is None:
                raise
            if not hasattr(builtins, MAGICS_NAME):
                from .magics import Magics

                setattr(builtins, MAGICS_NAME, Magics())
        return self._compile(transformed, filename, "exec", PyCF_ONLY_AST)

    def _compile(self, source: Any, filename: str, mode: str, flags: int = 0) -> Any:
        flags |= self._future_flags | PyCF_ALLOW_TOP_LEVEL_AWAIT
        compiled: Any = compile(source, filename, mode, flags, dont_inherit=True)
        return compiled


def evaluate(cell: CompiledCell, namespace: dict[str, Any]) -> Any:
    """Runs a cell and returns the value of its last expression, which `_` keeps."""
    if cell.is_asynchronous:
        from .asyncio_support import run_until_complete

        value = run_until_complete(_evaluate_asynchronously(cell, namespace))
    else:
        value = None
        if cell.statements is not None:
            exec(cell.statements, namespace)
        if cell.last is not None:
            value = eval(cell.last, namespace)
    if value is not None:
        builtins._ = value  # type: ignore[attr-defined]
    return value


async def _evaluate_asynchronously(cell: CompiledCell, namespace: dict[str, Any]) -> Any:
    value = None
    for code in (cell.statements, cell.last):
        if code is not None:
            value = eval(code, namespace)
            if code.co_flags & _CO_COROUTINE:
                value = await value
    return None if cell.last is None else value


def _is_followed_by_semicolon(source: str, node: Any) -> bool:
    # Lines as the parser counts them: str.splitlines knows more line ends than Python does.
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rest = lines[node.end_lineno - 1].encode("utf-8")[node.end_col_offset :]
    return bool(rest.lstrip().startswith(b";"))
