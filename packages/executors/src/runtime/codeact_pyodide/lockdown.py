"""Takes Pyodide's own ways into JavaScript out of reach, before any user code runs.

The realm around the interpreter is locked down as well: this is only the nearest fence.
"""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_JAVASCRIPT_MODULES = ("js", "pyodide_js")
# What makes JavaScript objects from Python's, or runs JavaScript.
_CONVERSIONS = (
    *("to_js", "create_proxy", "create_once_callable", "create_promise_converter"),
    *("destroy_proxies", "raw_call", "run_sync", "run_js", "trigger_fatal_error"),
)
# Where Pyodide itself has such an object.
_KEPT_OBJECTS = {
    "pyodide.webloop": ("scheduleCallback",),
    "pyodide._package_loader": ("loadedPackages",),
}


def remove_javascript() -> None:
    """Takes the JavaScript objects away that Python has, and the ways to new ones."""
    for finder in sys.meta_path:
        getattr(finder, "jsproxies", {}).clear()
    conversions: list[Any] = []
    for name, module in list(sys.modules.items()):
        top = name.split(".")[0]
        if top in _JAVASCRIPT_MODULES:
            _forget(name, module)
        elif top in ("_pyodide_core", "_pyodide", "pyodide"):
            members = vars(module)
            for member in _KEPT_OBJECTS.get(name, ()):
                members.pop(member, None)
            conversions += [members.pop(member) for member in _CONVERSIONS if member in members]
    # Python keeps a copy of what an extension module had when it was imported.
    for holder in gc.get_referrers(*conversions):
        if isinstance(holder, dict):
            for member in _CONVERSIONS:
                holder.pop(member, None)


def _forget(name: str, module: Any) -> None:
    # JavaScript keeps what the import has set, so whoever searches memory finds the loader.
    loader = module.__spec__.loader
    if hasattr(loader, "jsproxy"):
        loader.jsproxy = None
    del sys.modules[name]
