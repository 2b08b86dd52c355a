// SPDX-License-Identifier: Apache-2.0
// Changes which model is active, after a question that says what will happen, and tells when it scores everywhere.

import * as api from "./api.js";
import { el, time } from "./dom.js";

const LONGEST_REASON = 500;
const EVERY_MS = 1000;
const PATIENCE_MS = 60_000;

const CHANGES = {
  activate: { title: "Activate a model?", action: "Activate" },
  rollback: { title: "Roll back?", action: "Roll back to" },
  promote: { title: "Promote the shadow?", action: "Promote" },
};

/** The dialog, and the line with the result; both to be placed by the caller. changed is called after a change. */
export function changes(changed) {
  const result = el("p", { className: "result", role: "status", tabIndex: -1 });
  const title = el("h3", { id: "change-title" });
  const what = el("p", { id: "change-what" });
  const reason = el("input", { id: "change-reason", maxLength: LONGEST_REASON, autocomplete: "off" });
  const fault = el("p", { className: "message", role: "alert" });
  const confirm = el("button", { type: "button", onclick: send });
  const cancel = el("button", { type: "button", text: "Cancel", onclick: () => dialog.close() });
  const dialog = el(
    "dialog",
    { "aria-labelledby": "change-title", "aria-describedby": "change-what" },
    title,
    what,
    el("div", { className: "control" }, el("label", { for: "change-reason", text: "Reason (optional, everybody who may read the changes sees it)" }), reason),
    fault,
    el("div", { className: "controls" }, confirm, cancel),
  );
  let asked;
  let timer;
  let followed = 0; // how many changes were followed: only the last one is

  /** Asks for a change from a version to another; both as the page shows them. */
  function ask(change, from, to) {
    asked = { change, from, to };
    title.textContent = CHANGES[change].title;
    what.textContent =
      (from ? `${from} scores now. ` : "No model scores now. ") +
      `From the confirmation on, ${to} scores on all classifiers.` +
      (change === "promote" ? " Shadow mode ends." : "") +
      " Windows that are open then count tweets of both.";
    confirm.textContent = `${CHANGES[change].action} ${to}`;
    reason.value = "";
    fault.textContent = "";
    confirm.disabled = false;
    dialog.showModal();
  }

  async function send() {
    const { change, from, to } = asked;
    confirm.disabled = true;
    fault.textContent = "";
    try {
      const done = await api.changeModel(change, { version: to, expected: from || undefined, reason: reason.value });
      dialog.close();
      result.textContent = `${done.version} is active instead of ${done.from || "none"}. Waiting for the classifiers…`;
      result.focus();
      changed();
      follow(done.version, Date.now() + PATIENCE_MS, ++followed);
    } catch (refusal) {
      fault.textContent = refusal.message;
      confirm.disabled = false;
    }
  }

  async function follow(version, deadline, number) {
    let text;
    let done = false;
    try {
      const instances = await api.instances();
      const there = instances.filter((instance) => instance.activeModel === version);
      const last = there.map((instance) => instance.since).sort().pop();
      done = instances.length > 0 && there.length === instances.length;
      text = done
        ? `${version} scores on ${there.length === 1 ? "the classifier" : `all ${there.length} classifiers`} since ${time(last)}.`
        : `${version} is active; it scores on ${there.length} of ${instances.length} classifiers.`;
      const faults = instances.filter((instance) => instance.fault).map((instance) => instance.fault);
      if (faults.length > 0) text += ` ${faults.join("; ")}.`;
    } catch (refusal) {
      text = `${version} is active; whether it scores is not known: ${refusal.message}`;
    }
    if (number !== followed) return;
    if (result.textContent !== text) result.textContent = text;
    if (!done && Date.now() < deadline) timer = setTimeout(() => follow(version, deadline, number), EVERY_MS);
  }

  return {
    result,
    dialog,
    ask,
    stop() {
      followed++;
      clearTimeout(timer);
      dialog.close();
    },
  };
}
