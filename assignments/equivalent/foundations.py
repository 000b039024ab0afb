"""Other right answers to the assignment "foundations", and wrong ones that must earn nothing.

`ANSWERS` has two right solutions beside that of the notebook, in other forms and by other
algorithms; each must get full marks. `WRONG` has typical misconceptions, with the test cells that
they must fail.
"""

# Differential equations, partial fractions and integrals in the time domain.
BY_TIME = {
    # From the differential equations of the stages.
    "q1-target": """
stage_1 = sp.exp(-c_star * t)
s = sp.symbols("s", positive=True)
drive = ratio * c_star * sp.exp(-ratio * c_star * (t - s)) * stage_1.subs(t, s)
stage_2 = sp.integrate(sp.simplify(drive), (s, 0, t))
f_star = sp.expand(weights[0] * stage_1 + weights[1] * stage_2)
F_star = sp.apart(sp.laplace_transform(f_star, t, z, noconds=True), z)
# Energy by the Lyapunov equation of the target.
p = sp.symbols("p:3")
S = sp.Matrix([[p[0], p[1]], [p[1], p[2]]])
equations = A_symbolic * S + S * A_symbolic.T + B_symbolic * B_symbolic.T
S = S.subs(sp.solve(list(equations), p))
energy = (C_symbolic * S * C_symbolic.T)[0]
""",
    # With a symbol of the student's own.
    "q2-loss": """
w = sp.symbols("w")
pair = (1 / (1 - w) + 2 + 1 / (1 + w)) / 8
shared = (F_star.subs(z, 1 - w) + F_star.subs(z, 1 + w)) / 2
loss_pair = sp.together(sp.Rational(1, 2) * (a**2 * pair - 2 * a * shared + energy))
best_a = shared / pair
""",
    # Without any formula: a grid of networks, with the package's exact loss.
    "q2-best": """
def loss_of(x):
    net = rb.LinearRNN([[0, x[1]], [x[1], 0]], [1, 0], [x[0], 0])
    return rb.population_loss(net, target)


def best_at(weight):
    shared = (target.transfer(1 - weight) + target.transfer(1 + weight)).real / 2
    return [shared * 4 / (1 / (1 - weight**2) + 1), weight]


coarse = min(np.arange(0, 0.99, 0.01), key=lambda weight: loss_of(best_at(weight)))
fine = np.arange(max(0, coarse - 0.02), min(coarse + 0.02, 0.999), 0.0005)
w_best = min(fine, key=lambda weight: loss_of(best_at(weight)))
left_over = loss_of(best_at(w_best)) / (0.5 * target.energy)
""",
    # Van Loan's block exponential, in place of a Lyapunov equation.
    "q3-rest": """
def loss_from_rest(W, u, v, A_star, B_star, C_star, T):
    A = block_diag(np.asarray(W) - np.eye(len(u)), A_star)
    B = np.concatenate([u, B_star])
    C = np.concatenate([v, -np.asarray(C_star)])
    m = len(A)
    P, pieces = np.zeros((m, m)), max(1, int(np.ceil(T / 2)))
    step = T / pieces
    block = np.block([[-A, np.outer(B, B)], [np.zeros((m, m)), A.T]])
    E = expm(block * step)
    advance = E[m:, m:].T
    for _ in range(pieces):
        P = advance @ P @ advance.T + advance @ E[:m, m:]
    return 0.5 * C @ P @ C
""",
    # One parameter after the other.
    "q4-chain": """
def chain_rule(by_A, W):
    n = len(W)
    slopes = np.zeros(n)
    for k in range(n):
        unit = np.zeros(n)
        unit[k] = 1.0
        direction = drift(unit, W) - drift(np.zeros(n), W)
        slopes[k] = np.sum(by_A * direction)
    return slopes
""",
    # From the Gramians of the whole error system.
    "q4-gradient": """
def parameter_gradient(p, W, u, v, A_star, B_star, C_star):
    n = len(p)
    A = block_diag(drift(p, W), A_star)
    B = np.concatenate([u, B_star])
    C = np.concatenate([v, -C_star])
    P = solve_continuous_lyapunov(A, -np.outer(B, B))
    Q = solve_continuous_lyapunov(A.T, -np.outer(C, C))
    return chain_rule((Q @ P)[:n, :n], W)
""",
    # The stationary covariance of the two outputs, from one step to the next.
    "q5-overlap": """
m = sp.symbols("m")
overlap_dt = sp.solve(sp.Eq(m, (1 - c * dt) * (1 - kappa * dt) * m + dt), m)[0]
""",
    "q5-step": """
excess = sp.simplify(overlap_dt.subs(kappa, c) * 2 * c - 1)
equation = sp.Eq(excess.subs(c, sp.nsimplify(mode_rate)), accuracy)
dt_max = sp.solve(equation, dt)[0]
""",
}

