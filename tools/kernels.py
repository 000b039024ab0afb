"""Kernels whose sockets are files in a folder of their own.

Those of Jupyter choose free TCP ports, and open them a moment later. When several kernels start at
once, two may choose the same port, and one of them then dies.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager, KernelManager

# Seconds until who waits for a kernel gives up: a guard against hanging, on a slow machine too.
PATIENCE = 1200
# What kernels of a build run first: the environment's PYTHONSTARTUP, which they obey.
STARTUP = Path(__file__).with_name("phone_startup.py")


class _Private:
    """What makes a kernel manager one of these."""

    def __init__(self, *arguments, **traits):
        super().__init__(*arguments, **traits)
        if sys.platform != "win32":  # which has no such sockets
            # Named briefly, because the address of a socket may have 107 bytes only.
            folder = tempfile.mkdtemp(prefix="kernel-")
            self.connection_file = str(Path(folder) / "k.json")
            self.transport = "ipc"
            self.ip = str(Path(folder) / "k")

    def cleanup_connection_file(self):
        """Remove what is left when the kernel has ended."""
        super().cleanup_connection_file()
        if self.transport == "ipc":
            shutil.rmtree(Path(self.ip).parent, ignore_errors=True)


class PrivateKernelManager(_Private, KernelManager):
    """Starts kernels for nbval."""


class AsyncPrivateKernelManager(_Private, AsyncKernelManager):
    """Starts kernels for nbclient."""


# What nbclient is told: it would go on without an output that comes after four seconds. What a cell
# prints is one output, however it came: MyST-NB's own way to join it breaks lines.
PATIENT = {
    "coalesce_streams": True,
    "kernel_manager_class": AsyncPrivateKernelManager,
    "startup_timeout": PATIENCE,
    "iopub_timeout": PATIENCE,
    "raise_on_iopub_timeout": True,
    "shutdown_kernel": "immediate",  # all that a notebook shows has come by then
}
