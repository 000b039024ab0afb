"""Time the redraws of every live figure in Chromium, while each of its sliders is dragged.

    python -m benchmarks.redraw [SLOWDOWN]

SLOWDOWN says how much slower the processor is made to look, 1 by default. Times are taken in the
page and cover the computation, the drawing, and the layout of what was drawn.
"""

import statistics
import sys
from pathlib import Path

from tools.chromium import launched

SITE = Path(__file__).parent.parent / "_build" / "html"
LIMIT = 16.0  # milliseconds: a redraw a frame

# A figure measures each of its redraws; asking for a size makes the browser lay it out, too.
OBSERVE = """() => {
    window.times = [];
    const measure = performance.measure.bind(performance);
    performance.measure = (name, { start }) => {
        for (const figure of document.querySelectorAll(".rnnbook-figure")) figure.offsetHeight;
        window.times.push(performance.now() - start);
        return measure(name, { start });
    };
}"""


def drag(page, slider):
    """Drag a slider from one end to the other; return the times of the redraws."""
    track = slider.bounding_box()
    y = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + 1, y)
    page.mouse.down()
    page.evaluate("window.times = []")
    for k in range(121):
        page.mouse.move(track["x"] + track["width"] * k / 120, y)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.mouse.up()
    return page.evaluate("window.times")


def main(slowdown=1.0):
    """Print a table; return 1 if a median is above the limit."""
    slow = 0
    print(f"{'figure':14} {'slider':18} {'redraws':>7} {'median ms':>10} {'longest ms':>11}")
    with launched() as browser:
        for file in sorted((SITE / "book").rglob("*.html")):
            if 'class="rnnbook-live"' not in file.read_text("utf8"):
                continue
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            throttle = page.context.new_cdp_session(page)
            throttle.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
            page.goto(file.as_uri())
            page.evaluate(OBSERVE)
            for place in page.locator(".rnnbook-live").all():
                place.scroll_into_view_if_needed()
                place.locator(".rnnbook-figure[data-drawn]").wait_for()
                figure = place.locator(".rnnbook-figure").get_attribute("data-figure")
                for slider in place.locator("input[type=range]").all():
                    slider.scroll_into_view_if_needed()
                    times = drag(page, slider)
                    median = statistics.median(times)
                    slow += median > LIMIT
                    name = slider.locator("xpath=../label").inner_text()
                    row = f"{len(times):7} {median:10.1f} {max(times):11.1f}"
                    print(f"{figure:14} {name:18} {row}", flush=True)
            page.close()
    print(f"A redraw may take {LIMIT:.0f} ms in the median; {slow} sliders are slower.")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
