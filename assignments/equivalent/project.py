"""Other right answers to the project, and typical wrong ones.

ANSWERS are sets of answers, by the id of the answer cell, with other forms or algorithms, which get
full marks. WRONG has a plausible error each, and the ids of the tests that give no points then.
"""

ANSWERS = (
    {
        # By residues: blocks side by side, and amplitudes that meet the condition.
        "p-target": r"""
from scipy.linalg import block_diag

slow = 1 / slowest
if feature == "rings":
    A = block_diag([[-slow, -0.3], [0.3, -slow]], *[[[-2.0]]] * (pole_count - 2))
    B, C = [1.0, 0.0, 1.0][:pole_count], [1.0, -0.5, 0.4][:pole_count]
else:
    rates = np.array([slow, 0.5, 1.1])[:pole_count]
    A, B, C = np.diag(-rates), np.ones(pole_count), np.array([1.0, -0.4, 0.3])[:pole_count]
    weight = np.ones(pole_count) if feature == "starts at zero" else 1 / rates
    C[1] = -(weight @ C - weight[1] * C[1]) / weight[1]
C = np.array(C) * (energy_goal / rb.Filter(A, B, C).energy) ** 0.5
target = rb.Filter(A, B, C)
""",
        # Another observable, f(0) = u.v, and the flow of one mode as that of a single neuron.
        "p-experiment": r"""
tolerance = 0.05


def experiment(rng):
    net, one = rb.ginibre(30, 1e-4, rng), rb.LinearRNN([[0.0]], [1.0], [0.0])
    times, large, small = np.arange(0, 3.01, 0.3), [], []
    for step in np.diff(times, prepend=0):
        if step > 0:
            net = rb.gradient_flow(net, target, [step], rtol=1e-5).final
            one = rb.gradient_flow(one, target, [step], rtol=1e-5).final
        large.append(net.u @ net.v)
        small.append(one.v[0])
    return {"x": times, "simulation": large, "prediction": small, "network": net}
""",
        "p-figure": r"""
shown = {
    key: np.array(value)
    for key, value in experiment(np.random.default_rng(0)).items()
    if key != "network"
}
figure = plt.figure(figsize=(8, 4))
above, below = figure.subplots(2, 1, sharex=True)
above.errorbar(shown["x"], shown["simulation"], yerr=0.01, fmt="o", label="networks")
above.fill_between(shown["x"], shown["prediction"] - 0.01, shown["prediction"] + 0.01)
above.set(xlabel="learning time", ylabel="loss")
below.plot(shown["x"], shown["simulation"] - shown["prediction"])
below.set(xlabel="learning time", ylabel="difference")
figure.legend()
""",
        "p-number": r"""
def key_number(result):
    middle = len(result["x"]) // 2
    return tuple(float(result[key][middle]) for key in ("prediction", "simulation"))
""",
    },
    {
        # By zeros and poles.
        "p-target": r"""
from scipy.signal import zpk2ss

if feature == "rings":
    poles = [-1 / slowest + 0.9j, -1 / slowest - 0.9j, -1.5]
    zeros = [-0.6, -0.35][: pole_count - 1]
else:
    poles = [-1 / slowest, -0.9, -2.2]
    zeros = [-0.6][: pole_count - 2]
    if feature == "ignores constants":
        zeros = [0.0] + zeros
A, B, C, _ = zpk2ss(zeros, poles[:pole_count], 1.0)
height = np.sqrt(energy_goal / rb.Filter(A, B[:, 0], C[0]).energy)
target = rb.Filter(A, B[:, 0], height * C[0])
""",
        # The reservoir: the read-out of three random networks, and that of a chain.
        "p-experiment": r"""
from rnnbook import lazy

tolerance = 0.1


def experiment(rng):
    x = np.linspace(0, 8, 17)
    networks = [rb.ginibre(150, 0.2, rng) for _ in range(3)]
    curves = np.array([lazy.readout_curve(one, target, x) for one in networks])
    chain = rb.LinearRNN(0.2 * np.eye(20, k=-1), np.eye(20)[0], np.zeros(20))
    learned = rb.gradient_flow(networks[0], target, [0, 8], trainable=("v",), rtol=1e-3)
    return {
        "x": x,
        "simulation": curves.mean(axis=0),
        "prediction": lazy.readout_curve(chain, target, x),
        "network": learned.final,
        "curves": curves,
    }
""",
        # With a scale of colours beside it, whose panel has no labels of its own.
        "p-figure": r"""
data = experiment(np.random.default_rng(0))
figure, panel = plt.subplots()
dots = panel.scatter(data["x"], data["simulation"], c=data["x"], label="networks")
panel.plot(data["x"], data["prediction"], "k-", label="prediction")
panel.set_xlabel("learning time $s$ (1)")
panel.set_ylabel("loss")
panel.legend(loc="upper right")
plt.colorbar(dots)
""",
        "p-number": r"""
def key_number(result):
    width = np.diff(result["x"])

    def area(curve):
        curve = np.asarray(curve)
        return float(width @ (curve[1:] + curve[:-1]) / 2)

    return [area(result["prediction"]), area(result["simulation"])]
""",
    },
)

WRONG = {
    # Eigenvalue of W and pole confused; not scaled to its energy.
    "p-target": (
        r"""
target = rb.Filter([[-(1 - 1 / slowest), 0], [0, -2.0]], [1, 1], [1.0, 0.5])
""",
        ["p-poles-test", "p-energy-test", "p-feature-test"],
    ),
    # The generator is not used; the prediction is the simulation.
    "p-experiment": (
        r"""
tolerance = 0.1


def experiment(rng):
    start = rb.ginibre(20, 1e-3, np.random.default_rng(0))
    x = np.linspace(0, 3, 10)
    run = rb.gradient_flow(start, target, x, rtol=1e-4)
    return {"x": x, "simulation": run.loss, "prediction": run.loss, "network": run.final}
""",
        ["p-agree-test", "p-repeat-test"],
    ),
    # No labels.
    "p-figure": (
        r"""
figure, ax = plt.subplots()
result = experiment(np.random.default_rng(0))
ax.plot(result["x"], result["simulation"], result["x"], result["prediction"])
""",
        ["p-figure-test"],
    ),
    # Numbers that are not the same thing.
    "p-number": (
        r"""
def key_number(result):
    return result["prediction"][0], result["simulation"][-1]
""",
        ["p-number-test"],
    ),
}
