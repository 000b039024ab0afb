"""Make strict nbval compare text only, as the notebooks are committed without anything else."""

NOT_COMPARED = ("image/svg+xml", "text/html")  # besides PNG, JPEG and widget views


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += NOT_COMPARED
