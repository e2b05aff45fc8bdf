"""Three tasks of our own in the shape of an M3ToolEval checkout, with traps like its own."""

import ast
import json
from collections import namedtuple
from enum import Enum

from IPython.core.interactiveshell import InteractiveShell  # noqa: F401
from tqdm import tqdm

ToolType = namedtuple("ToolType", ["name", "description", "function", "fn_signature"])
PRICES = {"pen": 2.25, "ink": 8.0}


class ActionMode(Enum):
    TEXT_AS_ACTION = "text"
    JSON_AS_ACTION = "json"
    CODE_AS_ACTION = "code"


class Page:
    def __init__(self, name, content):
        self.name = name
        self.content = content


class Browser:
    def __init__(self):
        pages = [Page("/", "Owner: [Clickable '/who_is']"), Page("/who-is", "Ada")]
        self.page_name_to_page = {page.name: page for page in pages}

    def click_url(self, url):
        page = self.page_name_to_page.get(url)
        return page.content if page else "[URL not found.]"


class Task:
    def __init__(self, name, tools, expected_output):
        self.name = name
        self.tools = tools
        self.expected_output = expected_output
        print(f"Task: {name}")

    def reset(self):
        if callable(self.tools):
            self.tools = self.tools()

    def get_prompt(self, mode):
        signatures = [tool.fn_signature for tool in self.tools.values()]
        return f"{self.name} in mode {mode.value} with {signatures}"

    def parse_generation(self, generation):
        assert generation == ""
        return {"type": "invalid", "content": "neither action nor answer"}

    def execute_action(self, action, mode):
        if mode == ActionMode.JSON_AS_ACTION:
            call = json.loads(action)
            name, args = call["tool"], call["args"]
        else:
            name, *args = [part.strip() for part in action.split(",")]
            args = [ast.literal_eval(arg) if arg[0].isdigit() else arg for arg in args]
        print(f"calling {name}")
        if name not in self.tools:
            return f"There is no {name}."
        try:
            return str(self.tools[name].function(*args))
        except Exception:
            return f"{name} failed."

    def check_answer(self, answer):
        return answer == str(self.expected_output)


def total(*values):
    result = 0
    for value in values:
        result = result + value
    return result


def shop():
    return {
        "price": ToolType("price", "A price.", PRICES.__getitem__, "price(name)"),
        "sum": ToolType("sum", "A sum.", total, "sum(*values)"),
    }


def site():
    return {"click_url": ToolType("click_url", "Opens.", Browser().click_url, "click_url(url)")}


def get_task_iterator():
    tasks = [
        Task("shop/total", shop, 10.25),
        Task("shop/prices", shop, [2.25, 8.0]),
        Task("site/owner", site, "Ada"),
    ]
    progress = tqdm(total=len(tasks))
    for task in tasks:
        yield task
        progress.update(1)
