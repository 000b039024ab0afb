"""Sphinx extension of the book: the kernels of a build are patient, and share no ports.

MyST-NB runs notebooks through jupyter-cache, and has no settings for this.
"""

from functools import partial

import nbclient
from jupyter_cache.executors import utils

from tools.kernels import PATIENT


def setup(app):
    """Register with Sphinx."""
    utils.executenb = partial(nbclient.execute, **PATIENT)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