# Residues and resolvents, loops, and what the package and SciPy compute.
BY_RATE = {
    # The stages in series; all else from the transfer function.
    "q1-target": """
first = 1 / (z + c_star)
second = first * ratio * c_star / (z + ratio * c_star)
F_star = sp.together(weights[0] * first + weights[1] * second)
x = sp.symbols("x", positive=True)
if ratio == 1:
    f_star = (weights[0] + weights[1] * c_star * t) * sp.exp(-c_star * t)
else:
    gain = sp.Rational(ratio, ratio - 1)
    f_star = (weights[0] + weights[1] * gain) * sp.exp(-c_star * t)
    f_star -= weights[1] * gain * sp.exp(-ratio * c_star * t)
# Overlap of the target with itself, in a unit of time in which c* is one.
unit = sp.expand((f_star**2).subs(t, x / c_star))
energy = sp.integrate(unit, (x, 0, sp.oo)) / c_star
""",
    # The Lyapunov equation of the pair, and the mean of the activities with the target's state.
    "q2-loss": """
M = sp.Matrix([[-1, w], [w, -1]])
g11, g12, g22 = sp.symbols("g11 g12 g22")
G = sp.Matrix([[g11, g12], [g12, g22]])
found = sp.solve(list(M * G + G * M.T + sp.diag(1, 0)), [g11, g12, g22])
self_energy = sp.simplify(found[g11])
meets = [C_symbolic * (s * sp.eye(2) - A_symbolic).inv() * B_symbolic for s in (1 - w, 1 + w)]
overlap = (meets[0] + meets[1])[0] / 2
best_a = sp.simplify(overlap / self_energy)
loss_pair = self_energy / 2 * (a - best_a) ** 2 + (energy - overlap * best_a) / 2
""",
    # The projection of the target on the shape of the response, sampled in time.
    "q2-best": """
ages = np.linspace(0, 200, 40001)
goal = target.impulse_response(ages)


def fraction(weight):
    shape = np.exp(-ages) * np.cosh(weight * ages)
    shared, own = (np.trapezoid(shape * other, ages) for other in (goal, shape))
    return 1 - shared**2 / own / np.trapezoid(goal**2, ages)


low, high = 0.0, 0.97
while high - low > 1e-6:  # golden section
    left, right = high - 0.618034 * (high - low), low + 0.618034 * (high - low)
    if fraction(left) < fraction(right):
        high = right
    else:
        low = left
w_best = np.float64((low + high) / 2)
left_over = fraction(w_best)
""",
    # The area under the squared error, by Gauss and Legendre's rule.
    "q3-rest": """
from scipy.linalg import expm as exponential


def loss_from_rest(W, u, v, A_star, B_star, C_star, T):
    nodes, heights = np.polynomial.legendre.leggauss(20)
    pieces = int(np.ceil(T)) + 1
    ages = np.add.outer(np.arange(pieces), (nodes + 1) / 2) * T / pieces
    A, n = np.asarray(W) - np.eye(len(u)), len(u)
    total, h, goal = 0.0, np.array(u, float), np.array(B_star, float)
    one_step, goal_step = exponential(A * T / pieces), exponential(A_star * T / pieces)
    net_rows = [v @ exponential(A * x) for x in ages[0]]
    goal_rows = [C_star @ exponential(A_star * x) for x in ages[0]]
    for _ in range(pieces):
        errors = np.array([r @ h - q @ goal for r, q in zip(net_rows, goal_rows)])
        total += heights @ errors**2 / 2 * T / pieces
        h, goal = one_step @ h, goal_step @ goal
    return np.float64(total / 2)
""",
    "q4-chain": """
def chain_rule(by_A, W):
    if trained == "leak":
        return [-by_A[i][i] for i in range(len(W))]
    product = np.asarray(by_A) @ np.transpose(W), np.transpose(W) @ np.asarray(by_A)
    return [product[trained == "sender"][i, i] for i in range(len(W))]
""",
    # The package's gradient of the network that has the same A.
    "q4-gradient": """
def parameter_gradient(p, W, u, v, A_star, B_star, C_star):
    same = rb.LinearRNN(drift(np.asarray(p), W) + np.eye(len(u)), u, v)
    _, by = rb.loss_and_gradient(same, rb.Filter(A_star, B_star, C_star))
    return np.array(chain_rule(by.W, W))
""",
    # The geometric series, summed by SymPy.
    "q5-overlap": """
j, q = sp.symbols("j", integer=True), sp.symbols("q", positive=True)
series = sp.summation(q**j, (j, 0, sp.oo)).args[0][0]
overlap_dt = dt * series.subs(q, (1 - c * dt) * (1 - kappa * dt))
""",
    "q5-step": """
from scipy.optimize import brentq


def too_large(step):
    left = 1 - mode_rate * step
    return step / (1 - left**2) * 2 * mode_rate - 1 - accuracy


dt_max = brentq(too_large, 1e-6, 1 / mode_rate, xtol=1e-12)
""",
}

