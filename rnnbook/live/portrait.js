// The plane of decay rate c and amplitude a: directions of a flow, nullclines, resting point.

import { contour, linspace } from "./grid.js";

const FROM = { c: 0.02, a: -0.8 };

/** A chart of the plane up to c = 1.5 and a = 2.2. */
export function portrait(stage) {
  return stage.chart({
    title: "The plane of the two numbers",
    x: { label: "decay rate c", from: 0, to: 1.5 },
    y: { label: "amplitude a", from: FROM.a, to: 2.2 },
    ratio: 1.15,
    tall: true,
  });
}

/** Draw what does not depend on where learning starts; `slopes(c, a)` are those of c and a. */
export function background(chart, slopes, c_star) {
  const { x, y } = chart;
  const arrows = [];
  for (const c of linspace(x.from + 0.07, x.to - 0.06, 13)) {
    for (const a of linspace(y.from + 0.12, y.to - 0.12, 12)) {
      const pixels = slopes(c, a);
      const across = (pixels.c * chart.inner) / (x.to - x.from);
      const down = (-pixels.a * chart.depth) / (y.to - y.from);
      const length = Math.hypot(across, down);
      if (length > 0) arrows.push(...arrow(chart, c, a, across / length, down / length));
    }
  }
  chart.curves("directions", arrows, { color: "soft", width: 1.2 });
  const grid = [linspace(FROM.c, x.to, 61), linspace(y.from, y.to, 61)];
  for (const [name, dash] of [
    ["a", "7 4"],
    ["c", "2 4"],
  ]) {
    const curves = contour((c, a) => slopes(c, a)[name], ...grid, 0);
    const label = `d${name}/ds = 0`;
    chart.curves(`nullcline ${name}`, curves, { color: "theory", dash, width: 1.8, label });
  }
  chart.dots("solution", [c_star], [1], { color: "target", radius: 6, hollow: true, label: "target" });
}

/** A short arrow at a place, in a direction given in pixels. */
function arrow(chart, c, a, across, down) {
  const perC = (chart.x.to - chart.x.from) / chart.inner;
  const perA = (chart.y.to - chart.y.from) / chart.depth;
  const at = (along, aside) => [
    c + perC * (along * across - aside * down),
    a - perA * (along * down + aside * across),
  ];
  const tip = at(6, 0);
  return [
    [at(-6, 0), tip],
    [at(2, 3), tip, at(2, -3)],
  ];
}
