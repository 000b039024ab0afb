"""Take the picture of a live figure that README shows, from the built book.

python tools/screenshot.py
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tools.chromium import HOW, find  # noqa: E402

PAGE = ROOT / "_build" / "html" / "book" / "rich" / "04_rich.html"
PICTURE = ROOT / "book" / "images" / "live-figure.png"
FIGURE = '.rnnbook-figure[data-figure="reduced_flow"]'


def main():
    """Write the picture, at one and a half times the resolution of a page."""
    path = find() or sys.exit(HOW)
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=1.5)
        page.goto(PAGE.as_uri())
        page.wait_for_selector(f"{FIGURE}[data-drawn]")
        page.wait_for_timeout(1000)
        PICTURE.parent.mkdir(exist_ok=True)
        box = page.locator(".cell_output", has=page.locator(FIGURE))
        # Clear of the buttons that the theme lays over the page.
        page.evaluate("document.querySelector('.header-article')?.remove()")
        box.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
