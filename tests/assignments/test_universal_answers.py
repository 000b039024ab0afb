"""No test of an assignment is passed by an answer that is none, whatever the question."""

import ast

import numpy as np
import pytest
import sympy as sp
from nbgrader.utils import is_grade, is_solution

import rnnbook as rb
from assignments import course, judge, plain, release

pytestmark = pytest.mark.usefixtures("judging_here")

NOTHING = np.zeros((0,))
A = sp.Symbol("a")
VALUES = {
    "nan": float("nan"),
    "infinity": float("inf"),
    "zero": 0.0,
    "one": 1,
    "true": True,
    "no text": "",
    "no array": NOTHING,
    "no rows": np.zeros((0, 1)),
    "no columns": np.zeros((1, 0)),
    "array of nan": np.full((3, 3), np.nan),
    "array of true": np.ones(3, bool),
    "no list": [],
    "no pairs": ([], []),
    "no dict": {},
    "formula nan": sp.nan,
    "formula zoo": sp.zoo,
    "symbol": A,
    "true formula": sp.true,
    "matrix": sp.Matrix(0, 0, []),
    "network": rb.LinearRNN(np.zeros((1, 1)), np.zeros(1), np.zeros(1)),
    "network of nan": {"LinearRNN": [plain.encode(np.full(s, np.nan)) for s in ((1, 1), 1, 1)]},
    "function": {"kept": 0, "is": "function"},
}


class Everything:
    """A kernel in which every answer is the same, and every function returns it."""

    def __init__(self, value):
        is_data = isinstance(value, dict) and value
        self.data, self.asked = value if is_data else plain.encode(value), set()

    def used(self):
        return 0.0

    def values(self, names, limit):
        self.asked |= set(names)
        return dict.fromkeys(names, self.data)

    def call(self, number, arguments, options, limit):
        return self.data


class Functions(Everything):
    """One in which every answer is a function that returns the same, or what it is given."""

    def values(self, names, limit):
        return {name: {"kept": 0, "is": "function"} for name in names}


class Echo(Functions):
    def call(self, number, arguments, options, limit):
        return arguments[0] if arguments else None


def passed(assignment, kernel):
    """Ids of the tests that pass."""
    judging, found = judge.Judge(kernel, 60), set()
    for cell in assignment.tests:
        judging.space = assignment.spaces[cell.metadata.nbgrader.grade_id]
        if judging.test(cell.source).state == "passed":
            found.add(cell.metadata.nbgrader.grade_id)
    return found


class Assignment:
    """Its cells, and what our own cells before each of its tests have defined, computed once."""

    def __init__(self, name):
        self.cells = release.instructor_version(name, course.read().seed).cells
        self.tests, self.spaces, judging = [], {}, judge.Judge(None, 60)
        for cell in self.cells:
            if cell.cell_type != "code" or is_solution(cell):
                continue
            if is_grade(cell):
                self.tests.append(cell)
                self.spaces[cell.metadata.nbgrader.grade_id] = judging.space
            else:
                judging.given(cell.source)


@pytest.fixture(scope="module", params=course.names())
def assignment(request):
    return Assignment(request.param)


@pytest.mark.endurance
@pytest.mark.parametrize("kind", [Everything, Functions])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_no_answer_is_right_for_everything(assignment, kind, value):
    assert passed(assignment, kind(value)) == set()


@pytest.mark.endurance
def test_what_a_function_is_given_is_no_answer(assignment):
    assert passed(assignment, Echo(None)) == set()


@pytest.mark.endurance
def test_tests_ask_for_nothing_but_answers(assignment):
    """What else they took from the student, a student could replace."""
    kernel = Everything(float("nan"))
    passed(assignment, kernel)
    answers = set()
    for cell in assignment.cells:
        if is_solution(cell) and cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                match node:
                    case ast.FunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                        answers.add(name)
    assert kernel.asked <= answers
    assert kernel.asked
