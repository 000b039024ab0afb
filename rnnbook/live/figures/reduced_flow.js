// Learning in two numbers: decay rate c and amplitude a against learning time, and their portrait.

import { linspace } from "../grid.js";
import { models } from "../models.js";
import { fixed } from "../numbers.js";
import { solve } from "../ode.js";
import { background, portrait } from "../portrait.js";

const LEAST = 0.01; // balanced u and v cannot start at a = 0 or below

export function build(stage) {
  const { duration } = stage.constants;
  const s = linspace(0, duration, 301);
  const time = { label: "learning time s", from: 0, to: duration };
  const rates = stage.chart({
    title: "The two numbers as they learn",
    x: time,
    y: { label: "c and a", from: -0.8, to: 2.2 },
  });
  const plane = portrait(stage);
  const losses = stage.chart({
    title: "What is left of the loss",
    x: time,
    y: { label: "L(s) / L(0)", from: 0, to: 1.05 }, // it never rises
  });
  stage.drag(plane, {
    label: "Where learning starts",
    at: ({ c_start, a_start }) => [c_start, a_start],
    set: (c, a) => ({ c_start: Math.max(0.05, c), a_start: a }),
    says: ({ c_start, a_start }) => `decay rate ${c_start.toFixed(2)}, amplitude ${fixed(a_start)}`,
  });

  stage.keep(
    [
      [rates, "c"],
      [rates, "a"],
      [plane, "path"],
      [losses, "loss"],
    ],
    ({ c_star, a_start, c_start, trained }) =>
      `${models[trained].name} trained, c* = ${c_star.toPrecision(2)}, from (${c_start.toFixed(2)}, ${fixed(a_start)})`,
  );
  stage.predict(rates, {
    question: "Predict first: when will c be within 5 % of its target? Drag the ring, then press Reveal.",
    guess: "guess",
    drag: {
      label: "Your guess",
      at: ({ guess, c_star }) => [guess, c_star],
      set: (s) => ({ guess: s }),
      says: ({ guess }) => `s = ${guess.toFixed(2)}`,
      step: [0.02, 0],
    },
  });

  return ({ c_star, a_start, c_start, trained }) => {
    const model = models[trained];
    const balanced = model.name === "W, u and v";
    const start = { a: balanced ? Math.max(LEAST, a_start) : a_start, c: c_start };
    const parameters = { ...start, c_star };
    const states = solve(
      model,
      parameters,
      model.variables.map((name) => start[name]),
      s,
    );
    const path = (name) => {
      const k = model.variables.indexOf(name);
      return k < 0 ? s.map(() => start[name]) : states.map((state) => state[k]);
    };
    const [a, c] = [path("a"), path("c")];
    const loss = states.map((state) => model.loss(state, parameters));

    rates.line("target", [0, duration], [c_star, c_star], {
      color: "target",
      dash: "6 4",
      label: "target c*",
    });
    rates.line("a", s, a, { color: "network", dash: "7 4", width: 1.5, label: "amplitude a", veil: true });
    rates.line("c", s, c, { color: "network", width: 2.5, label: "decay rate c", veil: true });
    losses.line(
      "loss",
      s,
      loss.map((value) => value / loss[0]),
      { color: "network", width: 2.5, veil: true },
    );

    const slopes = (c, a) => {
      const values = { a, c };
      const flow = model.flow(
        model.variables.map((name) => values[name]),
        { ...values, c_star },
      );
      const slope = (name) => flow[model.variables.indexOf(name)] ?? 0;
      return { a: slope("a"), c: slope("c") };
    };
    background(plane, slopes, c_star);
    plane.line("path", c, a, { color: "network", width: 2.5, label: "learning", veil: true });
    plane.dots("start", [c[0]], [a[0]], { color: "network", radius: 6, label: "start" });

    const lifted = start.a > a_start ? ` (u and v balanced cannot start below ${LEAST})` : "";
    const near = (value) => Math.abs(value - c_star) <= 0.05 * c_star;
    const left = c.findLastIndex((value) => !near(value)); // after this one it stays near
    const there = left + 1 < c.length && s[left + 1].toFixed(2);
    const [first, last] = [c[0], c[c.length - 1]].map((value) => fixed(value));
    const end =
      left < 0
        ? "is at the target from the start"
        : there
          ? `is within 5 % of it from s = ${there} on`
          : `goes from ${first} to ${last} by s = ${duration}`;
    return {
      says:
        `Trained: ${model.name}. Learning starts from c = ${first} and a = ${fixed(a[0])}${lifted}, ` +
        `and the target is c* = ${c_star.toPrecision(2)}. `,
      hidden: `The decay rate ${end}; the amplitude ends at ${fixed(a[a.length - 1])}.`,
      answer: there ? `s = ${there}` : `later than s = ${duration}`,
    };
  };
}
