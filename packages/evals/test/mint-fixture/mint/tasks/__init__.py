from sympy import Rational  # noqa: F401

from .alfworld import AlfWorldTask  # noqa: F401


class Task:
    def __init__(self, id, prompt, reference, **_more):
        self.prompt = prompt.strip()
        self.reference = reference

    def in_context_example(self, use_tool, with_feedback):
        assert use_tool and not with_feedback
        return "Task:\nAn example.\n\nAssistant:\n<solution> Yes. </solution>"


class QuizTask(Task):
    def success(self, solution):
        print("judging")
        return float(solution) == float(self.reference)


class ProgramTask(Task):
    pass
