"""Every live figure: it follows each slider, and draws what Python computes for the same values."""

import re
from collections import Counter

import drawn_beyond_inp
import drawn_beyond_mem
import drawn_beyond_nonlinear
import drawn_beyond_opt
import drawn_foundations
import drawn_lazy
import drawn_oscillations
import drawn_rich
import numpy as np
import pytest
from built import SITE
from pages import DESKTOP, PHONE, page_paths
from sizes import some

import rnnbook as rb

# What a mark shows and where: the numbers that its path was drawn from, the corners of the path in
# pixels, and the ticks of its chart as pairs of number and pixel.
MARK = """([figure, chart, name]) => {
    const box = figure.querySelectorAll(".rnnbook-chart")[chart];
    const path = box.querySelector(`[data-mark="${name}"]`);
    const frame = box.querySelector(".rnnbook-plot");
    const labels = (anchor) =>
        [...box.querySelectorAll(`.rnnbook-axes text[text-anchor=${anchor}]:not(.label)`)];
    // A power of ten stands for its exponent.
    const number = (text) => Number(
        text.replace(/^10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])/, "").replace(/[⁻−]/, "-")
            .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)),
    );
    const ticks = (anchor, axis, offset) => labels(anchor).map((text) => [
        number(text.textContent),
        Number(text.getAttribute(axis)) - Number(frame.getAttribute(axis)) - offset,
    ]);
    const corners = [...path.getAttribute("d").matchAll(/[ML](-?[\\d.]+) (-?[\\d.]+)/g)];
    return {
        x: Array.from(path.points.x),
        y: Array.from(path.points.y ?? path.points.high),
        corners: corners.map(([, x, y]) => [Number(x), Number(y)]),
        x_ticks: ticks("middle", "x", 0),
        y_ticks: ticks("end", "y", 4),  // the text hangs 4 pixels below its line
    };
}"""


# These show numbers that the cell has sent, in 16 bits: to 1e-5 of their range, which is 2 at most
# where a curve comes near zero. Their axes are longer than one, so it is a hundredth of a pixel.
WITH_DATA = {"krylov", "training_runs", "infinite_width"}
SENT = 2e-5

# Where the labels of all axes of a figure stand, and what they say.
AXES = """(figure) => [...figure.querySelectorAll(".rnnbook-axes text")].map((text) =>
    [text.textContent, text.getAttribute("x"), text.getAttribute("y")].join())"""
# Their axes of learning time follow the target, as how long learning takes differs too much: see
# test_keep_and_predict.
MOVING = ["pair", "onset"]

# Python needs most of a second for a state of these, and there are many.
COSTLY = {"staircase"}

FIGURES = drawn_foundations.FIGURES | drawn_rich.FIGURES
FIGURES |= drawn_lazy.FIGURES | drawn_oscillations.FIGURES
FIGURES |= drawn_beyond_inp.FIGURES
FIGURES |= drawn_beyond_opt.FIGURES
FIGURES |= drawn_beyond_nonlinear.FIGURES
FIGURES |= drawn_beyond_mem.FIGURES
by_figure = pytest.mark.parametrize("name", FIGURES)


