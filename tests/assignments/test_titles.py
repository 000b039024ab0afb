"""What questions are called: by number, subject and the names that they ask for, all different."""

import nbformat
import pytest
import small
from nbformat.v4 import new_markdown_cell

from assignments import course, release
from assignments.titles import titles

NAMES = course.names()


def heading(text):
    return new_markdown_cell(text)


def with_headings(*headings):
    """The small assignment with a heading before some of its cells."""
    notebook = small.notebook()
    for place, text in sorted(headings, key=lambda one: -small.place(notebook, one[0])):
        notebook.cells.insert(small.place(notebook, place), heading(text))
    return notebook


def test_a_question_has_the_number_of_its_heading_its_place_and_the_names_that_it_asks_for():
    found = titles(
        with_headings(
            ("half", "## 1 · Two numbers (3 points)\n\nGive `half`, from $x$, and `twice(a)`."),
            ("square", "## Question 2: a `square`? (3 points)\n\nGive the square."),
            ("why", "### Part 3. In words (1 by tests, 3 points by hand)"),
        )
    )
    assert found == {
        "half-test": "1.1 Two numbers: half",
        "half": "the answer to 1.1",
        "twice-test": "1.2 Two numbers: twice",
        "twice": "the answer to 1.2",
        "square-test": "2 A square? square",
        "square": "the answer to 2",
        "why": "3 In words",
    }


def test_names_of_ours_are_no_answers():
    found = titles(with_headings(("half", "## 1. Half\n\nGive `half`, half of `x`.")))
    assert found["half-test"] == "1.1 Half: half"  # though the test uses x too


def test_questions_without_a_heading_have_a_number_and_what_is_the_same_gets_its_id():
    assert titles(small.notebook())["half-test"] == "1: half"
    found = titles(with_headings(("twice", "## 1. A"), ("square", "## 1. A"), ("why", "## 1. A")))
    assert found["why"] == "1 A"
    assert found["twice"] == "the answer to 1 (twice)"
    assert found["square"] == "the answer to 1 (square)"


def test_a_notebook_with_broken_code_has_titles_too():
    notebook = small.notebook()
    notebook.cells[small.place(notebook, "half")].source = "half = ("
    notebook.cells[small.place(notebook, "half-test")].source = "%magic"
    assert titles(notebook)["half-test"] == "1"


@pytest.mark.parametrize("name", NAMES)
def test_titles_of_an_assignment_are_all_different_and_begin_with_a_number(name):
    notebook = release.instructor_version(name, course.read().seed)
    found = titles(notebook)
    graded = [c.metadata.nbgrader.grade_id for c in notebook.cells if c.metadata.nbgrader.grade]
    assert len(set(found.values())) == len(found)
    for grade_id in graded:
        assert found[grade_id][:1].isdigit()
        assert grade_id not in found[grade_id]


def test_titles_show_nothing_of_a_solution():
    """A name that only the solution and the hidden test have is no name that was asked for."""
    notebook = nbformat.from_dict(small.notebook())
    name = "name_of_a_helper"
    notebook.cells[small.place(notebook, "half")].source = small.solved(f"{name} = half = 1")
    assert name not in str(titles(notebook))
