import json
import re


def convert_api_call_to_code_as_action(name, parameters):
    return f"[{name}({', '.join(key + chr(61) + chr(39) + value + chr(39) for key, value in parameters.items())})]"


def convert_api_call_to_json_as_action(name, parameters):
    return json.dumps([{"action": name, **parameters}])


def convert_api_call_to_text_as_action(name, parameters):
    return f"[Action: {name}, {', '.join(f'{key}: {value}' for key, value in parameters.items())}]"


def parse_api_call(text, mode):
    if mode == "json_as_action":
        parameters = json.loads(text)[0]
        return parameters.pop("action"), parameters
    if mode == "code_as_action":
        name, given = re.search(r"\[(\w+)\((.*)\)\]", text).groups()
        return name, dict(re.findall(r"(\w+)='([^']*)'", given))
    name, given = re.search(r"\[Action: (\w+), (.*)\]", text).groups()
    return name, dict(re.findall(r"(\w+): ([^,]+)", given))
