"""Kernels that start at once do not get in each other's way."""

import sys
from pathlib import Path

import pytest

from tools.kernels import PrivateKernelManager


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
def test_kernels_share_no_port_and_leave_no_folder():
    managers = [PrivateKernelManager(kernel_name="python3") for _ in range(3)]
    try:
        for manager in managers:
            manager.start_kernel()
        for manager in managers:
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=600)
            client.stop_channels()
        folders = {Path(manager.ip).parent for manager in managers}
        assert all(manager.transport == "ipc" for manager in managers)
        assert len(folders) == len(managers)
    finally:
        for manager in managers:
            manager.shutdown_kernel(now=True)
    assert not any(folder.exists() for folder in folders)
