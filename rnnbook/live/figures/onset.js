// The map of targets by how fast a second pole grows, and learning of the target that is chosen.

import { digits, follow, roundUp } from "../eigenpair.js";
import { contour, linspace } from "../grid.js";
import * as model from "../model.js";
import { fixed } from "../numbers.js";
import * as rest from "../plateau.js";
import { spectrum } from "../spectrum.js";

const POINTS = 601;
const EDGE = 0.9; // of c*, how far two decays are from it at most: beyond, the slower hardly decays
const LEVELS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, Infinity];

const SMALLEST = 1e-6; // seed; the axis of learning time has room for it, and stays when the seed moves

export function build(stage) {
  const map = stage.chart({
    title: "Choose a target",
    x: { label: "decay rate c* of the target", from: 0.05, to: 1 },
    y: { label: "frequency ω* (below zero: decays c* ± |ω*|)", from: -0.5, to: 1 },
    ratio: 1.1,
    tall: true,
  });
  const time = { label: "learning time s", from: 0, to: 80 };
  const losses = stage.chart({
    title: "How long the plateau lasts",
    x: { ...time },
    y: { label: "loss / loss on the plateau", from: 0, to: 1.6 },
  });
  const parts = stage.chart({
    title: "Do the eigenvalues meet?",
    x: { ...time },
    y: { label: "eigenvalues of W", from: -0.9, to: 1.15 },
  });
  const possible = (c_star, y) => Math.max(y, -EDGE * c_star);
  stage.drag(map, {
    label: "Your target",
    at: ({ c_star, frequency }) => [c_star, possible(c_star, frequency)],
    set: (c_star, y) => ({ c_star, frequency: possible(c_star, y) }),
    says: ({ c_star, frequency }) => `rate ${fixed(c_star)}, frequency ${fixed(frequency)}`,
  });

  const target = (c_star, y) => ({ c_star, omega_squared: Math.sign(y) * y * y, u1: 1 });
  const growth = (c, y) => {
    const parameters = target(c, y);
    return rest.growth(plateau(parameters), parameters);
  };
  const shades = bands(growth, map);
  // No point of this grid lies on the border itself.
  const grid = [linspace(0.05, 1, 39), linspace(-0.49, 1.5, 80)];
  const border = contour((c, y) => growth(c, Math.max(y, -EDGE * c)), ...grid, 0);

  let [key, run, width] = ["", null, 0];
  function learn(c_star, y, seed) {
    const parameters = target(c_star, y);
    const [a, alpha] = plateau(parameters);
    const rate = y === 0 ? 0 : rest.growth([a, alpha], parameters);
    const length = Math.log(1 / seed) / Math.abs(rate);
    const duration = rate ? roundUp((Math.log(1 / SMALLEST) + 4) / Math.abs(rate)) : 100;
    const start = model.variables.map((name) => (name === "w21" ? seed : 0));
    const resting = model.variables.map((name) => ({ v1: a, w11: 1 - alpha })[name] ?? 0);
    const found = follow(model, spectrum, parameters, start, linspace(0, duration, POINTS));
    return { ...found, a, alpha, rate, length, duration, plateau: model.loss(resting, parameters) };
  }

  return ({ c_star, frequency, seed }) => {
    const y = possible(c_star, Math.abs(frequency) < 0.005 ? 0 : frequency);
    const wanted = [c_star, y, seed].join();
    if (wanted !== key) [key, run] = [wanted, learn(c_star, y, seed)];
    const { s, upper, lower, imaginary, birth, rate, length, duration } = run;
    const relative = run.loss.map((value) => (rate ? value / run.plateau : NaN));
    const half = s.findIndex((_, k) => k > 0 && relative[k] <= 0.5);
    const left = half < 0 ? NaN : between(s, relative, half, 0.5);

    if (map.width !== width) {
      width = map.width;
      for (const { name, cells, ...style } of shades)
        map.curves(name, cells, { fill: true, width: 0, ...style });
      map.curves("border", border, { color: "ink", label: "no growth" });
      map.note("attract", 0.97, 0.88, "poles attract", { anchor: "end" });
      map.note("repel", 0.97, -0.3, "poles repel", { anchor: "end" });
      map.note("none", 0.07, -0.46, "no target", { color: "muted" });
    }
    map.dots("target", [c_star], [y], { color: "target", radius: 6, label: "your target" });

    const apart = y < 0 ? -y : 0; // of the two rates from c*
    const omega = y > 0 ? y : 0;
    for (const chart of [parts, losses]) chart.range("x", 0, duration);
    const wantedParts = [1 - c_star + apart, 1 - c_star - apart, omega].map((value) => [
      [0, value],
      [duration, value],
    ]);
    parts.curves("targets", wantedParts, { color: "target", dash: "6 4", width: 1.5, label: "target" });
    parts.line("upper", s, upper, { color: "network", width: 2.5, label: "real parts" });
    parts.line("lower", s, lower, { color: "network", width: 2.5 });
    parts.line("imaginary", s, imaginary, {
      color: "network",
      dash: "2 3",
      width: 2.5,
      label: "imaginary part",
    });
    const meeting = birth < 0 || !rate ? [[], []] : [[s[birth]], [upper[birth]]];
    parts.dots("exceptional point", ...meeting, {
      color: "attract",
      radius: 7,
      hollow: true,
      label: "they meet",
    });

    losses.line("predicted", rate ? [0, length, length] : [], [1, 1, 0], {
      color: "theory",
      dash: "7 4",
      label: "theory: ln(1/seed) / μₘₐₓ long",
    });
    losses.line("loss", s, relative, { color: "network", width: 2.5, label: "loss" });
    losses.dots("left", [left], [0.5], { color: "network", radius: 6, label: "half of it is gone" });

    if (!rate) {
      return `A single decay with the rate ${fixed(c_star)}: one pole is all that is needed, and no loss is left on the plateau.`;
    }
    const poles =
      rate > 0
        ? `An oscillation, c* = ${fixed(c_star)} and ω* = ${fixed(omega)}: the poles attract`
        : `Two decays, with the rates ${digits(c_star - apart, 2)} and ${digits(c_star + apart, 2)}: the poles repel`;
    const seen = half < 0 ? "" : `; half of its loss is gone at s = ${digits(left, 3)}`;
    const met =
      birth > 0
        ? ` The poles meet at s = ${digits(s[birth], 3)}.`
        : rate > 0
          ? ` They have not met by s = ${duration}.`
          : "";
    return (
      `${poles}, at the rate μₘₐₓ = ${digits(Math.abs(rate), 3)}. A seed of ${digits(seed, 2)} makes a plateau of about ` +
      `${digits(length, 3)}${seen}.${met}`
    );
  };
}

