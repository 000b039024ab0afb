"""Other right answers to the assignment on optimisers and saturation, and typical wrong ones.

ANSWERS are complete sets of answers with other forms or algorithms, which get full marks. WRONG has
a plausible error each, and the ids of the tests that give no points then.
"""

ANSWERS = (
    # Eigenvalues in place of singular values, integrals by SymPy, grids.
    {
        "q1-part-way": r"""
def part_way(G, eta, xi):
    G = np.asarray(G, float)
    rows, columns = G.shape
    # Eigenvalues +- zeta of the symmetric matrix that has G and its transpose beside it.
    both = np.block([[np.zeros((rows, rows)), G], [G.T, np.zeros((columns, columns))]])
    values, vectors = np.linalg.eigh(both)
    size = abs(values)
    kept = size > 1e-9 * size.max()
    powers = np.zeros_like(size)
    powers[kept] = np.sign(values[kept]) * size[kept] ** (1 - xi)
    return -eta * (vectors * powers @ vectors.T)[:rows, rows:]
""",
        "q2-overlap": r"""
x = sp.symbols("x", positive=True)
if read_in == "uniform":
    def mean(k):
        return 1 / (1 + k)
elif read_in == "exponential":
    def mean(k):
        return sp.Integral(x**k * sp.exp(-x), (x, 0, sp.oo)).doit()
else:
    def mean(k):
        bell = sp.sqrt(2 / sp.pi) * sp.exp(-(x**2) / 2)
        return sp.simplify(sp.integrate(x**k * bell, (x, 0, sp.oo)))
overlap_first = mean(2 - xi) / mean(2) ** 0.5 / mean(2 - 2 * xi) ** sp.Rational(1, 2)
""",
        "q2-share": r"""
def eigen_share(u, xi):
    size = [abs(x) for x in u]
    p = 1 - xi
    top = sum(x ** (p + p**2) for x in size)
    return top / np.sqrt(sum(x ** (2 * p) for x in size) * sum(x ** (2 * p**2) for x in size))
""",
        "q3-formulas": r"""
steepness = 1 / (4 * c_star**3)
jitter = sp.exp(sp.log(eta * steepness ** (1 - xi) / 2) / xi)
eta_limit = 2 * epsilon * c_star / (epsilon * c_star * steepness) ** (1 - xi)
power = 1 + 2 * (1 - xi)
""",
        "q3-count": r"""
def count(xi, c_star):
    def slopes(a, c):
        "Derivatives of the loss, from overlaps of exponentials."
        error = a / (2 * c) - 1 / (c + c_star)
        return error, a / (c + c_star) ** 2 - (a / (2 * c)) ** 2

    eta = 4 * c_star**3 / (4 * c_star**3 / (0.1 * c_star)) ** xi
    state, shares = np.array([0.0, 1.0]), []
    for _ in range(10_000):
        a, c = state
        shares.append(c_star * a**2 / c - 4 * a * c_star / (c + c_star) + 1)
        down = -np.array(slopes(a, c))
        state = state + eta * down / np.maximum(np.abs(down), 1e-300) ** xi
    return np.flatnonzero(np.array(shares) >= 0.01).max() + 1
""",
        "q3-measured": r"""
memories = np.array([1 / c_long, 0.5 / c_long])
numbers = [count(degree, 1 / memory) for memory in memories]
measured = np.polyfit(np.log(memories), np.log(numbers), 1)[0]
""",
        "q4-closure": r"""
h = sp.symbols("h", positive=True)
bell = sp.sqrt(c / sp.pi) * sp.exp(-c * h**2)
below = 2 * sp.integrate(bell, (h, 0, 1 / b))
slope = sp.simplify(below)
square = 2 * sp.integrate(bell * h**2, (h, 0, 1 / b)) + (1 - below) / b**2
weight = (1 - c) / below
""",
        "q4-learned": r"""
def learned_rate(s, b):
    from scipy.optimize import brentq
    from scipy.special import erf

    return brentq(lambda c: 1 - s * erf(c**0.5 / b) - c, 1e-10, 1.0)
""",
        "q5-density": r"""
def density(h, w, b):
    from scipy.integrate import quad

    def potential(x):
        inside = min(abs(x), 1 / b)
        return x**2 / 2 - w * (inside**2 / 2 + (abs(x) - inside) / b)

    depth = potential(w / b) if w > 1 else 0.0

    def heat(x):
        return np.exp(-2 * (potential(x) - depth))

    end = 8 + max(w, 1) / b
    area = 2 * quad(heat, 0, end, points=[1 / b, max(w / b, 1e-3)], limit=200)[0]
    return np.array([heat(x) for x in h]) / area
""",
        "q5-peaks": r"""
def peaks(w, b):
    h = np.linspace(0, 2 * (w + 1) / b, 400_001)
    cost = np.where(h < 1 / b, (1 - w) * h**2 / 2, h**2 / 2 - w * h / b + w / (2 * b**2))
    best = h[np.argmin(cost)]
    return np.array([-best, best]) if best > 0 else np.array([0])
""",
        "q5-edge": r"""
x = sp.symbols("x", positive=True)
tail = sp.exp(-(x**2))
area = 1 / b + sp.integrate(tail, (x, 0, sp.oo))
second = sp.integrate(x**2, (x, 0, 1 / b)) + sp.integrate((x + 1 / b) ** 2 * tail, (x, 0, sp.oo))
edge_square = sp.simplify(second / area)

from math import erf

rate = 0.5
for _ in range(2000):  # go part of the way to what the slope asks for
    rate = 0.5 * rate + 0.5 * (1 - erf(rate**0.5 / gain))
edge_closure = 0.5 / rate
""",
    },
    # What SciPy and the package offer, and closed forms.
    {
        "q1-part-way": r"""
def part_way(G, eta, xi):
    U, z, Vt = np.linalg.svd(np.array(G, float))
    change = np.zeros(np.shape(G))
    for k, zeta in enumerate(z):
        if zeta > 1e-9 * z.max():
            change = change - eta * zeta * zeta**-xi * np.outer(U[:, k], Vt[k])
    return change
""",
        "q2-overlap": r"""
k = sp.symbols("k", positive=True)
# Densities need no scale: it drops out.
size = {
    "Gaussian": 2 ** (k / 2) * sp.gamma((k + 1) / 2),
    "uniform": 1 / (k + 1),
    "exponential": sp.factorial(k),
}[read_in]
of_both, of_u, of_v = (size.subs(k, power) for power in (2 - xi, 2, 2 * (1 - xi)))
overlap_first = sp.sqrt(of_both**2 / of_u / of_v)
""",
        "q2-share": r"""
def eigen_share(u, xi):
    u = np.array(u, float)
    net = rb.LinearRNN(np.zeros((u.size, u.size)), u, np.zeros(u.size))
    for _ in range(2):
        by = rb.loss_and_gradient(net, rb.exponential(0.3))[1]
        v = net.v - 1e-2 * np.sign(by.v) * abs(by.v) ** (1 - xi)
        W = net.W - 1e-2 * np.sign(by.W) * abs(by.W) ** (1 - xi)
        net = rb.LinearRNN(W, u, v)
    return np.trace(net.W) / np.sqrt(np.sum(net.W**2))
""",
        "q3-formulas": r"""
limit = sp.symbols("limit", positive=True)
half_a_step = eta * (4 * c_star**3) ** (xi - 1) / 2  # of an error of size one
jitter = half_a_step ** (1 / xi)
# Solve jitter = epsilon c_star for the learning rate.
eta_limit = sp.solve(half_a_step.subs(eta, limit) - (epsilon * c_star) ** xi, limit)[0]
power = xi + 3 * (1 - xi)
""",
        "q3-count": r"""
from dataclasses import dataclass


@dataclass(frozen=True)
class OfDegree(rb.optimizers.Optimizer):
    xi: float = 0.0

    def update(self, gradient, state=None):
        return {
            name: -self.eta * np.sign(g) * np.abs(g) ** (1 - self.xi)
            for name, g in gradient.items()
        }, None


def count(xi, c_star):
    rate = 0.5 * 2 * (0.1 * c_star) ** xi * (4 * c_star**3) ** (1 - xi)
    a, c = 0.0, 1.0
    optimizer, quiet = OfDegree(rate, xi=xi), 0
    n = total = 0
    while n < 10_000:
        loss = rb.integrator.loss_at([a, c], c_star=c_star)
        if loss * 4 * c_star >= 0.01:
            total = n
        slopes = -rb.integrator.rhs([a, c], c_star=c_star)
        change, _ = optimizer.update({"a": slopes[0], "c": slopes[1]})
        a, c, n = a + change["a"], c + change["c"], n + 1
    return float(total + 1)
""",
        "q3-measured": r"""
measured = sp.log(sp.Rational(int(count(degree, c_long)), int(count(degree, 2 * c_long))), 2)
measured = sp.N(measured)
""",
        "q4-closure": r"""
reach = sp.sqrt(c) / b
slope = 1 - sp.erfc(reach)
square = slope / (2 * c) - sp.exp(-(c / b**2)) / (b * sp.sqrt(sp.pi * c))
square += (1 - slope) / b**2
weight = (1 - c) / sp.erf(reach)
""",
        "q4-learned": r"""
def learned_rate(s, b):
    from scipy.special import erf

    rates = np.geomspace(1e-4, 1, 2_000_001)
    weights = (1 - rates) / erf(np.sqrt(rates) / b)
    return np.interp(s, weights[::-1], rates[::-1])
""",
        "q5-density": r"""
def density(h, w, b):
    from scipy.special import erf, erfc, erfi

    top = 1 / b
    # Both parts of the integral in closed form, measured from the ceiling.
    if w < 1:
        k = np.sqrt(1 - w)
        inside = np.sqrt(np.pi) / k * erf(k * top) * np.exp(k**2 * top**2)
    elif w > 1:
        k = np.sqrt(w - 1)
        inside = np.sqrt(np.pi) / k * erfi(k * top) * np.exp(-(k**2) * top**2)
    else:
        inside = 2 * top
    below = np.exp(-(1 - w) * (np.square(h) - top**2))
    past = np.abs(h) - w * top
    beyond = np.exp(((1 - w) * top) ** 2 - past**2)
    outside = np.sqrt(np.pi) * np.exp(((1 - w) * top) ** 2) * erfc((1 - w) * top)
    return np.where(np.abs(h) < top, below, beyond) / (inside + outside)
""",
        "q5-peaks": r"""
def peaks(w, b):
    sides = (-1, 1) if w > 1 else (0,)
    return tuple(float(side * w) / b for side in sides)
""",
        "q5-edge": r"""
from scipy.optimize import brentq
from scipy.special import erf

root = sp.sqrt(sp.pi)
edge_square = (4 + 6 * root * b + 12 * b**2 + 3 * root * b**3) / (6 * b**2 * (2 + root * b))
edge_closure = 0.5 / brentq(lambda rate: 1 - rate - erf(np.sqrt(rate) / gain), 1e-9, 1)
""",
    },
)

