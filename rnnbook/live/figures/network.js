// A small network that is drawn and trained in the page, beside the theory with two equations.

import { inBackground } from "../background.js";
import { eigenvalues } from "../eigenvalues.js";
import { linspace, nearest } from "../grid.js";
import * as model from "../model.js";
import { train } from "../network_flow.js";
import { fixed, percent } from "../numbers.js";
import { solve } from "../ode.js";
import { drawNetwork } from "../random.js";
import { circle, drawEdgeOfStability } from "../plane.js";

export function build(stage) {
  const { neurons, duration, records, times, span } = stage.constants;
  const s = linspace(0, duration, records);
  const t = linspace(0, span, times);
  const spectrum = stage.chart({
    title: "The eigenvalues of W",
    x: { label: "real part", from: -1, to: 1.1 },
    y: { label: "imaginary part", from: -0.85, to: 0.85 },
    equal: true,
    tall: true,
  });
  const response = stage.chart({
    title: "The network's answer to a pulse",
    x: { label: "time t (membrane time constants)", from: 0, to: span },
    y: { label: "impulse response", from: -0.1, to: 1.1 },
  });
  const losses = stage.chart({
    title: "What is left of the loss",
    x: { label: "learning time s", from: 0, to: duration },
    y: { label: "L(s) / L(0)", from: 0, to: 1.05 },
  });
  stage.onPlace(losses, (place) => stage.set({ s: place }));
  stage.player("Train", "s", 0, duration, 5).classList.add("rnnbook-primary");
  stage.keep(
    [[losses, "network"]],
    ({ sigma, c_star, draw }) => `draw ${draw}, σ = ${sigma.toFixed(2)}, c* = ${c_star.toFixed(2)}`,
  );
  stage.button("New draw", () => stage.set({ draw: stage.state.draw + 1, s: 0 }));

  let run = null; // of the network that is shown
  function begin({ sigma, c_star, draw }) {
    run?.stop();
    const network = drawNetwork(neurons, sigma, draw);
    const drawn = eigenvalues(network.W, neurons);
    const path = solve(model, { c_star }, [0, 1], s);
    run = { network, drawn, path, found: [], message: "", busy: false, stop: () => {} };
    run.theory = path.map((state) => 4 * c_star * model.loss(state, { c_star }));
  }

  /** Train the network that is shown, unless it has been or cannot be. */
  function learn(c_star) {
    if (run.busy || run.found.length || run.message) return;
    const mine = run;
    mine.busy = true;
    mine.halt = inBackground({
      source: stage.model.get("_esm"),
      name: "$network_flow.train",
      generator: train,
      job: { network: mine.network, c_star, s, step: t[1], times },
      take: (record) => {
        mine.found.push(record);
        stage.schedule();
      },
      end: (message = "") => {
        Object.assign(mine, { message, busy: false });
        stage.schedule();
      },
    });
    mine.stop = () => {
      mine.halt();
      mine.busy = false;
    };
  }
  stage.onEnd.push(() => run?.stop());

  let key = "";
  return (state) => {
    const { sigma, c_star, draw } = state;
    const wanted = [sigma, c_star, draw].join();
    let time = state.s;
    if (wanted !== key) {
      // Another network has learned nothing yet.
      if (key && time > 0) stage.set({ s: (time = 0) });
      key = wanted;
      begin(state);
    }
    const stable = run.drawn[0][0] < 1;
    if (time > 0 && stable) learn(c_star);
    stage.figure.toggleAttribute("data-busy", run.busy);
    const { found, path, theory } = run;
    const k = Math.max(0, Math.min(nearest(s, time), found.length - 1)); // as far as it has come
    const values = found[k]?.eigenvalues ?? run.drawn;
    const f = found[k]?.response ?? t.map(() => 0);
    const relative = found.slice(0, k + 1).map(({ loss }) => loss * 4 * c_star);

    drawEdgeOfStability(spectrum);
    spectrum.line("radius", ...circle(sigma), { color: "bulk", width: 1.2, label: "radius σ" });
    const [real, imaginary] = [0, 1].map((part) => values.map((value) => value[part]));
    spectrum.dots("bulk", real.slice(1), imaginary.slice(1), { color: "bulk", radius: 2, label: "bulk" });
    spectrum.dots("target", [1 - c_star], [0], {
      color: "target",
      radius: 8,
      hollow: true,
      label: "target, 1 − c*",
    });
    spectrum.dots("theory", [1 - path[k][1]], [0], {
      color: "theory",
      radius: 11,
      hollow: true,
      label: "theory, 1 − c(s)",
    });
    spectrum.dots("outlier", real.slice(0, 1), imaginary.slice(0, 1), {
      color: "outlier",
      radius: 5,
      label: "rightmost eigenvalue",
    });

    response.line(
      "target",
      t,
      t.map((at) => Math.exp(-c_star * at)),
      { color: "target", dash: "6 4", label: "target f*(t)" },
    );
    response.line("f", t, f, { color: "network", width: 2.5, label: "network f(t)" });

    losses.line("theory", s, theory, { color: "theory", dash: "7 4", label: "theory with two equations" });
    losses.line("network", s.slice(0, relative.length), relative, {
      color: "network",
      width: 2.5,
      label: "network",
    });
    losses.dots("now", [s[k]], [relative[k] ?? 1], { color: "network", radius: 6 });

    const here = `Draw ${draw}, at s = ${s[k].toFixed(2)}: the rightmost of ${neurons} eigenvalues is at ${fixed(real[0])}`;
    if (!stable) return `${here}. This network is unstable, and learning cannot begin; draw another one.`;
    if (run.message) return `${here}. Learning stopped: ${run.message}.`;
    const theirs = fixed(1 - path[k][1]);
    return (
      `${here}, theory's at ${theirs}, the target's at ${(1 - c_star).toFixed(2)}. ` +
      `The network has ${percent(relative[k] ?? 1)} of the loss left, theory ${percent(theory[k])}.`
    );
  };
}
