"""Installing packages: the host chooses and loads wheels, and here they are unpacked."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import shutil
import site
import zipfile
from io import BytesIO

from .host_calls import call_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_INSTALL_CALL = "codeact:install"
_WHEEL_SUFFIX = ".whl"


def install(
    requirements: list[str],
    *,
    upgrade: bool = False,
    pre: bool = False,
    dependencies: bool = True,
) -> list[str]:
    """Installs what is not there yet; gives names with versions. Raises ValueError."""
    done: list[str] = []
    wanted: list[str] = []
    for requirement in requirements:
        path = requirement.removeprefix("file://").removeprefix("emfs:")
        if not path.endswith(_WHEEL_SUFFIX):
            wanted.append(requirement)
            continue
        if not os.path.isfile(path):
            raise ValueError(f"{requirement} is no wheel in the workspace")
        with open(path, "rb") as file:
            distribution = _unpack(file.read(), os.path.basename(path))
        done.append(f"{_name(distribution)}-{distribution.version}")
        if dependencies:
            wanted += distribution.requires or []
    if wanted:
        wheels = _ask_host(wanted, upgrade, pre, dependencies)
        for wheel in wheels:
            distribution = _unpack(wheel["content"], wheel["fileName"])
            done.append(f"{_name(distribution)}-{distribution.version}")
    return done


def installed() -> dict[str, str]:
    """Versions of what is installed, by names."""
    return {_name(each): each.version for each in importlib.metadata.distributions()}


def _ask_host(
    requirements: list[str], upgrade: bool, pre: bool, dependencies: bool
) -> list[dict[str, Any]]:
    request = {
        "requirements": requirements,
        "installed": installed(),
        "upgrade": upgrade,
        "pre": pre,
        "dependencies": dependencies,
    }
    wheels: list[dict[str, Any]] = call_host(_INSTALL_CALL, request)
    return wheels


def _unpack(content: bytes, file_name: str) -> importlib.metadata.Distribution:
    target = site.getsitepackages()[0]
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            name, version = file_name.split("-")[:2]
            _remove(name)
            archive.extractall(target)
    except (zipfile.BadZipFile, ValueError) as error:
        raise ValueError(f"{file_name} is no wheel: {error}") from None
    _spread_data(os.path.join(target, f"{name}-{version}.data"), target)
    importlib.invalidate_caches()
    return importlib.metadata.distribution(name)


def _spread_data(data: str, target: str) -> None:
    """Moves what a wheel keeps apart to where it belongs; scripts have nobody to start them."""
    if os.path.isdir(data):
        for part in ("purelib", "platlib"):
            if os.path.isdir(os.path.join(data, part)):
                shutil.copytree(os.path.join(data, part), target, dirs_exist_ok=True)
        shutil.rmtree(data)


def _remove(name: str) -> None:
    """Removes another version of a package."""
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return
    for file in distribution.files or ():
        path = distribution.locate_file(file)
        if os.path.isfile(str(path)):
            os.unlink(str(path))
    information = f"{_name(distribution).replace('-', '_')}-{distribution.version}.dist-info"
    shutil.rmtree(str(distribution.locate_file(information)), ignore_errors=True)


def _name(distribution: importlib.metadata.Distribution) -> str:
    name: str = distribution.metadata["Name"]
    return name
