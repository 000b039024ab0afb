"""The assignments: the reference has full marks, the untouched version none, and nothing leaks."""

import importlib.util
import re
import time
from dataclasses import replace
from functools import cache

import nbformat
import pytest
import walls
from nbgrader.utils import is_grade, is_solution
from sizes import some

from assignments import course, judge, numbers, one, release
from assignments.kernel import Kernel
from assignments.merge import grade_id
from assignments.results import BY_HAND
from assignments.samples import answered
from tools import public

NAMES = course.names()
SETTINGS = course.read()
SOURCES = {name: course.notebook(course.SOURCE, name) for name in NAMES}
by_name = pytest.mark.parametrize("name", NAMES)


@cache
def variants(name):
    """The module with other answers, right and wrong ones."""
    path = course.HERE / "equivalent" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"equivalent_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PATIENT = {"cell_cpu_seconds": 1200, "submission_cpu_seconds": 1500}  # against hanging only


def graded(tmp_path, name, answers, seed=SETTINGS.seed, make=answered, limits=PATIENT):
    """Grade a version with some answers replaced."""
    original = release.instructor_version(name, seed)
    notebook = make(original)
    for cell in notebook.cells:
        if grade_id(cell) in answers:
            cell.source = answers.pop(grade_id(cell))
    assert not answers, f"there are no such cells: {list(answers)}"
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(notebook, path)
    settings = course.Course(seed, **limits)
    return one.grade("someone", name, path, settings, unsafe=walls.unsafe())


def lost(result):
    """Ids of the tests that gave less than their points."""
    return {
        name
        for name, question in result.questions.items()
        if question.points != question.most and question.state != BY_HAND
    }


def has_full_marks(result):
    assert not lost(result), lost(result)
    assert not result.remarks
    assert 20 <= result.most <= 60
    assert result.pending > 0


@pytest.mark.parametrize("name", NAMES[:2])  # all of them: the next two tests
def test_the_reference_has_full_marks(tmp_path, name):
    has_full_marks(graded(tmp_path, name, {}))


@pytest.mark.endurance
@by_name
def test_in_another_course_it_has_full_marks_within_the_limits(tmp_path, name):
    """They count computing time, so this holds on a busy machine too."""
    has_full_marks(graded(tmp_path, name, {}, "another course", limits={}))


@pytest.mark.endurance
@pytest.mark.usefixtures("judging_here")
@by_name
def test_hidden_tests_are_cheap(name):
    """At most 2 CPU seconds each; twice that where neighbours take the caches."""
    notebook, spent = release.instructor_version(name, SETTINGS.seed), {}
    with Kernel(4, 8, walls.unsafe()) as kernel:
        judging = judge.Judge(kernel, 600)
        for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
            if is_grade(cell) and not is_solution(cell):
                before = kernel.used() + time.process_time()
                assert judging.test(cell.source).state == "passed", grade_id(cell)
                spent[grade_id(cell)] = kernel.used() + time.process_time() - before
                continue
            if not is_solution(cell):
                judging.given(cell.source)
            kernel.run(cell.source, 600)
    assert max(spent.values()) < 4, spent


@pytest.mark.parametrize("name", some(NAMES, pytest.mark.endurance))
def test_what_is_handed_out_earns_nothing(tmp_path, name):
    result = graded(tmp_path, name, {}, make=release.student_version)
    assert result.earned == result.pending == 0


@pytest.mark.endurance
@by_name
@pytest.mark.parametrize("which", [0, 1])
def test_other_right_answers_have_full_marks(tmp_path, name, which):
    assert len(variants(name).ANSWERS) == 2, "with the notebook's own, three right solutions"
    answers = dict(variants(name).ANSWERS[which])
    assert answers
    result = graded(tmp_path, name, answers)
    assert not lost(result), {key: result.questions[key].feedback for key in lost(result)}


@pytest.mark.endurance
@by_name
def test_typical_mistakes_earn_nothing_for_what_they_miss(tmp_path, name):
    wrong = variants(name).WRONG
    assert wrong
    result = graded(tmp_path, name, {key: answer for key, (answer, _) in wrong.items()})
    expected = {test for _, tests in wrong.values() for test in tests}
    assert expected <= lost(result), expected - lost(result)
    assert all(result.questions[test].feedback for test in expected)


