"""The reduced model of two memories in one network: two neurons stand for it.

Two inputs of independent noise come in along u1 and u2, unit vectors with the overlap u1.u2. The
first output is to be the first input through exp(-c1* t), the second the second through
exp(-c2* t). From W = 0 and v = 0 learning stays in the plane of u1 and u2. Its axes are chosen
along u1 + u2 and u1 - u2, so that u1 u1^T + u2 u2^T = diag(1 + overlap, 1 - overlap).
"""

from functools import cache

import sympy as sp

from .flow import ReducedFlow


@cache
def two_memories_flow() -> ReducedFlow:
    """Return the reduced model of learning two memories with overlapping read-ins.

    W and v learn. The variables are the components of both read-outs, v11 and v12 of the first, v21
    and v22 of the second, and the entries of W, on the axes along u1 + u2 and u1 - u2.

    Returns
    -------
    ReducedFlow
        With the parameters c1_star, c2_star and overlap, between -1 and 1.

    Notes
    -----
    Exact for any network with W = 0 and v = 0 at the start. With c1* = c2* and no overlap it is
    twice `rnnbook.integrator`. The book's chapter "Many memories" derives it.

    Examples
    --------
    >>> import rnnbook as rb
    >>> flow = rb.two_memories_flow()
    >>> learned = flow.solve(s=[0, 3], c1_star=0.3, c2_star=0.3, overlap=0.0)
    >>> learned.decay_rate.round(3).tolist()
    [1.0, 0.3]
    """
    c1, c2 = sp.symbols("c1_star c2_star", positive=True)
    overlap = sp.Symbol("overlap", real=True)
    v11, v12, v21, v22, w11, w12, w21, w22 = variables = sp.symbols(
        "v11 v12 v21 v22 w11 w12 w21 w22", real=True
    )
    W = sp.Matrix([[w11, w12], [w21, w22]])
    A = W - sp.eye(2)
    along, across = sp.sqrt((1 + overlap) / 2), sp.sqrt((1 - overlap) / 2)
    memories = [
        (sp.Matrix([along, across]), sp.Matrix([v11, v12]), c1),
        (sp.Matrix([along, -across]), sp.Matrix([v21, v22]), c2),
    ]
    D1 = -A.trace()
    D0 = A.det()
    # A P + P A^T + S = 0 in two dimensions: P = (D0 S + B S B^T) / (2 D0 D1), B = adj(A).
    S = sp.diag(1 + overlap, 1 - overlap)
    adjugate = sp.Matrix([[A[1, 1], -A[0, 1]], [-A[1, 0], A[0, 0]]])
    P = (D0 * S + adjugate * S * adjugate.T) / (2 * D0 * D1)
    loss = sp.S.Zero
    for u, v, c in memories:
        # F*(z) has its pole at -c: the overlap of f and f* is v (c I - A)^-1 u.
        shifted = c * sp.eye(2) - A
        inverse = sp.Matrix([[shifted[1, 1], -shifted[0, 1]], [-shifted[1, 0], shifted[0, 0]]])
        det = shifted[0, 0] * shifted[1, 1] - shifted[0, 1] * shifted[1, 0]
        loss += (v.T * P * v)[0] / 2 - (v.T * inverse * u)[0] / det + 1 / (4 * c)
    half, gap = (w11 + w22) / 2, (w11 - w22) / 2
    return ReducedFlow(
        variables=variables,
        loss=loss,
        metric=(1,) * 8,
        parameters={c1: None, c2: None, overlap: None},
        outlier=half + sp.sqrt(gap**2 + w12 * w21),
        initial=(0.0,) * 8,
        domain=(D1, D0, 1 - overlap**2),
    )
