// Five optimisers on the reduced model of the integrator: loss and rate, step by step.

import { linspace } from "../grid.js";
import * as model from "../model.js";

const RECORDS = 160; // along a run, equally spaced on the logarithmic axis
const LEAST = 1e-6; // of the loss: less is not shown
const SLOWEST = 0.03; // target at which the lines of the powers are anchored

const RACERS = [
  { name: "spectral", label: "spectral descent", power: 1, color: "network" },
  { name: "sign", label: "sign descent", power: 1, color: "network", dash: "7 4" },
  { name: "adam", label: "Adam", power: 1, color: "network", dash: "2 3", ring: "2 2" },
  { name: "momentum", label: "momentum", power: 2, color: "muted", dash: "7 4" },
  { name: "plain", label: "gradient descent", power: 3, color: "muted" },
];

export function build(stage) {
  const { constants } = stage;
  const axis = { label: "number of steps", from: 0, to: 5, log: true };
  const losses = stage.chart({
    title: "What is left of the loss",
    x: { ...axis },
    y: { label: "L / L(0)", from: -4, to: 0.2, log: true },
  });
  const rates = stage.chart({
    title: "The decay rate",
    x: { ...axis },
    y: { label: "decay rate c", from: 0, to: 1.05 },
  });
  const counts = stage.chart({
    title: "Steps for a memory of this length",
    x: { label: "time constant T* = 1/c*", from: 0, to: 2, log: true },
    y: { label: "steps to a loss of 1 %", from: 0, to: 5, log: true },
  });
  const anchors = RACERS.map(({ name }) => run(name, SLOWEST, 1, constants).settled);

  return ({ c_star, factor }) => {
    const found = RACERS.map((racer) => ({ ...racer, ...run(racer.name, c_star, factor, constants) }));
    rates.line("target", [0, 5], [c_star, c_star], { color: "target", dash: "6 4", label: "target" });
    losses.line("goal", [0, 5], [-2, -2], { color: "target", dash: "6 4", label: "one per cent" });
    const far = -Math.log10(SLOWEST);
    for (const [
      k,
      { name, label, power, color, dash, ring, steps, loss, rate, settled },
    ] of found.entries()) {
      const style = { color, dash, width: 2.2, label };
      const x = steps.map((step) => Math.log10(step));
      losses.line(name, x, loss, style);
      rates.line(name, x, rate, { ...style, label: undefined });
      const done = Number.isFinite(settled) ? [Math.log10(settled)] : [];
      losses.dots(`${name} done`, done, done.length ? [-2] : [], { color, radius: 5 });
      const height = Math.log10(anchors[k]);
      const ends = [0.4, far];
      const heights = ends.map((at) => height + power * (at - far));
      counts.line(`${name} power`, ends, heights, {
        color: "theory",
        dash: "2 4",
        width: 1.2,
        label: k === 0 ? "theory: powers 1, 2 and 3" : undefined,
      });
      counts.dots(
        `${name} count`,
        done.map(() => -Math.log10(c_star)),
        done,
        { color, dash: ring, radius: 5, hollow: Boolean(dash), label },
      );
    }
    const told = found.map(({ label, settled }) =>
      Number.isFinite(settled) ? `${label} ${settled}` : `${label} not settled`,
    );
    return (
      `How many steps until the loss stays below one per cent, for c* = ${c_star.toPrecision(2)} and ` +
      `steps ${factor.toFixed(2)} times as long as usual: ${told.join(", ")}.`
    );
  };
}

/** The steps, losses and rates that are shown of one run, and after how many steps it has settled. */
function run(name, c_star, factor, { goal, overlap, kept, floor, within }) {
  const limit = 2 / steepest(model.jacobian([1, c_star], { c_star }));
  const friction = 2 * c_star;
  const gentle = factor * 0.02 * (2 - friction) * limit;
  const [update, steps] = {
    plain: () => [heavyBall(0.5 * factor * limit, 0), 3 / (0.5 * factor * limit)],
    momentum: () => [heavyBall(gentle, 1 - friction), (4 * friction) / gentle + 20 / friction],
    spectral: () => [signs(0.5 * factor * within * c_star, 1), 4 / (factor * within * c_star)],
    sign: () => [signs(0.5 * factor * within * c_star, overlap), 4 / (factor * within * c_star)],
    adam: () => [adam(0.05 * factor * c_star, overlap, kept, floor), 3 / (0.05 * factor * c_star)],
  }[name]();
  const count = Math.ceil(steps);
  const wanted = new Set(linspace(0, Math.log10(count), RECORDS).map((power) => Math.round(10 ** power)));
  const shown = { steps: [], loss: [], rate: [] };
  let [state, above] = [[0, 1], 0];
  const first = model.loss(state, { c_star });
  for (let k = 1; k <= count; k++) {
    const change = update(model.flow(state, { c_star }), k);
    state = [state[0] + change[0], state[1] + change[1]];
    const loss = state[1] > 0 ? model.loss(state, { c_star }) / first : Number.NaN;
    if (!(loss < goal)) above = k;
    if (!wanted.has(k)) continue;
    shown.steps.push(k);
    shown.loss.push(Math.log10(Math.max(loss, LEAST)));
    shown.rate.push(state[1]);
  }
  return { ...shown, settled: above < count ? above + 1 : Number.NaN };
}

// Each takes the slope, minus the gradient by a and c, to the change of a and c.

function heavyBall(eta, keep) {
  let gathered = [0, 0];
  return (slope) => {
    gathered = gathered.map((value, i) => keep * value + slope[i]);
    return gathered.map((value) => eta * value);
  };
}

function signs(eta, overlap) {
  return ([by_a, by_c]) => [eta * overlap * Math.sign(by_a), eta * Math.sign(by_c)];
}

function adam(eta, overlap, [keep, keepSquare], floor) {
  const scale = [overlap, 1]; // of the weights that a and c stand for
  let [means, squares] = [
    [0, 0],
    [0, 0],
  ];
  return (slope, k) => {
    const seen = slope.map((value, i) => scale[i] * value);
    means = means.map((value, i) => keep * value + (1 - keep) * seen[i]);
    squares = squares.map((value, i) => keepSquare * value + (1 - keepSquare) * seen[i] ** 2);
    return means.map((mean, i) => {
      const size = Math.sqrt(squares[i] / (1 - keepSquare ** k)) + floor;
      return (scale[i] * eta * (mean / (1 - keep ** k))) / size;
    });
  };
}

/** The largest curvature at rest: minus the least eigenvalue of the flow's Jacobian, 2 by 2. */
function steepest([[a, b], [c, d]]) {
  const middle = (a + d) / 2;
  return -middle + Math.sqrt(((a - d) / 2) ** 2 + b * c);
}
