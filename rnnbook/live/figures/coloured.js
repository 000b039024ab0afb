// Learning from an input that itself remembers: its landscape, its course, and its valley.

import { contour, linspace } from "../grid.js";
import * as model from "../model.js";
import { written } from "../numbers.js";
import { solve } from "../ode.js";
import * as white from "../white.js";

const POINTS = 601;
const LOG_CHI = linspace(-3, 1, 81);

export function build(stage) {
  const map = stage.chart({
    title: "The landscape that this input makes",
    x: { label: "decay rate c", from: 0, to: 1.1 },
    y: { label: "amplitude a", from: 0, to: 1.3 },
    ratio: 1,
    tall: true,
  });
  const course = stage.chart({
    title: "The two numbers as they learn",
    x: { label: "learning time s", from: -1, to: 3, log: true },
    y: { label: "c and a", from: 0, to: 1.15 },
  });
  const valley = stage.chart({
    title: "How steep the valley is",
    x: { label: "input rate χ", from: -3, to: 1, log: true },
    y: { label: "curvature / that for white noise", from: -6, to: 0.3, log: true },
  });
  stage.keep(
    [
      [map, "path"],
      [course, "c"],
    ],
    ({ chi, c_start }) => `χ = ${written(chi)} from c(0) = ${c_start.toFixed(2)}`,
  );
  const log_s = linspace(-1, 3, POINTS);
  const s = [0, ...log_s.map((x) => 10 ** x)];
  const grid = [linspace(0.01, 1.1, 56), linspace(0, 1.3, 53)];

  return ({ chi, c_start, c_star }) => {
    const parameters = { chi, c_star };
    const start = [0, c_start];
    const states = solve(model, parameters, start, s);
    const [a, c] = [0, 1].map((k) => states.map((state) => state[k]));
    const plain = solve(white, { c_star }, start, s).map((state) => state[1]);

    const silent = model.loss(start, parameters);
    const height = (x, y) => Math.log(model.loss([y, x], parameters) / silent);
    const levels = linspace(0.05, 0.95, 10).map((x) => 2 * Math.log(x)); // equal steps of the error's size
    const curves = levels.flatMap((level) => contour(height, ...grid, level));
    map.curves("levels", curves, { color: "soft", width: 1, label: "equal loss" });
    const angle = linspace(0, Math.PI / 2, 61);
    map.line(
      "circle",
      angle.map((x) => c_start * Math.cos(x)),
      angle.map((x) => c_start * Math.sin(x)),
      { color: "theory", dash: "2 4", width: 1.5, label: "a² + c² as at the start" },
    );
    map.line("gain", [0, 1.3 * c_star], [0, 1.3], {
      color: "theory",
      dash: "7 4",
      width: 1.5,
      label: "the right gain",
    });
    map.line("path", c, a, { color: "network", width: 2.5, label: "learning" });
    map.dots("target", [c_star], [1], { color: "target", radius: 6, hollow: true, label: "target" });

    course.line("target", [-1, 3], [c_star, c_star], { color: "target", dash: "6 4", label: "target c*" });
    course.line("white", log_s, plain.slice(1), {
      color: "theory",
      dash: "7 4",
      width: 1.5,
      label: "c, taught by white noise",
    });
    course.line("a", log_s, a.slice(1), { color: "network", dash: "7 4", width: 1.5, label: "a" });
    course.line("c", log_s, c.slice(1), { color: "network", width: 2.5, label: "c" });

    const flat = curvatures(white.jacobian([1, c_star], { c_star }));
    const relative = (x) =>
      curvatures(model.jacobian([1, c_star], { chi: x, c_star })).map((value, k) =>
        Math.log10(value / flat[k]),
      );
    const by_rate = LOG_CHI.map((x) => relative(10 ** x));
    const here = relative(chi);
    ["walls", "floor"].forEach((name, k) => {
      const ratios = by_rate.map((pair) => pair[k]);
      const look = { color: "network", label: name, ...(k ? { dash: "7 4" } : {}) };
      valley.line(name, LOG_CHI, ratios, look);
      valley.dots(`${name} now`, [Math.log10(chi)], [here[k]], { color: "network", radius: 5 });
    });

    const gained = a.findIndex((value, k) => value / c[k] > 0.98 / c_star);
    const left = c.findLastIndex((value) => Math.abs(value - c_star) > 0.05 * c_star);
    const gain =
      gained < 0
        ? "The gain is not right yet at the end"
        : `The gain is within 2 % at s = ${written(s[gained])}, with a = ${a[gained].toFixed(2)} and c = ${written(c[gained])}`;
    const memory =
      left + 1 < c.length
        ? `the memory is within 5 % from s = ${written(s[left + 1])} on`
        : "the memory is not right yet at s = 1000";
    return (
      `An input that remembers for ${written(1 / chi)}, a target that remembers for ` +
      `${written(1 / c_star)}. ${gain}; ${memory}.`
    );
  };
}

/** The largest and the least curvature at rest: minus the eigenvalues of the flow's Jacobian, 2 by 2. */
function curvatures([[a, b], [c, d]]) {
  const middle = -(a + d) / 2;
  const largest = middle + Math.sqrt(((a - d) / 2) ** 2 + b * c);
  return [largest, (a * d - b * c) / largest];
}
