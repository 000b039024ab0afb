"""Find a Chromium for the tests of the built pages, or install one.

python tools/chromium.py      prints where it is; exits with 1 and says what to do if there is none
"""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

# The first has no window to draw, which halves the work of opening a page.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable", "chrome"),
)
# Chromium's own services would ask other hosts, and a test machine may have no network.
FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-gpu"]
HOW = """\
The tests of the pages need Chromium, and none was found. Install it in one of these ways:
    apt install chromium-headless-shell   Debian, as root; or chromium, also on Ubuntu
    brew install --cask chromium          macOS
or set CHROMIUM to where a Chromium or Chrome is.
"""
# Milliseconds until anything that waits gives up: a guard against waiting for ever, no more.
PATIENCE = 1_200_000


def find():
    """Return the path of a Chromium, or None."""
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


@contextmanager
def launched():
    """Start it, and end it afterwards; a RuntimeError says what to do if there is none.

    Whatever is done in a context of this browser waits for its event, on a slow machine too: pages
    and requests that they intercept take their patience from the context.
    """
    path = find()
    if not path:
        raise RuntimeError(HOW)
    # Chromium refuses to sandbox itself for root, which containers run as.
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags, timeout=PATIENCE)
        impatient = browser.new_context

        def new_context(**options):
            context = impatient(**options)
            context.set_default_timeout(PATIENCE)
            return context

        browser.new_context = new_context
        browser.new_page = None  # its context would not be patient
        yield browser
        browser.close()


def main():
    """Print the path of a Chromium, after an attempt to install one if there is none."""
    if not find():
        print("No Chromium found; Playwright is asked for one", file=sys.stderr)
        command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
        subprocess.run(command, check=False)
    path = find()
    print(path or HOW, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
