"""The list of packages from which Python in the page loads, in the format of Pyodide.

The kernel's own addon makes such a list with a resolver that asks a package index. Here `make lock`
has asked already, and a build needs no network (decisions/0007-python-in-the-page.md).
"""

import hashlib
import json
import re
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools.lite import CORE, WHEELS

KERNEL = Path(
    sys.prefix, "share", "jupyter", "labextensions", "@jupyterlite", "pyodide-kernel-extension"
)
# Loaded while Python starts: the kernel would otherwise ask an index for them.
AT_START = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]


def wheel(path, environment):
    """Return the entry of a wheel.

    Parameters
    ----------
    path : pathlib.Path
    environment : dict
        What the markers of its requirements see.
    """
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        message = Parser().parsestr(archive.read(metadata).decode("utf-8"))
    required = map(Requirement, message.get_all("Requires-Dist") or [])
    modules = {name.split("/")[0].removesuffix(".py") for name in names if name.endswith(".py")}
    return {
        "name": canonicalize_name(message["Name"]),
        "version": message["Version"],
        "file_name": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "depends": sorted(
            {
                canonicalize_name(requirement.name)
                for requirement in required
                if not requirement.marker or requirement.marker.evaluate(environment)
            }
        ),
        "imports": sorted(name for name in modules if re.fullmatch(r"\w+", name)),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def needed(entries, roots):
    """Return those entries that the roots need, and what they need, by name.

    Raises
    ------
    LookupError
        If one is missing; the message says which, and who needs it.
    """
    found, waiting = {}, [(root, "the kernel") for root in roots]
    while waiting:
        name, by = waiting.pop()
        if name in found:
            continue
        if name not in entries:
            raise LookupError(
                f"{by} needs {name}, which is neither in Pyodide's distribution nor in "
                "requirements-browser.txt: run `make lock`, and see `browser` in pyproject.toml"
            )
        found[name] = entries[name]
        waiting += [(canonicalize_name(other), name) for other in entries[name]["depends"]]
    return dict(sorted(found.items()))


def plan(package):
    """Decide where each package comes from.

    Parameters
    ----------
    package : pathlib.Path
        The wheel of `rnnbook`.

    Returns
    -------
    lock : dict
        What pyodide-lock.json has to say.
    wheels : list of pathlib.Path
        Files named there that lie here; that of the package is among them.
    distribution : dict of str to str
        Files named there that come from Pyodide's distribution, and their checksums (SHA-256).
    """
    lock = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    version = lock["info"]["python"]
    environment = {
        "extra": "",
        "os_name": "posix",
        "platform_machine": lock["info"]["arch"],
        "platform_system": "Emscripten",
        "python_full_version": version,
        "python_version": version.rpartition(".")[0],
        "sys_platform": "emscripten",
    }
    entries = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    ours = {}
    # The kernel has its own ipykernel and a short widgetsnbextension, which come before ours.
    for folder in (WHEELS, KERNEL / "static" / "pypi"):
        here = [(wheel(path, environment), path) for path in folder.glob("*.whl")]
        here.sort(key=lambda pair: Version(pair[0]["version"]))
        ours.update({entry["name"]: (entry, path) for entry, path in here})
    ours["rnnbook"] = wheel(package, environment), package
    entries.update({name: entry for name, (entry, _) in ours.items()})
    lock["packages"] = needed(entries, [*AT_START, "rnnbook"])
    wheels = [ours[name][1] for name in lock["packages"] if name in ours]
    distribution = {
        entry["file_name"]: entry["sha256"]
        for name, entry in lock["packages"].items()
        if name not in ours
    }
    return lock, wheels, distribution
