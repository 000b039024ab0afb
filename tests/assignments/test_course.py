"""The settings of the course: what they must say, and what is said about them."""

import re
from dataclasses import replace

import nbformat
import pytest

from assignments import course

GOOD = 'seed = "s"\nhanded_out = []\n'


def read(tmp_path, text):
    path = tmp_path / "course.toml"
    path.write_text(text, encoding="utf-8")
    return course.read(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('seed = ""\nhanded_out = []', "seed"),
        ("seed = 3\nhanded_out = []", "seed"),
        ("handed_out = []", "seed"),
        ('seed = "s"', "handed_out"),
        ('seed = "s"\nhanded_out = "rich"', "handed_out"),
        ('seed = "s"\nhanded_out = ["nothing"]', "nothing"),
        (f"{GOOD}colour = 1", "colour"),
        (f"{GOOD}[limits]\ncell_cpu_seconds = 0", "cell_cpu_seconds"),
        (f"{GOOD}[limits]\nmemory_gib = true", "memory_gib"),
        (f"{GOOD}[limits]\nwall_factor = 0.5", "wall_factor"),
        ("seed = no quotes", "course.toml is not a TOML file"),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read(tmp_path, text)


def test_settings_are_read(tmp_path):
    name = course.names()[0]
    text = f'seed = "s"\nhanded_out = ["{name}"]\n[limits]\nwall_factor = 3'
    assert read(tmp_path, text) == course.Course("s", (name,), wall_factor=3)


def test_the_seed_that_everybody_knows_warns_and_another_does_not(capsys):
    course.warn(course.Course("my own"))
    assert not capsys.readouterr().err
    course.warn(course.Course(course.PUBLISHED_SEED))
    assert "WARNING: the seed is 'change me'" in capsys.readouterr().err


def test_prose_states_the_limits_that_hold():
    settings, ours = course.Course(course.PUBLISHED_SEED), course.read()
    if ours.seed == settings.seed:  # else it is the copy of an instructor, who may have others
        assert replace(ours, handed_out=()) == settings
    page = (course.HERE.parent / "book/appendix/course.md").read_text(encoding="utf-8")
    cell, whole = settings.cell_cpu_seconds, settings.submission_cpu_seconds
    assert f"{cell} seconds of computing time and a submission has {whole}" in page
    assert settings.wall_factor == 8
    assert "after eight times as long" in page
    for name in course.names():
        notebook = nbformat.read(course.notebook(course.SOURCE, name), as_version=4)
        intro = " ".join(notebook.cells[0].source.split())
        stated = re.findall(r"A cell has (\d+) s of CPU time|may compute for (\d+) seconds", intro)
        assert ["".join(one) for one in stated] == [str(cell)], name


def test_the_page_lists_all_assignments_in_the_order_of_the_course():
    page = (course.HERE.parent / "book/appendix/course.md").read_text(encoding="utf-8")
    table = re.search(r"^\| assignment \| about \|\n.*?\n\n", page, re.M | re.S)[0]
    assert re.findall(r"^\| (\w+) \|", table, re.M)[1:] == course.names()
