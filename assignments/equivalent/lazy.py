"""Other right answers to the assignment on lazy learning, and typical wrong ones.

ANSWERS has, by the id of an answer cell, another form or algorithm that gets full marks. WRONG has
a plausible error each, and the ids of the tests that give no points then.
"""

ANSWERS = {
    "q1-kernel": r"""
K = sp.exp((g - 1) * t) * sp.exp((g - 1) * t2) * sp.hyper([], [1], sigma**2 * t * t2)
""",
    # By a change of units: with the leak as unit of rates, the network is that of chapter 9.
    "q1-spectrum": r"""
leak, scaled = 1 - g, sigma / (1 - g)
plain = lazy.RATIO.subs(lazy.SIGMA, scaled)
z_next = sp.together(leak * (1 - scaled**2 / (1 + z / leak)))
ratio = plain
mu = plain**n / (1 + sp.sqrt(1 - scaled**2)) / leak
""",
    "q2-exponent": r"""
def learning_exponent(sigma, g, c_star, omega_star=0.0):
    unit = 1 - g
    return lazy.learning_exponent(sigma / unit, c_star / unit, omega_star / unit)
""",
    "q2-design": r"""
g_best = 1 - (my_c_star**2 + my_sigma**2) ** 0.5
g_threshold = 1 - my_sigma - my_c_star
low, high = g_threshold, g_best
for _ in range(60):
    g_goal = (low + high) / 2
    unit = 1 - g_goal
    if lazy.learning_exponent(my_sigma / unit, my_c_star / unit) < beta_goal:
        low = g_goal
    else:
        high = g_goal
""",
    # By integration, term by term.
    "q3-coefficient": r"""
def coefficient(n):
    time = sp.Symbol("time", positive=True)
    polynomial = sp.expand(sp.laguerre(n, alpha * time) * time**order / sp.factorial(order))
    found = 0
    for (power,), factor in sp.Poly(polynomial, time).terms():
        found += factor * sp.factorial(power) / (c_star + alpha / 2) ** (power + 1)
    return sp.sqrt(alpha) * found
""",
    # By simulation of the chain.
    "q3-curve": r"""
def delayed_curve(s, sigma, g, c_star):
    links, size = 250, order + 1
    W = g * np.eye(links) + sigma * np.eye(links, k=-1)
    chain = rb.LinearRNN(W, np.eye(links)[0], np.zeros(links))
    poles = np.eye(size, k=-1) - c_star * np.eye(size)
    target = rb.Filter(poles, np.eye(size)[0], np.eye(size)[-1])
    return lazy.readout_curve(chain, target, s)
""",
    # The flow as one matrix exponential, and the loss from the package.
    "q4-network": r"""
from scipy.linalg import expm, solve_sylvester


def forgetful_losses(W, u, c_star, s, decay):
    size = len(u)
    A = W - np.eye(size)
    P = solve_sylvester(A, A.T, -np.outer(u, u))
    x = np.linalg.inv(c_star * np.eye(size) - A) @ u
    flow = np.zeros((size + 1, size + 1))
    flow[:size, :size] = -P - decay * np.eye(size)
    flow[:size, size] = x
    losses = []
    for now in s:
        v = expm(now * flow)[:size, size]
        losses.append(rb.population_loss(rb.LinearRNN(W, u, v), rb.exponential(c_star)))
    return np.array(losses)
""",
    "q5-weights": r"""
of_W = p * sp.diff(sigma ** (2 * m), sigma) / (2 * sigma) * (a * b) ** 2
w = sigma ** (2 * m) * (int("v" in trained) * a**2 + int("u" in trained) * b**2) + of_W
""",
    # The convolution of the two chains, in eigenvectors of W.
    "q5-kernel": r"""
def plastic_kernel(W, u, v, mask, times):
    values, right = np.linalg.eig(W - np.eye(len(u)))
    if np.linalg.cond(right) > 1e6:
        raise ValueError("not diagonalisable")
    left = np.linalg.inv(right)
    heard, held = v @ right, left @ u
    slopes = []
    for time in times:
        gap = values[:, None] - values
        same = np.abs(gap) < 1e-8
        grown = np.exp(values * time)
        convolved = (grown[:, None] - grown) / np.where(same, 1, gap)
        convolved = np.where(same, time * grown, convolved)
        middle = heard[:, None] * convolved * held
        slopes.append((left.T @ middle @ right.T).real[mask])
    return np.array(slopes) @ np.array(slopes).T
""",
    "q5-balance": r"""
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import ive


def excess(g):
    gap = 2 * (1 - g - my_sigma)

    def read(t):
        return 2 * np.exp(-gap * t) * ive(0, 2 * my_sigma * t)

    def recurrent(t):
        return plastic * t / my_sigma * np.exp(-gap * t) * ive(1, 2 * my_sigma * t)

    return quad(lambda t: recurrent(t) - read(t), 0, np.inf, epsabs=1e-10, limit=500)[0]


g_balance = brentq(excess, -1.0, 0.999 - my_sigma, xtol=1e-10)
""",
    # The two clocks are those of the output scale: v scaled back, coarser steps.
    "q6-departure": r"""
def departure(start, c_star, kappa, s):
    found = []
    for scale in (kappa, kappa / 2):
        run = rb.gradient_flow(start, rb.mixture([1 / scale], [c_star]), s, rtol=1e-4)
        found.append(4 * c_star * scale**2 * run.loss)
    return np.max(np.abs(np.subtract(*found)))


departures = [departure(network, 0.3, k, learning_times) for k in scales]
""",
}

