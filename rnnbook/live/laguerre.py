"""The formulas of lazy learning, as a module for the browser."""

from .. import javascript as js
from .. import lazy


def laguerre_module():
    """Return an ES module of the formulas of `rnnbook.lazy`, as functions of an object by name.

    `gamma`, `first` and `factor` (pairs, real and imaginary part), `target_ratio` and `exponent`
    take (target), an object with sigma, c_star and omega_star as far as they are needed;
    `eigenvalue`, `diagonal` and `beside` take (n, target).
    """
    target = [lazy.SIGMA, lazy.C_STAR, lazy.OMEGA_STAR]
    bulk, mode = f"{{{lazy.SIGMA}}}", f"{lazy.INDEX}, {{{lazy.SIGMA}}}"
    return js.module(
        js.function("gamma", bulk, lazy.GAMMA),
        js.function("eigenvalue", mode, lazy.EIGENVALUE),
        js.function("diagonal", mode, lazy.DIAGONAL),
        js.function("beside", mode, lazy.BESIDE),
        js.function("first", f"{{{js.listed(target)}}}", list(lazy.FIRST)),
        js.function("factor", f"{{{js.listed(target)}}}", list(lazy.FACTOR)),
        js.function("target_ratio", f"{{{js.listed(target)}}}", lazy.TARGET_RATIO),
        js.function("exponent", f"{{{js.listed(target)}}}", lazy.EXPONENT),
    )
