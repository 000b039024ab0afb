"""The numbers of a course: `draw(...)` in a source notebook becomes a value drawn from the seed."""

import ast
import hashlib

import numpy as np

TAG = "numbers"


def draw(rng, arguments):
    """Draw one of a list of choices, or a number from `low` to `high` in steps of `step`."""
    if len(arguments) == 1 and isinstance(arguments[0], list) and arguments[0]:
        return arguments[0][rng.integers(len(arguments[0]))]
    if len(arguments) == 3:
        low, high, step = arguments
        count = round((high - low) / step) + 1
        if step > 0 and count >= 1:
            value = low + step * rng.integers(count)
            return int(value) if isinstance(low + step, int) else round(float(value), 10)
    raise ValueError(f"draw takes (low, high, step) or ([choices]), not {arguments}")


def drawn(source, seed, assignment):
    """Return the code of a numbers cell with values for the calls of `draw`.

    Each variable has a stream of its own, so that a change of one does not move the others.

    Parameters
    ----------
    source : str
        Code that consists of lines like ``c_star = draw(0.1, 0.3, 0.01)  # what it is``.
    seed, assignment : str
        Seed of the course, and name of the assignment.

    Raises
    ------
    ValueError
        If a statement is something else, or the arguments of `draw` are.
    """
    replaced = []
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="draw"))):
                key = hashlib.sha256(f"{seed}\n{assignment}\n{name}".encode()).digest()
                rng = np.random.default_rng(np.frombuffer(key, dtype=np.uint32))
                arguments = [ast.literal_eval(argument) for argument in node.value.args]
                replaced.append((ast.get_source_segment(source, node.value), arguments, rng))
            case _:
                raise ValueError(
                    f"a cell tagged {TAG!r} has only lines like name = draw(...), not "
                    f"{ast.get_source_segment(source, node)!r}"
                )
    for call, arguments, rng in replaced:
        # From the front: the same call may stand in several lines.
        source = source.replace(call, repr(draw(rng, arguments)), 1)
    return source
