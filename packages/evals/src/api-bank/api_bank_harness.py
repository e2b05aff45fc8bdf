"""Runs the level 1 samples of an API-Bank checkout, unmodified, in an interpreter.

The checkout's own code makes samples and prompts, carries out calls, and judges.
"""

import contextlib
import copy
import importlib
import json
import os
from functools import partial
from typing import Any

from codeact_api_bank_calls import literal, read_call, write_call
from codeact_upstream import enter, quiet, stand_in

SAMPLES = os.path.join("lv1-lv2-samples", "level-1-given-desc")
# They need a network or packages, and what they give changes: what was recorded is given instead.
RECORDED = ("Dictionary", "SearchEngine", "Translate")


def _open(folder: str) -> tuple[Any, Any]:
    """The checkout's evaluator and the converters of calls."""
    enter(folder, work_there=True)
    stand_in("rouge", Rouge=None)
    stand_in("numpy")
    stand_in("tqdm", tqdm=None)
    stand_in("termcolor", colored=lambda text, *_options: text)
    wrappers = ("OpenAIChatWrapper", "ClaudeWrapper", "DavinciWrapper", "GeminiWrapper")
    stand_in("utils", **dict.fromkeys(wrappers))
    stand_in("requests")
    stand_in("googletrans", Translator=None)
    stand_in("rank_bm25", BM25Okapi=None)
    stand_in("nltk")
    stand_in("nltk.tokenize", word_tokenize=None)
    stand_in("sentence_transformers", SentenceTransformer=None, util=None)
    with quiet():
        return importlib.import_module("evaluator"), importlib.import_module("api_call_extraction")


def _read_samples(evaluator: Any, dialogue: str) -> list[Any]:
    with open(os.path.join(SAMPLES, dialogue), encoding="utf-8") as file:
        history = [json.loads(line) for line in file if line.strip()]
    samples: list[Any] = evaluator.Sample.from_chat_history(history)
    for sample in samples:
        # A set, whose order differs from process to process.
        sample.apis = sorted(sample.apis)
    return samples


def list_samples(folder: str, fixed: bool) -> list[dict[str, Any]]:
    """Every scored call, with the recorded one in each format."""
    evaluator, converters = _open(folder)
    listed = []
    for dialogue in sorted(name for name in os.listdir(SAMPLES) if name.endswith(".jsonl")):
        for number, sample in enumerate(_read_samples(evaluator, dialogue)):
            gold = sample.ground_truth
            if gold["role"] != "API":
                continue
            calls = {
                mode: _write(converters, gold["api_name"], gold["param_dict"], mode, fixed)
                for mode in ("code", "json", "text")
            }
            listed.append(
                {
                    "dialogue": dialogue,
                    "number": number,
                    "apis": len(sample.apis),
                    "parameters": gold["param_dict"],
                    "calls": calls,
                }
            )
    return listed


def _write(converters: Any, name: str, parameters: dict[str, Any], mode: str, fixed: bool) -> str:
    if fixed:
        return write_call(name, parameters, mode)
    return str(getattr(converters, f"convert_api_call_to_{mode}_as_action")(name, parameters))


