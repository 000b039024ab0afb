"""Other answers to the assignment on rich learning: two right solutions, and typical mistakes."""

# Integrals in time, traces and determinants, steps of Runge and Kutta.
BY_HAND = {
    "q1-flow": """
t = sp.symbols("t", positive=True)
error = a * sp.exp(-c * t) - g * sp.exp(-cs * t)
L = sp.integrate(sp.expand(error**2), (t, 0, sp.oo)) / 2
v_part, W_part = {"v": (1, 0), "W": (0, 1), "both": (1, 1)}[decayed]
da_ds = (2 * c * g - a * (c + cs)) / (2 * c * (c + cs)) - v_part * rho * a
dc_ds = sp.factor((a / (2 * c)) ** 2 - a * g / (c + cs) ** 2) - W_part * rho * (c - 1)
""",
    "q2-curvature": """
H = [[1 / (2 * cs), -g / (2 * cs) ** 2], [-g / (2 * cs) ** 2, 2 * g**2 / (2 * cs) ** 3]]
trace = 1 / (2 * c_star) + gain**2 / (4 * c_star**3)
determinant = gain**2 / (16 * c_star**4)
eta_max = 4 / (trace + np.sqrt(trace**2 - 4 * determinant))
eta_small = (2 * cs) ** 3 / g**2
""",
    "q3-follow": """
def follow(s, c_star, gain, rho_v=0.0, rho_W=0.0):
    def flow(a, c):
        overlap = gain / (c + c_star)
        da = overlap - a / (2 * c) - rho_v * a
        return da, (a / (2 * c)) ** 2 - a * overlap / (c + c_star) + rho_W * (1 - c)

    a, c = 0.0, 1.0
    states = [(a, c)]
    for left, right in zip(s[:-1], s[1:]):
        count = max(1, int(np.ceil((right - left) / 1e-3)))
        h = (right - left) / count
        for _ in range(count):
            a1, c1 = flow(a, c)
            a2, c2 = flow(a + h * a1 / 2, c + h * c1 / 2)
            a3, c3 = flow(a + h * a2 / 2, c + h * c2 / 2)
            a4, c4 = flow(a + h * a3, c + h * c3)
            a += h * (a1 + 2 * a2 + 2 * a3 + a4) / 6
            c += h * (c1 + 2 * c2 + 2 * c3 + c4) / 6
        states.append((a, c))
    return np.array(states).T
""",
    "q4-outliers": """
def outliers(w1, w2, xi, sigma):
    small = np.array([[w1, w1 * xi], [w2 * xi, w2]])
    found = np.sort(np.linalg.eigvals(small).real)[::-1]
    return found[np.abs(found) > sigma]
""",
    "q4-leaves": """
def leaves(c_star, gain, sigma):
    times = np.linspace(0, 2, 401)
    _, rates = follow(times, c_star, gain)
    first = next(k for k, rate in enumerate(rates) if rate <= 1 - sigma)
    share = (rates[first - 1] - (1 - sigma)) / (rates[first - 1] - rates[first])
    return times[first - 1] + share * (times[first] - times[first - 1])
""",
    "q4-seen": """
recorded = [1.5 * k / 60 for k in range(61)]
seen = [z.real for z in rb.gradient_flow(start, target, recorded).outlier]
for k in range(1, 61):
    if seen[k] >= sigma + 0.1:
        slope = (seen[k] - seen[k - 1]) / (recorded[k] - recorded[k - 1])
        s_seen = recorded[k - 1] + (sigma + 0.1 - seen[k - 1]) / slope
        break
""",
    "q5-steps": """
def steps(c_star, gain):
    trace = 1 / (2 * c_star) + gain**2 / (4 * c_star**3)
    determinant = gain**2 / (16 * c_star**4)
    eta = 2 / (trace + np.sqrt(trace**2 - 4 * determinant))
    state, count = np.array([0.0, 1.0]), 0
    while not abs(state[1] / c_star - 1) < 0.1:
        x, y = state
        down = [gain / (y + c_star) - x / 2 / y, (x / 2 / y) ** 2 - gain * x / (y + c_star) ** 2]
        state = state + eta * np.array(down)
        count += 1
    return float(count)
""",
    "q5-exponent": """
memories, counts = np.array([0.1, 0.05]), [steps(0.1, gain), steps(0.05, gain)]
exponent = np.polyfit(np.log(1 / memories), np.log(counts), 1)[0]
""",
}