ANSWERS = [BY_TIME, BY_RATE]

WRONG = {
    # The stages in parallel in place of in series; the energy as the area of f, without the square.
    "q1-target": (
        """
f_star = weights[0] * sp.exp(-c_star * t)
f_star += weights[1] * ratio * c_star * sp.exp(-ratio * c_star * t)
F_star = sp.integrate(sp.expand(f_star * sp.exp(-z * t)), t).subs(t, 0) * -1
energy = sp.integrate(f_star, (t, 0, sp.oo))
""",
        ["q1-response-test", "q1-transfer-test", "q1-energy-test"],
    ),
    # The modes of the pair do not meet each other in its energy.
    "q2-loss": (
        """
pair = (1 / (2 * (1 - w)) + 1 / (2 * (1 + w))) / 4
shared = (F_star.subs(z, 1 - w) + F_star.subs(z, 1 + w)) / 2
loss_pair = a**2 * pair / 2 - a * shared + energy / 2
best_a = shared / pair
""",
        ["q2-loss-test", "q2-amplitude-test"],
    ),
    # The slow mode tuned to c*, and the loss itself in place of a fraction of it.
    "q2-best": (
        """
w_best = 1 - c_star_value
overlap = (target.transfer(1 - w_best) + target.transfer(1 + w_best)).real / 2
pair = (1 / (1 - w_best**2) + 1) / 4
left_over = 1 - overlap**2 / (pair * target.energy)
""",
        ["q2-weight-test", "q2-left-test"],
    ),
    # The end of the trial is forgotten: this is the loss after a long time.
    "q3-rest": (
        """
def loss_from_rest(W, u, v, A_star, B_star, C_star, T):
    A = block_diag(W - np.eye(len(W)), A_star)
    B = np.concatenate([u, B_star])
    C = np.concatenate([v, -C_star])
    P = solve_continuous_lyapunov(A, -np.outer(B, B))
    return float(0.5 * C @ P @ C)
""",
        ["q3-finite-test", "q3-unstable-test"],
    ),
    # Sender and receiver exchanged, and the sign of the leak forgotten.
    "q4-chain": (
        """
def chain_rule(by_A, W):
    if trained == "leak":
        return np.diag(by_A)
    return np.sum(by_A * W, axis=1 if trained == "sender" else 0)
""",
        ["q4-chain-test"],
    ),
    # The parameters are left out of the network, and one matrix is not transposed.
    "q4-gradient": (
        """
def parameter_gradient(p, W, u, v, A_star, B_star, C_star):
    A = W - np.eye(len(u))
    P = solve_continuous_lyapunov(A, -np.outer(u, u))
    Q = solve_continuous_lyapunov(A.T, -np.outer(v, v))
    X = solve_sylvester(A, A_star.T, -np.outer(u, B_star))
    Y = solve_sylvester(A.T, A_star, -np.outer(v, C_star))
    by_A = Q @ P - X @ Y.T
    if trained == "leak":
        return -np.diag(by_A)
    return np.sum(by_A * W, axis=0 if trained == "sender" else 1)
""",
        ["q4-plain-test", "q4-general-test"],
    ),
    # Euler steps taken for the exact decay; the step to first order only.
    "q5-overlap": ("overlap_dt = dt / (1 - sp.exp(-(c + kappa) * dt))\n", ["q5-overlap-test"]),
    "q5-step": ("dt_max = accuracy / mode_rate\n", ["q5-step-test"]),
}
