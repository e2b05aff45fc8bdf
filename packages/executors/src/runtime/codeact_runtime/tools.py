"""Host tools as Python functions, made from their stubs."""

from __future__ import annotations

import linecache
from functools import update_wrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FunctionType
    from typing import Any, Callable, Protocol

    class Caller(Protocol):
        """Carries calls to the host; the channel's is `tool_calls.ToolCaller`."""

        def start(self, name: str, tool_input: Any, /) -> Any: ...

        def wait(self, call: Any, /) -> Any: ...


class _Omitted:
    """Stands for an argument that was not given."""


_OMITTED = _Omitted()


def define_tool(declaration: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """The names that a tool brings into the namespace: the function and the types of its stub."""
    name = declaration["pythonName"]
    names = _execute_stub(declaration["stub"], f"<tool {name}>")
    stub = names[name]
    types = {key: value for key, value in names.items() if isinstance(value, type)}
    if types:
        from .record_types import accept_values_in_order

        accept_values_in_order(types.values())
    return {**types, name: _make_function(declaration, stub, caller)}


def _execute_stub(source: str, filename: str) -> dict[str, Any]:
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(source, filename, "exec", dont_inherit=True), namespace)
    except (NameError, TypeError, ImportError):
        from .stub_typing import execute_with_typing

        namespace = execute_with_typing(source, filename)
    # What the stub itself defines; names from typing have another module.
    return {
        key: value
        for key, value in namespace.items()
        if getattr(value, "__module__", None) == "__main__"
    }


def _make_function(declaration: dict[str, Any], stub: Any, caller: Caller) -> Any:
    wire_name = declaration["name"]
    bind = _make_binder(declaration, stub)

    start, wait = caller.start, caller.wait

    def tool(*arguments: Any, **named: Any) -> Any:
        return wait(start(wire_name, bind(arguments, named)))

    def map_inputs(inputs: Iterable[Any], *, return_exceptions: bool = False) -> list[Any]:
        """Calls the tool once for each input, all at once, and returns the results in order.

        An input that is a dict gives the arguments by name, a tuple gives them by position, and
        anything else is the first argument. When calls fail, the first error is raised after all
        calls have ended; with return_exceptions=True, errors take their places in the list.
        """
        bound = [bind(*_split_input(item, declaration)) for item in inputs]
        calls = [start(wire_name, tool_input) for tool_input in bound]
        results: list[Any] = []
        first_error: Any = None
        for call in calls:
            try:
                results.append(wait(call))
            except Exception as error:
                first_error = first_error or error
                results.append(error)
        if first_error is not None and not return_exceptions:
            raise first_error
        return results

    function: Any = update_wrapper(tool, stub)
    function.__module__ = "__main__"
    map_inputs.__name__ = "map"
    map_inputs.__qualname__ = f"{stub.__qualname__}.map"
    function.map = map_inputs
    return function


def _split_input(item: Any, declaration: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if declaration["parameters"] == "value":
        return (item,), {}
    if isinstance(item, dict):
        return (), item
    return (item if isinstance(item, tuple) else (item,)), {}


def _make_binder(
    declaration: dict[str, Any], stub: FunctionType
) -> Callable[[tuple[Any, ...], dict[str, Any]], Any]:
    """Turns the arguments of a call into the tool's input, as Python itself would bind them."""
    collect = _make_collector(stub)
    parameters = declaration["parameters"]
    if parameters == "value":
        plan = None
    else:
        plan = [
            (
                each["pythonName"],
                each["name"],
                each["required"] or each["nullable"],
                each.get("asText", False),
            )
            for each in parameters
        ]

    def bind(arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        try:
            given = collect(*arguments, **named)
        except TypeError as error:
            problem = str(error)
        else:
            if plan is None:
                value = given["value"]
                return None if value is _OMITTED else value
            tool_input = {}
            for python_name, wire_name, takes_none, as_text in plan:
                value = given[python_name]
                if value is not _OMITTED and (takes_none or value is not None):
                    tool_input[wire_name] = str(value) if as_text else value
            return tool_input
        from .call_errors import explain_wrong_call

        raise TypeError(explain_wrong_call(stub, problem, named))

    return bind


def _make_collector(stub: FunctionType) -> Callable[..., dict[str, Any]]:
    # A function with the stub's parameters that returns them: the interpreter does the binding,
    # and its own messages describe what is wrong.
    code = stub.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    positional = list(names[: code.co_argcount])
    first_default = len(positional) - len(stub.__defaults__ or ())
    signature = [
        name if place < first_default else f"{name}={_DEFAULT}"
        for place, name in enumerate(positional)
    ]
    if code.co_posonlyargcount:
        signature.insert(code.co_posonlyargcount, "/")
    if code.co_kwonlyargcount:
        signature.append("*")
        keyword_defaults = stub.__kwdefaults__ or {}
        signature += [
            f"{name}={_DEFAULT}" if name in keyword_defaults else name
            for name in names[code.co_argcount :]
        ]
    members = ", ".join(f"{name!r}: {name}" for name in names)
    source = f"def {stub.__name__}({', '.join(signature)}): return {{{members}}}"
    namespace: dict[str, Any] = {_DEFAULT: _OMITTED}
    exec(source, namespace)
    collector: Callable[..., dict[str, Any]] = namespace[stub.__name__]
    return collector


_DEFAULT = "__codeact_omitted__"
