"""A digest of what a result was computed with: it may be used again only while that is the same."""

import hashlib
from functools import cache
from importlib.metadata import version
from platform import python_version

LIBRARIES = ("numpy", "scipy", "sympy", "matplotlib", "ipython")


@cache
def digest(*folders):
    """Return a digest of the Python code in some folders, and of the versions of what runs it.

    Parameters
    ----------
    *folders : Path
    """
    versions = python_version(), *map(version, LIBRARIES)
    found = hashlib.sha256(" ".join(versions).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            found.update(f"{path.relative_to(folder.parent).as_posix()}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()
