"""Takes Pyodide's own ways into JavaScript out of reach, before any user code runs.

The realm around the interpreter is locked down as well: this is only the nearest fence.
"""

from __future__ import annotations

import sys

_JAVASCRIPT_MODULES = ("js", "pyodide_js")


def remove_javascript() -> None:
    """Makes the modules unimportable through which Python sees JavaScript objects."""
    for name in _JAVASCRIPT_MODULES:
        sys.modules.pop(name, None)
    for finder in sys.meta_path:
        proxies = getattr(finder, "jsproxies", None)
        if proxies is not None:
            for name in _JAVASCRIPT_MODULES:
                proxies.pop(name, None)
    code = sys.modules.get("pyodide.code")
    if code is not None:
        vars(code).pop("run_js", None)
