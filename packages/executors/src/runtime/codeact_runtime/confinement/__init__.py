"""Strict isolation: what a session can reach, decided before its first line of user code.

Linux only. Three layers that do not depend on each other: namespaces with a file system of their
own, Landlock, and a filter of system calls; besides, no privileges, limits, and no descriptor
beyond the given ones. docs/sandbox.md tells what each is for.

    sandbox = Sandbox(readable_paths, variables, Limits())   # once, before anything is preloaded
    enclosure = sandbox.create_enclosure([workspace])        # for each session; may be made ahead
    child = enclosure.fork()
    if child == 0:
        enclosure.enter(descriptors_to_keep, workspace)      # from here on it is confined
    ...
    enclosure.destroy()                                      # kills all that runs in it
"""

from .enclosure import Enclosure
from .errors import ConfinementError
from .policy import Limits
from .sandbox import Sandbox

__all__ = ["ConfinementError", "Enclosure", "Limits", "Sandbox"]