class Sample:
    """One scored call in one format."""

    def __init__(self, folder: str, dialogue: str, number: int, mode: str, fixed: bool) -> None:
        self.evaluator, self.converters = _open(folder)
        self.sample = _read_samples(self.evaluator, dialogue)[number]
        self.gold: dict[str, Any] = self.sample.ground_truth
        self.mode = mode
        self.fixed = fixed
        gold = self.gold
        tool_manager: Any = importlib.import_module("tool_manager").ToolManager

        class Tools(tool_manager):  # type: ignore[misc]
            """The checkout's tools, of which some give what was recorded."""

            def init_tool(self, tool_name: str, *given: Any, **named: Any) -> Any:
                if tool_name in RECORDED and tool_name == gold["api_name"]:
                    tool = object.__new__(self.get_api_by_name(tool_name)["class"])
                    tool.call = partial(_recorded, gold)
                    return tool
                return super().init_tool(tool_name, *given, **named)

        self.tools = Tools
        self.evaluator.ToolManager = Tools

    def prompt(self) -> dict[str, Any]:
        """The system message, and the messages before the call."""
        descriptions, history = self.evaluator.Evaluator([self.sample]).get_model_input(0)
        system = self.evaluator.ACTION_MODE_TO_CALL_PROMPT[f"{self.mode}_as_action"] + descriptions
        messages = [{"role": "system", "content": system}]
        for turn in history:
            messages += self._messages(turn)
        messages = self.evaluator.combine_assistant_messages(messages)
        return {"system": messages[0]["content"], "messages": messages[1:]}

    def _messages(self, turn: dict[str, Any]) -> list[dict[str, str]]:
        if turn["role"] != "API":
            role = "user" if turn["role"] == "User" else "assistant"
            return [{"role": role, "content": turn["text"]}]
        call = _write(self.converters, turn["api_name"], turn["param_dict"], self.mode, self.fixed)
        response = f"Response: {turn['result']['output']}"
        return [{"role": "assistant", "content": call}, {"role": "user", "content": response}]

    def judge(self, message: str) -> bool:
        """Whether a message calls what the dialogue's own call calls."""
        with quiet():
            return self._judge_fairly(message) if self.fixed else self._judge(message)

    def _judge(self, message: str) -> bool:
        call = self.evaluator.get_api_call(message)
        if not call:
            return False
        try:
            mode = f"{self.mode}_as_action"
            correct, _ = self.evaluator.Evaluator([self.sample]).evaluate(0, call, mode)
        except Exception:  # What the original does not catch would end its whole evaluation.
            return False
        return bool(correct)

    def _judge_fairly(self, message: str) -> bool:
        tools = self.tools()
        declared = {api["name"]: list(api["input_parameters"]) for api in tools.apis}
        call = read_call(message, self.mode, declared)
        if call is None or call[0] != self.gold["api_name"]:
            return False
        name, given = call
        if is_same_call(given, self.gold["param_dict"], declared[name]):
            return True
        try:
            self._catch_up(tools)
            result = tools.api_call(name, **_with_lists(given))
            check = tools.init_tool(name).check_api_call_correctness
            return bool(check(result, self.gold["result"]))
        except Exception:  # A tool refuses what it cannot take in many ways.
            return False

    def _catch_up(self, tools: Any) -> None:
        """Brings the tools' data to where the dialogue is."""
        for turn in self.sample.chat_history:
            if turn["role"] == "API" and turn["api_name"] not in RECORDED:
                with contextlib.suppress(Exception):
                    tools.api_call(turn["api_name"], **_with_lists(turn["param_dict"]))


def _recorded(gold: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    if is_same_call(parameters, gold["param_dict"], []):
        return dict(copy.deepcopy(gold["result"]))
    return {
        "api_name": gold["api_name"],
        "input": parameters,
        "output": None,
        "exception": "Nothing was recorded for this call.",
    }


def _with_lists(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as the tools want them: recorded calls have lists as text."""
    return {
        key: literal(value) if isinstance(value, str) and value[:1] in ("[", "{") else value
        for key, value in parameters.items()
    }


def is_same_call(given: dict[str, Any], gold: dict[str, Any], declared: list[str]) -> bool:
    """Whether parameters have the values of the recorded ones, however they are written.

    A recorded name that the API does not declare stands for the declared one in its place.
    """
    missing = [key for key in gold if key not in given and key not in declared]
    extra = [key for key in given if key not in gold and key in declared]
    if len(missing) == 1 and len(extra) == 1:
        given = {missing[0] if key == extra[0] else key: given[key] for key in given}
    return given.keys() == gold.keys() and all(_is_same(given[key], gold[key]) for key in gold)


def _is_same(given: Any, gold: Any) -> bool:
    return str(given).strip() == str(gold).strip() or bool(literal(given) == literal(gold))


current: Sample


def begin(folder: str, dialogue: str, number: int, mode: str, fixed: bool) -> dict[str, Any]:
    """Opens the sample of this interpreter, and gives its prompt."""
    global current
    current = Sample(folder, dialogue, number, mode, fixed)
    return current.prompt()
