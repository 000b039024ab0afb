"""What teachers and students rely on: levels of exercises, the glossary, the teacher's page."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import nbformat
import pytest

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("*/[01][0-9]_*.ipynb"), key=lambda path: path.name)
FIGURES = [BOOK / "index.ipynb", *CHAPTERS]
LEVELS = ("warm-up", "practice", "thought", "challenge")

EXERCISE = re.compile(r"^`{3,}\{exercise(?:-start)?\}(.*)\n:label: (\S+)$", re.MULTILINE)
SOLUTION = re.compile(r"^`{3,}\{solution(?:-start)?\} (\S+)$", re.MULTILINE)
DIRECTIVE = re.compile(r"^`{3,}\{(?:exercise|solution)(?:-start)?\}", re.MULTILINE)
TERM = re.compile(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`")
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)
REFERENCE = re.compile(r"\{ref\}`(?:[^`<]*<)?([^`<>]+)>?`")

by_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@cache
def prose(path):
    """The text of a page, without code."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def calls_of_live_figures(path):
    """How many live figures a notebook draws."""
    cells = nbformat.read(path, as_version=4).cells
    return sum(
        bool(re.search(r"^explore\.\w+\(", cell.source, re.MULTILINE))
        and "remove-cell" not in cell.metadata.get("tags", [])
        for cell in cells
        if cell.cell_type == "code"
    )


def page(name):
    return prose(BOOK / "appendix" / name)


def test_there_are_chapters():
    assert len(CHAPTERS) == 17


@by_chapter
def test_exercises_state_their_level_and_have_one_solution_each(path):
    text = prose(path)
    exercises, solutions = EXERCISE.findall(text), SOLUTION.findall(text)
    # A directive that the patterns above do not understand would go unseen.
    assert len(DIRECTIVE.findall(text)) == len(exercises) + len(solutions)
    assert exercises, "a chapter ends with exercises"
    assert sorted(label for _, label in exercises) == sorted(solutions)
    for title, label in exercises:
        assert title.endswith(tuple(f" · {level}" for level in LEVELS)), (
            f"{label}: the title must end with one of {LEVELS}, after a middle dot"
        )


@by_chapter
def test_exercises_begin_with_a_warm_up_and_rise_to_a_challenge(path):
    levels = [LEVELS.index(title.split(" · ")[-1]) for title, _ in EXERCISE.findall(prose(path))]
    assert (levels[0], levels[-1]) == (0, len(LEVELS) - 1)
    assert levels == sorted(levels)


def test_the_levels_are_explained():
    for level in LEVELS:
        assert f"\n| {level} |" in prose(BOOK / "how_to_use.md")


