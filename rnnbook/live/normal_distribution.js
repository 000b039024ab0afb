// The normal distribution.

/** The share of a standard normal variable below z: a series whose terms all have one sign. */
export function below(z) {
  if (z < -8) return 0;
  if (z > 8) return 1;
  let [term, sum] = [z, 0];
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    sum += term;
    term *= (z * z) / (2 * k + 1);
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
