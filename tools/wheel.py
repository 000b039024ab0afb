"""The wheel of `rnnbook`, which the site carries for notebooks that run elsewhere."""

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent


def build_wheel(folder):
    """Build the wheel into a folder; return its path."""
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(path)
