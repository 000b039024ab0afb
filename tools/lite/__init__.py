"""The chapters with Python in the page: JupyterLite, which the site carries in its folder lite/.

    python -m tools.lite          build it for the pages in _build/html
    python -m tools.lite.fetch    fetch the compiled packages of Pyodide's distribution

What comes from where: Pyodide's core from npm (package.json), its compiled packages from its own
distribution, everything that is pure Python from wheels in our versions (requirements-browser.txt),
`rnnbook` from here, and the chapters from the build of the pages
(notebooks.py). lock.py joins the packages to one list, which the kernel loads from when a cell
imports something: nothing is installed by a cell, and no other host is asked.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

CORE = ROOT / "node_modules" / "pyodide"
VENDOR = ROOT / "lite_vendor"
WHEELS = VENDOR / "wheels"  # `make` downloads them, see requirements-browser.txt
FETCHED = VENDOR / "pyodide"  # `make lite-packages`
