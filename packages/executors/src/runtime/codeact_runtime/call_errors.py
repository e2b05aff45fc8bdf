"""What to say when a tool is called with the wrong arguments; imported when it happens."""

from __future__ import annotations

import re
from typing import Any


def explain_wrong_call(stub: Any, problem: str, named: dict[str, Any]) -> str:
    """The interpreter's complaint, the nearest parameter names, and the right signature."""
    # Local names begin the interpreter's message with the function; newer Pythons suggest too.
    problem = re.sub(r"\. Did you mean .*$", "", problem)
    return f"{problem}.{_suggest(stub, named)} Call it as: {signature_text(stub)}"


def _suggest(stub: Any, named: dict[str, Any]) -> str:
    import difflib

    code = stub.__code__
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for name in named:
        if name not in parameters:
            near = difflib.get_close_matches(name, parameters, 1, 0.5)
            return f" Did you mean {near[0]!r}?" if near else ""
    return ""


def signature_text(stub: Any) -> str:
    """The function's name with parameters, annotations and defaults."""
    import inspect

    text = f"{stub.__name__}{inspect.signature(stub)}"
    return text.replace("typing.", "").replace("__main__.", "")
