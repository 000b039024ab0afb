// The two eigenvalues of two neurons along learning, and the moment at which they become a pair.

import { written } from "./numbers.js";
import { solve } from "./ode.js";

/**
 * Follow the flow of `model` from `start` over `times`. `spectrum(state, parameters)` returns m and d
 * for the eigenvalues m ± √d.
 *
 * Returns arrays over the learning times `s`: `states`, the real parts `upper` and `lower`, the
 * `imaginary` part of the upper one, and `loss`; and `birth`, the place in them where the two last
 * become a pair, or -1. The moment of birth is one of the times; it is added to those given.
 */
export function follow(model, spectrum, parameters, start, times) {
  // The coupling grows from a seed as small as 1e-6 and has to be right from the beginning.
  const flow = (from, at) => solve(model, parameters, from, at, 1e-6, 1e-12);
  const squared = (state) => spectrum(state, parameters)[1];
  // Where a straight line from one sign of d to the other is zero.
  function crossing(from, to) {
    const [d, d2] = [squared(from.state), squared(to.state)];
    return from.after + (d / (d - d2)) * (to.after - from.after);
  }
  const [s, states] = [[...times], flow(start, times)];
  const before = s.findLastIndex(
    (_, k) => k + 1 < s.length && squared(states[k]) > 0 && squared(states[k + 1]) <= 0,
  );
  if (before >= 0) {
    const first = states[before];
    let [low, high] = [
      { after: 0, state: first },
      { after: s[before + 1] - s[before], state: states[before + 1] },
    ];
    for (let k = 0; k < 40 && high.after - low.after > 1e-9 * s[before + 1]; k++) {
      const after = k % 3 === 2 ? (low.after + high.after) / 2 : crossing(low, high);
      const state = flow(first, [0, after])[1];
      if (squared(state) > 0) low = { after, state };
      else high = { after, state };
    }
    s.splice(before + 1, 0, s[before] + high.after);
    states.splice(before + 1, 0, high.state);
  }
  const pairs = states.map((state) => spectrum(state, parameters));
  const apart = pairs.map(([, d]) => Math.sqrt(Math.max(d, 0)));
  return {
    s,
    states,
    birth: before >= 0 ? before + 1 : -1,
    loss: states.map((state) => model.loss(state, parameters)),
    upper: pairs.map(([middle], k) => middle + apart[k]),
    lower: pairs.map(([middle], k) => middle - apart[k]),
    imaginary: pairs.map(([, d]) => Math.sqrt(Math.max(-d, 0))),
  };
}

/** A round number that is not below `value`. */
export function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return (
    unit * [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * unit >= value * (1 - 1e-12))
  );
}

/** A number in a sentence, to so many digits, with no power of ten unless it is very small. */
export function digits(value, count) {
  const text = String(Number(value.toPrecision(count)));
  return text.includes("e") ? written(value, count) : text.replace("-", "−");
}
