import re

import numpy as np  # noqa: F401
from api_call_extraction import parse_api_call
from rouge import Rouge  # noqa: F401
from termcolor import colored
from tool_manager import ToolManager
from tqdm import tqdm  # noqa: F401
from utils import ClaudeWrapper, DavinciWrapper, GeminiWrapper, OpenAIChatWrapper  # noqa: F401

ACTION_MODE_TO_CALL_PROMPT = {
    f"{mode}_as_action": f"Which call comes next? Write it as {mode}.\n" for mode in ("code", "json", "text")
}


class Sample:
    def __init__(self, chat_history, apis, ground_truth):
        self.chat_history = chat_history
        self.apis = apis
        self.ground_truth = ground_truth

    @classmethod
    def from_chat_history(cls, history):
        places = [place for place, turn in enumerate(history) if turn["role"] == "API"]
        apis = {history[place]["api_name"] for place in places}
        return [cls(history[:end], apis, history[end]) for place in places for end in (place, place + 1)]


class Evaluator:
    def __init__(self, samples):
        self.dataset = samples

    def get_model_input(self, number):
        tools = ToolManager()
        sample = self.dataset[number]
        return "\n".join(tools.get_api_description(name) for name in sample.apis), sample.chat_history

    def evaluate(self, number, call, mode):
        gold = self.dataset[number].ground_truth
        name, parameters = parse_api_call(colored(call, "red"), mode)
        if name != gold["api_name"]:
            return False, "another API"
        tools = ToolManager()
        result = tools.api_call(name, **parameters)
        return tools.init_tool(name).check_api_call_correctness(result, gold["result"]), result


def get_api_call(message):
    found = re.search(r"\[(.*)\]", message)
    return found and found.group(0)


def combine_assistant_messages(messages):
    combined = []
    for message in messages:
        if combined and combined[-1]["role"] == message["role"] == "assistant":
            combined[-1]["content"] += "\n" + message["content"]
        else:
            combined.append(message)
    return combined
