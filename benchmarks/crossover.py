"""Train networks over the map of the chapter "From lazy to rich", ten draws of each.

    python benchmarks/crossover.py

takes about ten minutes of one core, uses all of them, and writes rnnbook/data/crossover.json, which
`rnnbook.records` loads. With `--finer 2` it writes the map alone, with half the spacing of its
places, to _build/crossover_finer_2.nc. Runs are kept in _build as they end; started again, it goes
on from there.
"""

import argparse
import json

import numpy as np
from runs import swept

import rnnbook as rb

N, SCALE, SEEDS = 100, 5, range(10)
GOALS = (1e-2, 1e-3)
# Poles on two rays: the real axis, and that of the oscillation with c* = 0.1 and omega* = 0.4.
RAY_SIGMA, DISTANCES = 0.4, (0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.3, 2.45)
DIRECTIONS = {"real": 1.0, "oscillating": 0.9 + 0.4j}


def places(finer=1):
    """The places of the map, with so many steps in place of one."""
    steps = 3 * finer + 1
    sigma, c_star = np.linspace(0.2, 0.8, steps), np.linspace(0.1, 0.7, steps)
    return {"sigma": sigma.round(6), "c_star": c_star.round(6)}


def reach(W, pole):
    """How far the eigenvalues of W reach in the direction of the pole."""
    return (np.linalg.eigvals(W) * np.conj(pole) / abs(pole)).real.max()


def train(sigma, c_star, seed, omega_star=0.0):
    """Learning time, movement of W and reach where each goal is first seen to be reached."""
    start = rb.ginibre(N, sigma, np.random.default_rng(seed))
    full = rb.damped_cosine(c_star, omega_star) if omega_star else rb.exponential(c_star)
    target = rb.Filter(full.A, full.B, full.C / SCALE)
    pole = complex(1 - c_star, omega_star)
    rnn, s, first = start, 0.0, rb.population_loss(start, target)
    found = [(0.0, 1.0, 0.0, reach(start.W, pole))]
    for goal in GOALS:
        while (left := rb.population_loss(rnn, target) / first) > goal:
            step = max(0.2, 0.05 * s)
            rnn, s = rb.gradient_flow(rnn, target, [step], rtol=1e-3).final, s + step
        found.append((s, left, np.linalg.norm(rnn.W - start.W), reach(rnn.W, pole)))
    return dict(zip(("s", "left", "moved", "reach"), zip(*found, strict=True), strict=True))


def target_on_ray(direction, distance):
    """Decay rate and frequency of the target whose pole has this distance from 0, in sigma."""
    towards = DIRECTIONS[direction]
    pole = RAY_SIGMA * distance * towards / abs(towards)
    return 1 - pole.real, pole.imag


def train_on_ray(direction, distance, seed):
    c_star, omega_star = target_on_ray(direction, distance)
    return train(RAY_SIGMA, c_star, seed, omega_star)


def record(runs, sigma, c_star, omega_star=0.0):
    """Return what the runs in one place have found, for the JSON file."""
    where = {"sigma": sigma, "c_star": round(c_star, 6), "omega_star": round(omega_star, 6)}
    return where | {
        name: [[float(f"{value:.5g}") for value in row] for row in runs[name].values]
        for name in ("s", "left", "moved", "reach")
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--finer", type=int, metavar="STEPS", help="steps in place of one")
    finer = parser.parse_args().finer
    if finer:
        swept(f"crossover_finer_{finer}", train, places(finer) | {"seed": SEEDS})
        return
    on_map = swept("crossover", train, places() | {"seed": SEEDS})
    rays = {"direction": list(DIRECTIONS), "distance": DISTANCES}
    on_rays = swept("crossover_rays", train_on_ray, rays | {"seed": SEEDS})
    cases = [
        record(on_map.sel(sigma=sigma, c_star=c_star), sigma, c_star)
        for sigma in on_map["sigma"].values.tolist()
        for c_star in on_map["c_star"].values.tolist()
    ]
    cases += [
        record(on_rays.sel(direction=direction, distance=distance), RAY_SIGMA, *target)
        for direction in DIRECTIONS
        for distance in DISTANCES
        for target in [target_on_ray(direction, distance)]
    ]
    text = json.dumps({"n": N, "kappa": SCALE, "goals": [1.0, *GOALS], "cases": cases})
    (rb.records.DATA / "crossover.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
