// A conjugate pair is born: two eigenvalues in the complex plane, and the loss, over learning time.

import { digits, follow, roundUp } from "../eigenpair.js";
import { linspace, nearest } from "../grid.js";
import * as model from "../model.js";
import { fixed } from "../numbers.js";
import { solve } from "../ode.js";
import { spectrum } from "../spectrum.js";
import { drawEdgeOfStability } from "../plane.js";

const POINTS = 601;

const SMALLEST = 1e-6; // seed; the axis of learning time has room for it, and stays when the seed moves

export function build(stage) {
  const plane = stage.chart({
    title: "Two eigenvalues of W become a pair",
    x: { label: "real part", from: -0.6, to: 1.1 },
    y: { label: "imaginary part", from: -1.2, to: 1.2 },
    ratio: 1.1,
    tall: true,
  });
  const time = { label: "learning time s", from: 0, to: 60 };
  const losses = stage.chart({
    title: "The loss waits on a plateau",
    x: { ...time },
    y: { label: "loss / loss on the plateau", from: 0, to: 1.6 },
  });
  const parts = stage.chart({
    title: "Their real and imaginary parts",
    x: { ...time },
    y: { label: "eigenvalues of W", from: -0.6, to: 1.15 },
  });
  for (const chart of [losses, parts]) stage.onPlace(chart, (s) => stage.set({ share: s / chart.x.to }));
  const within = (value, least, most) => Math.min(most, Math.max(least, value));
  stage.drag(plane, {
    label: "The target's pole",
    at: ({ c_star, omega_star }) => [1 - c_star, omega_star],
    set: (real, imaginary) => ({
      c_star: within(1 - real, 0.05, 0.5),
      omega_star: within(Math.abs(imaginary), 0.1, 1),
    }),
    says: ({ c_star, omega_star }) => `rate ${fixed(c_star)}, frequency ${fixed(omega_star)}`,
  });
  stage.player("Play", "share", 0, 1, 6);
  stage.predict(parts, {
    question:
      "Predict first: at which s do the two eigenvalues meet? Before the loss falls, meanwhile, or after? " +
      "Drag the ring, then press Reveal or Play.",
    guess: "guess",
    drag: {
      label: "Your guess",
      at: ({ guess }) => [guess, 0.5],
      set: (s) => ({ guess: s }),
      says: ({ guess }) => `s = ${guess.toFixed(1)}`,
      step: [0.5, 0],
    },
  });

  // Going through learning time does not change the run.
  let [key, run] = ["", null];
  function learn(c_star, omega_star, seed) {
    const parameters = { c_star, omega_star, a: 1 }; // u = v of norm 1
    // Without a seed the network stays on the plateau, and the flow there tells how a seed grows.
    const [, rest] = solve(model, parameters, [0, 0, 0], [0, 1e4]);
    const mu = model.jacobian(rest, parameters)[1][1];
    const length = Math.log(1 / seed) / mu;
    const duration = roundUp((Math.log(1 / SMALLEST) + 3) / mu + 3);
    const found = follow(model, spectrum, parameters, [0, seed, 0], linspace(0, duration, POINTS));
    return { ...found, mu, length, duration, plateau: model.loss(rest, parameters) };
  }

  return ({ c_star, omega_star, seed, share }) => {
    const wanted = [c_star, omega_star, seed].join();
    if (wanted !== key) [key, run] = [wanted, learn(c_star, omega_star, seed)];
    const { s, loss, upper, lower, imaginary, birth, mu, length, duration, plateau } = run;
    const below = imaginary.map((value) => -value);
    const relative = loss.map((value) => value / plateau);
    const now = nearest(s, share * duration);
    const so_far = (values) => values.slice(0, now + 1);

    drawEdgeOfStability(plane);
    plane.line("to come 1", upper, imaginary, { color: "soft" });
    plane.line("to come 2", lower, below, { color: "soft" });
    plane.line("first", so_far(upper), so_far(imaginary), { color: "network", width: 2.5 });
    plane.line("second", so_far(lower), so_far(below), { color: "network", width: 2.5 });
    plane.dots("mirrored", [1 - c_star], [-omega_star], { color: "target", radius: 6, hollow: true });
    plane.dots("target", [1 - c_star], [omega_star], {
      color: "target",
      radius: 6,
      label: "target 1 − c* ± iω*",
    });
    const met = birth < 0 ? [[], []] : [[upper[birth]], [0]];
    plane.dots("exceptional point", ...met, {
      color: "attract",
      radius: 8,
      hollow: true,
      label: "they meet: exceptional point",
    });
    plane.dots("now", [upper[now], lower[now]], [imaginary[now], below[now]], {
      color: "network",
      radius: 5,
      label: "now",
    });

    for (const chart of [losses, parts]) chart.range("x", 0, duration);
    const meeting = birth < 0 ? [] : [s[birth], s[birth]];
    const met_at = { color: "attract", dash: "2 4", label: "they meet", veil: true };
    losses.line("predicted", [0, length, length], [1, 1, 0], {
      color: "theory",
      dash: "7 4",
      label: "theory: ln(1/q(0)) / μ long",
    });
    losses.line("loss", s, relative, { color: "network", width: 2.5, label: "loss" });
    losses.line("meeting", meeting, [-9, 9], met_at);
    losses.dots("now", [s[now]], [relative[now]], { color: "network", radius: 6 });

    parts.line("real target", [0, duration], [1 - c_star, 1 - c_star], {
      color: "target",
      dash: "6 4",
      width: 1.5,
      label: "target",
    });
    parts.line("imaginary target", [0, duration], [omega_star, omega_star], {
      color: "target",
      dash: "6 4",
      width: 1.5,
    });
    parts.line("upper", s, upper, { color: "network", width: 2.5, label: "real parts", veil: true });
    parts.line("lower", s, lower, { color: "network", width: 2.5, veil: true });
    parts.line("imaginary", s, imaginary, {
      color: "network",
      dash: "2 3",
      width: 2.5,
      label: "imaginary part",
      veil: true,
    });
    parts.line("meeting", meeting, [-9, 9], met_at);
    parts.dots("now", [s[now], s[now]], [upper[now], lower[now]], {
      color: "network",
      radius: 5,
      veil: true,
    });

    const here =
      imaginary[now] > 0
        ? `are a pair, ${fixed(upper[now])} ± ${imaginary[now] < 0.01 ? digits(imaginary[now], 1) : fixed(imaginary[now])}i`
        : `are real, ${fixed(lower[now])} and ${fixed(upper[now])}`;
    const story =
      birth > 0
        ? `They meet at s = ${s[birth].toFixed(1)}, at ${fixed(upper[birth])}, and leave as a pair; ` +
          `the loss is then ${((100 * loss[birth]) / plateau).toFixed(0)} % of the plateau's`
        : imaginary[s.length - 1] > 0
          ? "They are a pair from the start, since |p − r| stays below 2q"
          : `They do not meet by s = ${duration}`;
    return {
      says:
        `At s = ${s[now].toFixed(1)} the eigenvalues ${here}. The seed of ${digits(seed, 2)} grows ` +
        `at the rate μ = ${digits(mu, 3)}. `,
      hidden: `${story}. Theory has a plateau of about ${digits(length, 3)}.`,
      answer: birth > 0 ? `s = ${s[birth].toFixed(1)}` : `never, by s = ${duration}`,
    };
  };
}
