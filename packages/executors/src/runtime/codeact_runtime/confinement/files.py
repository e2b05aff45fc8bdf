"""Small files, written without the layers of `open`: a session is made while somebody waits."""

from __future__ import annotations

import os

_MODE = 0o644


def write_file(path: str, text: str = "") -> None:
    """Writes a file, which need not exist; its directory does."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        if text:
            os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
