"""References of hidden tests: computed once and kept, and the tests find values in their place."""

import json

import nbformat
import numpy as np
import pytest
import small

from assignments import references, release, versions

BLOCK = """\
### BEGIN REFERENCE
import time

started = time.perf_counter_ns()
powers = np.array([[2.0, 0.1], [1 / 3, 1e-30]]) ** k
many = [k, {"a": (1j, True, None)}, "a text"]
helper = 5
### END REFERENCE
expect(close(half, powers[0, 0]), many)
when = started"""


def notebook(hidden=BLOCK, given="import numpy as np\n\nk = 3"):
    """A notebook with one hidden test."""
    return nbformat.v4.new_notebook(
        cells=[
            small.cell("code", "imports", given),
            small.answer("half", small.solved("half = 8\nk = 'no value that a reference sees'")),
            small.tests("half-test", 1, "assert half", hidden),
        ]
    )


def filled(tmp_path, **parts):
    """The test cell with values in it, and what its names are after these lines."""
    made = notebook(**parts)
    references.fill(made, tmp_path / "kept")
    source = made.cells[-1].source
    lines = [line.strip() for line in source.splitlines() if " = " in line]
    namespace = {"np": np}
    exec("\n".join(lines), namespace)
    return source, namespace


def test_values_take_the_place_of_the_code(tmp_path):
    source, names = filled(tmp_path)
    assert "REFERENCE" not in source
    assert "perf_counter" not in source
    assert "helper" not in source, "what the rest does not use is not needed"
    assert source.startswith("assert half\n### BEGIN HIDDEN TESTS\n")
    # All digits are kept.
    np.testing.assert_array_equal(names["powers"], [[8, 0.1**3], [(1 / 3) ** 3, 1e-30**3]])
    assert names["many"] == [3, {"a": (1j, True, None)}, "a text"]


def test_values_are_computed_once(tmp_path):
    first, second = (filled(tmp_path)[1]["started"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "change",
    [
        {"given": "import numpy as np\n\nk = 4"},
        {"hidden": BLOCK.replace("1 / 3", "1 / 4")},
        {"hidden": BLOCK + "\nhelper"},
    ],
)
def test_values_are_computed_again_when_their_code_changes(tmp_path, change):
    first = filled(tmp_path)[1]["started"]
    assert filled(tmp_path, **change)[1]["started"] > first
    assert filled(tmp_path)[1]["started"] == first, "those of before are still there"


def test_values_are_computed_again_when_the_package_changes(tmp_path, monkeypatch):
    first = filled(tmp_path)[1]["started"]
    monkeypatch.setattr(versions, "digest", lambda *folders: "another version")
    assert filled(tmp_path)[1]["started"] > first


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"powers": "np.array(["}', '{"powers": 3}'])
def test_a_broken_file_is_computed_again(tmp_path, text):
    first = filled(tmp_path)[1]["started"]
    (path,) = (tmp_path / "kept").iterdir()
    path.write_text(text, encoding="utf-8")
    assert filled(tmp_path)[1]["started"] > first
    assert json.loads(path.read_text(encoding="utf-8")), "and kept again"


def test_a_folder_that_cannot_be_written_to_costs_only_time(tmp_path):
    (tmp_path / "kept").write_text("a file in its place", encoding="utf-8")
    assert filled(tmp_path)[1]["many"][0] == 3


def test_a_block_may_stand_in_a_function_and_several_follow_each_other(tmp_path):
    hidden = """\
def check():
    ### BEGIN REFERENCE
    one = 1 + k
    for _ in range(2):
        one *= 2
    ### END REFERENCE
    ### BEGIN REFERENCE
    two = one + 1
    ### END REFERENCE
    expect(one == 16 and two == 17)
    return one, two
"""
    source, _ = filled(tmp_path, hidden=hidden)
    namespace = {"expect": lambda condition: None}
    exec(source[source.index("def") :], namespace)
    assert namespace["check"]() == (16, 17)


@pytest.mark.parametrize(
    ("hidden", "message"),
    [
        ("### BEGIN REFERENCE\nx = 1\n", "come in pairs"),
        ("### END REFERENCE\nx = 1\n", "come in pairs"),
        ("### END HIDDEN TESTS\n### BEGIN REFERENCE\nx = 1\n### END REFERENCE\n", "only in hidden"),
        ("### BEGIN REFERENCE\nx = 1 / 0\n### END REFERENCE\nx", "ZeroDivisionError"),
        ("### BEGIN REFERENCE\nx = half\n### END REFERENCE\nx", "'half' is not defined"),
        (
            "### BEGIN REFERENCE\nx = [np.nan]\n### END REFERENCE\nx",
            "value of x: nan is not finite",
        ),
        ("### BEGIN REFERENCE\nx = {1: set()}\n### END REFERENCE\nx", "value of x: set cannot be"),
        ("### BEGIN REFERENCE\nimport time\n### END REFERENCE\ntime.time()", "of time: module"),
        ("### BEGIN REFERENCE\nx = np.array([None])\n### END REFERENCE\nx", "array of object"),
    ],
)
def test_what_is_wrong_is_told_with_the_name_of_the_cell(tmp_path, hidden, message):
    with pytest.raises(ValueError, match=f"half-test.*{message}"):
        references.fill(notebook(hidden), tmp_path)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_an_empty_array_keeps_its_shape(shape):
    made = eval(references.literal(np.empty(shape)))
    assert made.shape == shape


def test_release_has_values_for_graders_and_nothing_for_students(tmp_path, monkeypatch):
    made = small.notebook()
    place = small.place(made, "half-test")
    made.cells[place].source = (
        made.cells[place]
        .source.replace(
            small.HALF, f"### BEGIN REFERENCE\nhalved = x / 2\n### END REFERENCE\n{small.HALF}"
        )
        .replace("close(half, x / 2)", "close(half, halved)")
    )
    path = tmp_path / small.NAME / f"{small.NAME}.ipynb"
    path.parent.mkdir()
    nbformat.write(made, path)
    original = release.instructor_version(small.NAME, "a seed", tmp_path)
    student = release.student_version(original)
    numbers = {}
    exec(original.cells[small.place(original, "numbers")].source, numbers)
    assert f"halved = {numbers['x'] / 2!r}\n" in original.cells[place].source
    assert "REFERENCE" in nbformat.read(path, as_version=4).cells[place].source
    assert "halved" not in student.cells[small.place(student, "half-test")].source


def test_release_says_which_assignment_is_wrong(tmp_path):
    made = small.notebook()
    place = small.place(made, "half-test")
    made.cells[place].source += "\n### BEGIN REFERENCE"
    path = tmp_path / small.NAME / f"{small.NAME}.ipynb"
    path.parent.mkdir()
    nbformat.write(made, path)
    with pytest.raises(ValueError, match="small: half-test"):
        release.instructor_version(small.NAME, "a seed", tmp_path)
