"""Other right answers to the assignment on oscillations, and typical wrong ones.

ANSWERS has, by the id of an answer cell, another form or algorithm that gets full marks. WRONG has
a plausible error each, and the ids of the tests that give no points then.
"""

# For question 5: when the plateau ends, for a seed with two couplings.
END_OF_PLATEAU = r"""
target = phased(c_star, omega_star, phase)
flow = pair_flow(target)
a_here, alpha_here = rb.plateau(target)


def end(w12, w21):
    s = np.linspace(0, 400, 20001)
    loss = flow.solve(s, [a_here, 0, 1 - alpha_here, w12, w21, 0]).loss
    return s[np.argmax(loss < loss[0] / 2)]
"""

ANSWERS = {
    # By complex exponentials.
    "q1-star": r"""
pole = -c + sp.I * omega
half = sp.exp(-sp.I * phi) / 2
transfer_star = half / (z - pole) + sp.conjugate(half) / (z + c + sp.I * omega)
energy_star = transfer_star.subs(z, -pole) * half + transfer_star.subs(
    z, c + sp.I * omega
) * sp.conjugate(half)
""",
    "q1-overlap": r"""
def overlap(F):
    "Half the sum of the two conjugate exponentials."
    F = sp.sympify(F)
    turn = sp.exp(sp.I * phi)
    return (turn * F.subs(z, c + sp.I * omega) + F.subs(z, c - sp.I * omega) / turn) / 2
""",
    "q2-loop": r"""
out, back = (k * q, q) if loop == "forward" else (q, k * q)  # the way out, and back
D = sp.expand((z + 1 - p) * (z + 1 - r) + out * back)
F_loop = {1: 1 / (z + 1 - p + k * q**2 / (z + 1 - r)), 2: out / D}[read]
q_meet = sp.sqrt((p - r) ** 2 / (4 * k))
tied_factor = 2 / (k + 1 / k)
""",
    # The rate from the sign rule, the plateau from SymPy's solver.
    "q3-plateau": r"""
error = sp.together(a / (z + alpha) - g / (z + c) ** 2)
twice = sp.Poly(sp.numer(error) - a * (z - alpha) ** 2, z)
found = sp.solve(twice.coeffs(), [a, alpha], dict=True)
(found,) = [x for x in found if x[alpha].subs(c, 1) > 0]
a_double, alpha_double = found[a], found[alpha]
mu_double = a_double**2 / ((1 + alpha_double) * (1 + c) ** 2)
""",
    # With the eigenvalues of the matrices themselves, and two points for the slope.
    "q3-late": r"""
run = pair_flow(rb.Filter([[-c_double, gain], [0, -c_double]], [0, 1], [1, 0])).solve(
    np.arange(0, 3000, 0.5), {"v1": 0, "v2": 0, "w11": 0, "w12": 0, "w21": 0.01, "w22": 0}
)
fraction = run.loss / run.loss[0]
keep = np.flatnonzero((fraction < 1e-4) & (fraction > 1e-10))
loss_late, gap_late = run.loss[keep], []
for j in keep:
    W = [[run.variables[f"w{m}{n}"][j] for n in (1, 2)] for m in (1, 2)]
    one, two = np.linalg.eigvals(W)
    gap_late.append(abs(one - two))
exponent = np.log(gap_late[0] / gap_late[-1]) / np.log(loss_late[0] / loss_late[-1])
""",
    # By second derivatives of the transfer function, and SciPy's root finder.
    "q4-kappa": r"""
from scipy.optimize import brentq

E = a * ((c - alpha) ** 2 + omega**2) * (z - alpha) ** 2 / (4 * alpha**2)
E = E / ((z + alpha) * ((z + c) ** 2 + omega**2))
mu_kappa = sp.cancel(a * E / (z - alpha) ** 2).subs(z, kappa)


def coupling_rate(target, kappa):
    a, alpha = rb.plateau(target)
    one = np.eye(target.B.size)
    first = np.linalg.solve(kappa * one - target.A, target.B)
    third = np.linalg.solve(alpha * one - target.A, np.linalg.solve(alpha * one - target.A, first))
    return a * (a / (4 * alpha**2 * (alpha + kappa)) - target.C @ third)


kappa_switch = brentq(lambda x: coupling_rate(mixed, x), 0.05, 3)
""",
    # From the matrix of second derivatives.
    "q5-seed": r"""
def modes(target):
    a, alpha = rb.plateau(target)
    E = a / (1 + alpha) - target.transfer(1.0).real
    mu, nu = a * E / (1 - alpha) ** 2, -E / (1 - alpha)
    return np.linalg.eigh([[0, -mu, 0], [-mu, 0, -nu], [0, -nu, 0]])


def best_seed(target, size):
    return size * modes(target)[1][:, -1]


def head_start(target, seed):
    rates, vectors = modes(target)
    seed = np.array(seed)
    plain = np.array([0, np.linalg.norm(seed), 0])
    return np.log(abs((vectors.T @ seed)[-1] / (vectors.T @ plain)[-1])) / rates[-1]
""",
    # By the fallback of the text, and from two sizes only.
    "q5-measure": END_OF_PLATEAU
    + r"""

rate_measured = np.log(1e3) / (end(0, 1e-6) - end(0, 1e-3))
each = 1e-4 / 2**0.5
head_measured = end(0, 1e-4) - end(-each, each)
""",
}

