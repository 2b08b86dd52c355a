// SPDX-License-Identifier: Apache-2.0
// The report of a published model, or of a round's candidate: its results, its parent's, and how it was trained.

import * as api from "./api.js";
import { CLASSES, count, el, percent, signedPoints, table, time } from "./dom.js";
import { linePlot } from "./plot.js";

export const reportAddress = (version) => "#/models/" + encodeURIComponent(version);

const METRICS = [
  ["Accuracy", "accuracy", percent],
  ["Macro F1", "macro_f1", percent],
  ["Macro recall", "macro_recall", percent],
  ["Log loss", "log_loss", (value) => value.toFixed(3)],
  ["ROC AUC of the polarity", "roc_auc", (value) => value.toFixed(3)],
  ["Calibration error", "calibration_error", (value) => value.toFixed(3)],
];

const link = (version) => el("a", { href: reportAddress(version), text: version });
const formatted = (evaluation, key, format) => (evaluation && Number.isFinite(evaluation[key]) ? format(evaluation[key]) : "–");

/** The report of a version, or of the round of a number. */
export function report(main, version, number) {
  const message = el("p", { className: "message", role: "status" });
  const content = el("div");
  const plots = [];
  let left = false;
  main.append(
    el("p", {}, el("a", { href: "#/models", text: "All models" })),
    el("h2", { text: number ? `Round ${number}` : version }),
    message,
    content,
  );

  /** The versions from which it was made, the nearest first. */
  function lineage(models, parent) {
    const names = [];
    for (let next = parent; next && !names.includes(next); next = (models.find((model) => model.version === next) || {}).parent)
      names.push(next);
    if (names.length === 0) return el("p", { text: "Trained from scratch." });
    const known = (name) => models.some((model) => model.version === name);
    return el("p", {}, "Fine-tuned from ", ...names.flatMap((name, index) => [index > 0 ? ", which was fine-tuned from " : "", known(name) ? link(name) : name]), ".");
  }

  function decision(round) {
    const rows = [["Held-out labels", round.heldOut], ["Guard set", round.guard], ["Behavioural cases", round.behaviour]]
      .filter(([, result]) => result)
      .map(([name, result]) =>
        el("tr", {}, el("th", { scope: "row", text: name }), ...[count(result.texts), percent(result.active), percent(result.candidate), signedPoints(result.candidate - result.active), count(result.gained), count(result.lost)].map((text) => el("td", { className: "number", text }))),
      );
    return [
      el("p", {}, el("strong", { text: round.published ? "Published: " : "Withheld: " }), round.because),
      el("p", { className: "muted", text: `Started ${time(round.startedAt)}: ${round.startedBecause}. ${count(round.labels)} new labels, ${count(round.unused)} of them unused; ${count(round.trained)} texts trained on.` }),
      round.recent ? el("p", { text: `${count(round.recent.changed)} of ${count(round.recent.texts)} recent tweets get another class.` }) : undefined,
      rows.length > 0 ? table("Candidate and active model on the same texts", ["Texts of", "Number", "Active model", "Candidate", "Difference", "Right only by candidate", "Right only by active"], el("tbody", {}, ...rows)) : undefined,
    ];
  }

  function metrics(test, parent) {
    const rows = METRICS.map(([name, key, format]) =>
      el("tr", {}, el("th", { scope: "row", text: name }), el("td", { className: "number", text: formatted(test, key, format) }), parent ? el("td", { className: "number", text: formatted(parent, key, format) }) : undefined),
    );
    const shown = table(`Results on ${count(test.texts)} test texts`, ["Metric", "This model", ...(parent ? ["Its parent"] : [])], el("tbody", {}, ...rows));
    shown.classList.add("narrow");
    return shown;
  }

  function confusion(test) {
    const classes = CLASSES.filter((sentiment) => test.confusion[sentiment]);
    const rows = classes.map((truth) => {
      const sum = classes.reduce((total, predicted) => total + (test.confusion[truth][predicted] || 0), 0);
      const cells = classes.map((predicted) => {
        const number = test.confusion[truth][predicted] || 0;
        const cell = el("td", { className: "number confusion" + (truth === predicted ? " right" : "") }, `${percent(sum > 0 ? number / sum : NaN)} `, el("span", { className: "muted", text: `(${count(number)})` }));
        cell.style.setProperty("--share", String(sum > 0 ? number / sum : 0));
        return cell;
      });
      return el("tr", {}, el("th", { scope: "row", text: truth }), ...cells);
    });
    return table("Confusion matrix: rows are true classes, columns predicted ones; shares of the row", ["True class", ...classes], el("tbody", {}, ...rows));
  }

  function plot(options) {
    const drawn = linePlot(options);
    plots.push(drawn);
    return drawn.figure;
  }

  function calibration(test) {
    const bins = (test.calibration || []).filter((bin) => bin.texts > 0);
    if (bins.length === 0)
      return el("p", { className: "muted", text: "This report holds no calibration curve: it was made by an earlier release." });
    const format = (value) => percent(value);
    format.x = percent;
    return plot({
      caption: "Calibration: how often the predicted class is right, by its probability",
      xLabel: "predicted probability",
      xs: bins.map((bin) => bin.probability),
      xRange: [0, 1],
      yRange: [0, 1],
      format,
      lines: [
        { label: "this model", color: "positive", values: bins.map((bin) => bin.right) },
        { label: "perfectly calibrated", color: "muted", dash: true, values: bins.map((bin) => bin.probability) },
      ],
    });
  }

  function training(epochs) {
    if (epochs.length === 0) return el("p", { className: "muted", text: "The network was not trained: there are no epochs." });
    const format = (value) => value.toFixed(2);
    format.x = (value) => (Number.isInteger(value) ? String(value) : "");
    return plot({
      caption: "Training: loss by epoch",
      xLabel: "epoch",
      xs: epochs.map((epoch) => epoch.number),
      format,
      lines: [
        { label: "training texts", color: "muted", dash: true, values: epochs.map((epoch) => epoch.loss) },
        { label: "validation texts", color: "positive", values: epochs.map((epoch) => epoch.validation_loss) },
      ],
    });
  }

  function results(report) {
    if (!report || !report.test) return [el("p", { text: "This model holds no report." })];
    const parent = report.besides && report.besides["parent on test"];
    const data = report.data || {};
    return [
      report.decision && !number ? el("p", {}, el("strong", { text: report.decision.published ? "Published: " : "Withheld: " }), report.decision.because) : undefined,
      el("p", { className: "muted", text: `Data: ${data.name}; ${count(data.train)} texts to train, ${count(data.validation)} to validate, ${count(data.test)} to test.` }),
      el("h3", { text: "Results" }),
      metrics(report.test, parent),
      confusion(report.test),
      el("h3", { text: "Curves" }),
      el("div", { className: "figures" }, calibration(report.test), training((report.training && report.training.epochs) || [])),
    ];
  }

  async function load() {
    try {
      const models = await api.models();
      const found = number ? await api.round(number) : await api.report(version);
      if (left) return;
      const of = number ? found.round : found;
      content.append(
        ...[
          number ? el("p", {}, "Candidate ", el("strong", { text: of.candidate || "none" })) : undefined,
          lineage(models, of.parent),
          ...(number ? decision(of) : []),
          ...(of.candidate === "" ? [] : results(found.report)),
        ].filter(Boolean),
      );
    } catch (fault) {
      message.textContent = fault.message;
    }
  }

  load();
  return () => {
    left = true;
    plots.forEach((drawn) => drawn.destroy());
  };
}
