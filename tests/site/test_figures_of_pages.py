"""Figures of the built pages: each has a numbered caption, and static ones have their versions.

How the versions are made is tested in tests/tools/test_dark_figures.py and test_phone_figures.py.
"""

import re
from functools import cache

import numpy as np
import pytest
from bs4 import BeautifulSoup
from built import SITE, html_files

from rnnbook.plots import style
from tools.dark_figures import COLOR, GRAY, contrast, oklab, parse
from tools.phone_figures import WIDTH

SEEN = 343  # pixels of a figure on a phone of 375
FIGURE = re.compile(r"<figure\b.*?</figure>", re.S)
STATIC, LIVE = '<picture class="on-light">', '<div class="rnnbook-live"'
IMAGES = SITE / "_images"
# Matplotlib draws a text as a group with a comment that says it, and letters 100 units high.
TEXT = re.compile(r'<g id="text_\d+">.*?\n  +</g>', re.S)
SIZE = re.compile(r"scale\(([\d.]+) -[\d.]+\)")


@cache
def pages():
    """Figures of the pages that have some, as HTML by path, and what is left of each page."""
    found = {}
    for path in html_files():
        text = path.read_text(encoding="utf-8")
        if LIVE in text or STATIC in text:
            found[path] = FIGURE.findall(text), FIGURE.sub("", text)
    assert len(found) > 10
    return found


def versions(end):
    """The pictures of one version."""
    found = sorted(IMAGES.glob(f"*{end}.svg"))
    assert len(found) > 30
    return found


def test_each_figure_has_a_caption_with_a_number():
    for path, (figures, rest) in pages().items():
        # Nothing that a cell shows stands outside of a figure.
        for shown in (STATIC, LIVE):
            place = rest.find(shown)
            assert place < 0, f"{path.stem}: no caption: {rest[place : place + 400]}"
        numbers = []
        for figure in figures:
            html = re.search(r"<figcaption>(.*)</figcaption>", figure, re.S)
            assert html, f"{path.stem}: {figure[:300]}"
            text = " ".join(BeautifulSoup(html[1], "html.parser").get_text(" ").split())
            assert len(text.split()) > 5, f"{path.stem}: {text}"
            # Chapters are numbered, and their figures by chapter.
            number = r"\d+\.\d+" if path.stem[0].isdigit() else r"\d+"
            assert re.match(rf"Fig\. {number} ", text), f"{path.stem}: {text}"
            numbers.append(text.split()[1])
        assert len(set(numbers)) == len(numbers), path.stem


def test_each_static_figure_has_a_dark_version_and_one_for_phones():
    for path, (figures, _) in pages().items():
        for figure in figures:
            if LIVE in figure:
                continue
            pictures = re.findall(r'<picture class="(.*?)">(.*?)</picture>', figure, re.S)
            assert [theme for theme, _ in pictures] == ["on-light", "on-dark"], path.stem
            for _, picture in pictures:
                width = int(re.search(r'<img\b[^>]*? width="(\d+)"', picture)[1])
                assert "<source" in picture or width <= 96 * WIDTH + 1, f"{path.stem}: {picture}"


def test_what_a_phone_shows_of_a_figure_can_be_read():
    for path in versions("-phone"):
        text = path.read_text(encoding="utf-8")
        width = float(re.search(r'width="([\d.]+)pt"', text)[1])
        # Letters of each text; those above and below the line in formulas are smaller.
        sizes = [100 * float(size) for size in SIZE.findall(text)]
        assert len(sizes) > 3, path.name
        assert min(sizes) * SEEN / width >= 11, path.name


def test_what_is_drawn_in_the_dark_is_seen():
    ground = style.PAPER[1]
    for path in versions("-dark"):
        text = path.read_text(encoding="utf-8")
        for color in {found for _, found in COLOR.findall(text)}:
            if np.hypot(*oklab(parse(color))[1:]) > GRAY:
                assert contrast(color, ground) >= 3, f"{path.name}: {color}"
        letters = {color for group in TEXT.findall(text) for _, color in COLOR.findall(group)}
        # Letters may stand on a mark of another colour: those are as dark as the page.
        for color in letters - {ground.lower()}:
            assert contrast(color, ground) >= 3, f"{path.name}: {color}"


@pytest.mark.parametrize("end", ["-phone", "-dark", "-phone-dark"])
def test_no_version_is_carried_any_more(end):
    for path in versions(end):
        whole = path.with_name(path.name.replace(end, ""))
        assert "<!-- phone:" not in whole.read_text(encoding="utf-8")[-200:]
