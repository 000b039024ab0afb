"""Time the exact loss and gradient against dense solves and PyTorch, and check their accuracy.

Run by `make bench`. README.md here says what is compared and gives a measured table.
"""

import argparse
import os
import platform
import time

import numpy as np
import scipy
import torch

from rnnbook import LinearRNN, dense_loss_and_gradient, exponential, ginibre, loss_and_gradient
from rnnbook.noise import white_noise

SIZES = (100, 200, 500, 1000, 2000)
GROWTH_SIZES = (500, 1000, 2000, 4000)
C_STAR = 0.1
# NumPy's BLAS reads this variable too and, like we, takes all cores where it is not set.
THREADS = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count()))
clock = time.perf_counter
# What the project promises.
REQUIRED_ERROR, REQUIRED_EXPONENT = 1e-10, 2.2
REQUIRED_SIZE, REQUIRED_AUTOGRAD, REQUIRED_BPTT = 1000, 50, 150


def problem(n, seed=0):
    """A random network with an outlier: W has spectral radius 0.5 in bulk and an eigenvalue 0.8."""
    rnn = ginibre(n, 0.5, np.random.default_rng(seed), v_scale=1.0)
    return LinearRNN(rnn.W + 0.8 * np.outer(rnn.u, rnn.u), rnn.u, rnn.v)


def ours(rnn, repeat):
    return loss_and_gradient(rnn, exponential(C_STAR))[1].W


def dense(rnn, repeat):
    return dense_loss_and_gradient(rnn, exponential(C_STAR))[1].W


def autograd_rk4(rnn, repeat, dt=0.1, duration=60.0):
    """Autograd through Runge-Kutta steps of the impulse response, with Simpson's rule."""
    W, u, v = parameters(rnn, torch.float64)
    steps = round(duration / dt)
    A = W - torch.eye(rnn.n, dtype=W.dtype)
    h, states = u, [u]
    for _ in range(steps):
        k1 = A @ h
        k2 = A @ (h + dt / 2 * k1)
        k3 = A @ (h + dt / 2 * k2)
        k4 = A @ (h + dt * k3)
        h = h + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(h)
    weights = torch.full((steps + 1,), 2 * dt / 3, dtype=W.dtype)
    weights[1::2] *= 2
    weights[[0, -1]] /= 2
    t = dt * torch.arange(steps + 1, dtype=W.dtype)
    return backward(W, torch.stack(states) @ v, t, weights)


def autograd_taylor(rnn, repeat, dt=4.0, duration=60.0, degree=26, nodes=16):
    """Autograd through a few Taylor expansions of high degree, with Gauss-Legendre quadrature.

    The fastest of what we tried; tuned by hand to this problem.
    """
    W, u, v = parameters(rnn, torch.float64)
    panels = round(duration / dt)
    x, w = np.polynomial.legendre.leggauss(nodes)
    x = 0.5 * (x + 1)
    powers = torch.from_numpy(np.vander(x, degree + 1, increasing=True))
    h, response = u, []
    for _ in range(panels):
        terms = [h]
        for j in range(1, degree + 1):
            terms.append((W @ terms[-1] - terms[-1]) * (dt / j))
        terms = torch.stack(terms)
        response.append(powers @ (terms @ v))
        h = terms.sum(0)
    t = dt * (np.arange(panels)[:, None] + x).ravel()
    weights = np.tile(0.5 * dt * w, panels)
    return backward(W, torch.cat(response), torch.from_numpy(t), torch.from_numpy(weights))


def backward(W, response, t, weights):
    """Gradient by W of the loss, integrated over the times t with the given weights."""
    error = response - torch.exp(-C_STAR * t)
    (0.5 * weights @ error**2).backward()
    return W.grad.numpy()


def bptt(rnn, seed, batch=32, dt=0.05):
    """Backpropagation through time on sampled noise, in single precision, as `rnnbook.sgd` does."""
    W, u, v = parameters(rnn, torch.float32)
    steps = round(10 / C_STAR / dt)
    x = torch.from_numpy(white_noise(batch, steps, dt, np.random.default_rng(seed))).to(W.dtype)
    step = ((1 - dt) * torch.eye(rnn.n, dtype=W.dtype) + dt * W).T
    drive = dt * u
    h, z = torch.zeros(batch, rnn.n), torch.zeros(batch)
    states, targets = [], []
    for k in range(steps):
        h = torch.addmm(x[:, k, None] * drive, h, step)
        z = z + dt * (x[:, k] - C_STAR * z)
        if k >= steps // 2:
            states.append(h)
            targets.append(z)
    error = torch.stack(states) @ v - torch.stack(targets)
    (0.5 * error.square().mean()).backward()
    return W.grad.numpy()


def parameters(rnn, dtype):
    """W, u and v as leaves of the autograd graph."""
    return [torch.tensor(part, dtype=dtype, requires_grad=True) for part in (rnn.W, rnn.u, rnn.v)]


