"""Lists and judges the tasks of a MINT checkout, unmodified, in an interpreter.

The checkout's own code makes prompts and judges answers. Its tests of programs need processes of
their own and are not used: the host runs them in an interpreter of their own.
"""

import ast
import importlib
import importlib.util
import json
import os
import sys
from typing import Any

from codeact_upstream import enter, quiet, stand_in

# The host puts numbers and texts in their place.
STEPS, SOLUTIONS, BODY = "⟦steps⟧", "⟦solutions⟧", "⟦body⟧"


class _Number(int):
    """A number that is shown as a place for one."""

    place: str

    def __format__(self, _spec: str) -> str:
        return self.place


def _place(value: int, place: str) -> _Number:
    number = _Number(value)
    number.place = place
    return number


def _open(folder: str) -> Any:
    """The checkout's tasks."""
    enter(folder)
    # Where they are installed, answers may be written with them.
    if not _is_installed("numpy"):
        stand_in("numpy", ndarray=type("ndarray", (), {}))
    if not _is_installed("sympy"):
        stand_in("sympy", Rational=type("Rational", (), {}))
    stand_in("mint.tasks.alfworld", AlfWorldTask=None)
    stand_in("pydantic", BaseModel=object, Extra=_Extra, root_validator=lambda: lambda each: each)
    stand_in("langchain")
    stand_in("langchain.schema", Document=None)
    with quiet():
        return importlib.import_module("mint.tasks")


class _Extra:
    forbid = None


def _is_installed(name: str) -> bool:
    return name in sys.modules or importlib.util.find_spec(name) is not None


def _families(folder: str) -> dict[str, tuple[str, Any, list[Any]]]:
    """By name: the type of the tasks, their class, their lines."""
    tasks = _open(folder)
    known = importlib.import_module("mint.configs.config_variables").TASK_INFO_MAP
    found = {}
    for name, about in known.items():
        file = os.path.join(folder, "data", "processed", name, "test_prompts.json")
        if not os.path.exists(file):
            continue
        with open(file, encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines if line.strip()]
        if not rows:
            continue
        found[name] = (about["type"], getattr(tasks, about["class"]), rows)
    return found


def _frame(task: Any, kind: str) -> str:
    """The prompt of a task, with a place for what is asked."""
    tools = importlib.import_module("mint.tools")
    search = importlib.import_module("mint.tools.wikipedia_search").WikipediaQueryRun
    template = importlib.import_module("mint.prompt").ToolPromptTemplate(use_tool=True)
    prompt = template(
        max_total_steps=STEPS,
        max_propose_solution=SOLUTIONS,
        tool_desc=tools.get_toolset_description([search()] if kind == "reasoning" else []),
        in_context_example=task.in_context_example(use_tool=True, with_feedback=False),
        task_prompt=f"Task:\n{BODY}",
    )
    return str(prompt)


def list_families(folder: str) -> list[dict[str, Any]]:
    """What the host has to know of every task. Prompts are long, and those of a family alike."""
    listed = []
    for family, (kind, task_class, rows) in _families(folder).items():
        with quiet():
            tasks = [task_class(**row) for row in rows]
        listed.append(
            {
                "family": family,
                "isProgram": kind == "code_generation",
                "frame": _frame(tasks[0], kind),
                "tasks": [
                    {
                        "id": row["id"],
                        "question": task.prompt,
                        "reference": str(task.reference),
                        "solution": _solution(row),
                    }
                    for task, row in zip(tasks, rows)
                ],
            }
        )
    return listed


def _solution(row: dict[str, Any]) -> str:
    """A known solution: a program where there is one, the reference otherwise."""
    if "canonical_solution" in row:
        return str(row["prompt"] + "\n" + row["canonical_solution"])
    return str(row.get("code", row["reference"]))


def wording(folder: str) -> dict[str, str]:
    """What the checkout says to the model after its messages."""
    _open(folder)
    output = importlib.import_module("mint.datatypes").StepOutput

    def after(steps: int) -> str:
        left = (_place(steps, STEPS), _place(steps, SOLUTIONS))
        return str(output(observation=BODY, turn_info=left).to_str())

    wrong = output(observation=None, success=False).to_str()
    return {
        "observation": after(2),
        "lastObservation": after(1),
        "wrong": str(wrong).replace("Observation:\n", "", 1).strip(),
        "invalid": _constant(folder, "mint/envs/general_env.py", "INVALID_INPUT_MESSAGE"),
    }


def _constant(folder: str, file: str, name: str) -> str:
    """A text that a module assigns, without running the module."""
    with open(os.path.join(folder, *file.split("/")), encoding="utf-8") as source:
        tree = ast.parse(source.read())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return str(ast.literal_eval(node.value))
    raise LookupError(f"{file} assigns no {name}.")


task: Any = None


def begin(folder: str, family: str, identifier: Any) -> None:
    """Opens the task that this interpreter judges."""
    global task
    _, task_class, rows = _families(folder)[family]
    with quiet():
        task = task_class(**next(row for row in rows if row["id"] == identifier))


def judge(answer: str) -> bool:
    """Whether an answer is right, by the checkout. May raise, as its judging does."""
    with quiet():
        return bool(task.success(answer))
