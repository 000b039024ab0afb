// Infinitely wide networks with a bulk, as trees of some depth, beside the theory without a bulk.

import { nearest } from "../grid.js";

export function build(stage) {
  const { sigmas, depths, c_star } = stage.constants;
  const [s, losses, outliers, loss0, rate0] = ["s", "losses", "outliers", "loss0", "rate0"].map((name) =>
    Array.from(stage.data(name)),
  );
  const end = s[s.length - 1];
  const learning = { label: "learning time s", from: 0, to: end };
  const start = loss0[0];
  const loss = stage.chart({ x: learning, y: { label: "loss L(s) / L(0)", from: 0, to: 1.05 } });
  const rate = stage.chart({ x: learning, y: { label: "decay rate c", from: 0, to: 1.05 } });
  // Between two records the loss is taken to be straight, as it is drawn.
  const halved = (curve) => {
    const k = curve.findIndex((value) => value < 0.5 * start);
    return s[k] - ((s[k] - s[k - 1]) * (0.5 * start - curve[k])) / (curve[k - 1] - curve[k]);
  };

  return ({ sigma, depth }) => {
    const i = nearest(sigmas, sigma);
    const first = (depths.length * i + depth) * s.length;
    const curve = losses.slice(first, first + s.length);
    // An eigenvalue inside the disc is not one of the random networks.
    const rates = outliers.slice(first, first + s.length).map((x) => (x > sigmas[i] + 1e-3 ? 1 - x : NaN));
    loss.line(
      "no bulk",
      s,
      loss0.map((x) => x / start),
      { color: "target", dash: "6 4", label: "no bulk" },
    );
    loss.line(
      "tree",
      s,
      curve.map((x) => x / start),
      { color: "network", width: 2.5, label: "tree" },
    );
    rate.line("target", [0, end], [c_star, c_star], { color: "muted", dash: "2 4", label: "target c*" });
    rate.line("no bulk", s, rate0, { color: "target", dash: "6 4", label: "no bulk" });
    rate.line("tree", s, rates, { color: "network", width: 2.5, label: "tree, outside the disc" });
    return (
      `With a bulk of radius ${sigmas[i].toFixed(1)}, the tree of depth ${depths[depth]} with ` +
      `${2 ** (depths[depth] + 1) - 1} nodes has halved its loss at s = ${halved(curve).toFixed(2)}; ` +
      `without a bulk it takes until ${halved(loss0).toFixed(2)}.`
    );
  };
}