class Figure:
    """A live figure on an open page, with the sliders above it."""

    def __init__(self, page, name):
        self.page, self.name = page, name
        # A figure that stands on two pages has a word after its name.
        self.figure = page.locator(f'.rnnbook-figure[data-figure="{name.split()[0]}"]')
        self.box = page.locator(".rnnbook-live").filter(has=self.figure)
        self.figure.scroll_into_view_if_needed()
        self.settle()

    def settle(self):
        """Wait until what has been set is computed and drawn."""
        frames = (
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        self.page.evaluate(frames)
        self.page.wait_for_function(
            "(figure) => !figure.hasAttribute('data-busy')", arg=self.figure.element_handle()
        )
        self.page.evaluate(frames)

    @property
    def state(self):
        return self.figure.evaluate("(figure) => figure.state")

    @property
    def says(self):
        return self.figure.locator(".rnnbook-says").inner_text()

    def drawing(self):
        return self.figure.evaluate(
            "(figure) => [...figure.querySelectorAll('path')]"
            ".map((path) => path.getAttribute('d')).join()"
        )

    def passed(self, name):
        """Note each value that is drawn from now on; returns a function that says which."""
        self.figure.evaluate(
            """(figure, name) => {
                figure.passed = [];
                new MutationObserver(() => figure.passed.push(figure.state[name]))
                    .observe(figure, { attributeFilter: ["data-drawn"] });
            }""",
            name,
        )
        return lambda: self.figure.evaluate("(figure) => figure.passed")

    def sliders(self):
        return self.box.locator("input[type=range]").all()

    def assert_drawn_as_in_python(self):
        handle = self.figure.element_handle()
        for chart, mark, x, y in FIGURES[self.name][1](self.state):
            found = self.page.evaluate(MARK, [handle, chart, mark])
            where = f"{self.name}, {mark} at {self.state}"
            # Curves that begin at t = 0 with a zero that simulations do not return.
            skip = len(found["x"]) - len(x)
            assert skip in (0, 1), where
            for axis, wanted in (("x", x), ("y", y)):
                size = np.max(np.abs(wanted), initial=1e-3, where=np.isfinite(wanted))
                atol = max(1e-4 * size, SENT * (self.name.split()[0] in WITH_DATA))
                np.testing.assert_allclose(
                    found[axis][skip:], wanted, rtol=1e-4, atol=atol, err_msg=where
                )
            self.assert_drawn_to_scale(found, where)

    def assert_drawn_to_scale(self, found, where):
        """The corners of a path lie where the ticks of the axes say."""
        corners = np.array(found["corners"])
        if len(corners) != len(found["x"]):  # an area or a dot: its path has further corners
            return
        for k, axis in enumerate("xy"):
            (first, start), *_, (last, end) = found[f"{axis}_ticks"]
            wanted = start + (np.array(found[axis]) - first) / (last - first) * (end - start)
            seen = np.abs(wanted) < 4000  # far outside of the frame it may be anywhere
            assert np.abs(corners[seen, k] - wanted[seen]).max() < 0.02, where


def readout(slider):
    """The number beside a slider."""
    return float(slider.locator("~ input").input_value().replace("−", "-"))


def handle(slider):
    """Where on the page the handle of a slider is, and a function from shares to places."""
    box = slider.bounding_box()
    least, most, now = (
        float(slider.get_attribute("min")),
        float(slider.get_attribute("max")),
        float(slider.input_value()),
    )
    y, half = box["y"] + box["height"] / 2, 12  # pixels: the handle stays within its track

    def place(share):
        return box["x"] + half + share * (box["width"] - 2 * half), y

    return place((now - least) / (most - least)), place


def changed(before, after):
    return [name for name in before if before[name] != after[name]]


def assert_follows(figure, slider, before, drawing):
    """Exactly one value has moved, to what the slider says, and the drawing with it."""
    after = figure.state
    (name,) = changed(before, after)
    shown = readout(slider)
    assert after[name] == pytest.approx(shown, rel=0.01, abs=0.006)
    assert figure.drawing() != drawing
    return name


def test_all_figures_of_all_pages_are_tested():
    found = Counter()
    for path in page_paths():
        page = (SITE / path).read_text(encoding="utf-8")
        for name in re.findall(r'<div [^>]*data-figure="(\w+)"', page):
            found[name, path] += 1
    assert found == Counter((name.split()[0], path) for name, (path, _) in FIGURES.items())


@pytest.mark.thorough
@by_figure
def test_the_keyboard_moves_a_figure_on_fixed_axes_which_shows_what_python_computes(
    visit, server, name
):
    with visit(server, FIGURES[name][0]) as page:
        figure = Figure(page, name)
        axes = figure.figure.evaluate(AXES)
        assert len(axes) > 10
        figure.assert_drawn_as_in_python()
        assert len(figure.says.split()) >= 8
        moved = set()
        for slider in figure.sliders():
            slider.focus()
            for keys in (["Home"], ["End"], ["PageDown"], ["ArrowRight"] * 3):
                before, drawing, says = figure.state, figure.drawing(), figure.says
                for key in keys:
                    page.keyboard.press(key)
                figure.settle()
                if keys == ["Home"] and not changed(before, figure.state):
                    continue  # it was there already
                moved.add(assert_follows(figure, slider, before, drawing))
                assert figure.says != says or name == "krylov"
                assert name in MOVING or figure.figure.evaluate(AXES) == axes
                if name not in COSTLY or keys in (["Home"], ["End"]):
                    figure.assert_drawn_as_in_python()
            figure.figure.get_by_role("button", name="Reset").click()
            figure.settle()
        assert len(moved) == len(figure.sliders())


@by_figure
def test_the_mouse_moves_a_figure_and_reset_brings_it_back(visit, server, name):
    with visit(server, FIGURES[name][0], DESKTOP) as page:
        figure = Figure(page, name)
        at_first, drawn, said = figure.state, figure.drawing(), figure.says
        for slider in figure.sliders():
            slider.scroll_into_view_if_needed()  # a figure may be taller than the window
            before, drawing = figure.state, figure.drawing()
            start, place = handle(slider)
            page.mouse.move(*start)
            page.mouse.down()
            for share in (0.3, 0.5, 0.75):
                page.mouse.move(*place(share))
            page.mouse.up()
            figure.settle()
            assert_follows(figure, slider, before, drawing)
            figure.assert_drawn_as_in_python()
        figure.figure.get_by_role("button", name="Reset").click()
        figure.settle()
        assert figure.state == pytest.approx(at_first, rel=1e-12)
        assert (figure.drawing(), figure.says) == (drawn, said)


@pytest.mark.thorough
@by_figure
def test_a_finger_moves_a_figure(visit, server, name):
    with visit(server, FIGURES[name][0], PHONE) as page:
        figure = Figure(page, name)
        touch = page.context.new_cdp_session(page)

        def send(kind, *points):
            places = [{"x": x, "y": y} for x, y in points]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        for slider in figure.sliders():
            # Not under the control that stays at the top.
            slider.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
            before, drawing = figure.state, figure.drawing()
            start, place = handle(slider)
            send("touchStart", start)
            for share in (0.3, 0.5, 0.75):
                send("touchMove", place(share))
            send("touchEnd")
            figure.settle()
            assert_follows(figure, slider, before, drawing)
            figure.assert_drawn_as_in_python()


@pytest.mark.parametrize("index", range(4))
def test_the_choice_of_what_is_trained_changes_the_flow(visit, server, index):
    with visit(server, FIGURES["reduced_flow"][0]) as page:
        figure = Figure(page, "reduced_flow")
        figure.box.locator("select").select_option(index=index)
        figure.settle()
        assert figure.state["trained"] == index
        figure.assert_drawn_as_in_python()
        # Both ends of the slowest target, where the flow is stiffest.
        figure.sliders()[0].focus()
        for key in ("Home", "End"):
            page.keyboard.press(key)
            figure.settle()
            figure.assert_drawn_as_in_python()


@pytest.mark.parametrize(
    ("name", "chart", "values"),
    [
        ("one_mode", 1, {"c": (0.0, 1.0), "a": (-0.5, 2.0)}),
        ("reduced_flow", 1, {"c_start": (0.0, 1.5), "a_start": (-0.8, 2.2)}),
        ("onset", 0, {"c_star": (0.05, 1.0), "frequency": (-0.5, 1.0)}),
        ("reservoir", 0, {"c_star": (2.1, -0.1), "omega_star": (-1.4, 1.4)}),
        ("crossover", 0, {"sigma": (0.0, 1.0), "c_star": (0.0, 1.0)}),
    ],
)
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["click", "tap"])
def test_a_place_in_the_plane_is_taken_over(visit, server, name, chart, values, device):
    with visit(server, FIGURES[name][0], device) as page:
        figure = Figure(page, name)
        frame = figure.figure.locator(".rnnbook-axes rect").nth(chart)
        # In the middle of the screen: on a phone sliders stay in sight at its top.
        frame.evaluate("(frame) => frame.scrollIntoView({ block: 'center' })")
        box = frame.bounding_box()
        place = {"x": 0.6 * box["width"], "y": 0.25 * box["height"]}
        press = page.touchscreen.tap if device is PHONE else page.mouse.click
        press(box["x"] + place["x"], box["y"] + place["y"])
        figure.settle()
        for share, (key, (low, high)) in zip((0.6, 0.75), values.items(), strict=True):
            # To a pixel of some two hundred, and to the step of the slider.
            wanted = low + share * (high - low)
            assert figure.state[key] == pytest.approx(wanted, abs=0.01 * abs(high - low) + 0.025)
        figure.assert_drawn_as_in_python()
        shown = [readout(slider) for slider in figure.sliders()]
        for key in values:
            assert any(abs(number - figure.state[key]) < 0.01 for number in shown), shown


