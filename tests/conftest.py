"""One BLAS thread a worker: the matrices are small, and threads that share cores only wait."""

import os
import signal

import pytest

# NumPy reads these when it is first imported, which is after this file.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# The browser and the site in it, for the tests of pages and of live figures.
from browsing import browser, compressed_site, root, server, visit  # noqa: E402, F401


@pytest.fixture
def keyboard():
    """Ctrl-C does what it does at a keyboard; what runs in the background may ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def book_style():
    """Figures in the style of the book, without a window, and closed in the end."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from rnnbook import plots

    with plt.rc_context():
        plots.use_book_style()
        yield
    plt.close("all")
