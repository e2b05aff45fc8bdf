"""`%pip`, as far as it goes where there are no processes."""

from __future__ import annotations

import shlex
import sys

from . import installer

_IGNORED = {
    *("-q", "--quiet", "-v", "--verbose", "--no-input", "--disable-pip-version-check"),
    *("--user", "--no-cache-dir", "--prefer-binary", "--break-system-packages", "-y", "--yes"),
}


def run_pip(arguments: str) -> None:
    """Runs a command of pip; prints what it did, or why not."""
    try:
        _run(shlex.split(arguments))
    except (ValueError, OSError) as error:
        print(f"ERROR: pip {arguments.strip()}: {error}", file=sys.stderr)
        print("(exit status 1)")


def _run(words: list[str]) -> None:
    rest = [word for word in words if word not in _IGNORED]
    command = next((word for word in rest if not word.startswith("-")), "")
    if command:
        rest.remove(command)
    if command == "install":
        _install(rest)
    elif command == "list" and not rest:
        for name, version in sorted(installer.installed().items()):
            print(f"{name} {version}")
    else:
        raise ValueError("here only `pip install` and `pip list` work")


def _install(words: list[str]) -> None:
    requirements: list[str] = []
    options = {"upgrade": False, "pre": False, "dependencies": True}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word in ("-U", "--upgrade"):
            options["upgrade"] = True
        elif word == "--pre":
            options["pre"] = True
        elif word == "--no-deps":
            options["dependencies"] = False
        elif word in ("-r", "--requirement") and waiting:
            requirements += _read_requirements(waiting.pop(0))
        elif word.startswith("-"):
            raise ValueError(f"the option {word} does not work here")
        else:
            requirements.append(word)
    if not requirements:
        raise ValueError("name what to install")
    done = installer.install(requirements, **options)
    if done:
        print(f"Successfully installed {' '.join(done)}")
    else:
        print(f"Requirement already satisfied: {' '.join(requirements)}")


def _read_requirements(path: str) -> list[str]:
    with open(path, encoding="utf-8") as file:
        lines = [line.partition(" #")[0].strip() for line in file]
    return [line for line in lines if line and not line.startswith("#")]
