"""Points that are dragged: by mouse, finger and keys, with the sliders that move along."""

import re

import numpy as np
import pytest
from javascript import LIVE
from pages import DESKTOP, PHONE, ROOT
from test_figures import FIGURES, Figure, readout

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# The chart, and the values across and up with the ranges of the chart and where the sliders end.
POINTS = {
    "one_mode": (1, ("c", 0, 1, 0.01), ("a", -0.5, 2, -0.5)),
    "reduced_flow": (1, ("c_start", 0, 1.5, 0.05), ("a_start", -0.8, 2.2, -0.8)),
    # A pole at 1 - c*, with its mirror image below the axis.
    "reservoir": (0, ("c_star", 2.1, -0.1, 2.0), ("omega_star", -1.4, 1.4, 1.4)),
    "crossover": (0, ("sigma", 0, 1, 0.02), ("c_star", 0, 1, 0.02)),
    "pair": (0, ("c_star", 1.6, -0.1, 0.5), ("omega_star", -1.2, 1.2, 1.0)),
    # Two decays, of which the slower one still decays.
    "onset": (0, ("c_star", 0.05, 1, 0.05), ("frequency", -0.5, 1, -0.045)),
}
# Their points do not move two values of the figure by the same number everywhere.
OTHER_POINTS = {
    "evidence": "slides along a curve",
    "staircase": "has a logarithmic axis",
}
by_point = pytest.mark.parametrize("name", POINTS)


def test_all_points_are_tested_or_said_to_be_different():
    sources = {name: LIVE / "figures" / f"{name.split()[0]}.js" for name in FIGURES}
    dragged = {
        name
        for name, path in sources.items()
        if re.search(r"\bstage\.drag\(", path.read_text(encoding="utf-8"))
    }
    assert set(POINTS) <= dragged
    assert dragged - set(POINTS) - set(OTHER_POINTS) == set(), "add it to POINTS"


class Point:
    """The point of a figure, in the middle of the window, and how many numbers a pixel is."""

    def __init__(self, figure):
        self.figure = figure
        chart, self.across, self.up = POINTS[figure.name]
        if figure.name == "onset":  # at first it is near an edge
            for _ in range(3):
                figure.sliders()[0].press("PageUp")
            figure.settle()
        self.frame = figure.figure.locator(".rnnbook-axes rect").nth(chart)
        self.frame.evaluate("(frame) => frame.scrollIntoView({ block: 'center' })")
        self.grip = figure.figure.locator(".rnnbook-grip:not(.rnnbook-guess)")
        box = self.frame.bounding_box()
        self.per_x = (self.across[2] - self.across[1]) / box["width"]
        self.per_y = (self.up[2] - self.up[1]) / box["height"]

    def place(self):
        """Its middle in the window."""
        box = self.grip.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def values(self):
        state = self.figure.state
        return state[self.across[0]], state[self.up[0]]

    def assert_seen(self):
        """The sliders, the drawing and what is said agree with the state."""
        self.figure.assert_drawn_as_in_python()
        shown = [readout(slider) for slider in self.figure.sliders()]
        for value in self.values():
            assert any(abs(number - value) < 0.01 for number in shown)
            assert f"{value:.2f}".replace("-", "−") in self.says().replace("-", "−")

    def says(self):
        return self.grip.get_attribute("aria-valuetext")


@by_point
def test_the_mouse_drags_a_point(visit, server, name):
    with visit(server, FIGURES[name][0], DESKTOP) as page:
        figure = Figure(page, name)
        point = Point(figure)
        x, y = point.place()
        before = point.values()
        page.mouse.move(x + 9, y - 6)  # not its middle: it must not jump under the pointer
        page.mouse.down()
        page.mouse.move(x + 12, y - 8)
        page.mouse.move(x + 9 - 60, y - 6 - 40)
        page.mouse.up()
        figure.settle()
        across, up = point.values()
        assert across == pytest.approx(before[0] - 60 * point.per_x, abs=1.5 * abs(point.per_x))
        assert up == pytest.approx(before[1] + 40 * point.per_y, abs=1.5 * point.per_y)
        point.assert_seen()
        assert point.place() == pytest.approx((x - 60, y - 40), abs=1.5)
        # It has been let go.
        page.mouse.move(x, y)
        figure.settle()
        assert point.values() == (across, up)
        # A drag far out of the chart ends at its edge, or where the sliders do.
        page.mouse.move(*point.place())
        page.mouse.down()
        page.mouse.move(x - 600, y + 400)
        page.mouse.up()
        figure.settle()
        assert point.values() == pytest.approx((point.across[3], point.up[3]), abs=1e-9)
        point.assert_seen()


