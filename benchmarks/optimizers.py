"""Count the steps that optimisers need for ever longer memories, on the reduced models.

    python benchmarks/optimizers.py

takes one minute on one idle core and writes rnnbook/data/optimizers.json, which `rnnbook.records`
loads for the chapter "Optimisers". Each step size is a fixed share of what the optimiser allows.
"""

import json

import numpy as np
import sympy as sp

import rnnbook as rb

GOAL = 0.01  # of the initial loss
C_STAR = np.geomspace(0.03, 0.003, 7).tolist()


def step_limit(c_star):
    """Largest stable learning rate of gradient descent at the target, 2 over the curvature."""
    a, c = rb.integrator.variables
    hessian = rb.integrator.hessian.subs({a: 1, c: c_star, rb.integrator.parameters[0]: c_star})
    return 2 / np.linalg.eigvalsh(np.array(hessian, dtype=float))[-1]


def descents(c_star):
    """Optimiser, reduced model and number of steps by name."""
    limit, make = step_limit(c_star), rb.optimizers
    within = np.sqrt(2 * GOAL) * c_star  # an error of c that costs one per cent of the loss
    rare, rarer = 2 * c_star, c_star**1.5  # of momentum, what is lost in a step
    return {
        "gradient descent": (make.GradientDescent(0.5 * limit), 0.5 / c_star**3),
        "momentum": (
            make.GradientDescent(0.02 * (2 - rare) * limit, 1 - rare),
            12 / c_star**2,
        ),
        "less friction": (
            make.GradientDescent(0.02 * (2 - rarer) * limit, 1 - rarer),
            40 / c_star**1.5,
        ),
        "spectral": (make.SpectralDescent(0.5 * within), 30 / c_star),
        "sign": (make.SignDescent(0.5 * within), 30 / c_star),
        "Adam": (make.Adam(0.05 * c_star), 60 / c_star),
    }


def settled(losses):
    """The step after which the loss stays below the goal, or None if it does not by the end."""
    above = [k for k, loss in enumerate(losses) if loss >= GOAL * losses[0]]
    return above[-1] + 1 if above[-1] + 1 < len(losses) else None


def count(optimizer, steps, c_star):
    entrywise = isinstance(optimizer, rb.optimizers.SignDescent | rb.optimizers.Adam)
    flow = rb.sign_integrator if entrywise else rb.integrator
    if isinstance(optimizer, rb.optimizers.GradientDescent):
        return settled(quick_losses(optimizer, int(steps), c_star))
    return settled(flow.descend(optimizer, int(steps), c_star=c_star).loss)


def quick_losses(optimizer, steps, c_star):
    """Loss at each step of gradient descent: `ReducedFlow.descend` on plain numbers, for speed."""
    a, c = rb.integrator.variables
    values = [*(-rb.integrator.flow), rb.integrator.loss]
    compute = sp.lambdify((a, c, *rb.integrator.parameters), values, "math", cse=True)
    eta, keep = optimizer.eta, optimizer.momentum
    (x, y), sum_x, sum_y, losses = rb.integrator.initial, 0.0, 0.0, []
    for _ in range(steps + 1):
        by_x, by_y, loss = compute(x, y, c_star)
        losses.append(loss)
        sum_x, sum_y = keep * sum_x + by_x, keep * sum_y + by_y
        x, y = x - eta * sum_x, y - eta * sum_y
    return losses


def main():
    steps = {}
    for c_star in C_STAR:
        for name, (optimizer, enough) in descents(c_star).items():
            found = count(optimizer, enough, c_star)
            steps.setdefault(name, []).append(found)
            print(f"c* = {c_star:.4f}, {name}: {found}", flush=True)
    record = {"goal": GOAL, "c_star": C_STAR, "steps": steps}
    (rb.records.DATA / "optimizers.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
