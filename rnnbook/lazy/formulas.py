"""The formulas of lazy learning in SymPy, in the symbols SIGMA, C_STAR, OMEGA_STAR and INDEX (n).

They are GAMMA; RATIO, the factor between an eigenvalue of K and the next; EIGENVALUE, the n-th;
DIAGONAL and BESIDE, the entries (n, n) and (n, n - 1) of Theta_W; FIRST and FACTOR, pairs of real
and imaginary part, where the real part of FIRST FACTOR^n is the n-th coefficient of the target;
TARGET_RATIO, the square of abs(FACTOR); and EXPONENT. They are written such that rounding does not
spoil them for sigma near 0 or 1.
"""

from functools import cache

import sympy as sp

from ..symbols import C_STAR, OMEGA_STAR

SIGMA = sp.Symbol("sigma", positive=True)
INDEX = sp.Symbol("n", integer=True, nonnegative=True)

_HALF = sp.sqrt((1 - SIGMA) * (1 + SIGMA))  # gamma / 2
GAMMA = 2 * _HALF
RATIO = (SIGMA / (1 + _HALF)) ** 2
EIGENVALUE = RATIO**INDEX / (1 + _HALF)
# c* - gamma/2, where the parts that nearly cancel for sigma -> 0 are subtracted first.
_GAP = sp.UnevaluatedExpr(C_STAR - 1) + SIGMA**2 / (1 + _HALF)
# The derivative of EIGENVALUE by sigma^2, and what stretching the phi_n with gamma adds.
DIAGONAL = EIGENVALUE * (INDEX / (_HALF * SIGMA**2) + 1 / (GAMMA * (1 + _HALF)))
BESIDE = -INDEX * EIGENVALUE / (RATIO * GAMMA * (1 + _HALF))
# sqrt(gamma) / (z + gamma/2) and (z - gamma/2) / (z + gamma/2) with z = c* + i omega*.
_DISTANCE = (C_STAR + _HALF) ** 2 + OMEGA_STAR**2
FIRST = (sp.sqrt(GAMMA) * (C_STAR + _HALF) / _DISTANCE, -sp.sqrt(GAMMA) * OMEGA_STAR / _DISTANCE)
FACTOR = ((_GAP * (C_STAR + _HALF) + OMEGA_STAR**2) / _DISTANCE, GAMMA * OMEGA_STAR / _DISTANCE)
TARGET_RATIO = (_GAP**2 + OMEGA_STAR**2) / _DISTANCE
EXPONENT = sp.log(TARGET_RATIO) / sp.log(RATIO)


@cache
def compiled(expression):
    return sp.lambdify((SIGMA, C_STAR, OMEGA_STAR, INDEX), expression)
