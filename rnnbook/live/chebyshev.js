// A stabilised explicit method for gradient flow, Runge-Kutta-Chebyshev of order two (Sommeijer, Shampine and
// Verwer 1998): rnnbook/training/chebyshev.py, for the solver in gradient_flow.js.

import { combined, norm } from "./linear_algebra.js";

export const POWER = 3; // of the step, with which its error falls

const MOST_STAGES = 250;

/** The longest step that is stable with the most stages allowed. */
export function longest(curvature) {
  return (0.65 * (MOST_STAGES ** 2 - 1)) / Math.max(curvature, 1e-300);
}

/** How many stages, each a slope, a stable step of length h needs. */
function stages(h, curvature) {
  return Math.max(2, Math.ceil(Math.sqrt(1 + (h * curvature) / 0.65)));
}

/** How many slopes a step of length h costs, with its share of a look at the curvature. */
export function slopes(h, curvature) {
  return stages(Math.min(h, longest(curvature)), curvature) + 1;
}

/** The error that a step of this method makes where `step` was taken. */
export function error({ y, f, h, next, slopeNext }) {
  const nothing = new Float64Array(y.length);
  return norm(combined(nothing, [0.8, -0.8, 0.4 * h, 0.4 * h], [y, next, f, slopeNext], 1));
}

/**
 * An upper estimate of the largest curvature at y, where the slope is f, by power iteration on differences of
 * slopes that begins in a direction: {curvature, direction}, the latter to begin with next time.
 */
export function* curvature(slope, y, f, direction) {
  let length = norm(direction);
  if (length === 0) [direction, length] = [y.map(() => 1), Math.sqrt(y.length)];
  // Far above the accuracy of the slope, and small against the scale on which it bends.
  let probe = 1e-4 * Math.max(1, norm(y));
  let [before, found] = [0, 0];
  for (let k = 0; k < 20 && probe > 1e-12; k++) {
    const moved = yield* slope(combined(y, [1], [direction], probe / length));
    const change = combined(f, [-1], [moved], 1);
    const size = norm(change);
    if (!Number.isFinite(size)) {
      probe /= 10;
      continue;
    }
    [before, found] = [found, size / probe];
    if (found === 0) break;
    // With the sign kept, all probes lie on the same side: where curvature changes quickly, the two sides
    // would take turns for ever.
    [direction, length] = [change, size];
    if (Math.abs(found - before) <= 0.02 * found) break;
  }
  return { curvature: 1.25 * found, direction };
}

/** The numbers of a step with so many stages. */
function coefficients(count) {
  const w0 = 1 + 2 / 13 / count ** 2;
  const [T, dT, d2T] = [
    [1, w0],
    [0, 1],
    [0, 0],
  ];
  for (let j = 2; j <= count; j++) {
    d2T.push(2 * w0 * d2T[j - 1] - d2T[j - 2] + 4 * dT[j - 1]);
    dT.push(2 * w0 * dT[j - 1] - dT[j - 2] + 2 * T[j - 1]);
    T.push(2 * w0 * T[j - 1] - T[j - 2]);
  }
  const b = T.map((_, j) => d2T[Math.max(j, 2)] / dT[Math.max(j, 2)] ** 2);
  return { w0, w1: dT[count] / d2T[count], T, b };
}

/** A step of length h from y with slope f, in as many stages as `curvature` asks. */
export function* advance(slope, y, f, h, curvature) {
  const count = stages(h, curvature);
  const { w0, w1, T, b } = coefficients(count);
  let [before, now] = [y, combined(y, [b[1] * w1], [f], h)];
  for (let j = 2; j <= count; j++) {
    const [mu, nu] = [(2 * b[j] * w0) / b[j - 1], -b[j] / b[j - 2]];
    const forwards = ((2 * b[j] * w1) / b[j - 1]) * h;
    const back = (b[j - 1] * T[j - 1] - 1) * forwards;
    const factors = [-mu - nu, mu, nu, forwards, back];
    [before, now] = [now, combined(y, factors, [y, now, before, yield* slope(now), f], 1)];
  }
  const step = { y, f, h, next: now, slopeNext: yield* slope(now), power: POWER };
  return { ...step, error: error(step), within: (x) => hermite(x, step) };
}

/** The cubic with the states and slopes of both ends of a step, at a share x of it. */
function hermite(x, { h, y, f, next, slopeNext }) {
  const blend = x * x * (3 - 2 * x);
  const factors = [-blend, blend, h * x * (1 - x) ** 2, -h * x * x * (1 - x)];
  return combined(y, factors, [y, next, f, slopeNext], 1);
}
