"""Measure how heavy the built pages are and how soon they are seen, on a slow line and processor.

    python -m benchmarks.first_paint [--site FOLDER] [--runs N] [PAGE ...]

Pages are paths below the site, all of the book's by default. Printed are medians: first and largest
contentful paint in seconds at 5 Mbit/s with a fourfold throttled processor, the layout shift until
the end of the page, kilobytes transferred, and kilobytes of the largest script.
"""

import argparse
from pathlib import Path
from statistics import median

from tools.chromium import launched
from tools.gzip_server import SITE, served
from tools.page_weight import load


def main():
    """Print a line a page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("pages", nargs="*")
    asked = parser.parse_args()
    found = sorted(str(path.relative_to(asked.site)) for path in asked.site.glob("book/**/*.html"))
    print(f"{'page':40} {'first s':>8} {'largest s':>9} {'shift':>6} {'kB':>6} {'script kB':>9}")
    with served(asked.site) as address, launched() as browser:
        for page in asked.pages or found:
            loads = [load(browser, address + page, slow=True) for _ in range(asked.runs)]

            def middle(name, loads=loads):
                return median(getattr(one, name) for one in loads)

            print(
                f"{page:40} {middle('first_paint'):8.2f} {middle('largest_paint'):9.2f} "
                f"{middle('shift'):6.3f} {middle('transferred') / 1e3:6.0f} "
                f"{middle('largest_script') / 1e3:9.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
