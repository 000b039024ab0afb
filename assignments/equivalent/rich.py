"""Other answers to the assignment on rich learning: right ones, and typical mistakes."""

ANSWERS = {
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
    flow = lambda state: np.array(
        [
            gain / (state[1] + c_star) - state[0] / (2 * state[1]) - rho_v * state[0],
            (state[0] / (2 * state[1])) ** 2
            - gain * state[0] / (state[1] + c_star) ** 2
            + rho_W * (1 - state[1]),
        ]
    )
    states = [np.array([0.0, 1.0])]
    for left, right in zip(s[:-1], s[1:]):
        count = max(1, int(np.ceil((right - left) / 5e-4)))
        h, state = (right - left) / count, states[-1]
        for _ in range(count):
            k1 = flow(state)
            k2 = flow(state + h * k1 / 2)
            k3 = flow(state + h * k2 / 2)
            k4 = flow(state + h * k3)
            state = state + h * (k1 + 2 * k2 + 2 * k3 + k4) / 6
        states.append(state)
    return np.array(states).T
""",
    "q4-condition": """
import scipy.linalg

def condition_number(W):
    values, left, right = scipy.linalg.eig(W, left=True, right=True)
    k = np.argmax(values.real)
    l, r = left[:, k], right[:, k]
    return np.linalg.norm(l) * np.linalg.norm(r) / abs(np.vdot(l, r))
""",
    "q5-moment": """
def moment(word, sigma):
    def pairings(rest):
        if not rest:
            return 1
        return sum(
            pairings(rest[1:k]) * pairings(rest[k + 1:])
            for k in range(1, len(rest))
            if rest[k] != rest[0]
        )

    return pairings(word) * sigma ** len(word)
""",
}

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
    # The eigenvalue for the decay rate; the reduced theory for the network.
    "q4-seen": (
        """
c_seen = sigma
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
        ["q4-c-test", "q4-s-test"],
    ),
    # Of the matrix of eigenvectors, not of one eigenvalue.
    "q4-condition": (
        """
def condition_number(W):
    return np.linalg.cond(np.linalg.eig(W)[1])
""",
        ["q4-condition-test"],
    ),
    # All pairings, crossing ones too.
    "q5-moment": (
        """
def moment(word, sigma):
    import math
    half = word.count("W")
    return (word.count("T") == half) * math.factorial(half) * sigma ** len(word)
""",
        ["q5-long-test"],
    ),
    # The largest rate itself; one variable after the other.
    "q6-steps": (
        """
def steps(c_star, gain):
    eta, a, c, n = 4 * c_star**3, 0.0, 1.0, 0
    while abs(c - c_star) >= 0.1 * c_star and n < 10**5:
        a += 2 * eta * (gain / (c + c_star) - a / (2 * c))
        c += 2 * eta * (a**2 / (4 * c**2) - gain * a / (c + c_star) ** 2)
        n += 1
    return n

exponent = steps(0.05, gain) / steps(0.1, gain)
""",
        ["q6-steps-test", "q6-exponent-test"],
    ),
}
