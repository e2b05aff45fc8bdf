import requests  # noqa: F401
from googletrans import Translator


class Tool:
    def __init__(self, database):
        self.database = database

    def call(self, **parameters):
        try:
            output, exception = self.carry_out(**parameters), None
        except ValueError as error:
            output, exception = None, str(error)
        return {"api_name": type(self).__name__, "input": parameters, "output": output, "exception": exception}

    def check_api_call_correctness(self, response, groundtruth):
        return all(response[key] == groundtruth[key] for key in ("output", "exception"))


class Borrow(Tool):
    input_parameters = {"title": {"type": "str"}, "until": {"type": "str"}}

    def carry_out(self, title, until):
        if title.lower() not in self.database["titles"]:
            raise ValueError("There is no such book.")
        self.database["lent"].append(title.lower())
        return "lent"


class AddNote(Tool):
    input_parameters = {"title": {"type": "str"}, "words": {"type": "list(str)"}}

    def carry_out(self, title, words):
        if not isinstance(words, list):
            raise ValueError("words must be a list.")
        if title.lower() not in self.database["lent"]:
            raise ValueError("You have not borrowed it.")
        return len(words)


class Weigh(Tool):
    input_parameters = {}

    def carry_out(self):
        return 12


class Translate(Tool):
    input_parameters = {"src": {"type": "str"}}

    def __init__(self, database):
        super().__init__(database)
        self.translator = Translator()
