// A decision through learning: its accuracy, the psychometric curve, and which evidence counted.

import * as decision from "../decision.js";
import { linspace } from "../grid.js";
import * as model from "../model.js";
import { below } from "../normal_distribution.js";
import { solve } from "../ode.js";

const STEP = 0.01; // of learning time; the slider's
const FLAT = 1e-9; // the rate of a perfect integrator

export function build(stage) {
  const { c_star, strength } = stage.constants;
  const s = linspace(0, 2.5, 251);
  const states = solve(model, { c_star }, [0, 1], s);
  const c = states.map((state) => state[1]);
  const loss = states.map((state) => model.loss(state, { c_star }) / model.loss([0, 1], { c_star }));
  const strengths = linspace(-0.6, 0.6, 121);

  const course = stage.chart({
    title: "Loss and behaviour",
    x: { label: "learning time s", from: 0, to: 2.5 },
    y: { label: "share", from: 0, to: 1.05 },
    ratio: 1,
    tall: true,
  });
  const choices = stage.chart({
    title: "The psychometric curve",
    x: { label: "mean of the evidence", from: -0.6, to: 0.6 },
    y: { label: "positive responses", from: 0, to: 1 },
  });
  const weights = stage.chart({
    title: "Which evidence counted",
    x: { label: "time before the response", from: -50, to: 0 },
    y: { label: "weight of evidence", from: 0, to: 1.2 },
  });
  stage.drag(course, {
    label: "The moment of learning",
    at: ({ s: now }) => [now, loss[Math.round(now / STEP)]],
    set: (now) => ({ s: now }),
    says: ({ s: now }) => `s = ${now.toFixed(2)}`,
    step: [STEP, 0],
  });
  stage.keep(
    [
      [choices, "network"],
      [weights, "network"],
    ],
    ({ s: now, duration, noise }) => `s = ${now.toFixed(2)}, ${duration} long, noise ${noise.toFixed(2)}`,
  );

  return ({ s: now, duration, noise }) => {
    const trial = { duration, noise };
    const correct = (rate, mean) => below(decision.sensitivity(rate, { ...trial, strength: mean }));
    const k = Math.round(now / STEP);
    const right = c.map((rate) => correct(rate, strength));

    course.line("loss", s, loss, { color: "muted", dash: "2 3", label: "loss L(s)/L(0)" });
    course.line("c", s, c, { color: "network", dash: "7 4", width: 1.5, label: "decay rate c" });
    course.line("correct", s, right, {
      color: "network",
      width: 2.5,
      label: `correct, for a mean of ${strength}`,
    });
    course.line("moment", [now, now], [0, 1.05], { color: "ink", width: 1 });
    course.dots("now", [now, now], [loss[k], right[k]], { color: "network", radius: 4 });

    const flat = strengths.map((mean) => correct(FLAT, mean));
    const learned = strengths.map((mean) => correct(c[k], mean));
    const dashed = { color: "theory", dash: "7 4", width: 1.5, label: "perfect integrator" };
    choices.line("perfect", strengths, flat, dashed);
    choices.line("network", strengths, learned, { color: "network", width: 2.5, label: "network" });

    const times = linspace(-Math.min(duration, 50), 0, 101);
    const weight = (rate) => times.map((t) => decision.kernel(rate, -t, trial));
    weights.line("perfect", times, weight(FLAT), dashed);
    weights.line("network", times, weight(c[k]), { color: "network", width: 2.5, label: "network" });

    const share = (100 * loss[k]).toFixed(0);
    return (
      `At s = ${now.toFixed(2)} the decay rate is ${c[k].toFixed(2)} and ${share} % of the loss is left. Of trials ` +
      `${duration} long, ${(100 * right[k]).toFixed(0)} % are answered correctly; a perfect integrator would answer ` +
      `${(100 * correct(FLAT, strength)).toFixed(0)} %.`
    );
  };
}
