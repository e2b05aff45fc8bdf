# mypy: ignore-errors
"""Receives the runtime over the channel and starts it. The text of this file is `python -c`'s."""

import sys


class RuntimeImporter:
    """Imports the runtime from sources in memory, so that it needs no file on this machine."""

    def __init__(self, modules):
        self._modules = modules

    def find_spec(self, name, path=None, target=None):
        if name not in self._modules:
            return None
        from importlib.machinery import ModuleSpec

        is_package = any(other.startswith(name + ".") for other in self._modules)
        return ModuleSpec(name, self, origin=f"<{name}>", is_package=is_package)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__spec__.name
        exec(compile(self._modules[name], f"<{name}>", "exec", dont_inherit=True), module.__dict__)

    def get_source(self, name):
        """The source of a module; `inspect` and tracebacks ask for it."""
        return self._modules[name]


def load_runtime(channel):
    """Reads `<byte count>\\n<JSON>` from the channel, no byte more; its modules can be imported."""
    import json
    import os

    count = b""
    while not count.endswith(b"\n"):
        byte = os.read(channel, 1)
        if not byte:
            os._exit(0)
        count += byte
    source = bytearray()
    while len(source) < int(count):
        chunk = os.read(channel, int(count) - len(source))
        if not chunk:
            os._exit(0)
        source += chunk
    payload = json.loads(source)
    sys.meta_path.insert(0, RuntimeImporter(payload["modules"]))
    return payload


def start_runtime(channel):
    """Becomes what the host asks for, and hands it the channel."""
    entry = load_runtime(channel)["entry"]
    __import__(entry)
    sys.modules[entry].main(channel)


if __name__ == "__main__":
    start_runtime(3)
