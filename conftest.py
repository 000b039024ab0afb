"""How nbval runs the notebooks of the book."""

import nbval.kernel

from tools.kernels import PrivateKernelManager

# Two kernels that start at once must not take the same port.
nbval.kernel.KernelManager = PrivateKernelManager

# Strict nbval compares text only, as the notebooks are committed without anything else.
NOT_COMPARED = ("image/svg+xml", "text/html")  # besides PNG, JPEG and widget views


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += NOT_COMPARED
