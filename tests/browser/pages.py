"""Where the built site is, its pages, and the screens on which the tests look at them."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SITE = ROOT / "_build" / "html"

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True}


def page_paths():
    """All pages of the site, as paths below it, but for the one that leads to the front page."""
    static = SITE / "_static"
    found = [path for path in SITE.rglob("*.html") if static not in path.parents]
    other = {SITE / "index.html"}
    if (SITE / "sitemap.xml").exists():
        # With a public address this page finds its files from there, and not from the disk.
        other.add(SITE / "404.html")
    return sorted(str(path.relative_to(SITE)) for path in found if path not in other)