@pytest.mark.thorough
@by_point
def test_a_finger_drags_a_point_and_beside_it_scrolls_the_page(visit, server, name):
    with visit(server, FIGURES[name][0], PHONE) as page:
        figure = Figure(page, name)
        point = Point(figure)
        assert min(point.grip.bounding_box()[side] for side in ("width", "height")) >= 44
        (x, y), before = point.place(), point.values()
        top = page.evaluate("scrollY")
        session = page.context.new_cdp_session(page)

        def touch(kind, *points):
            places = [{"x": x, "y": y} for x, y in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        def stroke(x, y, across, down):
            touch("touchStart", (x, y))
            for share in np.linspace(0.1, 1, 10):
                touch("touchMove", (x + across * share, y + down * share))
            touch("touchEnd")
            figure.settle()

        stroke(x + 10, y + 10, -40, -40)
        across, up = point.values()
        assert across == pytest.approx(before[0] - 40 * point.per_x, abs=1.5 * abs(point.per_x))
        assert up == pytest.approx(before[1] + 40 * point.per_y, abs=1.5 * point.per_y)
        point.assert_seen()
        assert page.evaluate("scrollY") == top
        box = point.frame.bounding_box()
        stroke(box["x"] + 0.9 * box["width"], box["y"] + 0.9 * box["height"], 0, -60)
        page.wait_for_function("(top) => scrollY > top + 20", arg=top)
        assert point.values() == (across, up)


@pytest.mark.thorough
@by_point
def test_arrow_keys_move_a_point(visit, server, name):
    with visit(server, FIGURES[name][0], DESKTOP) as page:
        figure = Figure(page, name)
        point = Point(figure)
        figure.figure.get_by_role("button", name="Link to this state").focus()
        page.keyboard.press("Tab")
        while not point.grip.evaluate("(grip) => grip === document.activeElement"):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement !== document.body")
        ring = "(grip) => getComputedStyle(grip, '::before').outlineWidth"
        assert point.grip.evaluate(ring) == "3px"
        top, said = page.evaluate("scrollY"), point.says()
        wanted = list(point.values())
        steps = [(high - low) / 100 for _, low, high, _ in (point.across, point.up)]
        for key, axis, count in (
            ("ArrowLeft", 0, -1),
            ("Shift+ArrowLeft", 0, -10),
            ("ArrowRight", 0, 1),
            ("ArrowUp", 1, 1),
            ("Shift+ArrowUp", 1, 10),
            ("ArrowDown", 1, -1),
        ):
            page.keyboard.press(key)
            figure.settle()
            wanted[axis] += count * steps[axis]
            assert point.values() == pytest.approx(wanted, abs=1e-9)
            point.assert_seen()
        assert point.says() != said
        assert page.evaluate("scrollY") == top
        for _ in range(20):
            page.keyboard.press("Shift+ArrowLeft")
        figure.settle()
        assert point.values()[0] == pytest.approx(point.across[3], abs=1e-9)


@pytest.mark.thorough
@by_point
def test_a_point_is_told_to_those_who_do_not_see_it(visit, server, name):
    with visit(server, FIGURES[name][0], DESKTOP) as page:
        figure = Figure(page, name)
        point = Point(figure)
        label = point.grip.get_attribute("aria-label")
        assert "arrow keys" in label
        assert point.grip.get_attribute("role") == "slider"
        page.add_script_tag(path=AXE)
        found = page.evaluate(
            "async () => (await axe.run('.rnnbook-live')).violations.map((each) => each.id)"
        )
        assert found == []
