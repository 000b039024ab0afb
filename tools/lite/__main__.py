"""Build the chapters with Python in the page, into the folder lite/ of the built site.

python -m tools.lite [SITE]      SITE is _build/html if it is not given

The pages have to be there, built with BOOK_WITH_LITE, which puts the chapters beside them.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tools import address
from tools.lite import CORE, FETCHED, ROOT
from tools.lite.lock import AT_START, plan
from tools.lite.notebooks import CONTENTS
from tools.wheel import build_wheel

# What a kernel of Pyodide starts from; the other files of the npm package are for other uses.
CORE_FILES = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
EXTENSIONS = [
    *("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager"),
    *("anywidget", "jupyterlab-myst"),
]

# The kernel's, in jupyter-lite.json.
KERNEL = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": AT_START}}
PAGE = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Learning to Integrate",
        "appUrl": "./tree",
        "faviconUrl": "./notebooks/favicon.ico",
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": KERNEL},
        "exposeAppInBrowser": True,  # the tests wait for what it tells
    },
}


def put_python(folder):
    """Lay Python and its packages out in a folder; return the names of those that are not here."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in CORE_FILES:
        shutil.copy(CORE / name, folder)
    lock, wheels, distribution = plan(build_wheel(folder))
    for path in wheels:
        if path.parent != folder:
            shutil.copy(path, folder)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")
    missing = []
    for name in distribution:
        if (FETCHED / name).is_file():
            shutil.copy(FETCHED / name, folder)
        else:
            missing.append(name)
    return missing


def build(site):
    """Build it for a site; return the names of packages that are not here.

    Parameters
    ----------
    site : pathlib.Path

    Raises
    ------
    FileNotFoundError
        If the pages were not built, or without BOOK_WITH_LITE.
    RuntimeError
        If JupyterLite cannot be built; the message is what it said.
    """
    work = site.parent / "lite"  # where the build of the pages has put the chapters
    if not (work / CONTENTS).is_dir():
        raise FileNotFoundError(f"{work / CONTENTS}: build the pages with BOOK_WITH_LITE=yes")
    missing = put_python(work / "static" / "pyodide")
    shared = Path(sys.prefix, "share", "jupyter", "labextensions")
    config = {
        "LiteBuildConfig": {
            "apps": ["notebooks", "tree"],
            "contents": [CONTENTS],
            "output_dir": str((site / address.LITE).resolve()),
            "federated_extensions": [str(shared / name) for name in EXTENSIONS],
            "ignore_sys_prefix": ["federated_extensions"],  # others are for other things
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        }
    }
    for name, content in (("jupyter-lite.json", PAGE), ("jupyter_lite_config.json", config)):
        (work / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
    shutil.rmtree(site / address.LITE, ignore_errors=True)
    (work / ".jupyterlite.doit.db").unlink(missing_ok=True)  # what it thinks is done already
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(work)]
    done = subprocess.run(
        command, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"JupyterLite cannot be built:\n{done.stdout[-4000:]}")
    return missing


def main():
    """Build it for the site that is named."""
    site = Path(*sys.argv[1:2] or [ROOT / "_build" / "html"])
    missing = build(site)
    print(f"The chapters with Python in the page are in {site / address.LITE}")
    if missing:
        print("They do not run without these, which `make lite-packages` fetches:", *missing)


if __name__ == "__main__":
    main()
