"""What the kernels of a build run first (PYTHONSTARTUP): figures get a version for phones."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))
__import__("tools.phone_figures").phone_figures.install()
# What a notebook finds is what it finds elsewhere.
del sys, Path
