// One mode set by hand against its target: the loss is half the area under the squared error.

import { contour, linspace } from "../grid.js";
import * as model from "../model.js";
import { fixed } from "../numbers.js";

export function build(stage) {
  const t = linspace(0, 40, 401);
  const time = { label: "time t (membrane time constants)", from: 0, to: 40 };
  const responses = stage.chart({
    title: "Your mode and its target",
    x: time,
    y: { label: "impulse response", from: -0.6, to: 2.1 },
  });
  const map = stage.chart({
    title: "The landscape of the loss",
    x: { label: "decay rate c", from: 0, to: 1 },
    y: { label: "amplitude a", from: -0.5, to: 2 },
    ratio: 1,
    tall: true,
  });
  const error = stage.chart({
    title: "The area under the squared error",
    x: time,
    y: { label: "(f − f*)²", from: 0, to: 1.2 },
  });
  stage.drag(map, {
    label: "Your mode",
    at: ({ c, a }) => [c, a],
    set: (c, a) => ({ c: Math.max(0.01, c), a }),
    says: ({ c, a }) => `decay rate ${c.toFixed(2)}, amplitude ${fixed(a)}`,
  });

  stage.keep(
    [
      [responses, "f"],
      [error, "squared"],
      [map, "state"],
    ],
    ({ a, c }) => `a = ${fixed(a)}, c = ${c.toPrecision(2)}`,
  );

  // The landscape changes with c* only.
  let [drawn, curves] = [null, []];
  function landscape(c_star) {
    const height = (c, a) => Math.log(model.loss([a, c], { c_star }));
    const grid = [linspace(0.01, 1, 50), linspace(-0.5, 2, 50)];
    const levels = linspace(Math.log(0.003), Math.log(30), 11);
    return levels.flatMap((level) => contour(height, ...grid, level));
  }

  return ({ a, c, c_star }) => {
    const parameters = { c_star };
    const f = t.map((time) => a * Math.exp(-c * time));
    const target = t.map((time) => Math.exp(-c_star * time));
    const squared = f.map((value, k) => (value - target[k]) ** 2);
    const loss = model.loss([a, c], parameters);
    // The slope of a is linear in a, so two values of it tell where it vanishes.
    const [slope0] = model.flow([0, c], parameters);
    const [slope1] = model.flow([1, c], parameters);
    const best = slope0 / (slope0 - slope1);

    responses.area("between", t, target, f, { color: "muted", opacity: 0.3, label: "error" });
    responses.line("target", t, target, { color: "target", dash: "6 4", label: "target f*(t)" });
    responses.line("f", t, f, { color: "network", label: "your mode f(t)" });
    error.area(
      "area",
      t,
      t.map(() => 0),
      squared,
      { color: "muted", opacity: 0.4, label: "area = 2L" },
    );
    error.line("squared", t, squared, { color: "ink", width: 1.5, beyond: true });
    error.note("loss", 39, 1.08, `L = ${loss.toFixed(3)}`, { anchor: "end" });

    if (c_star !== drawn) [drawn, curves] = [c_star, landscape(c_star)];
    map.curves("levels", curves, { color: "soft", width: 1, label: "equal loss" });
    map.dots("solution", [c_star], [1], { color: "target", radius: 6, hollow: true, label: "target" });
    map.dots("state", [c], [a], { color: "network", radius: 6, label: "your mode" });
    return (
      `Amplitude ${fixed(a)} and decay rate ${c.toPrecision(3)} against the target's 1 and ` +
      `${c_star.toPrecision(2)}: the loss is ${loss.toFixed(3)}. The best amplitude for this decay rate, ` +
      `${fixed(best)}, leaves ${model.loss([best, c], parameters).toFixed(3)}.`
    );
  };
}
