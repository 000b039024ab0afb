// How much activity escapes m Krylov vectors, and the error of the gradient that they leave.

import { linspace, nearest } from "../grid.js";
import { written } from "../numbers.js";

export function build(stage) {
  const { duration, times, sizes, sigmas } = stage.constants;
  const [activity, missed, errors] = ["activity", "missed", "errors"].map((name) => stage.data(name));
  const t = linspace(0, duration, times);
  const most = sizes[sizes.length - 1];
  const escape = stage.chart({
    title: "How much activity the vectors miss",
    x: { label: "time t (membrane time constants)", from: 0, to: duration },
    y: { label: "length of h(t)", from: 0, to: 1.15 },
  });
  const accuracy = stage.chart({
    title: "How wrong they make the gradient",
    x: { label: "Krylov vectors m", from: 0, to: most },
    y: { label: "relative error", from: -15, to: 1, log: true },
  });

  return ({ m, sigma }) => {
    const k = nearest(sigmas, sigma);
    const row = k * most + m - 1;
    const all = Array.from(activity.subarray(k * times, (k + 1) * times));
    const left = Array.from(missed.subarray(row * times, (row + 1) * times));
    const error = Array.from(errors.subarray(k * sizes.length, (k + 1) * sizes.length));
    escape.area(
      "missed",
      t,
      t.map(() => 0),
      left,
      { color: "muted", opacity: 0.5, label: `missed by m = ${m}` },
    );
    escape.line("activity", t, all, { color: "network", label: "activity of 200 neurons" });
    accuracy.line("errors", sizes, error, { color: "muted", label: `bulk σ = ${sigmas[k]}` });
    accuracy.dots("sizes", sizes, error, { color: "muted", radius: 3 });
    const at = interpolate(m, sizes, error);
    accuracy.dots("here", [m], [at], { color: "network", radius: 6, label: "your m" });
    return (
      `With a bulk of radius ${sigmas[k]}, ${m} Krylov vector${m > 1 ? "s" : ""} miss at most ` +
      `${Math.max(...left).toFixed(2)} of the activity after a pulse, and leave a relative error of ` +
      `about ${written(10 ** at, 1)} in the gradient.`
    );
  };
}

function interpolate(x, xs, ys) {
  const k = Math.max(
    1,
    xs.findIndex((value) => value >= x),
  );
  const share = (x - xs[k - 1]) / (xs[k] - xs[k - 1]);
  return ys[k - 1] + share * (ys[k] - ys[k - 1]);
}
