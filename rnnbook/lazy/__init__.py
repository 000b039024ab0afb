"""Lazy learning: closed forms for wide random networks whose weights hardly move.

While the weights stay near their start, f is linear in them, and gradient flow is

    df/ds = -Theta (f - f*),   Theta(t, t') = sum_i df(t)/dtheta_i df(t')/dtheta_i,

where theta lists all trained weights. For independent W_ij ~ N(0, sigma^2 / N), unit vectors u and
v in independent directions, and N -> infinity, the kernel Theta is the same in every draw. It is a
sum of two kernels,

    K(t, t')       = e^{-(t+t')} I_0(2 sigma sqrt(t t')),   once for v and once for u, and
    Theta_W(t, t') = dK(t, t') / d(sigma^2),                for W.

In the orthonormal Laguerre functions phi_n(t) = sqrt(gamma) e^{-gamma t/2} L_n(gamma t) with
gamma = 2 sqrt(1 - sigma^2), K is diagonal and Theta_W has three diagonals. The book's chapters "The
reservoir" and "Training everything, lazily" derive all this.

`formulas` holds these as SymPy expressions, `kernels` evaluates them, `curves` says how learning
goes, and `readout` does what can be done for one given network.
"""

from .curves import (
    exponent_circles,
    learning_curve,
    learning_exponent,
    rkhs_norm_squared,
    weight_change,
)
from .formulas import (
    BESIDE,
    C_STAR,
    DIAGONAL,
    EIGENVALUE,
    EXPONENT,
    FACTOR,
    FIRST,
    GAMMA,
    INDEX,
    OMEGA_STAR,
    RATIO,
    SIGMA,
    TARGET_RATIO,
)
from .kernels import (
    laguerre_coefficients,
    laguerre_functions,
    laguerre_spectrum,
    reservoir_kernel,
    tangent_kernel,
    tangent_matrix,
)
from .readout import readout_curve, silence

__all__ = [
    "BESIDE",
    "C_STAR",
    "DIAGONAL",
    "EIGENVALUE",
    "EXPONENT",
    "FACTOR",
    "FIRST",
    "GAMMA",
    "INDEX",
    "OMEGA_STAR",
    "RATIO",
    "SIGMA",
    "TARGET_RATIO",
    "exponent_circles",
    "laguerre_coefficients",
    "laguerre_functions",
    "laguerre_spectrum",
    "learning_curve",
    "learning_exponent",
    "readout_curve",
    "reservoir_kernel",
    "rkhs_norm_squared",
    "silence",
    "tangent_kernel",
    "tangent_matrix",
    "weight_change",
]