@by_name
def test_numbers_differ_between_courses(name):
    cells = nbformat.read(SOURCES[name], as_version=4).cells
    (source,) = [cell.source for cell in cells if "numbers" in cell.metadata.get("tags", [])]
    assert numbers.drawn(source, "one", name) != numbers.drawn(source, "two", name)


@by_name
def test_cells_are_as_nbgrader_wants_them(name):
    notebook = nbformat.read(SOURCES[name], as_version=4)
    nbformat.validate(notebook)
    ids = [grade_id(cell) for cell in notebook.cells]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        assert cell.cell_type != "code" or not cell.outputs
        hidden = re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", cell.source, re.S)
        if is_grade(cell) and not is_solution(cell):
            assert hidden, f"{grade_id(cell)} has no hidden test"
        for text in hidden:
            # The message of another assertion could show the answer.
            assert "expect(" in text
            assert not re.search(r"^\s*assert\b|np\.testing", text, re.M), grade_id(cell)


@cache
def secrets(name):
    """Lines of solutions and of hidden tests that tell something, and stand nowhere in the open."""
    notebook = nbformat.read(SOURCES[name], as_version=4)
    hidden, shown = set(), ""
    region = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.S)
    for cell in notebook.cells:
        parts = [match[2] for match in region.finditer(cell.source)]
        rest = region.sub("", cell.source)
        if is_solution(cell) and not parts:
            parts, rest = [cell.source], ""
        hidden |= {line.strip() for part in parts for line in part.splitlines()}
        shown += rest
    told = {line for line in hidden if len(line) > 25 and line not in shown}
    # Code that the book itself shows, and that some solution has too, is no secret.
    told -= set(leaked(of_the_book(), told))
    assert len(told) >= 20
    return told


@cache
def of_the_book():
    """The bytes of all that readers of the book have anyway."""
    folders = ("book", "rnnbook", "README.md", "CHANGELOG.md")
    return b"\n".join((public.ROOT / path).read_bytes() for path in public.tracked(folders))


def leaked(data, lines):
    """Those of the lines that stand in some bytes, as they are or as a notebook file writes them.

    Bytes are searched in a quarter of the time that texts take.
    """
    forms = {line: {line, line.replace("\\", "\\\\").replace('"', '\\"')} for line in lines}
    return [line for line in lines if any(form.encode() in data for form in forms[line])]


@pytest.fixture(scope="module")
def public_tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public")
    public.write(folder, replace(SETTINGS, handed_out=tuple(NAMES)))
    return folder


def test_the_search_for_leaks_finds_one(public_tree):
    name = NAMES[0]
    assert leaked(SOURCES[name].read_bytes(), secrets(name))


@by_name
def test_nothing_that_students_receive_has_a_solution_or_a_hidden_test(public_tree, name):
    lines = secrets(name)
    assert len(lines) >= 20
    files = [path for path in public_tree.rglob("*") if path.is_file()]
    assert course.notebook(public_tree / "assignments", name) in files
    for path in files:
        data = path.read_bytes()
        assert not leaked(data, lines), path
        assert path.suffix != ".ipynb" or b"### BEGIN" not in data, path


def test_the_public_tree_is_complete_and_has_no_grading(public_tree):
    top = {path.name for path in public_tree.iterdir()}
    assert {"book", "rnnbook", "requirements.txt", "README.md", "assignments"} <= top
    assert not top & {"tests", ".github", ".git", ".ci", "CONTRIBUTING.md"}
    assert {path.name for path in (public_tree / "assignments").iterdir()} == set(NAMES)


def test_what_was_not_handed_out_is_not_in_the_public_tree(tmp_path):
    settings = course.Course(SETTINGS.seed, handed_out=(NAMES[0],))
    public.write(tmp_path / "tree", settings)
    assert [path.name for path in (tmp_path / "tree" / "assignments").iterdir()] == [NAMES[0]]
