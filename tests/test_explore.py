"""Slider figures: each setting draws, and the alternative text says what is drawn."""

import html
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

import rnnbook as rb
from rnnbook import explore

FIGURES = [
    name
    for name, value in vars(explore).items()
    if callable(value) and hasattr(explore, f"draw_{name}") and not name.startswith("_")
]


@pytest.fixture(autouse=True)
def _no_display():
    matplotlib.use("Agg")
    yield
    plt.close("all")


def values(slider):
    """Both ends of a slider's range, and two places between."""
    exponential = hasattr(slider, "base")
    shares = np.linspace(slider.min, slider.max, 4)
    return [slider.base**x if exponential else type(slider.value)(x) for x in shares]


def picture(widget):
    """The alternative text and the data of the picture below the sliders."""
    found = re.fullmatch(r'<img .*alt="(.*?)" src="(.*)">', widget.children[-1].value, re.S)
    return html.unescape(found[1]), found[2]


def test_every_drawing_function_has_its_slider_figure():
    drawings = {name.removeprefix("draw_") for name in vars(explore) if name.startswith("draw_")}
    assert drawings == set(FIGURES)
    assert len(FIGURES) >= 5  # one a chapter


@pytest.mark.parametrize("name", FIGURES)
def test_every_slider_redraws_over_its_whole_range(name):
    widget = getattr(explore, name)()
    default = picture(widget)
    for slider in widget.children[:-1]:
        start, seen = slider.value, set()
        for value in values(slider):
            slider.value = value
            seen.add(picture(widget))
        assert len(seen) == 4, f"{slider.description} does not change the figure"
        slider.value = start
    assert picture(widget)[0] == default[0]
    assert not plt.get_fignums(), "a figure was left open and would be shown twice"


@pytest.mark.parametrize("name", FIGURES)
def test_axes_are_labelled(name):
    widget = getattr(explore, name)()
    draw = getattr(explore, f"draw_{name}")
    names = draw.__code__.co_varnames[: draw.__code__.co_argcount]
    text = draw(**dict(zip(names, (s.value for s in widget.children[:-1]), strict=True)))
    assert len(text) > 60
    for ax in plt.gcf().axes:
        assert ax.get_ylabel()
        shared_below = any(
            other is not ax and other.get_xlabel() and ax.get_shared_x_axes().joined(ax, other)
            for other in plt.gcf().axes
        )
        assert ax.get_xlabel() or shared_below


def test_rich_learning_says_where_it_ended():
    text = explore.draw_rich(c_star=0.2, a_start=0.0)
    end = rb.integrator.solve([3.0], c_star=0.2)
    assert f"from 1 to {end.decay_rate[0]:.2f}" in text


def test_one_mode_states_the_loss_that_an_integral_gives():
    a, c = 0.7, 0.25
    t = np.linspace(0, 400, 400_001)
    error = a * np.exp(-c * t) - np.exp(-0.1 * t)
    loss = 0.5 * np.trapezoid(error**2, t)
    assert f"the loss is {loss:.3f}" in explore.draw_one_mode(a, c)


@pytest.mark.parametrize(("share", "settles"), [(0.5, True), (1.3, False)])
def test_descent_settles_below_the_limit_only(share, settles):
    low, high = re.search(r"rates from ([\d.]+) to ([\d.]+);", explore.draw_descent(share)).groups()
    assert (float(high) - float(low) < 0.005) == settles
