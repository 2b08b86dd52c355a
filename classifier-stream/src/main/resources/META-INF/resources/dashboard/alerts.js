// SPDX-License-Identifier: Apache-2.0
// Alerts that are active, those that fired or cleared last, and the rules.

import * as api from "./api.js";
import { count, duration, durationSetting, el, percent, table, time, unlessSame } from "./dom.js";

const EVERY_MS = 5000;

/** What each condition is called, and which fields of a rule it uses. */
const CONDITIONS = {
  "negative-share": { name: "share of negative tweets", fields: ["feed", "window", "threshold", "minimumCount", "duration", "coolDown"], unit: "share, 0 to 1" },
  "negative-share-change": { name: "rise of the share of negative tweets", fields: ["feed", "window", "threshold", "against", "minimumCount", "duration", "coolDown"], unit: "share, 0 to 1" },
  volume: { name: "unusual number of tweets", fields: ["feed", "window", "threshold", "minimumCount", "duration", "coolDown"], unit: "standard deviations" },
  silence: { name: "no tweets", fields: ["feed", "duration", "coolDown"] },
  drift: { name: "drift", fields: ["feed", "duration", "coolDown"] },
  lag: { name: "records that wait", fields: ["threshold", "duration", "coolDown"], unit: "records" },
  model: { name: "model withheld or rolled back", fields: ["coolDown"] },
};

const FIELDS = {
  feed: { label: "Feed", hint: "each feed" },
  window: { label: "Window" },
  threshold: { label: "Threshold", type: "number", step: "any" },
  against: { label: "Compared with the window before", hint: "1h", isDuration: true },
  minimumCount: { label: "Minimum tweets", hint: "20", type: "number" },
  duration: { label: "Duration", hint: "0s; such as 5m", isDuration: true },
  coolDown: { label: "Cool-down", hint: "10m", isDuration: true },
};

const cells = (...values) => values.map((value) => el("td", {}, value));

/** The page of an alert's feed at its moment. */
function place(alert) {
  if (!alert.feed) return "–";
  const search = new URLSearchParams();
  if (alert.windowStart) {
    const seconds = (Date.parse(alert.windowEnd) - Date.parse(alert.windowStart)) / 1000;
    search.set("size", seconds % 3600 === 0 ? `PT${seconds / 3600}H` : seconds % 60 === 0 ? `PT${seconds / 60}M` : `PT${seconds}S`);
    search.set("at", alert.windowStart);
  }
  return el("a", { href: `#/feed/${encodeURIComponent(alert.feed)}${search.size > 0 ? "?" + search : ""}`, text: alert.feed });
}

const span = (iso) => (iso === "PT0S" ? "–" : duration(iso));

/** 5 min, as the tables show it, as 5m. */
const typed = (text) => text.replace(/^(\d+) *(d|h|min|m|s)$/, (_, number, unit) => number + unit[0]);

function thresholdText(rule) {
  if (!CONDITIONS[rule.condition].unit) return "–";
  const text = rule.condition.startsWith("negative") ? percent(rule.threshold) : `${rule.threshold} ${CONDITIONS[rule.condition].unit}`;
  return rule.minimumCount ? `${text} of ${count(rule.minimumCount)} tweets or more` : text;
}

