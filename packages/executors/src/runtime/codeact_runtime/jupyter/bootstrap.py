# mypy: ignore-errors
"""Starts the runtime in a kernel. The text of this file is the first cell that a host sends.

Its modules and the host's greeting are in the metadata of the request that carries it.
"""


def _start():
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
            code = compile(self._modules[name], f"<{name}>", "exec", dont_inherit=True)
            exec(code, module.__dict__)

        def get_source(self, name):
            """The source of a module; `inspect` and tracebacks ask for it."""
            return self._modules[name]

    shell = get_ipython()  # noqa: F821
    payload = shell.kernel.get_parent("shell")["metadata"]["codeact"]
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if type(finder).__name__ != "RuntimeImporter"
    ]
    for name in [name for name in sys.modules if name.split(".")[0] == "codeact_runtime"]:
        del sys.modules[name]
    sys.meta_path.insert(0, RuntimeImporter(payload["modules"]))
    from codeact_runtime.jupyter.session import install

    install(shell, payload["hello"])


_start()
del _start
