"""What a student's process may say: nothing that it says passes a test, or stops the grader."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
import small

from assignments import judge, plain, sandbox
from assignments.kernel import DiedError, Kernel, OutOfTimeError

pytestmark = pytest.mark.usefixtures("judging_here")

# Answers the first request, as a kernel does, and each other with the line that it was given.
PROGRAM = """
import json, sys
for k, line in enumerate(sys.stdin):
    name = json.loads(line)["id"]
    text = sys.argv[1].replace("ID", json.dumps(name)) if k else json.dumps({"id": name})
    sys.stdout.write(text + "\\n")
    sys.stdout.flush()
"""
TESTS = [small.HALF, small.TWICE, small.SQUARE]


def kernel_with(monkeypatch, program, *arguments, wall_factor=3):
    """A kernel that is this program."""

    def start(memory_gib, unsafe):
        line = [sys.executable, "-c", program, *arguments]
        process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return process, "no folder"  # as without a sandbox: it is ended directly

    monkeypatch.setattr(sandbox, "start", start)
    monkeypatch.setattr("assignments.kernel.START", 600)  # on a busy machine it starts late
    return Kernel(4, wall_factor)


def kernel_that_says(monkeypatch, text):
    return kernel_with(monkeypatch, PROGRAM, text)


def verdicts(kernel, limit=600):
    """States of the tests, with the number of our own."""
    judging = judge.Judge(kernel, limit)
    judging.space = {"x": 18}
    found = []
    for source in TESTS:
        try:
            source = f"from checks import close, equivalent, expect\n{source}"
            found.append(judging.test(source).state)
        except DiedError:
            found.append("ended")
            break
    return found


def every(value):
    """The reply in which each answer, and each returned value, is this."""
    text = value if isinstance(value, str) else json.dumps(value)
    values = ", ".join(f'"{name}": {text}' for name in ("half", "twice", "square"))
    return f'{{"id": ID, "error": null, "values": {{{values}}}, "value": {text}}}'


DATA = {
    "nothing": "null",
    "true": "true",
    "no number": "NaN",
    "huge number": "9" * 4000,
    "float nan": {"float": "nan"},
    "float infinity": {"float": "inf"},
    "no float": {"float": [1]},
    "long integer": {"int": "9" * 5000},
    "integer of a list": {"int": [[]]},
    "two kinds": {"int": "1", "float": "1"},
    "no kind": {},
    "unknown kind": {"eval": "1"},
    "function": {"kept": 0, "is": "function"},
    "function nan": '{"kept": NaN, "is": []}',
    "function infinity": '{"kept": Infinity}',
    "surrogate": '"\\ud800"',
    "deep": "[" * 900 + "]" * 900,
    "deep list": '{"list": [' * 300 + "]}" * 300,
    "empty array": {"array": [0], "kind": "<f8", "data": ""},
    "array of objects for one": {"objects": [20_000_000], "of": [None]},
    "negative shape": {"array": [-1], "kind": "<f8", "data": ""},
    "array of objects": {"array": [1], "kind": "|O", "data": "AAAAAAAAAAA="},
    "wrong bool": {"array": [], "kind": "|b1", "data": "Bw=="},
    "matrix": {"matrix": [10**6, 0], "of": []},
    "figure": {"figure": [{"lines": [{"label": {}, "data": None}]}], "legends": 3},
    "unhashable key": {"dict": [[{"list": []}, None]]},
    "network": {"LinearRNN": [None, None, None]},
    "filter": {"Filter": [{"array": [0, 0], "kind": "<f8", "data": ""}] * 3},
    "generator": {"rng": "__import__('os').system('false')"},
    "deep generator": {"rng": "(" * 10_000},
    "symbol as code": {"formula": ["Symbol", "__import__('os')", {}]},
    "symbol with arguments": {"formula": ["Symbol", "a", {"cls": True, "name": True}]},
    "contradiction": {"formula": ["Symbol", "a", {"zero": True, "positive": True}]},
    "function as code": {"formula": ["Function", "eval", ["Symbol", "a", {}]]},
    "float as code": {"formula": ["Float", "__import__('os')", 53]},
    "float without end": {"formula": ["Float", "1e9999999999", 53]},
    "nan": {"formula": ["nan"]},
    "infinity": {"formula": ["zoo"]},
    "division by zero": {"formula": ["Rational", "1", "0"]},
    "relation": {"formula": ["Equality", ["I"], ["I"]]},
    "operation without parts": {"formula": ["Integral"]},
    "no formula": {"formula": 3},
    "tower": {
        "formula": [
            "Pow",
            *[["Rational", "10", "1"], ["Pow", ["Rational", "10", "1"], ["Rational", "9", "1"]]],
        ]
    },
    "factorial": {"formula": ["factorial", ["Rational", "9" * 12, "1"]]},
}
# What takes long in one step of the machine, the system ends with the process: see test_attacks.
TOO_LONG_HERE = ("tower", "factorial", "float without end")
LINES = {
    "nothing": "",
    "garbage": "\\x00 garbage",
    "a number": "3",
    "deep": "[" * 100_000,
    "no answer": '{"id": ID}',
    "values is a list": '{"id": ID, "values": [1]}',
    "values is a text": '{"id": ID, "values": "half", "value": "half"}',
    "error is deep": '{"id": ID, "error": ' + "[" * 900 + "]" * 900 + "}",
    "error is a number": '{"id": ID, "error": ' + "9" * 4000 + "}",
    "error is ours": '{"id": ID, "error": "ExpectationError"}',
    "error is empty": '{"id": ID, "error": ""}',
    "passed": '{"id": ID, "event": "verdict", "state": "passed", "values": {}}',
    "another id": '{"id": "1-0", "values": {"half": {"float": "9.0"}}}',
    "id in a list": '{"id": [ID], "values": {"half": {"float": "9.0"}}}',
}


@pytest.mark.parametrize(
    "data",
    [value for name, value in DATA.items() if name not in TOO_LONG_HERE],
    ids=[name for name in DATA if name not in TOO_LONG_HERE],
)
def test_no_forged_answer_passes(monkeypatch, data):
    with kernel_that_says(monkeypatch, every(data)) as kernel:
        assert set(verdicts(kernel)) <= {"failed", "missing"}


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_no_forged_line_passes(monkeypatch, text):
    monkeypatch.setattr("assignments.kernel.GRACE", 0.1)  # what is no answer is waited for
    with kernel_that_says(monkeypatch, text) as kernel:
        assert set(verdicts(kernel, 0.3)) <= {"failed", "missing", "slow", "ended"}


def test_the_right_answers_pass(monkeypatch):
    """The control: this suite could fail."""
    with kernel_that_says(monkeypatch, every({"float": "9.0"})) as kernel:
        assert verdicts(kernel) == ["passed", "failed", "failed"]


def test_a_process_that_does_not_read_is_given_up(monkeypatch):
    """A request larger than a pipe, to one that reads only the first."""
    program = (
        "import json, sys, time; name = json.loads(sys.stdin.readline())['id'];"
        "print(json.dumps({'id': name}), flush=True); time.sleep(1000)"
    )
    monkeypatch.setattr("assignments.kernel.GRACE", 0.5)
    kernel = kernel_with(monkeypatch, program, wall_factor=2)
    with kernel, pytest.raises((DiedError, OutOfTimeError)):
        kernel.run("x" * 1_000_000, 0.5)


def fake(values):
    """A kernel that has these answers."""
    return SimpleNamespace(
        values=lambda names, limit: {n: plain.encode(values[n]) for n in names if n in values},
        used=lambda: 0.0,
    )


CODE = "__import__('pathlib').Path({!r}).touch()"


@pytest.mark.parametrize(
    "source",
    [
        "sp.sympify(answer)",
        "sp.parse_expr(answer)",
        "sp.lambdify(sp.Symbol('a'), answer)(1)",
        "sp.Matrix([[answer]])",
        "sp.sympify([answer, {answer: answer}])",
        "equivalent(answer, 'a')",
        "sp.N(answer)",
        "sp.simplify(answer)",
        "sp.Symbol('a') + answer",
    ],
)
def test_no_text_runs(tmp_path, source):
    mark = tmp_path / "mark"
    judging = judge.Judge(fake({"answer": CODE.format(str(mark))}), 10)
    judging.test(f"import sympy as sp\nfrom checks import equivalent\n{source}")
    assert not mark.exists()


def test_it_would_run_without_a_judge(tmp_path):
    """The control of the test above."""
    mark = tmp_path / "mark"
    judge.sp.lambdify(judge.sp.Symbol("a"), CODE.format(str(mark)))(1)
    assert mark.exists()


def test_cells_of_ours_are_ours_whatever_the_student_has():
    judging = judge.Judge(fake({"x": 2.0, "half": 1.0}), 10)
    judging.given("x = 18")
    source = f"from checks import close, expect\n{small.HALF}"
    assert judging.test(source).state == "failed"
    assert (
        judge.Judge(fake({"x": 2.0, "half": 1.0}), 10).test(source).state == "passed"
    )  # a control
