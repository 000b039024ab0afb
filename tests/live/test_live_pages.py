"""Live figures as parts of a page: they start on any machine, and nothing is missing before."""

import re

import pytest
from browsing import finish_figures, start_figures
from pages import DESKTOP, PHONE, kinds_of_pages
from test_figures import FIGURES, PLAYED, Figure, handle, readout

# A page with two figures, the heaviest one, and the one that computes most.
SLOW = ["book/rich/05_rich.html", "book/rich/07_outlier.html", "book/oscillations/13_onset.html"]
SLOWER = pytest.mark.thorough  # up to half a minute each
LIVE = sorted({path for path, _ in FIGURES.values()})
LOW_PHONE = {**PHONE, "viewport": {"width": 375, "height": 667}}
by_live_page = pytest.mark.parametrize("path", LIVE)
by_device = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])

BLOCKED = """addEventListener("DOMContentLoaded", () => {
    const end = performance.now() + 5000;
    while (performance.now() < end);
    window.wasBlocked = true;
})"""


def open_slowly(page, url):
    """Open a page and start its figures; returns what went wrong."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else 0)
    page.goto(url)
    start_figures(page)
    return wrong


@pytest.mark.parametrize(
    ("trouble", "path"),
    [("a twentieth of the speed", path) for path in SLOW[:1]]
    + [("five seconds of other work", path) for path in SLOW[1:2]]
    + [pytest.param("a twentieth of the speed", path, marks=SLOWER) for path in SLOW[1:]]
    + [pytest.param("five seconds of other work", path, marks=SLOWER) for path in SLOW[::2]],
)
def test_figures_start_on_a_slow_machine(browser, server, trouble, path):
    page = browser.new_context(**PHONE).new_page()
    if trouble == "five seconds of other work":
        page.add_init_script(BLOCKED)
    else:
        throttle = page.context.new_cdp_session(page)
        throttle.send("Emulation.setCPUThrottlingRate", {"rate": 20})
    assert open_slowly(page, server + path) == []
    if trouble == "five seconds of other work":
        assert page.evaluate("window.wasBlocked")
    names = [name.split()[0] for name, (where, _) in FIGURES.items() if where == path]
    drawn = page.locator(".rnnbook-live[data-live] .rnnbook-figure[data-drawn]")
    assert drawn.count() == len(names)
    assert drawn.evaluate_all("all => all.map((figure) => figure.dataset.figure)") == names
    page.close()


# What stands on the page of a figure: its charts with their marks, and the sentence below.
PARTS = """(place) => ({
    height: place.getBoundingClientRect().height,
    charts: [...place.querySelectorAll(".rnnbook-chart > svg")].map((svg) => ({
        height: svg.getBoundingClientRect().height,
        marks: [...svg.querySelectorAll("[data-mark]")]
            .filter((path) => path.getBoundingClientRect().width > 0)
            .map((path) => path.dataset.mark),
    })),
    says: place.querySelector(".rnnbook-says").textContent,
    values: [...place.querySelectorAll("input")].map((input) => input.value),
})"""


@pytest.mark.thorough
@by_live_page
@by_device
def test_a_picture_stands_where_the_figure_will_be_and_shows_the_same(
    browser, server, path, device
):
    context = browser.new_context(**device)
    page = context.new_page()
    page.add_init_script("delete window.IntersectionObserver; window.live = null")
    page.goto(server + path)
    places = page.locator(".rnnbook-live")
    pictures = places.evaluate_all(f"all => all.map({PARTS})")
    assert pictures
    for place in places.all():
        assert place.locator("input:not([disabled]), button:not([disabled])").count() == 0
    page.close()
    page = context.new_page()
    page.goto(server + path)
    start_figures(page)
    finish_figures(page)
    figures = page.locator(".rnnbook-live").evaluate_all(f"all => all.map({PARTS})")
    for picture, figure in zip(pictures, figures, strict=True):
        assert picture["height"] == pytest.approx(figure["height"], abs=1.5)
        for still, live in zip(picture["charts"], figure["charts"], strict=True):
            assert still["height"] == pytest.approx(live["height"], abs=0.5)
            assert set(still["marks"]) == set(live["marks"])
        assert picture["says"] == figure["says"]
        assert picture["values"] == figure["values"]
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("path", kinds_of_pages())
@by_device
def test_nothing_moves_while_a_page_is_read(browser, server, path, device):
    context = browser.new_context(**device)
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; const add = (entries) => {"
        " for (const entry of entries) if (!entry.hadRecentInput) shift += entry.value; };"
        " const observer = new PerformanceObserver((list) => add(list.getEntries()));"
        " observer.observe({ type: 'layout-shift', buffered: true });"
        " window.finalShift = () => { add(observer.takeRecords()); return shift; }"
    )
    page.goto(server + path)
    page.evaluate("() => document.fonts.ready")
    # As a reader does, a screen at a time, waiting for what comes into sight.
    for top in range(0, page.evaluate("document.documentElement.scrollHeight"), 600):
        page.evaluate("(top) => scrollTo({ top, behavior: 'instant' })", top)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    start_figures(page)
    assert page.evaluate("finalShift()") <= 0.05
    context.close()


@pytest.mark.thorough
@by_live_page
def test_without_javascript_a_figure_is_a_picture_that_says_so(browser, server, path):
    context = browser.new_context(**DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(server + path)
    for place in page.locator(".rnnbook-live").all():
        assert place.locator("noscript > p").is_visible()
        assert place.locator(".rnnbook-chart > svg").count() >= 2
        for chart in place.locator(".rnnbook-chart > svg").all():
            assert chart.bounding_box()["height"] > 100
        assert len(place.locator(".rnnbook-says").inner_text().split()) >= 8
        assert place.locator("input[type=range]:visible, button:visible").count() == 0
        for number in place.locator("input[type=text]").all():
            assert re.match(r"−?[\d.]+$", number.input_value())
    context.close()


def luminance(page, colour):
    """Relative luminance of a computed colour, as WCAG 2 defines it."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    linear = [
        x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_page_in_the_dark_is_printed_light_and_stays_dark(browser, server):
    context = browser.new_context(**DESKTOP, color_scheme="dark")
    page = context.new_page()
    assert open_slowly(page, server + "book/oscillations/12_pair.html") == []
    look = """() => ["body", ".rnnbook-says", ".rnnbook-axes text"].map((part) => {
        const style = getComputedStyle(document.querySelector(part));
        return part === "body" ? style.backgroundColor : style.color;
    })"""
    dark, *ink = (luminance(page, colour) for colour in page.evaluate(look))
    assert dark < 0.02
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    assert page.locator("input[type=range]:visible").count() == 0
    assert page.get_by_label("seed q(0), as a number").is_visible()
    paper, *ink = page.evaluate(look)
    assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert all(luminance(page, colour) < 0.1 for colour in ink)
    page.emulate_media(media="screen", color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    context.close()


def test_a_number_can_be_typed(visit, server):
    with visit(server, FIGURES["reduced_flow"][0]) as page:
        figure = Figure(page, "reduced_flow")
        rate = figure.sliders()[0].locator("~ input")
        for typed, wanted in (("0.2", 0.2), ("0,05", 0.05), ("7", 1.0), ("1e-9", 10**-1.7)):
            rate.fill(typed)
            rate.press("Enter")
            figure.settle()
            assert figure.state["c_star"] == pytest.approx(
                wanted, rel=0.012
            )  # a step of the slider
            assert readout(figure.sliders()[0]) == pytest.approx(wanted, rel=0.012)
            figure.assert_drawn_as_in_python()
        for typed in ("soon", "", "-1"):
            before = figure.state, rate.input_value()
            rate.fill(typed)
            rate.press("Enter")
            assert (figure.state, rate.input_value()) == before
        start = figure.sliders()[1].locator("~ input")
        start.fill("−0.5")
        start.press("Enter")
        figure.settle()
        assert figure.state["a_start"] == -0.5


@pytest.mark.parametrize("name", ["descent", "integration", "krylov", "teach"])
def test_a_phone_shows_the_slider_in_use_and_two_charts(visit, server, name):
    with visit(server, FIGURES[name][0], LOW_PHONE) as page:
        figure = Figure(page, name)
        slider = figure.sliders()[-1]
        slider.press("ArrowRight")
        charts = figure.figure.locator(".rnnbook-charts")
        charts.evaluate(
            "(charts) => scrollBy({ top: charts.getBoundingClientRect().bottom - innerHeight,"
            " behavior: 'instant' })"
        )
        used = slider.bounding_box()
        assert used["y"] >= 0
        first, second = (
            chart.bounding_box() for chart in figure.figure.locator(".rnnbook-plot").all()
        )
        assert used["y"] + used["height"] <= first["y"]
        assert second["y"] + second["height"] <= 667
        # Nothing else of the controls covers it.
        middle = [used["x"] + used["width"] / 2, used["y"] + used["height"] / 2]
        at = page.evaluate_handle("([x, y]) => document.elementFromPoint(x, y)", middle)
        assert at.evaluate("(node) => node.tagName") == "INPUT"


@pytest.mark.parametrize("name", ["network", "reservoir", "crossover", "pair", "onset"])
def test_a_phone_shows_the_slider_in_use_above_each_chart(visit, server, name):
    with visit(server, FIGURES[name][0], LOW_PHONE) as page:
        figure = Figure(page, name)
        slider = figure.sliders()[-1]
        slider.press("ArrowLeft")
        figure.settle()
        for chart in figure.figure.locator(".rnnbook-axes rect").all():
            chart.evaluate(
                "(chart) => scrollBy({ top: chart.getBoundingClientRect().bottom - innerHeight + 2,"
                " behavior: 'instant' })"
            )
            used, seen = slider.bounding_box(), chart.bounding_box()
            assert used["y"] >= 0
            assert used["y"] + used["height"] <= seen["y"]
            assert seen["y"] + seen["height"] <= 667


@pytest.mark.thorough
@by_live_page
def test_every_control_has_a_name_and_a_handle_to_grip(visit, server, path):
    with visit(server, path, PHONE) as page:
        for control in page.locator(".rnnbook-live :is(input, select)").all():
            name = control.evaluate(
                "node => node.getAttribute('aria-label') ?? node.labels[0]?.textContent"
            )
            assert len(name or "") >= 3
            assert control.bounding_box()["height"] >= 24
        for slider in page.locator(".rnnbook-live input[type=range]").all():
            shown = slider.locator("~ input").input_value()
            assert slider.get_attribute("aria-valuetext") == shown
            assert slider.bounding_box()["width"] >= 300


@pytest.mark.parametrize("name", PLAYED)
def test_who_takes_over_stops_a_run(visit, server, name):
    text, value, end = PLAYED[name]
    with visit(server, FIGURES[name][0], DESKTOP) as page:
        figure = Figure(page, name)
        first = figure.state[value]
        slider = figure.sliders()[0 if name == "teach" else -1]
        place = figure.figure.element_handle()
        button = figure.figure.locator(".rnnbook-button").first
        for take_over, wanted in (
            (lambda: figure.figure.get_by_role("button", name="Reset").click(), first),
            (lambda: slider.press("End"), end),
        ):
            passed = figure.passed(value)
            button.click()
            page.wait_for_function(
                "figure => figure.passed.some((value) => value > 0)",
                arg=place,
            )
            if first > 0:  # it begins at its beginning
                assert passed()[0] == 0
            take_over()
            page.wait_for_function(
                "([button, text]) => button.textContent === text",
                arg=[button.element_handle(), text],
            )
            figure.settle()
            assert figure.state[value] == wanted


def test_a_run_is_told_once_and_begins_at_its_beginning(visit, server):
    with visit(server, FIGURES["pair"][0], DESKTOP) as page:
        figure = Figure(page, "pair")
        figure.sliders()[-1].press("End")
        figure.settle()
        assert figure.state["share"] == 1
        figure.figure.evaluate(
            """(figure) => {
                const says = figure.querySelector(".rnnbook-says");
                figure.told = [];
                new MutationObserver(() => {
                    if (says.getAttribute("role") === "status" && says.textContent) {
                        figure.told.push(says.textContent);
                    }
                }).observe(says, { childList: true, characterData: true, subtree: true });
            }"""
        )
        passed = figure.passed("share")
        figure.figure.get_by_role("button", name="Play").click()
        place = figure.figure.element_handle()
        page.wait_for_function("figure => figure.state.share === 1", arg=place)
        figure.figure.get_by_role("button", name="Play").wait_for()
        figure.settle()
        assert passed()[0] == 0
        assert len(passed()) > 3
        assert figure.figure.evaluate("figure => figure.told") == [figure.says]


def test_a_figure_that_cannot_start_says_so_and_leaves_its_picture(browser, server):
    page = browser.new_context(**DESKTOP).new_page()
    path = "book/oscillations/12_pair.html"

    def broken(route):
        text = route.fetch().text()
        route.fulfill(body=text.replace("export default", "throw new Error('as a test');"))

    page.route(f"**/{path}", broken)
    wrong = open_slowly(page, server + path)
    assert any("as a test" in text for text in wrong)
    place = page.locator(".rnnbook-live")
    assert "as a test" in place.get_by_role("alert").inner_text()
    assert place.locator(".rnnbook-chart > svg").count() == 3
    page.close()


def test_a_handle_follows_the_value_that_a_place_in_the_chart_sets(visit, server):
    with visit(server, FIGURES["one_mode"][0], DESKTOP) as page:
        figure = Figure(page, "one_mode")
        before = handle(figure.sliders()[0])[0]
        frame = figure.figure.locator(".rnnbook-axes rect").nth(1).bounding_box()
        page.mouse.click(frame["x"] + 10, frame["y"] + 10)
        figure.settle()
        assert handle(figure.sliders()[0])[0] != before
