// SPDX-License-Identifier: Apache-2.0
// Shows the page that the address names: #/, #/feed/NAME?size=PT1M, #/try?text=…

import * as api from "./api.js";
import { count } from "./dom.js";
import { overview } from "./overview.js";
import { feed } from "./feed.js";
import { tryText } from "./try.js";
import { alerts } from "./alerts.js";
import { label } from "./label.js";
import { models } from "./models.js";

const PAGES = { overview, feed, try: tryText, alerts, label, models };
const STATUS_EVERY_MS = 5000;

let leave = () => {};

function decoded(argument) {
  try {
    return decodeURIComponent(argument);
  } catch {
    return "";
  }
}

function route() {
  if (location.hash && !location.hash.startsWith("#/")) return; // the link that skips to the content
  const [path, search] = (location.hash.slice(1) || "/").split("?");
  const [, name, argument] = path.split("/");
  const page = Object.hasOwn(PAGES, name) ? name : "overview";
  leave();
  leave = () => {};
  const main = document.getElementById("main");
  main.replaceChildren();
  for (const link of document.querySelectorAll("nav a"))
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  leave = PAGES[page](main, decoded(argument || ""), new URLSearchParams(search || "")) || (() => {});
}

async function showState() {
  const state = document.getElementById("state");
  let text;
  try {
    const status = await api.status();
    const lag = document.getElementById("lag"); // not announced: it changes all the time
    lag.textContent = status.lag === null ? "" : `${count(status.lag)} waiting`;
    text = `${status.state.toLowerCase()} · model ${status.activeModel || "none"}`;
    state.classList.toggle("bad", status.state !== "RUNNING");
  } catch (fault) {
    text = fault.message;
    state.classList.add("bad");
  }
  if (state.textContent !== text) state.textContent = text;
}

/** How many alerts are active, beside the link to them. */
async function showAlerts() {
  const number = document.getElementById("alerts");
  try {
    const { active } = await api.alerts({ limit: 1 });
    number.textContent = active.length > 0 ? ` (${count(active.length)} active)` : "";
  } catch {
    number.textContent = ""; // a user who may not see them; other faults show beside
  }
}

addEventListener("hashchange", route);
route();
showState();
showAlerts();
setInterval(showState, STATUS_EVERY_MS);
setInterval(showAlerts, STATUS_EVERY_MS);