WRONG = {
    # The sign of the self-excitation.
    "q1-kernel": (
        r"""
K = sp.exp(-(1 + g) * (t + t2)) * sp.besseli(0, 2 * sigma * sp.sqrt(t * t2))
""",
        ["q1-kernel-test"],
    ),
    # The eigenvalues in the unit of the leak.
    "q1-spectrum": (
        r"""
leak = 1 - g
half = sp.sqrt(leak**2 - sigma**2)
z_next = leak - sigma**2 / (leak + z)
ratio = (leak - half) / (leak + half)
mu = ratio**n / (1 + half)
""",
        ["q1-spectrum-test"],
    ),
    # Amplitude in place of energy: half the exponent.
    "q2-exponent": (
        r"""
def learning_exponent(sigma, g, c_star, omega_star=0.0):
    leak = 1 - g
    half = np.sqrt(leak**2 - sigma**2)
    z = c_star + 1j * omega_star
    rho = abs((z - half) / (z + half))
    return np.log(rho) / np.log((leak - half) / (leak + half))
""",
        ["q2-exponent-test", "q2-complex-test"],
    ),
    # The other side of the target's eigenvalue, and a guess.
    "q2-design": (
        r"""
g_threshold = my_c_star
g_best = 1 - my_sigma - my_c_star / 2
g_goal = g_threshold
""",
        ["q2-threshold-test", "q2-best-test", "q2-goal-test"],
    ),
    # The derivative without its sign and its factorial.
    "q3-coefficient": (
        r"""
def coefficient(n):
    d = sp.sqrt(alpha) * (c_star - alpha / 2) ** n / (c_star + alpha / 2) ** (n + 1)
    return sp.diff(d, c_star, order)
""",
        ["q3-coefficient-test"],
    ),
    # The loss is quadratic in the error, so it decays at twice the rate.
    "q3-curve": (
        r"""
def delayed_curve(s, sigma, g, c_star):
    half = np.sqrt((1 - g) ** 2 - sigma**2)
    mu = ((1 - g - half) / (1 - g + half)) ** np.arange(120) / (1 - g + half)
    rate = sp.Symbol("rate")
    total = 0
    for number, one in enumerate(mu):
        d = (rate - half) ** number / (rate + half) ** (number + 1)
        d = sp.diff(d, rate, order) / sp.factorial(order)
        d = float(d.subs(rate, c_star)) * np.sqrt(2 * half)
        total = total + 0.5 * d**2 * np.exp(-one * np.asarray(s))
    return total
""",
        ["q3-curve-test"],
    ),
    # The power of n in the coefficients, not in their squares.
    "q3-power": ("log_power = order", ["q3-power-test"]),
    # Forgetting only shrinks what would have been learned.
    "q4-network": (
        r"""
def forgetful_losses(W, u, c_star, s, decay):
    from scipy.linalg import solve_continuous_lyapunov

    A = W - np.eye(len(u))
    rates, vectors = np.linalg.eigh(solve_continuous_lyapunov(A, -np.outer(u, u)))
    x = vectors.T @ np.linalg.solve(c_star * np.eye(len(u)) - A, u)
    grown = -np.expm1(-np.outer(s, rates)) / rates * np.exp(-decay * np.asarray(s))[:, None]
    v = grown * x
    return 0.5 * v**2 @ rates - v @ x + 0.25 / c_star
""",
        ["q4-network-test"],
    ),
    # The decay added to the rates, but not to where learning ends.
    "q4-theory": (
        r"""
def forgetful_curve(s, sigma, g, c_star, decay):
    half = np.sqrt((1 - g) ** 2 - sigma**2)
    mu = ((1 - g - half) / (1 - g + half)) ** np.arange(500) / (1 - g + half)
    rho = (c_star - half) / (c_star + half)
    d = np.sqrt(2 * half) / (c_star + half) * rho ** np.arange(500)
    return 0.5 * np.exp(-2 * np.outer(s, mu + decay)) @ d**2


decay_max = 0.2 ** (1 / lazy.learning_exponent(my_sigma, my_c_star))
""",
        ["q4-theory-test", "q4-decay-test"],
    ),
    # The share of plastic synapses squared, as if it were a factor of f.
    "q5-weights": (
        r"""
recurrent = p**2 * a**2 * b**2 * m * sigma ** (2 * (m - 1))
read = a**2 * int("v" in trained) + b**2 * int("u" in trained)
w = read * sigma ** (2 * m) + recurrent
""",
        ["q5-weights-test"],
    ),
    # Sender and receiver exchanged.
    "q5-kernel": (
        r"""
def plastic_kernel(W, u, v, mask, times):
    from scipy.linalg import expm

    size = len(u)
    A = W - np.eye(size)
    blocks = np.block([[A.T, np.outer(v, u)], [np.zeros((size, size)), A.T]])
    slopes = np.array([expm(t * blocks)[:size, size:].T[mask] for t in times])
    return slopes @ slopes.T
""",
        ["q5-mask-test"],
    ),
    # The plastic share in the wrong place.
    "q5-balance": (
        "g_balance = 1 - np.sqrt(my_sigma**2 + 1 / 4)",
        ["q5-balance-test"],
    ),
    # Losses that are not divided by their start.
    "q6-departure": (
        r"""
def departure(start, c_star, kappa, s):
    one, two = (
        rb.gradient_flow(start, rb.mixture([size / kappa], [c_star]), s, rtol=1e-4).loss
        for size in (1, 2)
    )
    return np.abs(two - one).max()


departures = np.array([departure(network, 0.3, k, learning_times) for k in scales])
""",
        ["q6-function-test", "q6-experiment-test"],
    ),
}
