"""Curves that are kept on fixed axes, and answers that are hidden until a reader has guessed."""

import re

import numpy as np
import pytest
from javascript import LIVE
from pages import DESKTOP, PHONE
from test_figures import AXES, FIGURES, MOVING, Figure

import rnnbook as rb

# No test here moves their first slider and waits for other curves.
KEPT_OTHERWISE = {
    "network": "has no curve until it is trained: see test_figures",
    "infinite_width": "has a first slider with few places",
}


def kept_mark(name):
    """The mark that a figure keeps, the first of several; None if it keeps none."""
    source = (LIVE / "figures" / f"{name.split()[0]}.js").read_text(encoding="utf-8")
    calls = len(re.findall(r"\bstage\.keep\(", source))
    found = re.findall(r'\bstage\.keep\(\s*\[\s*\[\w+, "([\w ]+)"\]', source)
    assert len(found) == calls <= 1, f"{name}: a call of keep that this pattern does not know"
    return found[0] if found else None


KEPT = {name: kept_mark(name) for name in FIGURES if name not in KEPT_OTHERWISE}
KEPT |= {"crossover": "rich"}  # its first slider, κ, does not change the curve of the reservoir
KEPT = {name: mark for name, mark in KEPT.items() if mark}
PREDICTED = {"reduced_flow": "c", "teach": "learned", "pair": "upper"}
by_kept = pytest.mark.parametrize("name", KEPT)


def test_there_are_figures_that_keep_curves():
    assert len(KEPT) >= 6
    assert all(kept_mark(name) for name in KEPT_OTHERWISE)


@pytest.mark.thorough
@pytest.mark.parametrize("name", MOVING)
def test_axes_of_learning_time_stay_while_the_seed_moves_and_those_of_planes_always(
    visit, server, name
):
    with visit(server, FIGURES[name][0], DESKTOP) as page:
        figure = Figure(page, name)
        plane = figure.figure.locator(".rnnbook-chart").first
        axes, of_plane = figure.figure.evaluate(AXES), plane.evaluate(AXES)
        for slider in figure.sliders():
            for key in ("Home", "End"):
                slider.press(key)
                figure.settle()
                assert plane.evaluate(AXES) == of_plane
                if "seed" in slider.locator("~ input").get_attribute("aria-label"):
                    assert figure.figure.evaluate(AXES) == axes
            figure.figure.get_by_role("button", name="Reset").click()
            figure.settle()


def path(figure, mark):
    return figure.figure.locator(f'[data-mark="{mark}"]').first.get_attribute("d")


def kept(figure, mark):
    """The paths that are kept, in the first chart that has this mark."""
    shown = figure.page.locator(f'[data-mark="{mark}"]')
    chart = figure.figure.locator(".rnnbook-chart").filter(has=shown).first
    found = chart.locator(f'[data-mark^="kept "][data-mark$=" {mark}"]')
    return found.evaluate_all("all => all.map((path) => path.getAttribute('d'))")


@pytest.mark.thorough
@by_kept
def test_a_curve_is_kept_while_the_figure_moves_on(visit, server, name):
    mark = KEPT[name]
    with visit(server, FIGURES[name][0], DESKTOP) as page:
        figure = Figure(page, name)
        keep = figure.figure.get_by_role("button", name="Keep this curve")
        forget = figure.figure.get_by_role("button", name="Forget")
        assert not forget.is_visible()
        slider, seen = figure.sliders()[0], []
        for _ in range(4):
            seen.append(path(figure, mark))
            keep.press("Enter")
            assert forget.is_visible()
            for _ in range(3):
                slider.press("PageDown" if len(seen) % 2 else "PageUp")
            slider.press("ArrowRight")
            figure.settle()
            assert set(kept(figure, mark)) == set(seen[-3:])  # three of them, and no more
            figure.assert_drawn_as_in_python()
        assert len(set(seen)) == 4
        entries = figure.figure.locator(".rnnbook-kept span > span")
        assert len(set(entries.all_inner_texts())) == 3
        dashes = "all => all.map((path) => path.style.strokeDasharray)"
        assert len(set(entries.locator("path").evaluate_all(dashes))) == 3
        # In another width they are drawn anew.
        width = figure.figure.bounding_box()["width"]
        page.set_viewport_size({"width": 560, "height": 900})
        page.wait_for_function(
            "([figure, width]) => figure.clientWidth !== Math.round(width)",
            arg=[figure.figure.element_handle(), width],
        )
        figure.settle()
        assert not set(kept(figure, mark)) & set(seen)
        assert len(set(kept(figure, mark))) == 3
        forget.press("Enter")
        assert kept(figure, mark) == []
        assert not forget.is_visible()
        assert keep.evaluate("(button) => button === document.activeElement")


def visible(figure, mark):
    look = "(path) => getComputedStyle(path).visibility"
    return figure.figure.locator(f'[data-mark="{mark}"]').first.evaluate(look) == "visible"


