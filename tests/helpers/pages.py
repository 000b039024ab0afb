"""The pages of the built site, and the screens on which the tests look at them."""

from pathlib import Path

from built import SITE, html_files

ROOT = Path(__file__).parents[2]

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True}


def page_paths():
    """All pages of the site, as paths below it, but for the one that leads to the front page."""
    return [str(path.relative_to(SITE)) for path in html_files() if path != SITE / "index.html"]


def kinds_of_pages():
    """The pages that were written, and of those that list source code one: they are all alike."""
    sources = [path for path in page_paths() if path.startswith("_modules/")]
    return [path for path in page_paths() if path not in sources[1:]]
