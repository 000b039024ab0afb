"""Fetch the compiled packages that the chapters need from Pyodide's distribution.

Only files whose checksums are those in Pyodide's own list are kept; npm has brought that list, and
package-lock.json has its checksum. What is there already is not fetched again.

python -m tools.lite.fetch
"""

import hashlib
import tempfile
import urllib.request

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

from tools.lite import FETCHED
from tools.lite.lock import plan
from tools.wheel import build_wheel


def fetch(name, checksum, address=PYODIDE_CDN_URL, folder=FETCHED):
    """Fetch a file, unless it is there.

    Parameters
    ----------
    name : str
    checksum : str
        SHA-256, in hexadecimal digits.
    address : str
        Of the distribution's folder.
    folder : pathlib.Path

    Raises
    ------
    ValueError
        If what came is not what the list names; it is not kept.
    """
    path = folder / name
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == checksum:
        return
    with urllib.request.urlopen(f"{address}/{name}", timeout=600) as answer:
        content = answer.read()
    found = hashlib.sha256(content).hexdigest()
    if found != checksum:
        raise ValueError(f"{address}/{name} has the checksum {found}, but should have {checksum}")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main():
    """Fetch all."""
    with tempfile.TemporaryDirectory() as folder:
        _, _, distribution = plan(build_wheel(folder))
    for name, checksum in distribution.items():
        fetch(name, checksum)
        print(f"{FETCHED.name}/{name}")


if __name__ == "__main__":
    main()
