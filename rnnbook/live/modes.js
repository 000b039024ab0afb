// Lazy learning as a sum over modes: each part of the target is learned at a rate of its own.
//
// The module `laguerre` is generated from the formulas of rnnbook.lazy; a `target` has the values
// sigma, c_star and omega_star. Modes are an object {rates, coefficients}.

import * as laguerre from "./laguerre.js";

const NEGLIGIBLE = 1e-16;

/** The modes of a trained read-out, as many as hold all of the target but 1e-16 of its energy. */
export function readoutModes(target, count = enough(target)) {
  const [across, up] = laguerre.factor(target);
  let [real, imaginary] = laguerre.first(target);
  const [rates, coefficients] = [[], []];
  for (let n = 0; n < count; n++) {
    rates.push(laguerre.eigenvalue(n, target));
    coefficients.push(real);
    [real, imaginary] = [across * real - up * imaginary, across * imaginary + up * real];
  }
  return { rates, coefficients };
}

function enough(target) {
  const ratio = laguerre.target_ratio(target);
  return ratio > 0 ? Math.ceil(Math.log(NEGLIGIBLE) / Math.log(ratio)) + 1 : 1;
}

/** The modes if W learns too, with so many readers of u and v, in `count` Laguerre functions. */
export function tangentModes(target, readers, count) {
  const { rates, coefficients } = readoutModes(target, count);
  const diagonal = rates.map((rate, n) => readers * rate + laguerre.diagonal(n, target));
  const beside = rates.slice(1).map((_, n) => laguerre.beside(n + 1, target));
  return diagonalise(diagonal, beside, coefficients);
}

/** The loss at learning time s. */
export function loss({ rates, coefficients }, s) {
  let sum = 0;
  for (let n = 0; n < rates.length; n++) {
    const exponent = 2 * rates[n] * s;
    sum += coefficients[n] ** 2 * (exponent > NEGLIGIBLE ? Math.exp(-exponent) : 1);
  }
  return sum / 2;
}

/** The length of the read-out at learning time s, if it alone learns. */
export function readoutLength({ rates, coefficients }, s) {
  let sum = 0;
  for (let n = 0; n < rates.length; n++) {
    const exponent = rates[n] * s;
    const learned = exponent > NEGLIGIBLE ? -Math.expm1(-exponent) / rates[n] : s;
    sum += rates[n] * (coefficients[n] * learned) ** 2;
  }
  return Math.sqrt(sum);
}

/**
 * Eigenvalues of a symmetric matrix with three diagonals, and the parts of a vector along the
 * eigenvectors, which are not needed themselves: the QL method with implicit shifts.
 */
export function diagonalise(diagonal, beside, vector) {
  const [d, e, z] = [[...diagonal], [...beside, 0], [...vector]];
  // Rates fall by hundreds of powers of ten: what is far below rounding of the largest counts as 0.
  const floor = 1e-4 * Number.EPSILON * Math.max(...d.map(Math.abs));
  const small = (m) => Math.abs(e[m]) <= floor + Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]));
  for (let l = 0; l < d.length; ) {
    let m = l;
    while (m + 1 < d.length && !small(m)) m++;
    if (m === l) {
      l++;
      continue;
    }
    // Wilkinson's shift: the eigenvalue of the first two rows that is nearer to d[l].
    const slope = (d[l + 1] - d[l]) / (2 * e[l]);
    let g = d[m] - d[l] + e[l] / (slope + Math.sign(slope || 1) * Math.hypot(slope, 1));
    let [sine, cosine, shift] = [1, 1, 0];
    let i = m - 1;
    for (; i >= l; i--) {
      const [f, b] = [sine * e[i], cosine * e[i]];
      const r = Math.hypot(f, g);
      e[i + 1] = r;
      if (r === 0) break; // the matrix falls into two
      [sine, cosine] = [f / r, g / r];
      const h = d[i + 1] - shift;
      const t = (d[i] - h) * sine + 2 * cosine * b;
      shift = sine * t;
      d[i + 1] = h + shift;
      g = cosine * t - b;
      [z[i], z[i + 1]] = [cosine * z[i] - sine * z[i + 1], sine * z[i] + cosine * z[i + 1]];
    }
    if (i >= l) {
      d[i + 1] -= shift;
      e[m] = 0;
      continue;
    }
    d[l] -= shift;
    e[l] = g;
    e[m] = 0;
  }
  return { rates: d, coefficients: z };
}
