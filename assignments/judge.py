"""Judge answers in a process that the student's code cannot reach.

A cell of tests runs here as it stands in the notebook, with our own given cells before it. What it
uses and we have not defined is an answer: a value is fetched as data, and a function becomes one
that sends its arguments over and reads what comes back.
"""

import ast
import builtins
import signal
import symtable
import sys
from contextlib import contextmanager
from dataclasses import dataclass

import sympy as sp
from sympy.parsing import sympy_parser

from . import checks, plain
from .kernel import DiedError, OutOfTimeError, RemoteError

LAMBDIFY = sp.lambdify


def formula_of_text(text, *arguments, **options):
    """Read a formula that was given as text. SymPy would run whatever is in there."""
    return plain.parse(text)


def function_of_formula(arguments, formula, *others, **options):
    """Make a function of a formula; a text is read first. SymPy would run whatever is in there."""
    if isinstance(formula, str):
        formula = plain.parse(formula)
    return LAMBDIFY(arguments, formula, *others, **options)


class OwnTimeError(BaseException):
    """The comparison itself takes too long, as it may for an answer of an absurd size.

    No error that something on the way would catch and take for something else.
    """


@dataclass
class Verdict:
    """What a cell of tests says.

    Parameters
    ----------
    state : str
        "passed", "failed", "missing" (failed, because there is no answer of that name) or "slow".
    idea : str
        For the student, where it failed.
    """

    state: str
    idea: str = ""


def uses(source):
    """Return the global names that code reads and does not define itself, in order."""
    top = symtable.symtable(source, "test", "exec")
    own = {
        symbol.get_name()
        for symbol in top.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }
    found, tables = {}, [top]
    while tables:
        table = tables.pop(0)
        tables += table.get_children()
        for symbol in table.get_symbols():
            anywhere = symbol.is_global() or table is top
            if anywhere and symbol.is_referenced() and symbol.get_name() not in own:
                found[symbol.get_name()] = None
    return [name for name in found if not hasattr(builtins, name)]


def definitions(source):
    """Return the source of what a cell defines outside functions, by name."""
    found = {}
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = ast.get_source_segment(source, node)
    return found


def guard():
    """Let no text run in this process, and let cells of tests find `checks`.

    This comes before our own cells load their modules: these could keep what SymPy has now.
    """
    sys.modules["checks"] = checks
    for module in (sympy_parser, sp.parsing, sp):
        module.parse_expr = formula_of_text
    sp.lambdify = function_of_formula


class Judge:
    """Judges the answers that a kernel has.

    Parameters
    ----------
    kernel : Kernel
    limit : float
        CPU seconds for what a cell of tests asks of the student's code, and as many for ours.
    """

    def __init__(self, kernel, limit):
        self.shared = {}  # what tests before this one have defined
        self.kernel, self.limit, self.space, self.left = kernel, limit, {}, limit
        guard()

    def given(self, source):
        """Run a cell that was handed out, as far as it needs no answers."""
        space = dict(self.space)
        if any(name not in space for name in uses(source)):
            return
        exec(compile(source, "given", "exec"), space)
        self.space = space

    def test(self, source, visible=""):
        """Run a cell of tests, and return the `Verdict`.

        Parameters
        ----------
        source : str
            With the hidden part.
        visible : str, optional
            What students have of it: a message that stands in there is no secret.

        Raises
        ------
        DiedError
            If the student's process ended meanwhile.
        """
        self.left, source = self.limit, self.complete(source)
        try:
            with limited(self.limit):
                space = {**self.space, **self.answers(uses(source))}
                exec(compile(source, "test", "exec"), space)
        except (OutOfTimeError, OwnTimeError):
            return Verdict("slow", "It took too long.")
        except checks.ExpectationError as error:
            return Verdict("failed", str(error))
        except (NameError, NotImplementedError):
            return Verdict("missing", "There is no answer yet, or it has not the name asked for.")
        except AssertionError as error:
            if str(error) and str(error) in visible:
                return Verdict("failed", str(error))
            return Verdict("failed", "Your answer did not pass the test that you can see.")
        except RemoteError as error:
            if error.name in ("NameError", "NotImplementedError"):
                return Verdict("missing", "There is no answer yet: a part of it is missing.")
            return Verdict("failed", f"{error.name} was raised by your code while it was tested.")
        except plain.UnreadableError:
            return Verdict("failed", "Your answer is of a kind that cannot be tested.")
        except DiedError:
            raise
        except Exception as error:
            return Verdict(
                "failed", f"Your answer is not of the kind asked for ({type(error).__name__})."
            )
        return Verdict("passed")

    def complete(self, source):
        """Return a cell of tests with what it uses of those before it, in front."""
        own = definitions(source)
        while lacking := [n for n in uses(source) if n in self.shared and n not in self.space]:
            source = "\n\n".join([*(self.shared[name] for name in lacking), source])
        self.shared |= own
        return source

    # ---- answers ----

    def answers(self, names):
        """Return the student's answers of these names, as far as there are any."""
        unknown = [name for name in names if name not in self.space]
        if not unknown:
            return {}
        found = self.kernel.values(unknown, self.left)
        return {name: self.answer(found[name]) for name in unknown if name in found}

    def answer(self, data):
        """Return an answer of data; what stayed there can be called, or sent back."""
        return plain.decode(data, lambda kind, number: Remote(kind, number, self))

    def call(self, number, arguments, options):
        """Call a function of the student's."""
        if self.left <= 0:
            raise OutOfTimeError
        start = self.kernel.used()
        sent = [plain.encode(argument) for argument in arguments]
        named = {name: plain.encode(value) for name, value in options.items()}
        data = self.kernel.call(number, sent, named, self.left)
        self.left -= self.kernel.used() - start
        return self.answer(data)


class Remote(plain.Kept):
    """A function, or another object, of the student's."""

    def __init__(self, kind, number, judge):
        super().__init__(kind, number)
        self._judge = judge

    def __call__(self, *arguments, **options):
        """Call it there, with data, and return data."""
        return self._judge.call(self.number, arguments, options)


@contextmanager
def limited(seconds):
    """Raise `OwnTimeError` after so many CPU seconds of this process."""

    def stop(*_):
        raise OwnTimeError

    before = signal.signal(signal.SIGVTALRM, stop)
    # Once more after a second: where the first is raised, it may be lost.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