# Transfer functions, what SymPy and SciPy offer, and polynomials.
BY_LIBRARY = {
    "q1-flow": """
z = sp.symbols("z")
F_star = g / (z + cs)
L = sp.together(a * a / c / 4 - a * F_star.subs(z, c) + g * F_star.subs(z, cs) / 2)
extra_a = -rho * a if decayed in ("v", "both") else 0
extra_c = rho * (1 - c) if decayed in ("W", "both") else 0
da_ds = F_star.subs(z, c) - a / (2 * c) + extra_a
dc_ds = sp.simplify(a**2 / (4 * c**2) + a * sp.diff(F_star, z).subs(z, c)) + extra_c
""",
    "q2-curvature": """
by_a = a / (2 * c) - g / (c + cs)
by_c = a * g / (c + cs) ** 2 - a**2 / (4 * c**2)
entries = [sp.diff(slope, x).subs({a: g, c: cs}) for slope in (by_a, by_c) for x in (a, c)]
H = sp.Matrix(2, 2, entries)
steepest = max(np.roots(np.poly(np.array(H.subs({cs: c_star, g: gain})).astype(float))).real)
eta_max = sp.Float(2 / steepest)
eta_small = sp.limit(sp.trace(H) * cs**3, cs, 0) ** -1 * 2 * cs**3
""",
    "q3-follow": """
from scipy.integrate import odeint


def follow(s, c_star, gain, rho_v=0.0, rho_W=0.0):
    A, C = sp.symbols("A C", positive=True)
    J = A**2 / (4 * C) - A * gain / (C + c_star)
    J += rho_v * A**2 / 2 + rho_W * (1 - C) ** 2 / 2
    down = sp.lambdify([A, C], [-sp.diff(J, A), -sp.diff(J, C)])
    path = odeint(lambda y, _: down(*y), [0, 1], s, rtol=1e-9, atol=1e-11, mxstep=10000)
    return list(path[:, 0]), list(path[:, 1])
""",
    "q4-outliers": """
def outliers(w1, w2, xi, sigma):
    roots = np.roots([1, -w1 - w2, w1 * w2 * (1 - xi**2)]).real
    return sorted((float(x) for x in roots if not -sigma <= x <= sigma), reverse=True)
""",
    "q4-leaves": """
def leaves(c_star, gain, sigma):
    h, a, c, count = 5e-5, 0.0, 1.0, 0
    while c > 1 - sigma:
        overlap = gain / (c + c_star)
        da, dc = overlap - a / (2 * c), a**2 / (4 * c**2) - a * overlap / (c + c_star)
        a, c, count = a + h * da, c + h * dc, count + 1
    return h * count + (1 - sigma - c) / dc
""",
    "q4-seen": """
moments = np.arange(61) * 0.025
path = np.real(rb.gradient_flow(start, target, moments, eigenvalues=True).outlier)
after = np.flatnonzero(path >= sigma + 0.1)[0]
line = np.poly1d(np.polyfit(path[after - 1 : after + 1], moments[after - 1 : after + 1], 1))
s_seen = line(sigma + 0.1)
""",
    "q5-steps": """
def steps(c_star, gain):
    curvature = sp.matrix2numpy(H.subs({cs: c_star, g: gain}), dtype=float)
    rate = 1 / np.linalg.norm(curvature, 2)
    path = [(0.0, 1.0)]
    while abs(path[-1][1] - c_star) >= 0.1 * c_star:
        x, y = path[-1]
        error = gain / (y + c_star) - x / (2 * y)
        x_next = x + rate * error
        path.append((x_next, y + rate * x * (x / (4 * y * y) - gain / (y + c_star) ** 2)))
    return len(path) - 1
""",
    "q5-exponent": """
exponent = sp.log(sp.Rational(steps(0.05, gain), steps(0.1, gain)), 2).evalf()
""",
}

