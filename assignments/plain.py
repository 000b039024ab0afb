"""Answers as plain data: JSON, with arrays and formulas spelled out, and nothing that could run.

Both sides use this: the process with the student's code, and the one that judges. What has no such
form, a function for instance, stays on its side and is told by a number.
"""

import ast
import base64
import builtins
import functools
import json
import math
import operator
import re
import sys

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.piecewise import ExprCondPair

MAX_CHARACTERS = 20_000_000  # of an answer as text
MAX_NODES = 50_000  # of a formula
MAX_DIGITS = 4000  # of an integer, or of the precision of a number

# SymPy makes code of formulas when it is told to, so that names must not be able to say anything.
NAME = re.compile(r"[\w^*{}\\' ,+-]{1,60}")
FUNCTION = re.compile(r"[a-zA-Z]{1,3}")

# What can be asked of the panels of a figure.
SCALES, LABELS = ("xscale", "yscale"), ("label", "title", "xlabel", "ylabel")

# The kinds of array, and the type in which each travels.
KINDS = {"b": "|b1", "i": "<i8", "u": "<u8", "f": "<f8", "c": "<c16"}

CONSTANTS = {
    "pi": sp.pi,
    "E": sp.E,
    "I": sp.I,
    "oo": sp.oo,
    "-oo": -sp.oo,
    "zoo": sp.zoo,
    "nan": sp.nan,
    "EulerGamma": sp.EulerGamma,
    "GoldenRatio": sp.GoldenRatio,
    "Catalan": sp.Catalan,
    "True": sp.true,
    "False": sp.false,
}

# What formulas may be made of, beside numbers, symbols and constants.
NAMES = """
    Add Mul Pow Mod Tuple exp log Abs sign re im arg conjugate Min Max floor ceiling Heaviside
    DiracDelta sin cos tan cot sec csc sinc asin acos atan acot atan2 sinh cosh tanh coth sech
    csch asinh acosh atanh acoth gamma loggamma factorial binomial erf catalan erfc besselj
    bessely besseli besselk LambertW Ei Si Ci uppergamma lowergamma beta zeta hyper Equality
    Unequality StrictLessThan LessThan StrictGreaterThan GreaterThan And Or Not Piecewise Sum
    Product Integral Derivative Limit Subs Lambda KroneckerDelta
"""
OPERATIONS = {name: getattr(sp, name) for name in re.findall(r"\w+", NAMES)}
OPERATIONS["ExprCondPair"] = ExprCondPair  # in a Piecewise


class UnreadableError(ValueError):
    """Data that is none of ours."""


class Kept:
    """Something that stays with the student's code: what it is, and its number there."""

    def __init__(self, kind, number):
        self.kind, self.number = kind, number

    def __repr__(self):
        return f"<{self.kind} of the submission>"


# ---- from objects to data ----


def _formula(value):
    """The tree of a SymPy expression: [name, ...]; a ValueError for what the list above lacks."""
    for name, constant in CONSTANTS.items():
        if value is constant:
            return [name]
    match value:
        case sp.Symbol():
            known = {k: v for k, v in value._assumptions_orig.items() if v is not None}
            return ["Symbol", value.name, known]
        case sp.Rational():
            return ["Rational", str(value.p), str(value.q)]
        case sp.Float():
            return ["Float", str(value), value._prec]
        case sp.Tuple():
            return ["Tuple", *map(_formula, value.args)]
        case AppliedUndef():
            return ["Function", value.func.__name__, *map(_formula, value.args)]
    name = type(value).__name__
    if OPERATIONS.get(name) is not type(value):
        raise ValueError(f"no plain form for {name}")
    return [name, *map(_formula, value.args)]


def _array(value):
    if value.dtype.kind not in KINDS:
        return {"objects": [*value.shape], "of": [encode(item) for item in value.ravel().tolist()]}
    kind = KINDS[value.dtype.kind]
    text = base64.b64encode(np.ascontiguousarray(value, dtype=kind).tobytes()).decode()
    return {"array": [*value.shape], "kind": kind, "data": text}


def _texts(legend):
    return [str(text.get_text()) for text in legend.get_texts()]


def _figure(figure):
    """What can be asked of a figure: its panels, with labels, lines and legends."""
    panels = []
    for axes in figure.axes:
        legend = axes.get_legend()
        panel = {name: str(getattr(axes, f"get_{name}")()) for name in (*SCALES, *LABELS)}
        panel["lines"] = [
            {"label": str(line.get_label()), "data": _array(np.asarray(line.get_xydata(), float))}
            for line in axes.lines
        ]
        panel["legend"] = None if legend is None else _texts(legend)
        panel["others"] = len(axes.collections) + len(axes.images) + len(axes.patches)
        panels.append(panel)
    return {"figure": panels, "legends": [_texts(legend) for legend in figure.legends]}