METHODS = {
    "(a) loss_and_gradient": ours,
    "(b) dense Lyapunov solves": dense,
    "(c) torch autograd, RK4 steps": autograd_rk4,
    "(c') torch autograd, tuned Taylor": autograd_taylor,
    "(d) torch BPTT, sampled noise": bptt,
}
OURS, DENSE, AUTOGRAD, _, BPTT = METHODS


def compare(n, rounds, dense_limit):
    """Print the rows of the table for one size; return the times by method and our error.

    The methods take turns, so that a disturbance from outside hits all of them alike.
    """
    rnn = problem(n)
    tight = loss_and_gradient(rnn, exponential(C_STAR), rtol=1e-13)[1].W
    names = [name for name in METHODS if name != DENSE or n <= dense_limit]
    times, gradients = {name: [] for name in names}, {name: [] for name in names}
    for repeat in range(rounds):
        for name in names:
            if name == OURS:
                ours(rnn, repeat)  # bring W back into the cache, as in a training loop
            for _ in range(7 if name == OURS else 1):
                start = clock()
                gradient = METHODS[name](rnn, repeat)
                times[name].append(clock() - start)
            gradients[name].append(gradient)
    reference = gradients[DENSE][0] if DENSE in names else tight
    errors = {
        name: np.median(
            [distance(g, tight if name == DENSE else reference) for g in gradients[name]]
        )
        for name in names
    }
    for name in METHODS:
        if name not in names:
            print(f"{n:>5}  {name:34} skipped: over ten times as long as at half the size")
            continue
        low, middle, high = np.quantile(times[name], (0, 0.5, 1))
        print(
            f"{n:>5}  {name:34} {middle:>9.4f}  {low:>9.4f} to {high:<9.4f} {len(times[name]):>3}"
            f"   {errors[name]:.0e} {middle / np.median(times[OURS]):>9.1f}",
            flush=True,
        )
    return times, errors[OURS]


def distance(gradient, reference):
    """Relative distance in the Frobenius norm."""
    return np.linalg.norm(gradient - reference) / np.linalg.norm(reference)


def growth(rounds=9):
    """Print our times over GROWTH_SIZES; return the exponents end to end and of a fitted line."""
    networks = [problem(n) for n in GROWTH_SIZES]
    times = []
    for _ in range(rounds):
        times.append([])
        for rnn in networks:
            ours(rnn, 0)
            start = clock()
            ours(rnn, 0)
            times[-1].append(clock() - start)
    middle = np.median(times, 0)
    for n, seconds, all_seconds in zip(GROWTH_SIZES, middle, np.transpose(times), strict=True):
        low, high = all_seconds.min(), all_seconds.max()
        print(f"{n:>5}  {OURS:34} {seconds:>9.4f}  {low:>9.4f} to {high:<9.4f} {rounds:>3}")
    x, y = np.log(GROWTH_SIZES), np.log(middle)
    return (y[-1] - y[0]) / (x[-1] - x[0]), np.polyfit(x, y, 1)[0]


def verdict(text, met):
    print(f"  {'met' if met else 'NOT MET':8} {text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of neurons")
    parser.add_argument("--quick", action="store_true", help="one round, sizes up to 200")
    parser.add_argument(
        "--dense-limit", type=int, default=1000, help="largest size for (b); 2000 takes minutes"
    )
    options = parser.parse_args()
    sizes = [n for n in options.sizes if n <= 200] if options.quick else options.sizes

    torch.set_num_threads(THREADS)
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}, "
        f"PyTorch {torch.__version__}\n{os.cpu_count()} cores, {platform.machine()}; "
        f"{torch.get_num_threads()} threads; wall-clock time\n\n"
        f"{'N':>5}  {'method':34} {'median s':>9}  {'range s':^22} {'of':>3}   error   / (a)"
    )
    results = {}
    for n in sizes:
        rounds = 1 if options.quick or n > 1000 else 3 if n == 1000 else 5
        results[n] = compare(n, rounds, options.dense_limit)
    print(
        "\nerror: relative, of dL/dW in the Frobenius norm, against the dense solves; against (a)\n"
        "at rtol=1e-13 for the dense solves themselves and where these were skipped. Of (d):\n"
        "median over noise seeds.\n"
    )
    end_to_end, fitted = growth()
    print("\nWhat the project requires:")
    for n, (_, error) in results.items():
        verdict(
            f"error of (a) at N = {n}: {error:.0e}, at most {REQUIRED_ERROR}",
            error <= REQUIRED_ERROR,
        )
    if REQUIRED_SIZE in results:
        times = results[REQUIRED_SIZE][0]
        for name, needed in ((AUTOGRAD, REQUIRED_AUTOGRAD), (BPTT, REQUIRED_BPTT)):
            ratio = np.median(times[name]) / np.median(times[OURS])
            text = f"{name} at N = {REQUIRED_SIZE} takes {ratio:.0f} times as long as (a), at least"
            verdict(f"{text} {needed}", ratio >= needed)
    for kind, exponent in (("500 to 4000", end_to_end), ("a line fitted through all", fitted)):
        text = f"growth exponent of (a), {kind}: {exponent:.2f}, at most {REQUIRED_EXPONENT}"
        verdict(text, exponent <= REQUIRED_EXPONENT)


if __name__ == "__main__":
    main()