@cache
def glossary():
    """The entries of the glossary: their text by term."""
    body = re.search(r"^```\{glossary\}\n(.*?)^```$", page("glossary.md"), re.S | re.M)[1]
    entries = re.findall(r"^(\S.*)\n((?:(?:  .*)?\n?)+)", body, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^\S", body, re.MULTILINE))
    assert len(dict(entries)) == len(entries), "a term stands there twice"
    return dict(entries)


def test_the_glossary_is_in_the_order_of_the_alphabet():
    assert list(glossary()) == sorted(glossary(), key=str.lower)


def test_each_entry_names_the_chapter_that_introduces_it():
    pages = [*CHAPTERS, BOOK / "appendix" / "curvature.ipynb"]
    chapters = set().union(*(LABEL.findall(prose(path)) for path in pages))
    for term, text in glossary().items():
        named = set(REFERENCE.findall(text))
        assert named, f"{term}: which chapter introduces it?"
        assert named <= chapters


def test_each_term_is_linked_from_a_chapter_and_each_link_leads_to_a_term():
    linked = set().union(*(TERM.findall(prose(path)) for path in CHAPTERS))
    assert linked == set(glossary())


@by_chapter
def test_a_chapter_links_a_term_once(path):
    assert max(Counter(TERM.findall(prose(path))).values()) == 1


def labels(prefix):
    found = [label for path in FIGURES for label in LABEL.findall(prose(path))]
    return {label for label in found if label.startswith(prefix)}


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_each_live_figure_has_a_label(path):
    found = [label for label in LABEL.findall(prose(path)) if label.startswith("live-")]
    assert len(found) == calls_of_live_figures(path)


def section(name):
    """A section of the page for instructors."""
    return re.search(rf"^## {name}.*?(?=^## |\Z)", page("instructors.md"), re.S | re.M)[0]


def eight_weeks():
    return section("Six weeks") + section("Two more weeks")


@pytest.mark.parametrize("plan", [lambda: section("What to show live"), eight_weeks])
def test_instructors_show_each_live_figure(plan):
    assert labels("live-") <= set(REFERENCE.findall(plan()))


def test_the_goals_name_each_chapter_with_its_time():
    rows = re.findall(
        r"^\| \{ref\}`(\S+)`, (\d+) minutes \|", section("What each chapter"), re.MULTILINE
    )
    stated = [
        (LABEL.findall(text)[0], re.search(r"What you will learn · about (\d+) minutes", text)[1])
        for text in map(prose, CHAPTERS)
    ]
    assert rows == stated


def test_each_misconception_has_a_place_that_corrects_it():
    cases = re.findall(
        r"^\*\*[^*]+\.\*\*.*?(?=^\*\*|^## |\Z)", section("Misconceptions"), re.S | re.M
    )
    assert len(cases) >= 8
    places = labels("sec-") | labels("live-")
    for case in cases:
        assert "Tempting" in case
        assert set(REFERENCE.findall(case)) & places, case


# Numbers that the page takes from chapters, whose hidden cells assert them.
NUMBERS = [
    ("live-krylov", "ten to fifteen", "04_krylov"),
    ("live-training-runs", "0.6", "07_outlier"),
    ("live-training-runs", "0.9", "07_outlier"),
    ("live-tangent", "two hundred times", "10_tangent"),
    ("live-pair", "7.7", "12_pair"),
    ("sec-exceptional", "2 %", "12_pair"),
]


@pytest.mark.parametrize(("label", "number", "chapter"), NUMBERS)
def test_numbers_for_instructors_are_those_of_the_chapters(label, number, chapter):
    (path,) = [path for path in CHAPTERS if path.stem == chapter]
    assert number in prose(path)
    lines = re.split(r"\n(?=\||\n)", page("instructors.md"))
    assert any(number in line for line in lines if f"{label}>`" in line or f"{label}`" in line)


@by_chapter
def test_a_chapter_has_a_summary_and_an_equation_to_remember(path):
    (summary,) = re.findall(r"^## Summary\n(.*?)(?=^## |\Z)", prose(path), re.S | re.M)
    assert re.search(r"equations? to\s+remember", summary)


def figures_of(path):
    """The names of the figures that a page has."""
    names = re.findall(r"^:name: +(fig-\S+)$", prose(path), re.MULTILINE)
    if path.suffix == ".ipynb":
        for cell in nbformat.read(path, as_version=4).cells:
            names += filter(None, [cell.metadata.get("mystnb", {}).get("figure", {}).get("name")])
    return names


def test_each_figure_is_referred_to_by_its_number():
    pages = sorted([*BOOK.rglob("*.ipynb"), *BOOK.rglob("*.md")])
    named = [name for path in pages for name in figures_of(path)]
    assert len(named) == len(set(named)) > 80
    texts = "\n".join(map(prose, pages))
    referred = re.findall(r"\{numref\}`(?:[^`<]*<)?([^`<>]+)>?`", texts)
    assert set(named) - set(referred) == set(), "name it where the text speaks of it"


@pytest.mark.parametrize("path", sorted(BOOK.rglob("*.ipynb")), ids=lambda path: path.stem)
def test_no_output_is_a_bare_truth_value(path):
    # What is true is asserted; what is shown is a number or a formula to think about.
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            text = output.get("text", "") or output.get("data", {}).get("text/plain", "")
            assert text.strip() not in ("True", "False"), cell.source


@by_chapter
def test_labels_of_exercises_are_in_small_letters(path):
    # Otherwise a reference from another page shows no number.
    for _, label in EXERCISE.findall(prose(path)):
        assert label == label.lower()


def test_labels_of_sections_are_used():
    pages = [*BOOK.rglob("*.md"), *BOOK.rglob("*.ipynb")]
    used = set().union(*(REFERENCE.findall(prose(path)) for path in pages))
    assert labels("sec-") <= used


def test_the_lecture_fills_ninety_minutes():
    times = re.findall(r"^\| (\d+)–(\d+) \|", section("One lecture"), re.MULTILINE)
    assert times[0][0] == "0"
    assert times[-1][1] == "90"
    assert [stop for _, stop in times[:-1]] == [start for start, _ in times[1:]]


def test_eight_weeks_have_a_chapter_a_session():
    chapter = r"\{ref\}`chapter-\w+`"
    rows = re.findall(rf"^\| \d+ \| ({chapter}(?: and {chapter})?)\.", eight_weeks(), re.M)
    assert re.findall(r"chapter-\w+", " ".join(rows)) == [
        LABEL.findall(prose(path))[0] for path in CHAPTERS
    ]