def encode(value, keep=None):
    """Return a value as data that `json` can write.

    Parameters
    ----------
    value : object
    keep : callable, optional
        Called with what has no such form; returns its number. Without it, that is an error.

    Raises
    ------
    TypeError
        If there is no such form, and no `keep`.
    """
    # What is not loaded has no values, and it takes a second to load.
    rb = sys.modules.get("rnnbook")
    inner = functools.partial(encode, keep=keep)
    try:
        match value:
            case None | bool() | str():
                return value
            case Kept():
                return {"kept": value.number}
            case np.bool_():
                return bool(value)
            case int() | np.integer():
                return {"int": str(operator.index(value))}
            case float() | np.floating():
                return {"float": repr(float(value))}
            case complex() | np.complexfloating():
                return {"complex": [repr(float(value.real)), repr(float(value.imag))]}
            case np.ndarray():
                return _array(value)
            case list() | range():
                return {"list": [inner(item) for item in value]}
            case tuple():
                return {"tuple": [inner(item) for item in value]}
            case dict():
                return {"dict": [[inner(k), inner(v)] for k, v in value.items()]}
            case np.random.Generator():
                return {"rng": repr(value.bit_generator.state)}
            case _ if rb and isinstance(value, rb.LinearRNN):
                return {"LinearRNN": [inner(np.asarray(x)) for x in (value.W, value.u, value.v)]}
            case _ if rb and isinstance(value, rb.Filter):
                return {"Filter": [inner(np.asarray(x)) for x in (value.A, value.B, value.C)]}
            case sp.MatrixBase():
                return {"matrix": [*value.shape], "of": [_formula(item) for item in value.flat()]}
            case sp.Basic():
                return {"formula": _formula(value)}
        if type(value).__module__.startswith("matplotlib.") and hasattr(value, "legends"):
            return _figure(value)
    except (TypeError, ValueError, AttributeError, RecursionError):
        if keep is None:
            raise
    if keep is None:
        raise TypeError(f"a {type(value).__name__} cannot be sent to the submission")
    kind = "function" if callable(value) else type(value).__name__
    return {"kept": keep(value), "is": kind[:50]}


# ---- from data to objects ----


def _integer(text):
    if len(text) > MAX_DIGITS:
        raise UnreadableError("a number is too long")
    return int(text)


def _build(node, budget):
    """The expression of a tree, from names on the list only."""
    budget[0] -= 1
    if budget[0] < 0:
        raise UnreadableError("the formula is too long")
    name, *rest = node
    if name == "Symbol":
        text, known = rest
        if not NAME.fullmatch(text) or not all(isinstance(v, bool) for v in known.values()):
            raise UnreadableError("not a symbol")
        return sp.Symbol(text, **known)
    if name == "Rational":
        return sp.Rational(*map(_integer, rest))
    if name == "Float":
        if not 1 <= rest[1] <= MAX_DIGITS:
            raise UnreadableError("too many digits")
        return sp.Float(_numeral(rest[0]), precision=rest[1])
    if name == "Function":
        if not FUNCTION.fullmatch(rest[0]) or hasattr(builtins, rest[0]):
            raise UnreadableError("not a function")
        return sp.Function(rest[0])(*(_build(part, budget) for part in rest[1:]))
    if name in CONSTANTS and not rest:
        return CONSTANTS[name]
    return OPERATIONS[name](*(_build(part, budget) for part in rest))


def parse(text):
    """Return the formula that a text says, without running anything.

    Raises
    ------
    SyntaxError
        If it is more than numbers, names, functions of the list, and arithmetic.
    """
    if not isinstance(text, str) or len(text) > MAX_NODES:
        raise SyntaxError("not a formula")
    return _parsed(ast.parse(text.strip().replace("^", "**"), mode="eval").body)


ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def _parsed(node):
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() as value):
            return sp.Integer(value)
        case ast.Constant(value=float() as value):
            return sp.Float(value)
        case ast.Name(id=name):
            return CONSTANTS.get(name, sp.Symbol(name))
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in ARITHMETIC:
            return ARITHMETIC[type(operation)](_parsed(left), _parsed(right))
        case ast.UnaryOp(op=operation, operand=operand) if type(operation) in ARITHMETIC:
            return ARITHMETIC[type(operation)](_parsed(operand))
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]):
            known = {**OPERATIONS, "sqrt": sp.sqrt}
            if name in known:
                return known[name](*map(_parsed, parts))
    raise SyntaxError("not a formula")