ANSWERS = [BY_HAND, BY_LIBRARY]

WRONG = {
    # The overlap counted twice; weight decay that pulls away from c = 1.
    "q1-flow": (
        """
L = a**2 / (4 * c) - 2 * a * g / (c + cs) + g**2 / (4 * cs)
J = L + rho * (a**2 + (1 - c) ** 2)
da_ds = sp.diff(J, a)
dc_ds = sp.diff(J, c)
""",
        ["q1-loss-test", "q1-a-test", "q1-c-test"],
    ),
    # Without the gain; one over the curvature in place of two; lambda for c.
    "q2-curvature": (
        """
H = sp.Matrix([[1 / (2 * cs), -1 / (4 * cs**2)], [-1 / (4 * cs**2), 1 / (4 * cs**3)]])
eta_max = 4 * c_star**3 / gain**2
eta_small = 8 * cs**3
""",
        ["q2-hessian-test", "q2-eta-test", "q2-small-test"],
    ),
    # Weight decay with the sign of the other side, and half of it.
    "q3-follow": (
        """
def follow(s, c_star, gain, rho_v=0.0, rho_W=0.0):
    def velocity(_, state):
        a, c = state
        da = gain / (c + c_star) - a / (2 * c) - rho_v * a / 2
        dc = a**2 / (4 * c**2) - gain * a / (c + c_star) ** 2 - rho_W * c
        return da, dc
    return solve_ivp(velocity, (0, s[-1]), (0, 1), t_eval=s, rtol=1e-9, atol=1e-12).y
""",
        ["q3-decay-test"],
    ),
    # As if structures that overlap did not notice each other; nothing below zero.
    "q4-outliers": (
        """
def outliers(w1, w2, xi, sigma):
    return [w for w in sorted([w1, w2])[::-1] if w > sigma]
""",
        ["q4-two-test", "q4-fewer-test"],
    ),
    # The eigenvalue for the decay rate.
    "q4-leaves": (
        """
def leaves(c_star, gain, sigma):
    s_ = np.linspace(0, 5, 2001)
    return np.interp(-sigma, -follow(s_, c_star, gain)[1], s_)
""",
        ["q4-leaves-test"],
    ),
    # The reduced theory for the network.
    "q4-seen": (
        """
s_ = np.linspace(0, 1.5, 61)
a_, c_ = solve_ivp(
    lambda _, y: (
        1 / (y[1] + c_star) - y[0] / (2 * y[1]),
        y[0] ** 2 / (4 * y[1] ** 2) - y[0] / (y[1] + c_star) ** 2,
    ),
    (0, 1.5), (0, 1), t_eval=s_, rtol=1e-8,
).y
s_seen = np.interp(sigma + 0.1, 1 - c_, s_)
""",
        ["q4-s-test"],
    ),
    # The largest rate itself; one variable after the other.
    "q5-steps": (
        """
def steps(c_star, gain):
    eta, a, c, n = 4 * c_star**3, 0.0, 1.0, 0
    while abs(c - c_star) >= 0.1 * c_star and n < 10**5:
        a += 2 * eta * (gain / (c + c_star) - a / (2 * c))
        c += 2 * eta * (a**2 / (4 * c**2) - gain * a / (c + c_star) ** 2)
        n += 1
    return n
""",
        ["q5-steps-test"],
    ),
    # A ratio in place of a slope.
    "q5-exponent": ("exponent = steps(0.05, gain) / steps(0.1, gain)\n", ["q5-exponent-test"]),
}
