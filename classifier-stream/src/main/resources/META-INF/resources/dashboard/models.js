// SPDX-License-Identifier: Apache-2.0
// Published models, and the shadow's comparison with the active one.

import * as api from "./api.js";
import { count, el, percent, scroll, time } from "./dom.js";

const EVERY_MS = 5000;

export function models(main) {
  const message = el("p", { className: "message", role: "status" });
  const shadow = el("p");
  const refused = el("ul");
  const body = el("tbody");
  main.append(
    el("h2", { text: "Models" }),
    message,
    shadow,
    scroll(
      "Published models",
      el(
        "table",
        {},
        el("caption", { text: "Published models, the newest first" }),
        el("thead", {}, el("tr", {}, ...["Version", "Fine-tuned from", "Published", "Size", "Reason"].map((text) => el("th", { scope: "col", text })))),
        body,
      ),
    ),
    refused,
    el(
      "p",
      { className: "muted" },
      "Change them on the command line: ",
      ...["activate", "shadow", "promote"].flatMap((name) => [el("code", { text: `deploy/deeptweet ${name}` }), " "]),
    ),
  );

  function row(model) {
    const version = el("th", { scope: "row", text: model.version });
    if (model.active) version.append(el("span", { className: "used", text: "active" }));
    if (model.shadow) version.append(el("span", { className: "used", text: "shadow" }));
    const cells = [model.parent || "–", time(model.publishedAt), (model.bytes / 1e6).toFixed(1) + " MB", model.reason || ""];
    return el("tr", {}, version, ...cells.map((value) => el("td", { text: value })));
  }

  function shadowText(compared) {
    if (!compared) return "No model runs in shadow mode.";
    const failed = compared.failed ? `, and could not score ${count(compared.failed)}` : "";
    return `The shadow ${compared.version} has scored ${count(compared.compared)} tweets: another class for ${percent(compared.disagreed ?? NaN)}${failed}.`;
  }

  async function load() {
    try {
      const status = await api.status();
      shadow.textContent = shadowText(status.shadow);
      refused.replaceChildren(...status.refusedModels.map((reason) => el("li", { className: "bad", text: reason })));
      body.replaceChildren(...(await api.models()).reverse().map(row));
      message.textContent = "";
    } catch (fault) {
      message.textContent = fault.message;
    }
  }

  load();
  const timer = setInterval(load, EVERY_MS);
  return () => clearInterval(timer);
}
