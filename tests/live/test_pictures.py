"""Pictures of live figures, drawn when the book is built, and the state that pages keep."""

import base64
import json
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from ipywidgets import FloatProgress, FloatSlider, Widget

from rnnbook import live
from tools.sphinx_live import VIEW, slim, with_pictures


def state_of(*shown):
    """What MyST-NB finds in a notebook, and the mark of each widget that is shown."""
    state = Widget.get_manager_state(drop_defaults=False)["state"]
    marks = [f'<script type="{VIEW}">{{"model_id": "{x.model_id}"}}</script>' for x in shown]
    return "<p>Before.</p>" + "".join(marks) + "<p>After.</p>", state


@pytest.fixture(autouse=True)
def no_widgets_of_other_tests():
    Widget.close_all()
    yield
    Widget.close_all()


def test_a_figure_is_drawn_where_its_mark_was():
    body, state = state_of(live.one_mode())
    page = BeautifulSoup(with_pictures(body, state), "html.parser")
    place = page.select_one("p + .rnnbook-live")
    assert place.find_next_sibling("p").text == "After."
    # The curves of the first state: a mode and its target start at a = 1, above the far end.
    heights = {}
    for name in ("f", "target"):
        path = place.select_one(f'[data-mark="{name}"]')["d"]
        heights[name] = [float(y) for y in re.findall(r"[ML][-\d.]+ ([-\d.]+)", path)]
        assert len(heights[name]) == 401
    assert heights["f"][0] == heights["target"][0]
    assert all(later >= y for y, later in zip(heights["f"], heights["f"][1:], strict=False))
    # f has decayed far below the slow target, which is lower on the screen.
    assert heights["f"][-1] > heights["target"][-1]
    labels = [label.text for label in place.find_all("label")]
    assert labels == ["amplitude a", "decay rate c", "target rate c*"]
    ranges = place.select("input[type=range]")
    assert [float(x["value"]) for x in ranges] == [1.0, -0.52, -1.0]
    assert all(x.has_attr("disabled") for x in place.select("input, button, select"))
    # The sentence names the loss of that state, half the integral of a squared difference.
    a, c, c_star = 1.0, 10**-0.52, 0.1
    loss = a**2 / (4 * c) - a / (c + c_star) + 1 / (4 * c_star)
    numbers = [float(x) for x in re.findall(r"\d+\.\d+", place.select_one(".rnnbook-says").text)]
    assert any(number == pytest.approx(loss, rel=0.01) for number in numbers)


def test_the_page_keeps_what_the_figure_needs_and_no_more():
    body, state = state_of(live.integration())
    page = BeautifulSoup(with_pictures(body, state), "html.parser")
    kept = json.loads(page.find("script").string)["state"]
    kinds = sorted(model["model_name"] for model in kept.values())
    assert kinds == ["AnyModel", "FloatLogSliderModel", "LinkModel", "VBoxModel", "VBoxModel"]
    (figure,) = (model for model in kept.values() if model["model_name"] == "AnyModel")
    assert "_css" not in figure["state"]
    (buffer,) = figure["buffers"]
    assert buffer["path"] == ["data", "noise"]
    assert len(np.frombuffer(base64.b64decode(buffer["data"]), "<u2")) == 500
    assert "</script" not in json.dumps(kept)


def test_a_widget_that_is_not_known_is_refused_by_name():
    body, state = state_of(FloatProgress())
    with pytest.raises(RuntimeError, match=r"cannot have a FloatProgressModel"):
        with_pictures(body, state)


def test_a_way_of_writing_numbers_that_is_not_known_is_refused():
    body, state = state_of(FloatSlider(readout_format=".2e"))
    with pytest.raises(RuntimeError, match=r"cannot be written as \.2e"):
        with_pictures(body, state)


def test_a_figure_that_cannot_be_drawn_is_an_error():
    figure = live.Explorer("training_runs", {"run": 0, "s": 0.5}, constants={}, data={})
    body, state = state_of(figure)
    with pytest.raises(RuntimeError, match=r"live_pictures\.mjs failed"):
        with_pictures(body, state)


def test_slimming_keeps_values_that_are_zero():
    _, state = state_of(live.teach())
    values = [model["state"].get("s") for model in slim(state).values()]
    assert 0.0 in values
