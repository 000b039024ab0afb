// Numbers as people write them.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number as it is written in an exponent, such as ⁻⁰·⁵ of "-0.5". */
export function raised(text) {
  const others = { "-": "⁻", "−": "⁻", ".": "·" };
  return [...text].map((letter) => others[letter] ?? SUPERSCRIPTS[letter] ?? letter).join("");
}

/** A power of ten, such as 10⁻³. */
export function power(exponent) {
  return `10${raised(String(exponent))}`;
}

/** So many decimals, with a true minus. */
export function fixed(value, places = 2) {
  return value
    .toFixed(places)
    .replace(/^-(?!0\.?0*$)/, "−")
    .replace("-", "");
}

/** A number with so many digits: 0.6, or 6 × 10⁻⁷ if it is very small or very large. */
export function written(value, digits = 2) {
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const small = Number(exponent) < -3 || Number(exponent) > 5;
  const text = small ? `${mantissa} × ${power(Number(exponent))}` : String(Number(value.toPrecision(digits)));
  return text.replace(/^-/, "−");
}

/** A share in words of two digits, such as 1.3 %. */
export function percent(share) {
  const value = 100 * share;
  if (value < 1e-3) return `${written(value)} %`;
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} %`;
}
