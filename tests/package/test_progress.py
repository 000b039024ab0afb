"""The bars of training, in a Python with threads and in one without."""

import io
import runpy
import sys
import threading

import pytest
from tqdm import TqdmMonitorWarning

from rnnbook import progress


def no_threads(self):
    raise RuntimeError("can't start new thread")


def run_a_bar(kind):
    """Run a bar to its end, with no monitor of an earlier one; return what it wrote."""
    kind.monitor = None
    screen = io.StringIO()
    with kind(total=2, file=screen) as bar:
        bar.update(2)
    return screen.getvalue()


@pytest.mark.parametrize("platform", ["linux", "emscripten"])
def test_a_bar_asks_for_no_thread_in_a_web_page_and_only_there(monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    bar = runpy.run_path(progress.__file__)["Progress"]  # a class of this test's own
    monkeypatch.undo()
    monkeypatch.setattr(threading.Thread, "start", no_threads)
    if platform == "emscripten":
        assert "2/2" in run_a_bar(bar)
        return
    # Elsewhere a machine that is out of threads is told of.
    with pytest.warns(TqdmMonitorWarning, match="can't start new thread"):
        assert "2/2" in run_a_bar(bar)


def test_bars_of_others_keep_their_monitor():
    assert progress.Progress.monitor_interval == progress.tqdm.monitor_interval > 0
