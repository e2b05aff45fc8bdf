# mypy: ignore-errors
# ruff: noqa: F821, UP031
"""Meets the host, then becomes the relay. The text of this file is `exec`'s, in one typed line.

The names `marker` and `bootstrap` are given with it. Up to the check of the version it must run
on every Python 3.
"""

import os
import sys


def meet_host():
    # In pieces until now: a terminal or a program that echoes the line must not look like Python.
    version = "%d.%d.%d" % tuple(sys.version_info[:3])
    greeting = '{"type":"greeting","python":"%s","isTerminal":%s,"isWindows":%s}\n' % (
        version,
        "true" if os.isatty(0) else "false",
        "true" if os.name == "nt" else "false",
    )
    os.write(1, ("".join(marker) + greeting).encode("ascii"))
    if os.isatty(0) or os.name == "nt" or sys.version_info < (3, 9):
        os._exit(0)
    loader = {"__name__": "codeact_bootstrap"}
    exec(bootstrap, loader)
    loader["load_runtime"](0)

    from codeact_remote import relay

    relay.main(bootstrap)


try:
    meet_host()
except BaseException:
    import traceback

    traceback.print_exc()
    os._exit(70)
