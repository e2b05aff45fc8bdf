"""Tools of our own in the shape of an API-Bank checkout."""

import json

from apis.shelf import AddNote, Borrow, Translate, Weigh

CLASSES = (AddNote, Borrow, Translate, Weigh)


class ToolManager:
    def __init__(self):
        with open("./init_database/Shelf.json") as file:
            self.database = json.load(file)
        self.apis = [
            {"name": each.__name__, "class": each, "input_parameters": each.input_parameters}
            for each in CLASSES
        ]
        self.inited_tools = {}

    def get_api_by_name(self, name):
        return next(api for api in self.apis if api["name"] == name)

    def get_api_description(self, name):
        return json.dumps({"name": name, "input_parameters": self.get_api_by_name(name)["input_parameters"]})

    def init_tool(self, name):
        if name not in self.inited_tools:
            self.inited_tools[name] = self.get_api_by_name(name)["class"](self.database)
        return self.inited_tools[name]

    def api_call(self, name, **parameters):
        for key in parameters:
            assert key in self.get_api_by_name(name)["input_parameters"], key
        return self.init_tool(name).call(**parameters)
