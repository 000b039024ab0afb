// One neuron that saturates: the potential in which it moves, where it is found, and a piece of its way.

import { erf } from "../erf.js";
import { linspace } from "../grid.js";
import { normal } from "../random.js";
import * as model from "../saturating.js";

const STEP = 0.1; // of time
const STEPS = 10000; // that the histogram counts
const SHOWN = 1500; // of them that the trace shows
const BINS = 64;
const EDGE = 6;

export function build(stage) {
  const activity = { label: "activity h", from: -EDGE, to: EDGE };
  const valleys = stage.chart({
    title: "The potential",
    x: { ...activity },
    y: { label: "potential", from: -2, to: 2 },
  });
  const places = stage.chart({
    title: "Where the neuron is found",
    x: { ...activity },
    y: { label: "density of h", from: 0, to: 0.6 },
  });
  const way = stage.chart({
    title: "A piece of its way",
    x: { label: "time t (membrane time constants)", from: 0, to: SHOWN * STEP },
    y: { label: "activity h", from: -EDGE, to: EDGE },
  });
  const draw = normal(1);
  const noise = Float64Array.from({ length: STEPS }, () => draw() / Math.sqrt(STEP));
  const t = linspace(0, SHOWN * STEP, SHOWN + 1);
  const h = linspace(-EDGE, EDGE, 321);
  // The density reaches farther than the chart.
  const wide = linspace(-3 * EDGE, 3 * EDGE, 961);
  const edges = linspace(-EDGE, EDGE, BINS + 1);

  return ({ gain, w }) => {
    const parameters = { gain, w };
    const bent = (value) => erf(model.inner(value, parameters));
    const potential = (value) => model.potential(value, bent(value), parameters);
    const drift = (value) => w * model.output(bent(value), parameters) - value;
    const heat = (value) => Math.exp(-2 * potential(value));
    const total = wide.reduce((sum, value) => sum + heat(value), 0) * (wide[1] - wide[0]);
    const c = decay(w, parameters);

    const states = [0];
    const counts = new Array(BINS).fill(0);
    let [state, turns, side] = [0, 0, 0];
    for (let k = 0; k < STEPS; k++) {
      const slope = drift(state) + noise[k];
      state += (STEP / 2) * (slope + drift(state + STEP * slope) + noise[k]);
      if (k < SHOWN) {
        states.push(state);
        // A turn counts once the neuron is well on the other side.
        if (Math.abs(state) > 1 && Math.sign(state) !== side) [turns, side] = [turns + 1, Math.sign(state)];
      }
      const bin = Math.floor(((state + EDGE) / (2 * EDGE)) * BINS);
      if (bin >= 0 && bin < BINS) counts[bin]++;
    }
    const bars = counts.flatMap((count) => {
      const height = count / STEPS / (edges[1] - edges[0]);
      return [height, height];
    });
    const sides = edges.slice(0, -1).flatMap((edge, k) => [edge, edges[k + 1]]);

    valleys.line("potential", h, h.map(potential), { color: "network", width: 2.5, beyond: true });
    places.area(
      "histogram",
      sides,
      sides.map(() => 0),
      bars,
      { color: "network", opacity: 0.35, label: "histogram" },
    );
    places.line(
      "exact",
      h,
      h.map((value) => heat(value) / total),
      { color: "theory", label: "exact", beyond: true },
    );
    places.line(
      "closure",
      h,
      h.map((value) => Math.sqrt(c / Math.PI) * Math.exp(-c * value * value)),
      { color: "target", dash: "6 4", label: "Gaussian of the closure" },
    );
    way.line("way", t, states, { color: "network", width: 1.5, beyond: true });

    const valley = bottom(w, drift);
    const [marks, heights] =
      valley > 0
        ? [
            [-valley, valley],
            [potential(valley), potential(valley)],
          ]
        : [[0], [0]];
    valleys.dots("stable", marks, heights, { color: "attract", radius: 6, label: "stable states" });
    const rest = valley > 0 ? `two stable states, at ±${valley.toFixed(2)}` : "one stable state, at zero";
    const closure = `The closure sees a linear neuron with decay rate ${c.toPrecision(2)}`;
    return (
      `Gain ${gain.toFixed(2)} and weight ${w.toFixed(2)}: ${rest}. ${closure}. ` +
      `In ${SHOWN * STEP} time constants the activity passes from one side to the other ${Math.max(0, turns - 1)} times.`
    );
  };
}

/** The decay rate that the closure gives to a weight, by bisection: the weight falls with it. */
function decay(w, parameters) {
  let [low, high] = [1e-6, 1];
  for (let k = 0; k < 60; k++) {
    const middle = Math.sqrt(low * high);
    if (model.weight(middle, parameters) > w) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** Where the drift vanishes above zero, by bisection; 0 if it does so nowhere. */
function bottom(w, drift) {
  if (w <= 1) return 0;
  let [low, high] = [1e-3, 3 * EDGE];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (drift(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
