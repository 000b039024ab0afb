"""Progress bars of what takes long."""

import sys

from tqdm.auto import tqdm


class Progress(tqdm):
    """A bar of tqdm; where Python runs in a web page, which has no threads, without its monitor."""

    if sys.platform == "emscripten":
        monitor_interval = 0
