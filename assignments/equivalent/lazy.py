"""Other right answers to the assignment on lazy learning, and typical wrong ones.

ANSWERS are sets of answers, by the id of the answer cell, with other forms or algorithms, which get
full marks. WRONG has a plausible error each, and the ids of the tests that give no points then.
"""

ANSWERS = (
    {
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
        # The loss in the end and at any time, by the flow of each mode as a step response.
        "q4-theory": r"""
def forgetful_curve(s, sigma, g, c_star, decay):
    half = np.sqrt((1 - g) ** 2 - sigma**2)
    total = np.zeros(len(s))
    size, step = 2 * half / (c_star + half) ** 2, ((c_star - half) / (c_star + half)) ** 2
    rate = 1 / (1 - g + half)
    while size > 1e-22:
        gone = -np.expm1(-(rate + decay) * np.asarray(s, float))
        total += size / 2 * (1 - gone * rate / (rate + decay)) ** 2
        size, rate = size * step, rate * (1 - g - half) / (1 - g + half)
    return total


low, high = 1e-16, 10.0
for _ in range(200):
    decay_max = (low * high) ** 0.5
    left = forgetful_curve([1e30], my_sigma, my_g, my_c_star, decay_max)[0]
    low, high = (decay_max, high) if left < 0.05 / my_c_star else (low, decay_max)
""",
    },
    {
        # By its series: the links of the chain, as a sum that SymPy does.
        "q1-kernel": r"""
j = sp.Symbol("j", integer=True, nonnegative=True)
series = sp.summation((sigma**2 * t * t2) ** j / sp.factorial(j) ** 2, (j, 0, sp.oo))
K = sp.exp(g * t + g * t2 - t - t2) * series
""",
        # The fixed points and the ratio of distances from the map itself.
        "q1-spectrum": r"""
x = 1 - g
z_next = (x**2 + x * z - sigma**2) / (x + z)
up = sp.sqrt(x - sigma) * sp.sqrt(x + sigma)
ratio = sp.simplify(sp.diff(z_next, z).subs(z, up))
mu = sigma ** (2 * n) / (x + up) ** (2 * n + 1)
""",
        "q2-exponent": r"""
def learning_exponent(sigma, g, c_star, omega_star=0.0):
    half = (1 - g - sigma) ** 0.5 * (1 - g + sigma) ** 0.5
    far = (c_star + half) ** 2 + omega_star**2
    near = (c_star - half) ** 2 + omega_star**2
    return np.log(far / near) / (2 * np.arccosh((1 - g) / sigma))
""",
        "q2-design": r"""
from scipy.optimize import root_scalar

g_threshold = 1 - (my_c_star + my_sigma)
g_best = 1 - abs(complex(my_c_star, my_sigma))


def off(half):
    "The exponent minus its goal, by the rate of the first eigenfunction."
    leak = np.hypot(half, my_sigma)
    rho = abs((my_c_star - half) / (my_c_star + half))
    return np.log(rho) + beta_goal * np.arccosh(leak / my_sigma)


top = np.sqrt((my_c_star + my_sigma) ** 2 - my_sigma**2)
half = root_scalar(off, bracket=(my_c_star * (1 + 1e-12), top), xtol=1e-14).root
g_goal = 1 - np.hypot(half, my_sigma)
""",
        # From the generating function of the Laguerre polynomials.
        "q3-coefficient": r"""
def coefficient(n):
    x, y = sp.symbols("x y")
    # sum_n x^n L_n(alpha t) = exp(-alpha t x / (1 - x)) / (1 - x), integrated against y.
    rate = c_star + alpha / 2 + alpha * x / (1 - x)
    summed = 1 / (1 - x) / rate ** (order + 1)
    return sp.sqrt(alpha) * sp.diff(summed, x, n).subs(x, 0) / sp.factorial(n)
""",
        # Coefficients by the same generating function, multiplied out in numbers.
        "q3-curve": r"""
def delayed_curve(s, sigma, g, c_star):
    from scipy.signal import lfilter

    half, size = np.sqrt((1 - g) ** 2 - sigma**2), 1500
    below = c_star + half
    pulse = np.zeros(size)
    pulse[0] = 1
    # (1 - x)^order / (below - (c_star - half) x)^(order + 1), power by power of x.
    d = np.sqrt(2 * half) * pulse
    for _ in range(order + 1):
        d = lfilter([1], [below, half - c_star], d)
    for _ in range(order):
        d = lfilter([1, -1], [1], d)
    mu = np.exp(-2 * np.arccosh((1 - g) / sigma) * np.arange(size)) / (1 - g + half)
    return sum(0.5 * d[j] ** 2 * np.exp(-2 * mu[j] * np.asarray(s)) for j in range(size))
""",
        "q3-power": r"""
log_power = {1: 2.0, 2: 4.0}[order]
""",
        # By a singular value decomposition of the square root of the Gramian.
        "q4-network": r"""
def forgetful_losses(W, u, c_star, s, decay):
    from scipy.linalg import solve_continuous_lyapunov

    one = np.eye(len(u))
    P = solve_continuous_lyapunov(W - one, -np.outer(u, u))
    U, size, _ = np.linalg.svd((P + P.T) / 2)
    pull = U.T @ np.linalg.solve((1 + c_star) * one - W, u)
    losses = []
    for now in np.asarray(s, float):
        v = pull * (1 - np.exp(-now * (size + decay))) / (size + decay)
        losses.append(1 / (4 * c_star) + np.sum(size * v * v / 2 - v * pull))
    return np.array(losses)
""",
        # By simulation of the chain, and Brent's method for the rate of forgetting.
        "q4-theory": r"""
from scipy.linalg import solve_continuous_lyapunov
from scipy.optimize import brentq


def forgetful_curve(s, sigma, g, c_star, decay, links=220):
    A = (g - 1) * np.eye(links) + sigma * np.eye(links, k=-1)
    first = np.eye(links)[0]
    rates, vectors = np.linalg.eigh(solve_continuous_lyapunov(A, -np.outer(first, first)))
    rates = np.maximum(rates, 0)
    pull = vectors.T @ np.linalg.solve(c_star * np.eye(links) - A, first)
    v = pull * -np.expm1(-np.outer(s, rates + decay)) / (rates + decay)
    return v**2 @ rates / 2 - v @ pull + 1 / (4 * c_star)


half = np.sqrt((1 - my_g) ** 2 - my_sigma**2)
modes = np.arange(4000)
mu_n = np.exp(-2 * np.arccosh((1 - my_g) / my_sigma) * modes) / (1 - my_g + half)
share = abs((my_c_star - half) / (my_c_star + half)) ** (2 * modes)
share /= share.sum()
decay_max = 10 ** brentq(
    lambda x: share @ (1 / (1 + mu_n / 10**x)) ** 2 - 0.2, -17, 1, xtol=1e-10
)
""",
        "q5-weights": r"""
read = {"v": a**2, "u": b**2}
w = sum(read[name] for name in ("u", "v") if name in trained) * sigma ** (2 * m)
w = w + m * p * (a * b / sigma) ** 2 * sigma ** (2 * m)
""",
        # The derivative by quadrature of the product of activity and adjoint.
        "q5-kernel": r"""
def plastic_kernel(W, u, v, mask, times):
    from scipy.linalg import expm

    A = np.asarray(W) - np.eye(len(u))
    nodes, weights = np.polynomial.legendre.leggauss(30)
    slopes = []
    for time in times:
        total = np.zeros(A.shape)
        for x, weight in zip(nodes, weights):
            t = time * (1 + x) / 2
            total += weight * time / 2 * np.outer(expm(A.T * t) @ v, expm(A * (time - t)) @ u)
        slopes.append(total[np.asarray(mask)])
    return np.array([[x @ y for x in slopes] for y in slopes])
""",
        # By the two traces as sums over the chain.
        "q5-balance": r"""
from scipy.optimize import bisect


def excess(half):
    "Kernel of the plastic weights minus that of u and v: 1/(4 half^3) against 1/(2 half)."
    return plastic / (4 * half**3) - 2 / (2 * half)


half = bisect(excess, 1e-6, 10, xtol=1e-12)
g_balance = 1 - (half**2 + my_sigma**2) ** 0.5
""",
        # Each curve divided by its first loss, on a grid that begins at zero.
        "q6-departure": r"""
def relative(start, target, s):
    fine = np.unique(np.concatenate([[0.0], s]))
    loss = rb.gradient_flow(start, target, fine, rtol=3e-5).loss
    return np.interp(s, fine, loss / loss[0])


def departure(start, c_star, kappa, s):
    targets = [rb.Filter([[-c_star]], [1.0], [size / kappa]) for size in (1.0, 2.0)]
    small, large = (relative(start, target, np.asarray(s)) for target in targets)
    return max(abs(small - large))


departures = tuple(departure(network, 0.3, scale, learning_times) for scale in scales)
""",
    },
)

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
