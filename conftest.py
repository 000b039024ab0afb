"""How nbval runs the notebooks of the book."""

import nbval.kernel
import nbval.plugin

from tools.kernels import PATIENCE, PrivateKernelManager

# Two kernels that start at once must not take the same port.
nbval.kernel.KernelManager = PrivateKernelManager


class PatientKernel(nbval.plugin.RunningKernel):
    """A kernel whose messages may come late: nbval gives up on some after five or ten seconds."""

    def get_message(self, stream, timeout=None):
        # After one second nbval asks anew whether the kernel is there, which is right as it is.
        return super().get_message(stream, timeout if timeout == 1 else PATIENCE)


nbval.plugin.RunningKernel = PatientKernel

# Strict nbval compares text only, as the notebooks are committed without anything else.
NOT_COMPARED = ("image/svg+xml", "text/html")  # besides PNG, JPEG and widget views


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += NOT_COMPARED
