"""What kernels of a build run first (PYTHONSTARTUP): figures get a version for phones, sooner."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))
__import__("tools.phone_figures").phone_figures.install()
__import__("tools.figure_formulas").figure_formulas.install()
# What a notebook finds is what it finds elsewhere.
del sys, Path
