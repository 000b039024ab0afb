// The leaky integrator: its echo of a pulse, and its output on noise beside the exact integral.

import { linspace } from "../grid.js";

export function build(stage) {
  const noise = stage.data("noise"); // one value a step
  const { dt, slowest } = stage.constants;
  const duration = noise.length * dt;
  const t = linspace(0, duration, noise.length + 1);
  const exact = outputs(0);
  // The slower the integrator, the farther its output comes: this holds for all of them.
  const reach = Math.ceil(1.1 * Math.max(...[...exact, ...outputs(slowest)].map(Math.abs)));
  const time = { label: "time t (membrane time constants)", from: 0, to: duration };
  const response = stage.chart({
    title: "Its answer to one brief pulse",
    x: time,
    y: { label: "impulse response f(t)", from: 0, to: 1.05 },
  });
  const answer = stage.chart({
    title: "Its answer to noise",
    x: time,
    y: { label: "output y(t)", from: -reach, to: reach },
  });
  stage.keep(
    [
      [response, "f"],
      [answer, "y"],
    ],
    ({ c }) => `c = ${c.toPrecision(2)}`,
  );

  // The input is held during a step, so that a step of the integrator is exact.
  function outputs(c) {
    const keep = Math.exp(-c * dt);
    const gain = c > 0 ? (1 - keep) / c : dt;
    const y = [0];
    for (const x of noise) y.push(keep * y[y.length - 1] + gain * x);
    return y;
  }

  return ({ c }) => {
    const y = outputs(c);
    const f = t.map((time) => Math.exp(-c * time));
    response.area(
      "remembered",
      t,
      t.map(() => 0),
      f,
      { color: "network", opacity: 0.15 },
    );
    response.line("f", t, f, { color: "network", label: "leaky integrator" });
    answer.line("exact", t, exact, { color: "target", dash: "6 4", label: "exact integral" });
    answer.line("y", t, y, { color: "network", label: "leaky integrator" });
    // How long the two stay together: the first time they differ by a standard deviation of one.
    const apart = y.findIndex((value, k) => Math.abs(value - exact[k]) > 1);
    const follows = apart < 0 ? "to the end" : `until t = ${t[apart].toFixed(0)}`;
    return (
      `Decay rate c = ${c.toPrecision(2)}, time constant T = ${(1 / c).toFixed(1)}: ` +
      `the output stays within 1 of the exact integral ${follows}.`
    );
  };
}