# Figures with a button that plays: what it says, the value that it runs, and where that ends.
PLAYED = {
    "teach": ("Teach it", "s", 2.0),
    "training_runs": ("Play", "s", 1.5),
    "training_runs (6)": ("Play", "s", 1.5),
    "pair": ("Play", "share", 1),
}


@pytest.mark.parametrize("name", ["teach", "training_runs", "training_runs (6)"])
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_run_plays_to_its_end(visit, server, name, motion):
    with visit(server, FIGURES[name][0], DESKTOP, reduced_motion=motion) as page:
        figure = Figure(page, name)
        button, value, end = PLAYED[name]
        passed = figure.passed(value)
        figure.figure.get_by_role("button", name=button).click()
        handle = figure.figure.element_handle()
        page.wait_for_function(f"(figure) => figure.state.{value} === {end}", arg=handle)
        figure.settle()
        figure.assert_drawn_as_in_python()
        between = [s for s in passed() if 0 < s < end]
        assert bool(between) == (motion == "no-preference")
        assert between == sorted(between)
        assert readout(figure.sliders()[0 if name == "teach" else -1]) == end
        numbers = re.findall(r"\d+\.\d+", figure.says)
        assert numbers[0] == f"{end:.2f}"
        figure.figure.get_by_role("button", name=button).wait_for()


