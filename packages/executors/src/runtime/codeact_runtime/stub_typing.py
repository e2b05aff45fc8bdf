"""Runs stubs that need names from `typing`, also ones that this Python is too old for."""

from __future__ import annotations

import ast
import typing
from typing import Any

_FUTURE_ANNOTATIONS = 0x1000000


class _Qualifier:
    """`NotRequired[X]` and the like, on a Python that lacks them: means `X`."""

    def __class_getitem__(cls, item: Any) -> Any:
        return item


def execute_with_typing(source: str, filename: str) -> dict[str, Any]:
    """Runs a stub with everything of `typing` at hand; annotations may stay unevaluated."""
    tree = ast.parse(source, filename)
    tree.body = [
        statement
        for statement in tree.body
        if not (isinstance(statement, ast.ImportFrom) and statement.module == "typing")
    ]
    try:
        return _execute(tree, filename, 0)
    except (TypeError, NameError):
        # For example `int | None` before Python 3.10.
        return _execute(tree, filename, _FUTURE_ANNOTATIONS)


def _execute(tree: ast.Module, filename: str, flags: int) -> dict[str, Any]:
    namespace: dict[str, Any] = {
        name: _Qualifier
        for name in ("NotRequired", "Required", "ReadOnly")
        if not hasattr(typing, name)
    }
    namespace.update({name: getattr(typing, name) for name in typing.__all__})
    namespace.update(__name__="__main__", typing=typing)
    exec(compile(tree, filename, "exec", flags, dont_inherit=True), namespace)
    return namespace
