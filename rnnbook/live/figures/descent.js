// Gradient descent with a finite learning rate, as a multiple of the largest stable one.

import { contour, linspace } from "../grid.js";
import * as model from "../model.js";
import { descend, solve } from "../ode.js";

export function build(stage) {
  const { steps, a_start, c_start } = stage.constants; // c_start in units of c*
  const valley = stage.chart({
    title: "The way down the loss",
    x: { label: "decay rate c / c*", from: 0.5, to: 2.1 },
    y: { label: "amplitude a", from: 0.75, to: 1.15 },
    ratio: 0.75,
  });
  const rate = stage.chart({
    title: "The decay rate, step by step",
    x: { label: "step", from: 0, to: steps },
    y: { label: "decay rate c / c*", from: 0, to: 2.1 },
  });
  stage.keep(
    [
      [valley, "jumps"],
      [rate, "jumps"],
    ],
    ({ share, c_star }) => `${share.toFixed(2)} of the limit, c* = ${c_star.toPrecision(2)}`,
  );
  // On the scale of c*, the landscape of L c* is the same whatever c* is.
  const height = (c, a) => Math.log(model.loss([a, c], { c_star: 1 }));
  const grid = [linspace(0.5, 2.1, 61), linspace(0.75, 1.15, 61)];
  const levels = linspace(Math.log(1e-5), 0, 16).flatMap((level) => contour(height, ...grid, level));

  return ({ share, c_star }) => {
    const parameters = { c_star };
    const start = [a_start, c_start * c_star];
    const limit = 2 / steepest(model.jacobian([1, c_star], parameters));
    const eta = share * limit;
    const path = descend(model, parameters, start, eta, steps);
    const a = path.map((state) => state[0]);
    const c = path.map((state) => state[1] / c_star);
    const count = linspace(0, path.length - 1, path.length);

    valley.curves("levels", levels, { color: "soft", width: 1, label: "equal loss" });
    const s = linspace(0, 60 * limit, 121);
    const flow = solve(model, parameters, start, s);
    valley.line(
      "flow",
      flow.map((y) => y[1] / c_star),
      flow.map((y) => y[0]),
      {
        color: "theory",
        dash: "7 4",
        width: 2.5,
        label: "theory: gradient flow",
      },
    );
    valley.line("jumps", c, a, { color: "network", width: 1.2, beyond: true });
    valley.dots("steps", c, a, {
      color: "network",
      radius: 3,
      label: `descent, ${share.toFixed(2)} of the limit`,
    });
    valley.dots("solution", [1], [1], { color: "target", radius: 6, hollow: true, label: "target" });

    rate.line("target", [0, steps], [1, 1], { color: "target", dash: "6 4", label: "target" });
    rate.line("jumps", count, c, { color: "network", width: 1.2, label: "descent", beyond: true });
    rate.dots("steps", count, c, { color: "network", radius: 3 });

    const set = `Learning rate ${eta.toPrecision(3)}, ${share.toFixed(2)} times the largest stable one`;
    if (path.length <= steps) {
      return `${set}: step ${path.length} would make c negative and the network unstable.`;
    }
    const late = c.slice(-10);
    const [low, high] = [Math.min(...late), Math.max(...late)];
    const found =
      high - low < 0.01
        ? `c settles at ${((low + high) / 2).toFixed(2)} c*`
        : `the last ten steps still jump between ${low.toFixed(2)} and ${high.toFixed(2)} c*`;
    return `${set}: ${found}.`;
  };
}

/** The largest curvature at rest: minus the least eigenvalue of the flow's Jacobian, 2 by 2. */
function steepest([[a, b], [c, d]]) {
  const middle = (a + d) / 2;
  return -middle + Math.sqrt(((a - d) / 2) ** 2 + b * c);
}
