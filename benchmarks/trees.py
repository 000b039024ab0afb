"""Train Fock networks for the live figure of the chapter "Infinite width".

    python benchmarks/trees.py

takes seconds to a minute and writes rnnbook/data/trees.json, which `rnnbook.records` loads. The
figure is built wherever the chapter is run, and the trees learn the same way everywhere.
"""

import json

import numpy as np

from rnnbook import exponential, fock, gradient_flow, records

C_STAR = 0.2
LEARNING_TIMES = np.linspace(0, 1.5, 61)
SIGMAS = [round(0.1 * k, 1) for k in range(7)]
DEPTHS = [1, 2, 3, 5]


def rounded(values):
    return [float(f"{value:.6g}") for value in values]


def main():
    trees = []
    for sigma in SIGMAS:
        for depth in DEPTHS:
            run = gradient_flow(fock(depth, sigma), exponential(C_STAR), LEARNING_TIMES, rtol=1e-4)
            trees.append(
                {
                    "sigma": sigma,
                    "depth": depth,
                    "loss": rounded(run.loss),
                    "outlier": rounded(run.outlier.real),
                }
            )
    record = {"c_star": C_STAR, "s": rounded(LEARNING_TIMES), "trees": trees}
    (records.DATA / "trees.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