WRONG = {
    # Singular values that rounding has left become one.
    "q1-part-way": (
        r"""
def part_way(G, eta, xi):
    left, sizes, right = np.linalg.svd(G, full_matrices=False)
    return -eta * left * sizes ** (1 - xi) @ right
""",
        ["q1-rank-test"],
    ),
    # The length of the step is forgotten.
    "q2-overlap": (
        r"""
overlap_first = {"Gaussian": 0.8, "uniform": 0.866, "exponential": 0.707}[read_in] ** xi
""",
        ["q2-overlap-test"],
    ),
    # As if v were still along u when W moves: powers of u on both sides.
    "q2-share": (
        r"""
def eigen_share(u, xi):
    power = np.sign(u) * np.abs(u) ** (1 - xi)
    return float(power @ power / np.linalg.norm(power) ** 2)
""",
        ["q2-share-test"],
    ),
    # The step to the target itself, and not beyond; the power of the curvature alone.
    "q3-formulas": (
        r"""
jitter = eta ** (1 / xi) * (4 * c_star**3) ** (1 - 1 / xi)
eta_limit = (epsilon * c_star) ** xi * (4 * c_star**3) ** (1 - xi)
power = 3 * (1 - xi)
""",
        ["q3-jitter-test", "q3-limit-test", "q3-power-test"],
    ),
    # The first time that the loss is small, with all of the limit.
    "q3-count": (
        r"""
def count(xi, c_star):
    eta = 2 * (0.1 * c_star) ** xi * (4 * c_star**3) ** (1 - xi)
    a, c, n = 0.0, 1.0, 0
    while c_star * a**2 / c - 4 * a * c_star / (c + c_star) + 1 >= 0.01 and n < 10**5:
        by_a, by_c = a / (2 * c) - 1 / (c + c_star), a / (c + c_star) ** 2 - a**2 / (4 * c**2)
        a -= eta * np.sign(by_a) * abs(by_a) ** (1 - xi)
        c -= eta * np.sign(by_c) * abs(by_c) ** (1 - xi)
        n += 1
    return n
""",
        ["q3-count-test"],
    ),
    # The prediction for what was counted.
    "q3-measured": ("measured = 3 - 2 * degree", ["q3-measured-test"]),
    # The variance is taken for twice of what it is; nothing beyond the ceiling; the linear weight.
    "q4-closure": (
        r"""
slope = sp.erf(sp.sqrt(c / 2) / b)
at = sp.sqrt(c) / b
square = (sp.erf(at) - 2 * at * sp.exp(-(at**2)) / sp.sqrt(sp.pi)) / (2 * c)
weight = 1 - c
""",
        ["q4-slope-test", "q4-square-test", "q4-weight-test"],
    ),
    # As if c were trained.
    "q4-learned": ("def learned_rate(s, b):\n    return 1 - s\n", ["q4-learned-test"]),
    # Temperature one in place of one half.
    "q5-density": (
        r"""
def density(h, w, b):
    def unscaled(x):
        inside = np.minimum(np.abs(x), 1 / b)
        return np.exp(-(x**2) / 2 + w * (inside**2 / 2 + (np.abs(x) - inside) / b))

    grid = np.linspace(-30, 30, 60_001)
    return unscaled(np.asarray(h)) / unscaled(grid).sum() * 1000
""",
        ["q5-density-test"],
    ),
    # At the ceiling itself.
    "q5-peaks": (
        "def peaks(w, b):\n    return [0.0] if w < 1 else [-1 / b, 1 / b]\n",
        ["q5-peaks-test"],
    ),
    # A uniform density without tails; the decay rate for the mean square.
    "q5-edge": (
        r"""
edge_square = 1 / (3 * b**2)
edge_closure = sp.nsolve(1 - c - sp.erf(sp.sqrt(c) / gain), c, 0.3)
""",
        ["q5-square-test", "q5-closure-test"],
    ),
}
