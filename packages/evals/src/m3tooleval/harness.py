"""Runs the tasks of an M3ToolEval checkout, unmodified, in an agent's interpreter.

The checkout's own code makes prompts, carries out JSON and text actions, and judges. Its code mode
needs IPython and is not used: the interpreter runs the model's code itself.
"""

import ast
import builtins
import importlib
import inspect
import re
import sys
import types
from typing import Any, Callable

from codeact_upstream import enter, quiet, stand_in

MODES = {"code": "CODE_AS_ACTION", "json": "JSON_AS_ACTION", "text": "TEXT_AS_ACTION"}


class _NoProgress:
    def __init__(self, *_args: Any, **_options: Any) -> None:
        pass

    def update(self, *_args: Any) -> None:
        pass


def _load(folder: str) -> types.ModuleType:
    enter(folder)
    stand_in("tqdm", tqdm=_NoProgress)
    stand_in("IPython")
    stand_in("IPython.core")
    stand_in("IPython.core.interactiveshell", InteractiveShell=None)
    stand_in("IPython.utils", io=None)
    with quiet():
        return importlib.import_module("tasks")


def open_tasks(folder: str, fixed: bool) -> list[Any]:
    """Every task, ready to be used."""
    tasks = _load(folder)
    with quiet():
        found = list(tasks.get_task_iterator())
        for task in found:
            task.reset()
    if fixed:
        for task in found:
            _repair_tools(task.tools)
    return found


def list_tasks(folder: str, fixed: bool) -> list[dict[str, Any]]:
    """What the host has to know of every task."""
    found = open_tasks(folder, fixed)
    modes = sys.modules["tasks"].ActionMode
    return [
        {
            "name": task.name,
            "expected": str(task.expected_output),
            "prompts": {mode: task.get_prompt(modes[name]) for mode, name in MODES.items()},
            "invalid": task.parse_generation("")["content"],
        }
        for task in found
    ]


def _open_task(folder: str, name: str, fixed: bool) -> Any:
    return next(task for task in open_tasks(folder, fixed) if task.name == name)


class ActionFailure(Exception):
    """An action whose tool did not return, in the checkout's own words."""


class Harness:
    """What one task offers to act on, in one mode: the model's code lives beside it."""

    def __init__(self, folder: str, name: str, mode: str, fixed: bool) -> None:
        self.task = _open_task(folder, name, fixed)
        # Judged elsewhere: here the model could read it.
        self.task.expected_output = None
        self.mode = sys.modules["tasks"].ActionMode[MODES[mode]]
        self.has_returned = False

    def functions(self) -> dict[str, Callable[..., Any]]:
        """The tools for the namespace of the model's code."""
        return {name: tool.function for name, tool in self.task.tools.items()}

    def act(self, action: str) -> None:
        """Carries out a JSON or text action and prints what came of it."""
        # The checkout tells failures by words alone.
        self.has_returned = False
        tools = self.task.tools
        self.task.tools = {name: self._watched(tool) for name, tool in tools.items()}
        try:
            with quiet():
                result = self.task.execute_action(action, self.mode)
        finally:
            self.task.tools = tools
        if not self.has_returned:
            raise ActionFailure(result)
        print(result)

    def _watched(self, tool: Any) -> Any:
        def function(*values: Any, **options: Any) -> Any:
            result = tool.function(*values, **options)
            self.has_returned = True
            return result

        return tool._replace(function=function)


harness: Harness


def begin(folder: str, name: str, mode: str, fixed: bool) -> None:
    """Opens the task for the model's actions."""
    global harness
    harness = Harness(folder, name, mode, fixed)


class Judge:
    """Knows the right answer of one task, in an interpreter that the model's code never enters."""

    def __init__(self, task: Any, fixed: bool) -> None:
        self.task = task
        self.fixed = fixed

    def check(self, answer: str) -> bool:
        """Whether an answer is right."""
        if self.fixed and is_same(_literal(answer), self.task.expected_output):
            return True
        with quiet():
            return bool(self.task.check_answer(answer))


judge: Judge


def begin_judging(folder: str, name: str, fixed: bool) -> None:
    """Opens the task for the answers of the model."""
    global judge
    judge = Judge(_open_task(folder, name, fixed), fixed)


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text.strip()


def is_same(answer: Any, expected: Any) -> bool:
    """Compares by value: numbers to the cent, sequences by their items, mappings in any order."""
    if isinstance(answer, bool) or isinstance(expected, bool):
        return str(answer) == str(expected)
    if isinstance(expected, (int, float)):
        return isinstance(answer, (int, float)) and abs(answer - expected) <= 0.005
    if isinstance(expected, (list, tuple)):
        if not isinstance(answer, (list, tuple)) or len(answer) != len(expected):
            return False
        return all(is_same(one, other) for one, other in zip(answer, expected))
    if isinstance(expected, dict):
        if not isinstance(answer, dict) or answer.keys() != expected.keys():
            return False
        return all(is_same(answer[key], expected[key]) for key in expected)
    return str(answer).strip(" '\"") == str(expected).strip(" '\"")


def _repair_tools(tools: dict[str, Any]) -> None:
    for name, tool in list(tools.items()):
        function = tool.function
        browser = getattr(function, "__self__", None)
        if hasattr(browser, "page_name_to_page"):
            _repair_links(browser)
            continue
        if hasattr(builtins, name):
            function = _with_builtin(function, getattr(builtins, name))
        tools[name] = tool._replace(function=function, fn_signature=_signature(name, tool))


def _signature(name: str, tool: Any) -> str:
    """What the prompt shows, or the real one where that leaves out a parameter."""
    shown = str(tool.fn_signature)
    if not inspect.isfunction(tool.function):
        return shown
    real = inspect.signature(tool.function)
    return shown if all(each in shown for each in real.parameters) else f"{name}{real}"


def _with_builtin(function: Callable[..., Any], builtin: Callable[..., Any]) -> Callable[..., Any]:
    """A tool that hides a builtin, but still takes the one list that the builtin takes."""

    def either(*values: Any, **options: Any) -> Any:
        if len(values) == 1 and hasattr(values[0], "__iter__"):
            return builtin(*values, **options)
        return function(*values, **options)

    return either


def _repair_links(browser: Any) -> None:
    """Lets links lead to the page that they mean: some have an underscore for its hyphen."""
    pages = browser.page_name_to_page
    targets: list[str] = []
    for page in list(pages.values()):
        targets += re.findall(r"\[Clickable '([^']*)'\]", page.content)
    meant = {name.replace("-", "_"): page for name, page in pages.items()}
    for target in targets:
        if target not in pages and target.replace("-", "_") in meant:
            pages[target] = meant[target.replace("-", "_")]
