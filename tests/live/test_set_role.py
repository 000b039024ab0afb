"""Words of the text that set a figure: the role `set`, as the pages are built."""

import html
import json
import re

import pytest
from ipywidgets import Widget
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from rnnbook import live
from tools.sphinx_live import check_words


@pytest.fixture
def build(tmp_path):
    """Build a page of these words; returns its HTML."""

    def building(text):
        (tmp_path / "index.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
        options = {"extensions": ["myst_parser", "tools.sphinx_live"], "html_theme": "basic"}
        options["myst_enable_extensions"] = ["dollarmath"]
        out = tmp_path / "out"
        app = Sphinx(tmp_path, None, out, tmp_path / "trees", "html", options, status=None)
        app.build()
        return (out / "index.html").read_text(encoding="utf-8")

    return building


def test_words_say_what_they_set_and_remain_words(build, monkeypatch):
    monkeypatch.setattr("tools.sphinx_live.check_words", lambda body, state: None)
    page = build("Take {set}`$c^* = 0.02$ *now* <reduced_flow: c_star=0.02, trained=W, u and v>`.")
    match = re.search(r'<span class="rnnbook-set" ([^>]*)>(.*?)</span>\.', page, re.S)
    assert 'data-figure="reduced_flow"' in match[1]
    values = re.search(r'data-values="([^"]*)"', match[1])[1]
    assert json.loads(html.unescape(values)) == {"c_star": "0.02", "trained": "W, u and v"}
    assert "<em>now</em>" in match[2]
    assert "math" in match[2]


@pytest.mark.parametrize("text", ["c = 0.02", "c <one_mode>", "c <one_mode: c>", "<one_mode: c=1>"])
def test_a_role_that_does_not_say_what_it_sets_fails_the_build(build, text):
    with pytest.raises(ExtensionError, match=r"index:3: \{set\} needs words"):
        build(f"Take {{set}}`{text}`.")


def test_words_that_set_a_figure_of_another_page_fail_the_build(build):
    with pytest.raises(ExtensionError, match="the page has no figure 'one_mode'"):
        build("Take {set}`c = 0.2 <one_mode: c=0.2>`.")


def body(figure, **values):
    text = html.escape(json.dumps(values))
    return f'<span class="rnnbook-set" data-figure="{figure}" data-values="{text}">c</span>'


@pytest.fixture
def state():
    """The widgets of a page with two figures."""
    Widget.close_all()
    figures = live.one_mode(), live.reduced_flow()  # which live as long as they have a name
    yield Widget.get_manager_state(drop_defaults=False)["state"]
    del figures
    Widget.close_all()


@pytest.mark.parametrize(
    ("figure", "values"),
    [
        ("one_mode", {"c": "0.01", "a": "-0.5"}),
        ("one_mode", {"c": "1"}),
        ("reduced_flow", {"trained": "W, u and v", "c_star": "0.02"}),
    ],
)
def test_what_a_figure_can_be_set_to_passes(state, figure, values):
    check_words(body(figure, **values), state)


@pytest.mark.parametrize(
    ("figure", "values", "says"),
    [
        ("two_modes", {"c": "1"}, "no figure 'two_modes'"),
        ("one_mode", {"trained": "W"}, "one_mode has no control 'trained'"),
        ("one_mode", {"c": "0.009"}, "c of one_mode cannot be '0.009'"),
        ("one_mode", {"a": "much"}, "a of one_mode cannot be 'much'"),
        ("reduced_flow", {"trained": "u"}, "trained of reduced_flow cannot be 'u'"),
        ("reduced_flow", {"guess": "1"}, "no control 'guess'"),
    ],
)
def test_what_it_cannot_be_set_to_is_an_error(state, figure, values, says):
    with pytest.raises(ValueError, match=says):
        check_words(body(figure, **values), state)