WRONG = {
    # The sign of the sine's part.
    "q1-star": (
        r"""
transfer_star = (sp.cos(phi) * (z + c) - sp.sin(phi) * omega) / (
    (z + c) ** 2 + omega**2
)
energy_star = (1 / c + c / (c**2 + omega**2)) / 4
""",
        ["q1-transfer-test", "q1-energy-test"],
    ),
    # The phase turned the wrong way.
    "q1-overlap": (
        r"""
def overlap(F):
    at_mirror = sp.sympify(F).subs(z, c + sp.I * omega)
    real, imaginary = at_mirror.as_real_imag()
    return sp.cos(phi) * real + sp.sin(phi) * imaginary
""",
        ["q1-overlap-test"],
    ),
    # A sign of the loop; the discriminant of equal couplings; the metric of the book's pair.
    "q2-loop": (
        r"""
w12, w21 = (k * q, q) if loop == "forward" else (q, k * q)
A_loop = sp.Matrix([[p, w12], [w21, r]]) - sp.eye(2)
F_loop = (z * sp.eye(2) - A_loop).inv()[read - 1, 0]
q_meet = (p - r) / (2 * k)
tied_factor = k
""",
        ["q2-transfer-test", "q2-meet-test", "q2-tied-test"],
    ),
    # The plateau at the rate of the target; the rate with the share of the read-out.
    "q3-plateau": (
        r"""
alpha_double, a_double = c, g / (4 * c)
right, amplitude = c / 3, 3 * g / (8 * c)
mu_double = amplitude**2 / ((1 + right) * (1 + c) ** 2)
mu_double *= sp.sqrt(1 + (1 - right) ** 2 / amplitude**2)
""",
        ["q3-plateau-test", "q3-mu-test"],
    ),
    # The gap of the diagonal entries.
    "q3-late": (
        r"""
double = rb.Filter([[-c_double, 1], [0, -c_double]], [0, 1], [gain, 0])
run = pair_flow(double).solve(np.linspace(0, 2000, 8001), [0, 0, 0, 0, 0.01, 0])
late = (run.loss < 1e-4 * run.loss[0]) & (run.loss > 1e-10 * run.loss[0])
loss_late = run.loss[late]
gap_late = np.abs(run.variables["w11"] - run.variables["w22"])[late]
exponent = 0.5
""",
        ["q3-late-test"],
    ),
    # The decay rate 1 left where it should change; the sign rule for any number of poles.
    "q4-kappa": (
        r"""
mu_kappa = a**2 * ((alpha - c) ** 2 + omega**2)
mu_kappa /= 4 * alpha**2 * (1 + alpha) * ((kappa + c) ** 2 + omega**2)


def coupling_rate(target, kappa):
    a, alpha = rb.plateau(target)
    ratio = np.prod(-alpha - target.poles) / np.prod(kappa - target.poles)
    return a**2 / (4 * alpha**2 * (kappa + alpha)) * ratio.real


kappa_switch = rb.plateau(mixed)[1]
""",
        ["q4-symbolic-test", "q4-poles-test", "q4-switch-test"],
    ),
    # The mixture that decays; the ratio of lengths instead of a share.
    "q5-seed": (
        r"""
def best_seed(target, size):
    a, alpha = rb.plateau(target)
    m = np.array([a / (1 - alpha), -1.0])
    m *= np.sign(a / (1 + alpha) - target.transfer(1.0).real) / np.linalg.norm(m)
    return size / np.sqrt(2) * np.array([m[0], 1, m[1]])


def head_start(target, seed):
    return np.log(np.linalg.norm(seed) / abs(seed[1])) if seed[1] else 0.0
""",
        ["q5-best-test", "q5-head-test"],
    ),
    # Per factor of ten instead of e; seeds whose entries, and not lengths, are equal.
    "q5-measure": (
        END_OF_PLATEAU
        + r"""

rate_measured = 3 / (end(0, 1e-6) - end(0, 1e-3))
head_measured = end(0, 1e-4) - end(-1e-4, 1e-4)
""",
        ["q5-rate-test", "q5-gain-test"],
    ),
}
