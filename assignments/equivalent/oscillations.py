"""Other right answers to the assignment on oscillations, and typical wrong ones.

ANSWERS are sets of answers, by the id of the answer cell, with other forms or algorithms, which get
full marks. WRONG has a plausible error each, and the ids of the tests that give no points then.
"""

ANSWERS = (
    {
        # By complex exponentials.
        "q1-star": r"""
pole = -c + sp.I * omega
half = sp.exp(-sp.I * phi) / 2
transfer_star = half / (z - pole) + sp.conjugate(half) / (z + c + sp.I * omega)
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
gap_late = []
for j in range(loss_late.size):
    W = [[late[f"w{m}{n}"][j] for n in (1, 2)] for m in (1, 2)]
    one, two = np.linalg.eigvals(W)
    gap_late.append(abs(one - two))
exponent = np.log(gap_late[0] / gap_late[-1]) / np.log(loss_late[0] / loss_late[-1])
""",
        # By second derivatives of the transfer function.
        "q4-kappa": r"""
E = a * ((c - alpha) ** 2 + omega**2) * (z - alpha) ** 2 / (4 * alpha**2)
E = E / ((z + alpha) * ((z + c) ** 2 + omega**2))
mu_kappa = sp.cancel(a * E / (z - alpha) ** 2).subs(z, kappa)


def coupling_rate(target, kappa):
    a, alpha = rb.plateau(target)
    one = np.eye(target.B.size)
    first = np.linalg.solve(kappa * one - target.A, target.B)
    third = np.linalg.solve((alpha * one - target.A) @ (alpha * one - target.A), first)
    return a * (a / (4 * alpha**2 * (alpha + kappa)) - target.C @ third)

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
    },
    {
        # By the derivatives of 1/(z + c), as real and imaginary part.
        "q1-star": r"""
at = 1 / (z + c - sp.I * omega) * (sp.cos(phi) - sp.I * sp.sin(phi))
mirrored = 1 / (z + c + sp.I * omega) * (sp.cos(phi) + sp.I * sp.sin(phi))
transfer_star = sp.simplify((at + mirrored) / 2)
""",
        # The same by a division of the numerator, and with the angle sum of the target.
        "q1-overlap": r"""
def overlap(F):
    at = sp.sympify(F).subs(z, c - sp.I * omega).rewrite(sp.exp)
    rotated = at * (sp.cos(phi) - sp.I * sp.sin(phi))
    return sp.re(sp.expand_complex(rotated))
""",
        # By Cramer's rule, SymPy's eigenvalues and the chain rule.
        "q2-loop": r"""
out, back = sp.symbols("out back", real=True)
M = sp.Matrix([[z + 1 - p, -back], [-out, z + 1 - r]])
numerator = {1: M[1, 1], 2: -M[1, 0]}[read]
here = {out: k * q, back: -q} if loop == "forward" else {out: q, back: -k * q}
F_loop = (numerator / M.det()).subs(here)

x = sp.Symbol("x")
split = sp.discriminant((x - p) * (x - r) + k * q**2, x)
(q_meet,) = [root for root in sp.solve(split, q) if root.subs({p: 2, r: 1, k: 1}) > 0]

slope = sp.diff((out * back).subs(here), q)  # of the product, so mu * slope is dL/dq
length = sum(sp.diff(weight.subs(here), q) ** 2 for weight in (out, back))
tied_factor = sp.simplify(-slope / length / q)
""",
        # The two conditions of rest, solved one after the other.
        "q3-plateau": r"""
F = g / (z + c) ** 2
# At rest F(alpha) = a / (2 alpha) and F'(alpha) = -a / (4 alpha^2): their ratio has no a.
ratio = sp.simplify(sp.diff(F, z) / F).subs(z, alpha)
(alpha_double,) = sp.solve(sp.Eq(ratio, -1 / (2 * alpha)), alpha)
a_double = sp.simplify(2 * alpha_double * F.subs(z, alpha_double))
excess = a_double / (z + alpha_double) - F
mu_double = (a_double * excess / (z - alpha_double) ** 2).subs(z, 1)
""",
        # From the discriminant of the characteristic polynomial; the slope by least squares.
        "q3-late": r"""
trace = late["w11"] + late["w22"]
determinant = late["w11"] * late["w22"] - late["w12"] * late["w21"]
gap_late = np.abs(trace**2 - 4 * determinant) ** 0.5
columns = np.column_stack([np.log(loss_late), np.ones(loss_late.size)])
exponent = np.linalg.lstsq(columns, np.log(gap_late), rcond=None)[0][0]
""",
        # By a measurement: the exact gradient of a network with a small coupling.
        "q4-kappa": r"""
mirror, away = (c - alpha) ** 2 + omega**2, (c + kappa) ** 2 + omega**2
mu_kappa = (a / alpha / 2) ** 2 * mirror / away / (alpha + kappa)


def coupling_rate(target, kappa):
    a, alpha = rb.plateau(target)
    slopes = []
    for seed in (1e-5, -1e-5):
        W = [[1 - alpha, 0], [seed, 1 - kappa]]
        net = rb.LinearRNN(W, [1, 0], [a, 0])
        slopes.append(rb.loss_and_gradient(net, target, rtol=1e-13)[1].W[0, 1])
    return (slopes[0] - slopes[1]) / 2e-5
""",
        # By following the linear flow of small couplings until one mixture is left.
        "q5-seed": r"""
from scipy.linalg import expm


def linear_flow(target):
    a, alpha = rb.plateau(target)
    columns = []
    for x in 1e-6 * np.eye(3):
        net = rb.LinearRNN([[1 - alpha, x[0]], [x[1], 0]], [1, 0], [a, x[2]])
        slope = rb.loss_and_gradient(net, target, rtol=1e-13)[1]
        columns.append([-slope.W[0, 1], -slope.W[1, 0], -slope.v[1]])
    return np.array(columns).T / 1e-6


def best_seed(target, size):
    grown = np.linalg.matrix_power(expm(linear_flow(target) / abs(rb.onset_rate(target))), 16)
    mixture = grown @ [0.3, 1.0, 0.2]
    return size * mixture / np.linalg.norm(mixture)


def head_start(target, seed):
    seed, mixture = np.asarray(seed, float), best_seed(target, 1.0)
    plain = abs(mixture[1]) * np.linalg.norm(seed)
    return np.log(abs(mixture @ seed) / plain) / abs(rb.onset_rate(target))
""",
    },
)

WRONG = {
    # The sign of the sine's part.
    "q1-star": (
        r"""
transfer_star = (sp.cos(phi) * (z + c) - sp.sin(phi) * omega) / (
    (z + c) ** 2 + omega**2
)
""",
        ["q1-transfer-test"],
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
gap_late = np.abs(late["w11"] - late["w22"])
exponent = 0.5
""",
        ["q3-gap-test", "q3-exponent-test"],
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

""",
        ["q4-symbolic-test", "q4-poles-test"],
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
}