export function alerts(main) {
  const message = el("p", { className: "message", role: "status" });
  const result = el("p", { className: "result", role: "status" });
  const active = el("tbody");
  const recent = el("tbody");
  const rules = el("tbody");
  const none = el("p", { text: "No alert is active.", hidden: true });
  const form = ruleForm(saved, fail);
  let interrupted = false;
  const activeTable = table("Active alerts", ["Since", "Rule", "Feed", "Reason"], active);
  const recentTable = table("Recent alerts, the newest first", ["Time", "", "Rule", "Feed", "Reason"], recent);
  const rulesTable = table("Rules", ["Rule", "Condition", "Feed", "Window", "Threshold", "Duration", "Cool-down", "Change"], rules);
  for (const shown of [activeTable, recentTable, rulesTable]) shown.classList.add("lines");
  main.append(
    el("h2", { text: "Alerts" }),
    message,
    result,
    none,
    activeTable,
    recentTable,
    rulesTable,
    form.element,
  );

  function tell(where, text) {
    message.textContent = "";
    result.textContent = "";
    where.textContent = text;
    where.scrollIntoView({ block: "nearest" });
  }

  function fail(fault) {
    tell(message, fault.message);
  }

  async function saved(text) {
    tell(result, text);
    await loadRules().catch(fail);
  }

  async function remove(rule) {
    try {
      await api.removeRule(rule.name);
      await saved(`The rule ${rule.name} is removed. What it has fired clears.`);
    } catch (fault) {
      fail(fault);
    }
  }

  function change(rule) {
    if (rule.configured) return el("span", { className: "muted", text: "in the settings" });
    const asked = el("button", { type: "button", text: "Remove", "aria-label": `Remove ${rule.name}` });
    asked.addEventListener("click", () => {
      if (asked.dataset.asked) remove(rule);
      else {
        asked.dataset.asked = "yes";
        asked.textContent = "Really remove?";
        asked.setAttribute("aria-label", `Really remove ${rule.name}?`);
      }
    });
    const edit = el("button", { type: "button", text: "Edit", "aria-label": `Edit ${rule.name}`, onclick: () => form.edit(rule) });
    return el("span", { className: "controls" }, edit, asked);
  }

  async function loadRules() {
    const found = await api.rules();
    rules.replaceChildren(
      ...found.map((rule) =>
        el(
          "tr",
          {},
          el("th", { scope: "row", text: rule.name }),
          ...cells(
            CONDITIONS[rule.condition].name,
            rule.feed || "each",
            rule.window ? duration(rule.window) : "–",
            thresholdText(rule),
            span(rule.duration),
            span(rule.coolDown),
            change(rule),
          ),
        ),
      ),
    );
    if (found.length === 0) rules.append(el("tr", {}, el("td", { colSpan: 8, text: "There are no rules." })));
  }

  const line = (alert, ...first) => el("tr", {}, ...cells(...first, alert.rule, place(alert), alert.reason));

  const draw = unlessSame((found) => {
    none.hidden = found.active.length > 0;
    activeTable.hidden = found.active.length === 0;
    active.replaceChildren(...found.active.map((alert) => line(alert, time(alert.firedAt))));
    recent.replaceChildren(
      ...found.recent.map((alert) => line(alert, time(alert.at), el("span", { className: "state " + alert.state, text: alert.state }))),
    );
    if (found.recent.length === 0) recent.append(el("tr", {}, el("td", { colSpan: 5, text: "No alert has fired yet." })));
  });

  async function load() {
    try {
      const found = await api.alerts({ limit: 50 });
      if (interrupted) message.textContent = "";
      interrupted = false;
      draw(found);
    } catch (fault) {
      interrupted = true;
      fail(fault);
    }
  }

  load();
  loadRules().catch(fail);
  api.status().then((status) => form.windows(status.windowSizes.filter((size) => !status.hoppingSizes.includes(size))), fail);
  const timer = setInterval(load, EVERY_MS);
  return () => clearInterval(timer);
}

/** The form of a rule. saved gets a sentence, failed a fault. */
function ruleForm(saved, failed) {
  const name = el("input", { id: "rule-name", required: true, pattern: "[a-z0-9._\\-]{1,64}", autocomplete: "off" });
  const condition = el(
    "select",
    { id: "rule-condition", onchange: fit },
    ...Object.entries(CONDITIONS).map(([value, { name: text }]) => el("option", { value, text })),
  );
  const inputs = Object.fromEntries(
    Object.entries(FIELDS).map(([field, { hint, type, step }]) => [
      field,
      field === "window"
        ? el("select", { id: "rule-window" }, el("option", { value: "", text: "default" }))
        : el("input", { id: "rule-" + field, placeholder: hint || "", type: type || "text", step, autocomplete: "off" }),
    ]),
  );
  const controls = Object.fromEntries(
    Object.entries(FIELDS).map(([field, { label }]) => [
      field,
      el("div", { className: "control" }, el("label", { for: "rule-" + field, text: label }), inputs[field]),
    ]),
  );
  const element = el(
    "form",
    { className: "rule", onsubmit: save, "aria-label": "Rule" },
    el("h3", { text: "Add or replace a rule" }),
    el(
      "div",
      { className: "controls" },
      el("div", { className: "control" }, el("label", { for: "rule-name", text: "Name" }), name),
      el("div", { className: "control" }, el("label", { for: "rule-condition", text: "Condition" }), condition),
      ...Object.values(controls),
    ),
    el("button", { text: "Save" }),
  );

  function fit() {
    const { fields, unit } = CONDITIONS[condition.value];
    for (const [field, control] of Object.entries(controls)) control.hidden = !fields.includes(field);
    inputs.threshold.placeholder = condition.value === "volume" ? `3 ${unit}` : unit || "";
    inputs.window.options[0].text = condition.value === "volume" ? "1 h, the default" : "1 min, the default";
    inputs.duration.placeholder = condition.value === "silence" ? "10m" : FIELDS.duration.hint;
  }

  async function save(event) {
    event.preventDefault();
    const rule = { condition: condition.value };
    for (const field of CONDITIONS[condition.value].fields) {
      const value = inputs[field].value.trim();
      if (value !== "") rule[field] = FIELDS[field].type === "number" ? Number(value) : FIELDS[field].isDuration ? typed(value) : value;
    }
    const saving = name.value;
    try {
      await api.putRule(saving, rule);
      element.reset();
      fit();
      await saved(`The rule ${saving} is saved.`);
    } catch (fault) {
      failed(fault);
    }
  }

  fit();
  return {
    element,
    windows(sizes) {
      inputs.window.append(...sizes.map((size) => el("option", { value: size, text: duration(size) })));
    },
    edit(rule) {
      name.value = rule.name;
      condition.value = rule.condition;
      for (const [field, { isDuration }] of Object.entries(FIELDS))
        inputs[field].value = isDuration && rule[field] ? durationSetting(rule[field]) : (rule[field] ?? "");
      fit();
      name.focus();
    },
  };
}
