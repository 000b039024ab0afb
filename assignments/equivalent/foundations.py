"""Other right answers to the assignment "foundations", and wrong ones that must earn nothing.

`ANSWERS` has answers in another form or by another algorithm; each must get full marks. `WRONG` has
typical misconceptions, with the test cells that they must fail.
"""

ANSWERS = {
    # From the differential equations of the stages, and partial fractions.
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
    # Integrals in the time domain, with symbols of the student's own.
    "q2-loss": """
w = sp.symbols("w")
mode = sp.exp(-t) * sp.cosh(w * t)
pair = (1 / (1 - w) + 2 + 1 / (1 + w)) / 8
shared = (F_star.subs(z, 1 - w) + F_star.subs(z, 1 + w)) / 2
loss_pair = sp.together(sp.Rational(1, 2) * (a**2 * pair - 2 * a * shared + energy))
best_a = shared / pair
""",
    # Without any formula: a grid of networks, with the package's exact loss.
    "q2-best": """
from scipy.optimize import minimize


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
    # From the Gramians of the whole error system.
    "q4-gradient": """
def parameter_gradient(p, W, u, v, A_star, B_star, C_star):
    n = len(p)
    A = block_diag(drift(p, W), A_star)
    B = np.concatenate([u, B_star])
    C = np.concatenate([v, -C_star])
    P = solve_continuous_lyapunov(A, -np.outer(B, B))
    Q = solve_continuous_lyapunov(A.T, -np.outer(C, C))
    by_A = (Q @ P)[:n, :n]
    slopes = []
    for i in range(n):
        unit = np.zeros(n)
        unit[i] = 1.0
        direction = drift(unit, W) - drift(np.zeros(n), W)
        slopes.append(np.sum(by_A * direction))
    return np.array(slopes)
""",
    # The Gramian of the network is a block of that of the error system; a pseudo-inverse.
    "q4-readout": """
def best_readout(W, u, A_star, B_star, C_star):
    n = len(u)
    A = block_diag(W - np.eye(n), A_star)
    B = np.concatenate([u, B_star])
    P = solve_continuous_lyapunov(A, -np.outer(B, B))
    return np.linalg.pinv(P[:n, :n], hermitian=True) @ P[:n, n:] @ C_star
""",
    # The stationary covariance of the two outputs, from one step to the next.
    "q5-clock": """
m = sp.symbols("m")
overlap_dt = sp.solve(sp.Eq(m, (1 - c * dt) * (1 - kappa * dt) * m + dt), m)[0]
dt_max = sp.Float(2 * accuracy / (1 + accuracy) / mode_rate)
""",
    # In units of c*, with the autocovariance R(tau) = C exp(A tau) P C^T.
    "q5-worth": """
x = sp.symbols("x:3")
S = sp.Matrix([[x[0], x[1]], [x[1], x[2]]])
M = A_symbolic.subs(c_star, 1)
S = S.subs(sp.solve(list(M * S + S * M.T + B_symbolic * B_symbolic.T), x))
R = sp.expand((C_symbolic * (M * tau).exp() * S * C_symbolic.T)[0])
time = sp.integrate(sp.expand(2 * (R / R.subs(tau, 0)) ** 2), (tau, 0, sp.oo))
worth = T * c_star / time
""",
    # Euler steps, and other random numbers.
    "q5-run": """
step = 0.1
steps = int(60 / c_star_value / step)
drop = int(20 / c_star_value / step)
rng = np.random.default_rng(12345)
state, total = np.zeros((200, 2)), np.zeros(200)
for k in range(steps):
    x = rng.normal(0, step**-0.5, (200, 1))
    state = state + step * (state @ target.A.T + x * target.B)
    if k >= drop:
        total += 0.5 * (state @ target.C) ** 2
estimates = total / (steps - drop)
""",
}

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
    # A matrix that is not transposed in the equation for the covariance with the target.
    "q4-readout": (
        """
def best_readout(W, u, A_star, B_star, C_star):
    A = W - np.eye(len(u))
    P = solve_continuous_lyapunov(A, -np.outer(u, u))
    X = solve_sylvester(A, A_star, -np.outer(u, B_star))
    return np.linalg.lstsq(P, X @ C_star, rcond=None)[0]
""",
        ["q4-optimal-test", "q4-reach-test"],
    ),
    # Sender and receiver exchanged, and the sign of the leak forgotten.
    "q4-gradient": (
        """
def parameter_gradient(p, W, u, v, A_star, B_star, C_star):
    A = drift(p, W)
    P = solve_continuous_lyapunov(A, -np.outer(u, u))
    Q = solve_continuous_lyapunov(A.T, -np.outer(v, v))
    X = solve_sylvester(A, A_star.T, -np.outer(u, B_star))
    Y = solve_sylvester(A.T, A_star, -np.outer(v, C_star))
    by_A = Q @ P - Y @ X.T
    if trained == "leak":
        return np.diag(by_A)
    return np.sum(by_A * W, axis=1 if trained == "sender" else 0)
""",
        ["q4-plain-test", "q4-general-test"],
    ),
    # Euler steps taken for the exact decay; the step to first order only.
    "q5-clock": (
        """
overlap_dt = dt / (1 - sp.exp(-(c + kappa) * dt))
dt_max = accuracy / mode_rate
""",
        ["q5-overlap-test", "q5-step-test"],
    ),
    # As if the run were worth one trial for every time constant of the target.
    "q5-worth": ("worth = T * c_star\n", ["q5-worth-test"]),
    # Noise of standard deviation one, and runs that are ten times too short.
    "q5-run": (
        """
step = 0.2
steps = round(4 / c_star_value / step)
drop = round(10 / c_star_value / step)
noise = np.random.default_rng(1).normal(size=(200, drop + steps))
estimates = 0.5 * np.mean(target.simulate(noise, step)[:, drop:] ** 2, axis=1)
""",
        ["q5-mean-test", "q5-spread-test"],
    ),
}
