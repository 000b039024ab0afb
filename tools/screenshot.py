"""Take the picture of a live figure that README shows, from the built book.

python -m tools.screenshot
"""

from pathlib import Path

from tools.chromium import launched

ROOT = Path(__file__).resolve().parent.parent

PAGE = ROOT / "_build" / "html" / "book" / "rich" / "05_rich.html"
PICTURE = ROOT / "book" / "images" / "live-figure.png"
FIGURE = '.rnnbook-figure[data-figure="reduced_flow"]'


def main():
    """Write the picture, at one and a half times the resolution of a page."""
    with launched() as browser:
        page = browser.new_context(
            viewport={"width": 1280, "height": 900}, device_scale_factor=1.5
        ).new_page()
        page.goto(PAGE.as_uri())
        PICTURE.parent.mkdir(exist_ok=True)
        box = page.locator(".rnnbook-live", has=page.locator(FIGURE))
        box.scroll_into_view_if_needed()
        page.wait_for_selector(f"{FIGURE}[data-drawn]")
        # Clear of the buttons that the theme lays over the page.
        page.evaluate("document.querySelector('.header-article')?.remove()")
        box.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
