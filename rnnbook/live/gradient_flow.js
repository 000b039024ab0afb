// The solver of gradient flow, rnnbook/training/solver.py: two explicit methods, and a choice between them at
// each step. On plateaus and through transitions a method of high order takes long steps; where stability bounds
// such steps, and not accuracy, a stabilised one is cheaper.
//
// A slope is a generator, which yields null before it returns, and so do all that call it: who shares a thread
// with them can do other things in between. Where a slope cannot be had it is not a number.

import * as chebyshev from "./chebyshev.js";
import * as dormandPrince from "./dormand_prince.js";
import { distance, norm } from "./linear_algebra.js";

const STEPS_BETWEEN_ESTIMATES = 5;
const CHEAPER = 0.8; // by this the other method must promise to be: to change costs something too

/**
 * Follow dy/dt = slope(y) from 0 to `end`, with errors of a step up to `tolerance`, relative to the norm of y or
 * 1. Yields null after a slope, and each step, {next, slopeNext, end, at}: `at` gives the states on the way.
 */
export function* integrate(slope, start, end, tolerance) {
  const root = Math.sqrt(tolerance);
  let [t, y, f] = [0, start, yield* slope(start)];
  let probe = yield* chebyshev.curvature(slope, y, f, f);
  let [curvature, sinceEstimate] = [probe.curvature, 0];
  let h = root / Math.max(norm(f), curvature * root, 1e-300);
  let last = null; // step and growth
  let [stiff, advantage] = [false, 5]; // how much longer the steps of high order could be
  const look = function* () {
    probe = yield* chebyshev.curvature(slope, y, f, probe.direction);
    [curvature, sinceEstimate] = [probe.curvature, 0];
  };
  while (t < end) {
    if (!(t + h > t)) throw new Error("learning cannot be continued: the network would be unstable");
    if (stiff) h = Math.min(h, chebyshev.longest(curvature));
    // Stretch or halve the last steps, so that none is a sliver.
    if (2 * h > end - t) h = h < end - t ? (end - t) / 2 : end - t;
    const step = stiff
      ? yield* chebyshev.advance(slope, y, f, h, curvature)
      : yield* dormandPrince.advance(slope, y, f, h);
    const { next, slopeNext, power } = step;
    const allowed = tolerance * Math.max(1, norm(y), norm(next));
    const error = step.error / allowed;
    if (!(error <= 1)) {
      // What is not a number: a trial network was unstable.
      h *= Number.isFinite(error) ? Math.max(0.1, growth(error, power)) : 0.25;
      if (stiff) yield* look();
      continue;
    }
    const from = t;
    t = h === end - t ? end : t + h;
    yield { end: t, at: (time) => step.within((time - from) / step.h) };
    // Predictive control: go on with the trend of the last two errors.
    const now = growth(error, power);
    const trend = last ? (now * h * now) / (last.h * last.growth) : now;
    last = { h, growth: now };
    const secant = distance(slopeNext, f) / Math.max(distance(next, y), 1e-300);
    const slow = chebyshev.error(step) / allowed; // that of a stabilised step of this length
    [y, f] = [next, slopeNext];
    h *= Math.min(5, Math.max(0.2, Math.min(now, trend)));
    let [high, low, change] = [h, h, true];
    if (stiff) {
      if (++sinceEstimate >= STEPS_BETWEEN_ESTIMATES || secant > curvature) yield* look();
      high = Math.min(advantage * h, dormandPrince.longest(curvature));
    } else {
      curvature = 1.25 * Math.max(step.curvature, secant);
      low = step.h * growth(slow, chebyshev.POWER);
      change = step.h > 0.5 * dormandPrince.longest(curvature);
      if (!change) advantage = high / low; // accuracy bounds it, not stability
    }
    const [costsHigh, costsLow] = [dormandPrince.SLOPES / high, chebyshev.slopes(low, curvature) / low];
    if (change && (stiff ? costsHigh < CHEAPER * costsLow : costsLow < CHEAPER * costsHigh)) {
      [stiff, last] = [!stiff, null];
      h = Math.min(5 * step.h, stiff ? low : high);
      if (stiff) {
        probe = { direction: step.direction };
        yield* look();
      }
    }
  }
}

/** By what factor a step may grow whose error is `error` of the allowed one. */
function growth(error, power) {
  return 0.8 * Math.max(error, 1e-12) ** (-1 / power);
}
