// Learning of three decays from a small seed: the staircase of the loss, and the decay rates of the modes.

import { inBackground } from "../background.js";
import { climb } from "../decays.js";
import { digits } from "../eigenpair.js";
import { linspace } from "../grid.js";
import { percent, written } from "../numbers.js";

const LOWEST = -6; // log10 of what is left of the loss

export function build(stage) {
  const { fast, share, small, tolerance, least, most, lightest, heaviest, end } = stage.constants;
  const places = linspace(-1, end, 201); // log10 of s
  const s = [0, ...places.map((place) => 10 ** place)];
  const poles = stage.chart({
    title: "The target",
    x: { label: "decay rate", from: -2, to: 0.2, log: true },
    y: { label: "amplitude", from: 0, to: 1 },
    tall: true,
    ratio: 1.1,
  });
  const time = { label: "learning time s", from: -1, to: end, log: true };
  const losses = stage.chart({
    title: "The staircase",
    x: { ...time },
    y: { label: "L(s) / L(0)", from: LOWEST, to: 0.2, log: true },
  });
  const rates = stage.chart({
    title: "One mode after another",
    x: { ...time },
    y: { label: "decay rates of the modes", from: -2, to: 0.2, log: true },
  });
  const within = (value, low, high) => Math.min(high, Math.max(low, value));
  stage.drag(poles, {
    label: "The middle decay",
    at: ({ middle, weight }) => [Math.log10(middle), weight],
    set: (x, y) => ({ middle: within(10 ** x, least, most), weight: within(y, lightest, heaviest) }),
    says: ({ middle, weight }) => `rate ${middle.toFixed(2)}, amplitude ${weight.toFixed(2)}`,
  });
  stage.keep(
    [[losses, "loss"]],
    ({ slow, middle, weight, seed }) =>
      `rates ${slow.toFixed(3)} and ${middle.toFixed(2)}, amplitude ${weight.toFixed(2)}, seed ${written(seed)}`,
  );

  let key = "";
  let run = { plateaus: [], loss: [], modes: [], busy: false, message: "", stop: () => {} };
  stage.onEnd.push(() => run.stop());

  function begin(target, seed) {
    run.stop();
    const job = { target, seed, small, s, tolerance };
    const mine = { ...run, busy: true, message: "" };
    run = mine;
    if (typeof Worker === "undefined") {
      // Where the page is built: the picture is wanted at once.
      for (const found of climb(job)) Object.assign(mine, found);
      mine.busy = false;
      return;
    }
    const halt = inBackground({
      source: stage.model.get("_esm"),
      name: "$decays.climb",
      generator: climb,
      job,
      take: (found) => {
        Object.assign(mine, found);
        if (run === mine) stage.schedule();
      },
      end: (message = "") => {
        Object.assign(mine, { message, busy: false });
        if (run === mine) stage.schedule();
      },
    });
    mine.stop = halt;
  }

  return ({ slow, middle, weight, seed }) => {
    const target = {
      rates: [slow, middle, fast],
      amplitudes: [share * (1 - weight), weight, (1 - share) * (1 - weight)],
    };
    const wanted = [slow, middle, weight, seed].join();
    if (wanted !== key) {
      key = wanted;
      begin(target, seed);
    }
    stage.figure.toggleAttribute("data-busy", run.busy);
    const { plateaus, loss, modes, start } = run;
    const log = (values) => values.map((value) => Math.log10(Math.max(value, 1e-300)));

    const [x, y] = [log(target.rates), target.amplitudes];
    for (const k of [0, 2]) poles.line(`stem ${k}`, [x[k], x[k]], [0, y[k]], { color: "target", width: 1.5 });
    poles.line("stem 1", [x[1], x[1]], [0, y[1]], { color: "target", width: 1.5 });
    poles.dots("target", x, y, { color: "target", radius: 6, label: "its decays: drag the middle one" });

    // The steps of theory: heights and ends of the plateaus.
    let sum = 0;
    const ends = plateaus.map(({ growth }) => {
      sum += Math.log(1 / seed) / growth;
      return Math.log10(sum);
    });
    const heights = plateaus.map((plateau) => Math.log10(Math.max(plateau.loss / start, 1e-12)));
    const steps = plateaus.length
      ? [
          [-1, ends[0], ends[0], ends[1], ends[1]],
          [heights[0], heights[0], heights[1], heights[1], LOWEST - 0.5],
        ]
      : [[], []];
    losses.line("predicted", ...steps, { color: "theory", dash: "7 4", label: "theory" });
    const relative = loss
      .slice(1)
      .map((value) => Math.max(Math.log10(Math.max(value / start, 1e-9)), LOWEST - 0.5));
    const when = relative.map((_, k) => places[k]);
    losses.line("loss", when, relative, { color: "network", width: 2.5, label: "loss" });

    const wantedRates = x.map((value) => [
      [-1, value],
      [end, value],
    ]);
    rates.curves("targets", wantedRates, { color: "target", dash: "6 4", width: 1.5, label: "target" });
    for (const k of [0, 1, 2]) {
      const values = log(modes.slice(1).map((all) => all[k]));
      rates.line(`mode ${k}`, when, values, {
        color: "network",
        width: 2.5,
        ...(k ? {} : { label: "network" }),
      });
    }
    for (const [chart, label] of [[losses], [rates, "end of the first plateau, in theory"]]) {
      const style = { color: "muted", dash: "2 3", width: 1.5, label };
      chart.line("first", plateaus.length ? [ends[0], ends[0]] : [], [-9, 1], style);
    }

    if (run.message) return `Learning could not be followed: ${run.message}.`;
    // As long as the sentence that follows, or the page below would move.
    if (!plateaus.length)
      return (
        `With the middle rate ${digits(middle, 2)} and the seed ${written(seed)}, three neurons learn the three decays; ` +
        "what one mode leaves of the loss, and what two leave, follows."
      );
    const [first, second] = plateaus.map((plateau) => percent(plateau.loss / start));
    const [one, two] = ends.map((value) => digits(10 ** value, 2));
    return (
      `With the middle rate ${digits(middle, 2)} and the seed ${written(seed)}, one mode leaves ${first} of the loss, until s is about ${one}; ` +
      `two leave ${second}, until about ${two}.`
    );
  };
}