def _numeral(text):
    """A text that is a number, and nothing that SymPy would take for a formula."""
    if (
        not isinstance(text, str)
        or len(text) > 2 * MAX_DIGITS
        or not set(text) <= set("0123456789+-.einfa")
    ):
        raise UnreadableError("not a number")
    return text


def _shape(value):
    shape = tuple(value)
    if not all(isinstance(n, int) and n >= 0 for n in shape) or math.prod(shape) > MAX_CHARACTERS:
        raise UnreadableError("not a shape")
    return shape


def _rebuild_figure(panels, legends):
    """A figure that answers the same questions as the one it was told of."""
    import matplotlib.pyplot as plt
    from matplotlib.lines import Line2D

    figure = plt.Figure()
    for k, panel in enumerate(panels[:50]):
        axes = figure.add_axes((0.1, 0.1, 0.8, 0.8), label=f"{k}")
        for line in panel["lines"][:1000]:
            axes.plot(*decode(line["data"]).T, label=line["label"])
        for _ in range(min(int(panel["others"]), 50)):  # points, areas, bars: that they are there
            axes.scatter([], [])
        for name in SCALES:
            if panel[name] in ("linear", "log", "symlog", "logit"):
                axes.set(**{name: panel[name]})
        axes.set(**{name: panel[name] for name in LABELS})
        if panel["legend"] is not None:
            axes.legend([Line2D([], []) for _ in panel["legend"]], panel["legend"])
    for texts in legends[:50]:
        figure.legend(handles=[Line2D([], []) for _ in texts], labels=texts)
    return figure


def decode(data, kept=Kept):
    """Return the value that `encode` described.

    Parameters
    ----------
    data : object
        From `json.loads`; nothing in it is trusted.
    kept : callable, optional
        Called with kind and number of what stayed on the other side.

    Raises
    ------
    UnreadableError
        If it is nothing that `encode` writes.
    """
    try:
        return _decode(data, kept)
    except UnreadableError:
        raise
    except Exception as error:  # whatever the data may be
        raise UnreadableError(f"{type(error).__name__} while reading an answer") from error


def _decode(data, kept):
    inner = functools.partial(_decode, kept=kept)
    if data is None or isinstance(data, bool | str):
        return data
    if "kept" in data:
        return kept(str(data.get("is", "")), int(data["kept"]))
    if "array" in data or "objects" in data:
        if "objects" in data:
            shape, items = _shape(data["objects"]), [inner(item) for item in data["of"]]
            if math.prod(shape) != len(items):  # one item would do for an array of any size
                raise UnreadableError("not that many items")
            found = np.empty(shape, dtype=object)
            found.ravel()[:] = items
            return found
        if data["kind"] not in KINDS.values():
            raise UnreadableError("not a kind of array")
        flat = np.frombuffer(base64.b64decode(data["data"]), dtype=data["kind"])
        flat = flat.view("u1") != 0 if data["kind"] == "|b1" else flat.copy()
        return flat.reshape(_shape(data["array"]))
    if "matrix" in data:
        budget = [MAX_NODES]
        return sp.Matrix(*_shape(data["matrix"]), [_build(item, budget) for item in data["of"]])
    if "figure" in data:
        return _rebuild_figure(data["figure"], data["legends"])
    ((kind, value),) = data.items()
    match kind:
        case "int":
            return _integer(value)
        case "float":
            return float(value)
        case "complex":
            return complex(*map(float, value))
        case "list":
            return [inner(item) for item in value]
        case "tuple":
            return tuple(inner(item) for item in value)
        case "dict":
            return {inner(k): inner(v) for k, v in value}
        case "formula":
            return _build(value, [MAX_NODES])
        case "LinearRNN" | "Filter":
            import rnnbook  # only here, as it takes a second

            return getattr(rnnbook, kind)(*(inner(part) for part in value))
        case "rng":
            rng = np.random.default_rng()
            rng.bit_generator.state = ast.literal_eval(value)
            return rng
    raise UnreadableError(f"not a kind of answer: {kind}")


def write(message):
    """Return a message as one line."""
    return json.dumps(message).encode() + b"\n"


def read(line):
    """Return the message of a line; `UnreadableError` if it is none."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError("not a message") from error
    if not isinstance(message, dict):
        raise UnreadableError("not a message")
    return message