def test_the_birth_of_a_pair_plays_and_is_clicked_through(visit, server):
    with visit(server, FIGURES["pair"][0], DESKTOP) as page:
        figure = Figure(page, "pair")
        assert figure.state["share"] == 0
        figure.figure.get_by_role("button", name="Play").click()
        handle = figure.figure.element_handle()
        page.wait_for_function("(figure) => figure.state.share === 1", arg=handle)
        figure.settle()
        figure.assert_drawn_as_in_python()
        assert readout(figure.sliders()[-1]) == 1
        frame = figure.figure.locator(".rnnbook-plot").nth(1)
        box = frame.bounding_box()
        page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
        figure.settle()
        assert figure.state["share"] == pytest.approx(0.25, abs=0.02)
        assert "are real" in figure.says  # before they meet
        figure.assert_drawn_as_in_python()


def drawn(figure, chart, mark):
    """The numbers of a mark."""
    found = figure.page.evaluate(MARK, [figure.figure.element_handle(), chart, mark])
    return np.array(found["x"]), np.array(found["y"])


def begin_training(figure):
    """Press Train; returns the worker that is at work from then on."""
    with figure.page.expect_worker() as started:
        figure.figure.get_by_role("button", name="Train").click()
    return started.value


def wait_until_closed(page, worker):
    """Wait for the end of a worker, which may have come already."""
    if worker in page.workers:  # nothing is told between this line and the next
        with worker.expect_event("close"):
            pass


def train(figure, workers=True):
    if workers:
        wait_until_closed(figure.page, begin_training(figure))
    else:
        figure.figure.get_by_role("button", name="Train").click()
    figure.page.wait_for_function(
        "(figure) => figure.state.s === 1.5", arg=figure.figure.element_handle()
    )
    figure.settle()