/** Amplitude and decay rate on the plateau: the largest root of a cubic, by Newton's method from above. */
function plateau(parameters) {
  let alpha = 10;
  for (let k = 0; k < 60; k++) {
    const [value, slope] = rest.cubic(alpha, parameters);
    if (!(Math.abs(value / slope) > 1e-14 * alpha)) break;
    alpha -= value / slope;
  }
  return [rest.amplitude(alpha, parameters), alpha];
}

/** The map in pieces, by the level of |f| that they lie below and by the sign of f. */
function bands(f, { x, y }) {
  const [across, up] = [38, 42]; // with a row of corners at y = 0
  const [xs, ys] = [linspace(x.from, x.to, across + 1), linspace(y.from, y.to, up + 1)];
  // Where there is no target the values go on as they are at the edge, and are cut off there.
  const corners = ys.map((y) => xs.map((c) => [c, y, f(c, Math.max(y || 1e-6, -EDGE * c))]));
  const exists = ([c, y]) => y + EDGE * c;
  const shades = ["attract", "repel"].flatMap((color) =>
    LEVELS.map((_, k) => ({ name: `${color} ${k}`, color, opacity: 0.06 + 0.13 * k, cells: [] })),
  );
  for (const [place, { color, cells }] of shades.entries()) {
    const k = place % LEVELS.length;
    const size = ([, , value]) => (color === "attract" ? value : -value);
    const bounds = [
      exists,
      (corner) => size(corner) - (LEVELS[k - 1] ?? 0),
      (corner) => LEVELS[k] - size(corner),
    ];
    for (let j = 0; j < up; j++) {
      let from = null; // where a row of whole squares begins
      for (let i = 0; i <= across; i++) {
        const square = [corners[j][i], corners[j][i + 1], corners[j + 1][i + 1], corners[j + 1][i]];
        const piece = i < across ? bounds.reduce(cut, square) : [];
        const whole = i < across && square.every((corner) => piece.includes(corner));
        if (whole) from ??= i;
        else if (from !== null) {
          cells.push([corners[j][from], corners[j][i], corners[j + 1][i], corners[j + 1][from]]);
          from = null;
        }
        if (!whole && piece.length > 2) cells.push(piece);
      }
    }
  }
  const strongest = (color) => shades.filter((shade) => shade.color === color).at(-2);
  strongest("attract").label = "attract: vivid where fast";
  strongest("repel").label = "repel";
  return shades;
}

/** The part of a polygon where a function of its corners, taken as linear between them, is not negative. */
function cut(corners, f) {
  return corners.flatMap((corner, k) => {
    const before = corners.at(k - 1);
    const [value, value2] = [f(before), f(corner)];
    const share = value / (value - value2);
    const crossing = before.map((number, axis) => number + share * (corner[axis] - number));
    return [...(value < 0 === value2 < 0 ? [] : [crossing]), ...(value2 < 0 ? [] : [corner])];
  });
}

/** Where the values, a function of s, cross `level` just before the place k. */
function between(s, values, k, level) {
  return s[k - 1] + ((values[k - 1] - level) / (values[k - 1] - values[k])) * (s[k] - s[k - 1]);
}