def guess(figure, key, times):
    grip = figure.figure.locator(".rnnbook-guess")
    for _ in range(times):
        grip.press(key)
    figure.settle()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_answer_is_revealed_beside_the_guess(visit, server, device):
    with visit(server, FIGURES["reduced_flow"][0], device) as page:
        figure = Figure(page, "reduced_flow")
        for mark in ("c", "a", "path", "loss"):
            assert not visible(figure, mark)
        assert "Predict first" in figure.figure.inner_text()
        assert "within" not in figure.says
        first = figure.state["guess"]
        guess(figure, "ArrowLeft", 20)
        assert figure.state["guess"] == pytest.approx(first - 20 * 0.02, abs=1e-9)
        assert not visible(figure, "c")
        height = figure.figure.bounding_box()["height"]
        figure.figure.get_by_role("button", name="Reveal").press("Enter")
        figure.settle()
        assert figure.figure.bounding_box()["height"] == pytest.approx(height, abs=1)
        assert visible(figure, "c")
        assert visible(figure, "path")
        # Independently: when it comes within a twentieth, and stays.
        s = np.linspace(0, 3, 301)
        c = rb.integrator.solve(s, c_star=0.1).decay_rate
        there = s[np.nonzero(np.abs(c - 0.1) > 0.005)[0][-1] + 1]
        told = figure.figure.locator(".rnnbook-ask").inner_text()
        assert [float(x) for x in re.findall(r"\d+\.\d+", told)] == [1.6, pytest.approx(there)]
        assert f"from s = {there:.2f} on" in figure.says
        assert not figure.figure.locator(".rnnbook-guess").is_visible()
        figure.figure.get_by_role("button", name="Guess again").click()
        figure.settle()
        assert not visible(figure, "c")
        # Who moves a slider has gone on without.
        figure.sliders()[0].press("End")
        figure.settle()
        assert visible(figure, "c")
        assert "You guessed" not in figure.figure.inner_text()
        figure.figure.get_by_role("button", name="Reset").click()
        figure.settle()
        assert not visible(figure, "c")
        assert figure.state["guess"] == first


def test_on_the_front_page_learning_shows_the_answer(visit, server):
    with visit(server, FIGURES["teach"][0], DESKTOP, reduced_motion="reduce") as page:
        figure = Figure(page, "teach")
        assert not visible(figure, "learned")
        guess(figure, "ArrowDown", 5)
        figure.figure.get_by_role("button", name="Teach it").click()
        figure.settle()
        assert visible(figure, "learned")
        c = rb.integrator.solve(np.array([0, 0.5]), c_star=1 / figure.state["T_star"]).decay_rate
        told = figure.figure.locator(".rnnbook-ask").inner_text()
        wanted = [0.4, pytest.approx(1 - c[-1], abs=0.006)]
        assert [float(x) for x in re.findall(r"\d+\.\d+", told)] == wanted


def when_they_meet():
    """The learning time at which the eigenvalues of the pair meet, by the chapter's equations."""
    s = np.linspace(0, 60, 60001)
    start = {"p": 0, "q": 1e-3, "r": 0}
    found = rb.oscillator.solve(s, start, c_star=0.1, omega_star=0.4).variables
    return s[np.nonzero(np.abs(found["p"] - found["r"]) > 2 * np.abs(found["q"]))[0][-1]]


@pytest.mark.parametrize("how", ["Reveal", "Play"])
def test_when_two_eigenvalues_meet_is_predicted_and_told(visit, server, how):
    with visit(server, FIGURES["pair"][0], DESKTOP, reduced_motion="reduce") as page:
        figure = Figure(page, "pair")
        hidden = ("upper", "lower", "imaginary", "meeting")
        assert not any(visible(figure, mark) for mark in hidden)
        assert visible(figure, "loss")
        assert "meet" not in figure.says
        guess(figure, "ArrowLeft", 10)
        figure.figure.get_by_role("button", name=how).press("Enter")
        figure.settle()
        assert all(visible(figure, mark) for mark in hidden)
        wanted = when_they_meet()
        assert f"They meet at s = {wanted:.1f}" in figure.says
        if how == "Reveal":
            told = figure.figure.locator(".rnnbook-ask").inner_text()
            assert [float(x) for x in re.findall(r"\d+\.\d+", told)] == [40, round(wanted, 1)]


@pytest.mark.parametrize("name", PREDICTED)
@pytest.mark.parametrize("how", ["printed", "without JavaScript"])
def test_on_paper_and_without_javascript_nothing_is_hidden(browser, visit, server, name, how):
    if how == "printed":
        with visit(server, FIGURES[name][0], DESKTOP) as page:
            figure = Figure(page, name)
            assert not visible(figure, PREDICTED[name])
            page.emulate_media(media="print")
            assert visible(figure, PREDICTED[name])
            assert not figure.figure.locator(".rnnbook-ask").is_visible()
    else:
        context = browser.new_context(**DESKTOP, java_script_enabled=False)
        page = context.new_page()
        page.goto(server + FIGURES[name][0])
        figure = page.locator(f'.rnnbook-figure[data-figure="{name}"]')
        assert figure.locator(f'[data-mark="{PREDICTED[name]}"]').first.is_visible()
        assert not figure.locator(".rnnbook-ask").is_visible()
        context.close()
