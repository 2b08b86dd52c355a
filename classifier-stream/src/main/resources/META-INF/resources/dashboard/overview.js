// SPDX-License-Identifier: Apache-2.0
// One row per feed: its shares now, how they changed, volume, the last hour, drift. The lag of all classifiers.

import * as api from "./api.js";
import { CLASSES, count, duration, el, milliseconds, percent, scroll, shareBar, shareOf, signedPoints, sparkline, time, usualSize } from "./dom.js";

const HOUR_MS = 3_600_000;
const HISTORY_EVERY_MS = 60_000;
const DRAW_EVERY_MS = 1000;
const RETRY_MS = 5000;
const CELLS = [
  ["now", "Now"],
  ["change", "Positive: change in 1\u00a0h\u00a0·\u00a01\u00a0d"],
  ["volume", "Tweets"],
  ["history", "Positive, last 60 windows"],
  ["drift", "Drift"],
];

export function overview(main) {
  const rows = new Map();
  const body = el("tbody");
  const message = el("p", { className: "message", role: "status" });
  const caption = el("caption");
  const table = el(
    "table",
    { className: "feeds" },
    caption,
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...["Feed", ...CELLS.map(([, label]) => label)].map((text) => el("th", { scope: "col", text })),
      ),
    ),
    body,
  );
  const lag = el("p", { className: "muted" });
  main.append(el("h2", { text: "Feeds" }), message, scroll("Feeds", table), lag);

  let size;
  let stopEvents = () => {};
  let changed = true;
  let left = false;
  let timer;

  function row(feed) {
    if (!rows.has(feed)) {
      const cells = Object.fromEntries(
        CELLS.map(([name, label]) => [name, el("td", { "data-cell": name, "data-label": label })]),
      );
      const line = el(
        "tr",
        {},
        el("th", { scope: "row" }, el("a", { href: `#/feed/${feed}`, text: feed })),
        ...Object.values(cells),
      );
      const after = [...rows.keys()].filter((name) => name < feed).sort().pop();
      if (after) rows.get(after).line.after(line);
      else body.prepend(line);
      rows.set(feed, { line, cells, past: [] });
    }
    return rows.get(feed);
  }

  function update(window) {
    const of = row(window.feed);
    const before = of.window;
    if (before && Date.parse(before.start) > Date.parse(window.start)) return;
    if (before && before.start !== window.start) of.past.push(before);
    of.window = before && before.start === window.start ? api.later(before, window) : window;
    changed = true;
  }

  async function loadHistory(feed) {
    try {
      const page = await api.windows(feed, { size, limit: 61 });
      const of = rows.get(feed);
      if (page.windows.length === 0) return;
      const newest = page.windows[page.windows.length - 1];
      of.past = page.windows.slice(0, -1);
      const start = Date.parse(newest.start);
      [of.hour, of.day] = await Promise.all([HOUR_MS, 24 * HOUR_MS].map((before) => windowAt(feed, start - before)));
      update(newest);
    } catch {
      // the next minute tries again
    }
  }

  /** One feed after the other, so that many feeds do not ask all at once. */
  async function loadHistories() {
    const started = Date.now();
    for (const feed of [...rows.keys()]) {
      if (left) return;
      await loadHistory(feed);
      draw();
    }
    if (left) return;
    timer = setTimeout(loadHistories, Math.max(1000, rows.size === 0 ? 0 : HISTORY_EVERY_MS - (Date.now() - started)));
  }

  async function windowAt(feed, startMs) {
    const from = new Date(startMs).toISOString();
    const page = await api.windows(feed, { size, from, to: new Date(startMs + milliseconds(size)).toISOString(), limit: 1 });
    return page.windows[0];
  }

  function draw() {
    if (!changed) return;
    changed = false;
    for (const { window, cells, past, hour, day } of rows.values()) {
      if (!window) continue;
      const positive = shareOf(window, "positive");
      cells.now.replaceChildren(
        shareBar(window),
        el("span", {
          className: "numbers",
          text: CLASSES.map((sentiment) => percent(shareOf(window, sentiment).share)).join(" · "),
        }),
      );
      cells.change.textContent = [hour, day]
        .map((before) => signedPoints(positive.share - shareOf(before, "positive").share))
        .join(" · ");
      cells.volume.replaceChildren(
        el("span", { text: count(window.count) }),
        el("span", { className: "muted", text: ` from ${time(window.start)}` }),
      );
      const line = [...past.slice(-60), window].map((each) => shareOf(each, "positive").share);
      cells.history.replaceChildren(
        sparkline(line, `share of positive tweets in the last ${line.length} windows, now ${percent(positive.share)}`),
      );
    }
  }

  /** A feed may have been measured by one instance before and by another one now. */
  async function driftAndLag() {
    const instances = await api.instances();
    const silent = instances.filter((instance) => instance.fault);
    const measured = new Map();
    for (const summary of instances.flatMap((instance) => instance.drift))
      if (!(measured.get(summary.feed)?.window > summary.window)) measured.set(summary.feed, summary);
    for (const [feed, { cells }] of rows) {
      const summary = measured.get(feed);
      const text = !summary ? (silent.length > 0 ? "not known" : "–") : summary.alarms.length === 0 ? "none" : summary.alarms.join(", ");
      if (cells.drift.textContent !== text) cells.drift.textContent = text;
      cells.drift.classList.toggle("bad", Boolean(summary && summary.alarms.length));
    }
    const waiting = instances.reduce((sum, instance) => sum + (instance.lag ?? 0), 0);
    lag.textContent =
      `Lag of ${instances.length === 1 ? "the classifier" : `${instances.length} classifiers`}: ` +
      `${count(waiting)} ${waiting === 1 ? "record" : "records"}` +
      (silent.length > 0 ? `; ${silent.map((instance) => instance.address).join(", ")} does not answer` : "");
  }

  async function start() {
    try {
      const status = await api.status();
      if (left) return;
      size = usualSize(status.windowSizes);
      caption.textContent =
        `Windows of ${duration(size)}: negative, neutral and positive share, corrected for what the model confuses`;
      stopEvents = api.events({ size }, (windows) => windows.forEach(update), load);
      await load();
      loadHistories();
    } catch (fault) {
      message.textContent = fault.message;
      if (!left) timer = setTimeout(start, RETRY_MS);
    }
  }

  async function load() {
    try {
      const page = await api.newestWindows({ size, limit: 1000 });
      page.windows.forEach(update);
      message.textContent = page.windows.length === 0 ? "No feed has sent a tweet yet." : "";
      draw();
      await driftAndLag();
    } catch (fault) {
      message.textContent = fault.message;
    }
  }

  start();
  const timers = [
    setInterval(draw, DRAW_EVERY_MS),
    setInterval(() => size && load(), 10_000),
  ];
  return () => {
    left = true;
    clearTimeout(timer);
    timers.forEach(clearInterval);
    stopEvents();
  };
}
