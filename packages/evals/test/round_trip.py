"""How many recorded calls the checkout's own formatter and parser preserve.

Runs after api_bank_harness.py, in the same namespace.
"""


def preserved(folder, mode):
    """Counts each call of a dialogue once."""
    _, converters = _open(folder)
    mode = f"{mode}_as_action"
    count = 0
    for dialogue in os.listdir(SAMPLES):
        with open(os.path.join(SAMPLES, dialogue), encoding="utf-8") as file:
            turns = [json.loads(line) for line in file if line.strip()]
        for turn in turns:
            if turn["role"] != "API":
                continue
            name, parameters = turn["api_name"], turn["param_dict"]
            written = getattr(converters, f"convert_api_call_to_{mode}")(name, parameters)
            with contextlib.suppress(Exception):
                count += converters.parse_api_call(written, mode) == (name, parameters)
    return count


def accepted(folder, mode, fixed):
    """How many samples judge their own recorded call as right."""
    count = 0
    for listed in list_samples(folder, fixed):
        begin(folder, listed["dialogue"], listed["number"], mode, fixed)
        count += current.judge(listed["calls"][mode])
    return count
