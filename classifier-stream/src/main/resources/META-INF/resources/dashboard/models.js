// SPDX-License-Identifier: Apache-2.0
// Published models and who changed which one scores; with a version or a round in the address, its report.

import * as api from "./api.js";
import { changes } from "./change.js";
import { count, el, percent, table, time, unlessSame } from "./dom.js";
import { report, reportAddress } from "./report.js";

const EVERY_MS = 5000;
const AUDIT_PAGE = 20;

export function models(main, version, parameters) {
  const round = parameters.get("round");
  if (version || round) return report(main, version, round);

  const message = el("p", { className: "message", role: "status" });
  const shadow = el("p");
  const refused = el("ul");
  const controls = el("div", { className: "controls", role: "group", "aria-label": "Change the active model" });
  const body = el("tbody");
  const roundsBody = el("tbody");
  const auditBody = el("tbody");
  const older = el("button", { type: "button", text: "Older changes", hidden: true });
  const noRounds = el("p", { className: "muted", text: "No round has run yet." });
  const roundsTable = table("Rounds of fine-tuning, the newest first: accuracy of the active model and of the candidate", ["Round", "Candidate", "Held-out labels", "Guard set", "Behaviour", "Changed verdicts", "Decision"], roundsBody);
  roundsTable.hidden = true;
  const change = changes(load);
  const more = []; // pages of the audit that were asked for
  main.append(
    el("h2", { text: "Models" }),
    message,
    change.result,
    shadow,
    controls,
    table("Published models, the newest first", ["Version", "Fine-tuned from", "Published", "Size", "Reason", "Change"], body),
    refused,
    el("h3", { text: "Rounds" }),
    noRounds,
    roundsTable,
    el("h3", { text: "Changes" }),
    table("Who changed which model scores, the newest first", ["When", "What", "Model", "Active before", "By", "Reason"], auditBody),
    older,
    change.dialog,
  );
  const reason = (text) => el("td", { className: "reason", dir: "auto", text });
  const drawModels = unlessSame(show);
  const drawRounds = unlessSame((rounds) => {
    roundsTable.hidden = rounds.length === 0;
    noRounds.hidden = rounds.length > 0;
    roundsBody.replaceChildren(...rounds.map(roundRow));
  });
  const drawAudit = unlessSame((records) => auditBody.replaceChildren(...records.map(auditRow)));

  function row(model, active, mayChange) {
    const name = el("th", { scope: "row" }, el("a", { href: reportAddress(model.version), text: model.version }));
    if (model.active) name.append(el("span", { className: "used", text: "active" }));
    if (model.shadow) name.append(el("span", { className: "used", text: "shadow" }));
    if (model.previous && !model.active) name.append(el("span", { className: "used", text: "active before" }));
    const cells = [model.parent || "–", time(model.publishedAt), (model.bytes / 1e6).toFixed(1) + " MB"];
    const button =
      mayChange && !model.active
        ? el("button", { type: "button", text: "Activate", "aria-label": `Activate ${model.version}`, onclick: () => change.ask("activate", active, model.version) })
        : undefined;
    return el("tr", {}, name, ...cells.map((value) => el("td", { text: value })), reason(model.reason || ""), el("td", {}, button));
  }

  function show({ all, user }) {
    const mayChange = user.roles.includes("operator");
    const active = (all.find((model) => model.active) || {}).version || "";
    const before = all.find((model) => model.previous && !model.active);
    const beside = all.find((model) => model.shadow);
    controls.replaceChildren();
    if (!mayChange)
      controls.append(el("p", { className: "muted", text: `${user.name} is ${user.roles.join(", ")}: only an operator may change which model scores.` }));
    if (mayChange && before)
      controls.append(el("button", { type: "button", text: `Roll back to ${before.version}`, onclick: () => change.ask("rollback", active, before.version) }));
    if (mayChange && beside)
      controls.append(el("button", { type: "button", text: `Promote the shadow ${beside.version}`, onclick: () => change.ask("promote", active, beside.version) }));
    body.replaceChildren(...all.map((model) => row(model, active, mayChange)));
  }

  const accuracies = (result) => (result ? `${percent(result.active)} → ${percent(result.candidate)} of ${count(result.texts)}` : "–");

  function roundRow(round) {
    const address = `#/models?round=${round.number}`;
    const cells = [
      round.candidate || "none",
      accuracies(round.heldOut),
      accuracies(round.guard),
      accuracies(round.behaviour),
      round.recent ? `${count(round.recent.changed)} of ${count(round.recent.texts)}` : "–",
    ];
    const decision = reason(`${round.published ? "published" : "withheld"}: ${round.because}`);
    return el("tr", {}, el("th", { scope: "row" }, el("a", { href: address, text: `${round.number}` })), ...cells.map((value) => el("td", { text: value })), decision);
  }

  function auditRow(record) {
    const cells = [record.action.replaceAll("-", " "), record.version || "–", record.from || "–", `${record.actor} (${record.channel})`];
    return el("tr", {}, el("td", {}, el("time", { dateTime: record.at, text: time(record.at) })), ...cells.map((value) => el("td", { dir: "auto", text: value })), reason(record.reason));
  }

  function shadowText(compared) {
    if (!compared) return "No model runs in shadow mode.";
    const failed = compared.failed ? `, and could not score ${count(compared.failed)}` : "";
    return `The shadow ${compared.version} has scored ${count(compared.compared)} tweets: another class for ${percent(compared.disagreed ?? NaN)}${failed}.`;
  }

  async function showAudit() {
    const first = await api.audit({ limit: AUDIT_PAGE });
    const pages = [first, ...more];
    older.hidden = (pages[pages.length - 1].next ?? null) === null;
    older.onclick = () => showOlder(pages[pages.length - 1].next);
    // New records move those of the first page to the second: each is shown once.
    const seen = new Set();
    const records = pages.flatMap((page) => page.records).filter((record) => !seen.has(JSON.stringify(record)) && seen.add(JSON.stringify(record)));
    drawAudit(records);
  }

  async function showOlder(next) {
    try {
      more.push(await api.audit({ limit: AUDIT_PAGE, before: next }));
      await showAudit();
    } catch (fault) {
      message.textContent = fault.message;
    }
  }

  async function load() {
    try {
      const user = await api.user();
      if (!user.roles.some((role) => role === "viewer" || role === "operator")) {
        message.textContent = `${user.name} is ${user.roles.join(", ")}: models are shown to viewers and operators.`;
        return;
      }
      const status = await api.status();
      shadow.textContent = shadowText(status.shadow);
      refused.replaceChildren(...status.refusedModels.map((reason) => el("li", { className: "bad", text: reason })));
      drawModels({ all: (await api.models()).reverse(), user });
      drawRounds((await api.rounds()).reverse().slice(0, 20));
      await showAudit();
      message.textContent = "";
    } catch (fault) {
      message.textContent = fault.message;
    }
  }

  load();
  const timer = setInterval(load, EVERY_MS);
  return () => {
    clearInterval(timer);
    change.stop();
  };
}