@pytest.mark.parametrize(
    "workers",
    [True, pytest.param(False, marks=pytest.mark.thorough)],
    ids=["in a worker", "in slices"],
)
@pytest.mark.parametrize(
    "root", ["http", pytest.param("file", marks=pytest.mark.thorough)], indirect=True
)
def test_a_network_is_trained_in_the_page(visit, root, workers):
    with visit(root, FIGURES["network"][0], DESKTOP) as page:
        if not workers:
            page.evaluate("() => { globalThis.Worker = undefined; }")
        figure = Figure(page, "network")
        before = drawn(figure, 0, "bulk")
        train(figure, workers)
        sigma, c_star, draw = (figure.state[name] for name in ("sigma", "c_star", "draw"))
        start, target = drawn_rich.drawn_network(sigma, draw), rb.exponential(c_star)
        s, t = np.linspace(0, 1.5, 151), np.linspace(0, 40, 101)
        run = rb.gradient_flow(start, target, s, eigenvalues=True, response_times=t)
        # Steps of the page are right to 3e-6 of the weights: see test_network.
        np.testing.assert_allclose(drawn(figure, 1, "f")[1], run.responses[-1], atol=1e-3)
        ((outlier,), _) = drawn(figure, 0, "outlier")
        assert outlier == pytest.approx(run.outlier[-1].real, abs=1e-3)
        loss = drawn(figure, 2, "network")[1]
        assert np.abs(loss - run.loss / run.loss[0]).max() < 0.02
        # Another draw is another network with nothing learned; the first can be had again.
        figure.figure.get_by_role("button", name="New draw").click()
        figure.settle()
        assert (figure.state["draw"], figure.state["s"]) == (draw + 1, 0)
        assert not np.any(drawn(figure, 1, "f")[1])
        figure.assert_drawn_as_in_python()
        assert not np.allclose(drawn(figure, 0, "bulk"), before)
        figure.figure.get_by_role("button", name="Reset").click()
        figure.settle()
        np.testing.assert_array_equal(drawn(figure, 0, "bulk"), before)
        train(figure, workers)
        np.testing.assert_array_equal(drawn(figure, 2, "network")[1], loss)


@pytest.mark.parametrize(
    "what", some(["slider", "New draw", "Reset"], pytest.mark.thorough, first=1)
)
def test_who_takes_over_stops_the_training_of_a_network(visit, server, what):
    with visit(server, FIGURES["network"][0], DESKTOP) as page:
        figure = Figure(page, "network")
        worker = begin_training(figure)
        if what == "slider":
            figure.sliders()[0].press("ArrowRight")
        else:
            figure.figure.get_by_role("button", name=what).click()
        wait_until_closed(page, worker)
        figure.figure.get_by_role("button", name="Train").wait_for()  # and not Pause
        figure.settle()
        assert figure.state["s"] == 0
        assert not np.any(drawn(figure, 1, "f")[1])
        figure.assert_drawn_as_in_python()


@pytest.mark.parametrize("frequency", some([-0.05, 0.05, 0.0, -0.5], pytest.mark.thorough))
def test_targets_on_both_sides_of_the_border_are_learned(visit, server, frequency):
    with visit(server, FIGURES["onset"][0], DESKTOP) as page:
        figure = Figure(page, "onset")
        figure.sliders()[1].focus()
        page.keyboard.press("Home")
        for _ in range(round(100 * (frequency + 0.5))):
            page.keyboard.press("ArrowRight")
        figure.settle()
        assert figure.state["frequency"] == pytest.approx(frequency, abs=1e-9)
        figure.assert_drawn_as_in_python()
        wanted = "repel" if frequency < 0 else "attract" if frequency > 0 else "A single decay"
        assert wanted in figure.says


def test_a_figure_follows_the_width_of_the_page_and_the_theme(visit, server):
    with visit(server, FIGURES["descent"][0], DESKTOP) as page:
        figure = Figure(page, "descent")
        chart = figure.figure.locator(".rnnbook-chart > svg").first
        colour = "(svg) => getComputedStyle(svg.querySelector('[data-mark=jumps]')).stroke"
        wide, light = chart.bounding_box()["width"], chart.evaluate(colour)
        page.set_viewport_size({"width": 500, "height": 900})
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        page.wait_for_function(
            "([svg, width]) => svg.clientWidth !== width", arg=[chart.element_handle(), wide]
        )
        figure.settle()
        assert chart.evaluate(colour) != light
        box = figure.figure.bounding_box()
        assert chart.bounding_box()["width"] <= box["width"]
        figure.assert_drawn_as_in_python()
