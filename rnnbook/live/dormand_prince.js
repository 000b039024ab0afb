// The explicit Runge-Kutta method of Dormand and Prince (1980), of order five: rnnbook/training/dormand_prince.py,
// for the solver in gradient_flow.js.

import { combined, distance, norm } from "./linear_algebra.js";

export const SLOPES = 6; // that a step costs

const A = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const ERROR = [-71 / 57600, 0, 71 / 16695, -71 / 1920, 17253 / 339200, -22 / 525, 1 / 40];
// On the way, at a share x of a step: factors of x, x^2, x^3 and x^4 for each stage, by Shampine (1986).
const WITHIN = [
  [1, -8048581381 / 2820520608, 8663915743 / 2820520608, -12715105075 / 11282082432],
  [0, 0, 0, 0],
  [0, 131558114200 / 32700410799, -68118460800 / 10900136933, 87487479700 / 32700410799],
  [0, -1754552775 / 470086768, 14199869525 / 1410260304, -10690763975 / 1880347072],
  [0, 127303824393 / 49829197408, -318862633887 / 49829197408, 701980252875 / 199316789632],
  [0, -282668133 / 205662961, 2019193451 / 616988883, -1453857185 / 822651844],
  [0, 40617522 / 29380423, -110615467 / 29380423, 69997945 / 29380423],
];

/** The longest step that is stable. */
export function longest(curvature) {
  return 3.3 / Math.max(curvature, 1e-300);
}

/** A step of length h from y with slope f. */
export function* advance(slope, y, f, h) {
  const stages = [f];
  let [before, next] = [y, y];
  for (const factors of A.slice(1)) {
    [before, next] = [next, combined(y, factors, stages, h)];
    stages.push(yield* slope(next));
  }
  const [sixth, slopeNext] = stages.slice(-2);
  const direction = combined(slopeNext, [-1], [sixth], 1);
  return {
    ...{ y, f, h, next, slopeNext, direction, power: 5 },
    error: h * norm(combined(new Float64Array(y.length), ERROR, stages, 1)),
    // The last two stages lie at the same time, a little apart: as good as a probe, and free.
    curvature: norm(direction) / Math.max(distance(next, before), 1e-300),
    within: (x) =>
      combined(
        y,
        WITHIN.map((factors) => factors.reduceRight((sum, factor) => x * (factor + sum), 0)),
        stages,
        h,
      ),
  };
}
