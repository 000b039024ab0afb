"""How nbval runs the notebooks of the book."""

import os

import nbval.kernel
import nbval.plugin
import pytest

from tools import notebook_runs
from tools.kernels import PATIENCE, STARTUP, PrivateKernelManager

# Two kernels that start at once must not take the same port.
nbval.kernel.KernelManager = PrivateKernelManager


class PatientKernel(nbval.plugin.RunningKernel):
    """A kernel whose messages may come late: nbval gives up on some after five or ten seconds."""

    recorder = None  # writes down what a run shows, if it is to be kept
    request = None

    def execute_cell_input(self, cell_input, allow_stdin=None):
        # As Jupyter does it. nbval keeps no history, in which IPython looks for a ; at the end.
        self.request = self.kc.execute(cell_input, allow_stdin=allow_stdin, stop_on_error=False)
        return self.request

    def get_message(self, stream, timeout=None):
        # After one second nbval asks anew whether the kernel is there, which is right as it is.
        message = super().get_message(stream, timeout if timeout == 1 else PATIENCE)
        mine = message["parent_header"].get("msg_id") == self.request
        if self.recorder and stream == "iopub" and mine:
            self.recorder.take(message)
        return message

    def stop(self):
        super().stop()
        if self.recorder:
            self.recorder.keep()


nbval.plugin.RunningKernel = PatientKernel

# Strict nbval compares text only, as the notebooks are committed without anything else.
NOT_COMPARED = ("image/svg+xml", "text/html")  # besides PNG, JPEG and widget views


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += NOT_COMPARED


def pytest_configure(config):
    if notebook_runs.folder() and config.option.nbval:
        # What is kept has figures as the pages show them.
        os.environ["PYTHONSTARTUP"] = str(STARTUP)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    if notebook_runs.folder() and isinstance(item, nbval.plugin.IPyNbCell):
        notebook, kernel = item.parent.nb, item.parent.kernel
        if kernel.recorder is None:
            info = kernel.kc.kernel_info(reply=True, timeout=PATIENCE)["content"]
            kernel.recorder = notebook_runs.Recorder(
                notebook, item.path.parent, info["language_info"]
            )
        kernel.recorder.begin(item.cell_num)
