"""Count the gradients of flows with both methods, and with the stabilised one alone.

    python benchmarks/solver.py

The error is that of the rightmost eigenvalue, the largest at 41 learning times, against a run at a
far smaller tolerance. Counts are the same on every machine. README.md here says what was found.
"""

from unittest import mock

import numpy as np

import rnnbook as rb
from rnnbook.objective import Objective
from rnnbook.training import dormand_prince

TOLERANCES = (1e-3, 1e-4, 1e-5, 1e-6)


def flows():
    """Yield a name, a network, a target, and how long it learns."""
    rng = np.random.default_rng
    yield "small start", rb.ginibre(50, 0.001, rng(0)), rb.exponential(0.1), 6
    yield "with a bulk", rb.ginibre(100, 0.3, rng(0)), rb.exponential(0.1), 2
    yield "slow target", rb.ginibre(50, 0.1, rng(0)), rb.exponential(0.02), 4
    yield "oscillation", rb.ginibre(50, 0.001, rng(1)), rb.damped_cosine(0.1, 0.4), 100


def counted(*arguments, **options):
    """Return a trajectory of `rb.gradient_flow`, and how many gradients it took."""
    evaluate, count = Objective.loss_and_gradient, 0

    def counting(objective, rnn):
        nonlocal count
        count += 1
        return evaluate(objective, rnn)

    with mock.patch.object(Objective, "loss_and_gradient", counting):
        return rb.gradient_flow(*arguments, **options), count


def main():
    print("flow           rtol   gradients: both  stabilised   error: both  stabilised")
    for name, rnn, target, end in flows():
        s = np.linspace(0, end, 41)
        exact = rb.gradient_flow(rnn, target, s, rtol=1e-9).outlier.real
        for rtol in TOLERANCES:
            both, few = counted(rnn, target, s, rtol=rtol)
            # No step of the other method is short enough: all but the first are stabilised.
            with mock.patch.object(dormand_prince, "longest", return_value=1e-300):
                one, many = counted(rnn, target, s, rtol=rtol)
            wrong = [np.abs(run.outlier.real - exact).max() for run in (both, one)]
            print(
                f"{name:13}  {rtol:.0e}  {few:15}  {many:10}   {wrong[0]:11.1e}  {wrong[1]:10.1e}",
                flush=True,
            )


if __name__ == "__main__":
    main()
