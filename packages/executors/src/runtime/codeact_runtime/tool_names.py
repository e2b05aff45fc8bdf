"""The names of the tools, which stay theirs from cell to cell."""

from __future__ import annotations

import sys

from .tools import define_tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .tools import Caller


class ToolNames:
    """Tools as functions in a namespace, which get their names back where a cell took them."""

    __slots__ = ("_functions", "_namespace")

    def __init__(
        self, namespace: dict[str, Any], declarations: Iterable[dict[str, Any]], caller: Caller
    ) -> None:
        self._namespace = namespace
        self._functions: dict[str, Any] = {}
        for declaration in declarations:
            name = declaration["pythonName"]
            names = define_tool(declaration, caller)
            namespace.update(names)
            self._functions[name] = names[name]

    def restore(self) -> None:
        """Undoes what a cell did to the tools' names, and says so on its stderr.

        Otherwise a model that wrote `final_answer = 42` could never give its answer, and one that
        makes up a function of a tool's name would go on with its own inventions.
        """
        for name, function in self._functions.items():
            if self._namespace.get(name) is not function:
                self._namespace[name] = function
                print(
                    f"[The code changed what {name} means. It is the tool again: "
                    "take another name for anything else.]",
                    file=sys.stderr,
                )
