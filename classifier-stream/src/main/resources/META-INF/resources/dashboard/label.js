// SPDX-License-Identifier: Apache-2.0
// The tweets most worth labelling, one key per class. A label is sent with the next one, so that it can be undone.

import * as api from "./api.js";
import { count, el, percent, table, time } from "./dom.js";
import { verdicts } from "./verdicts.js";

const BATCH = 20;
const KEYS = { 1: "negative", 2: "neutral", 3: "positive" };
const STATUS_EVERY_MS = 5000;
const NONE = {
  wanted: "There are no tweets to label now.",
  disagreements: "There are no tweets for which the shadow model says otherwise, or no model runs in shadow mode.",
};

export function label(main) {
  let queue = [];
  let done = []; // labels of this page: {tweet, label, sent}
  const seen = new Set();

  const which = el(
    "select",
    { id: "which", onchange: change },
    el("option", { value: "wanted", text: "of which the model is least certain" }),
    el("option", { value: "disagreements", text: "of which the shadow model says otherwise" }),
  );
  const message = el("p", { className: "message", role: "status" });
  const sides = verdicts();
  const about = el("p", { className: "about" });
  const text = el("p", { className: "text candidate", dir: "auto", "aria-live": "polite" });
  const buttons = Object.entries(KEYS).map(([key, sentiment]) =>
    el("button", { type: "button", className: sentiment, onclick: () => choose(sentiment) }, el("kbd", { text: key }), ` ${sentiment}`),
  );
  const skip = el("button", { type: "button", onclick: next }, el("kbd", { text: "s" }), " skip");
  const undo = el("button", { type: "button", onclick: takeBack, disabled: true }, el("kbd", { text: "u" }), " undo");
  const score = el("p", { className: "muted" });
  const progress = el("p", { role: "status" });
  const start = el("button", { type: "button", text: "Start a round now", onclick: startRound });
  const rounds = el("tbody");
  main.append(
    el("h2", { text: "Label" }),
    el("div", { className: "controls" }, el("span", { className: "control" }, el("label", { for: "which", text: "Tweets" }), which)),
    message,
    about,
    text,
    sides.element,
    el("div", { className: "controls choices", role: "group", "aria-label": "Class of the tweet" }, ...buttons, skip, undo),
    score,
    el("h3", { text: "Fine-tuning" }),
    progress,
    start,
    table("Rounds: what became of the labels", ["Round", "Started", "Labels", "Candidate", "Decision"], rounds),
  );

  function show() {
    const tweet = queue[0];
    for (const button of [...buttons, skip]) button.disabled = !tweet;
    undo.disabled = !done.some((label) => !label.sent);
    text.textContent = tweet ? tweet.text : "";
    about.textContent = tweet
      ? `${tweet.feed} · ${time(tweet.createdAt)}` + (tweet.shadow ? "" : ` · the model says ${tweet.sentiment}, ${percent(tweet.probabilities[tweet.sentiment])}`)
      : "";
    sides.show(tweet);
    score.textContent = agreement();
  }

  /** Of labels of disputed tweets also how often the shadow agrees. */
  function agreement() {
    if (done.length === 0) return "";
    const share = (labels, verdict) => percent(labels.filter(({ tweet, label: given }) => verdict(tweet).sentiment === given).length / labels.length);
    const disputed = done.filter(({ tweet }) => tweet.shadow);
    const first = `${count(done.length)} labelled here; the model agrees with ${share(done, (tweet) => tweet)}`;
    if (disputed.length === 0) return first;
    return `${first}. Of ${count(disputed.length)} where the two differ, the active model agrees with ${share(disputed, (tweet) => tweet)} and the shadow with ${share(disputed, (tweet) => tweet.shadow)}`;
  }

  function change() {
    queue = [];
    show();
    fill();
  }

  async function fill() {
    const kind = which.value;
    try {
      const wanted = await (kind === "wanted" ? api.wanted({ limit: BATCH }) : api.disagreements({ limit: BATCH }));
      if (kind !== which.value) return; // another choice since
      queue = wanted.filter((tweet) => !seen.has(tweet.id));
      message.textContent = queue.length === 0 ? NONE[kind] : "";
    } catch (fault) {
      message.textContent = fault.message;
    }
    show();
  }

  function next() {
    const tweet = queue.shift();
    if (tweet) seen.add(tweet.id);
    if (queue.length === 0) fill();
    else show();
  }

  function choose(sentiment) {
    const tweet = queue[0];
    if (!tweet) return;
    send();
    done.push({ tweet, label: sentiment, sent: false });
    next();
  }

  function takeBack() {
    const last = done[done.length - 1];
    if (!last || last.sent) return;
    done.pop();
    seen.delete(last.tweet.id);
    queue.unshift(last.tweet);
    show();
  }

  /** Sends what can no longer be undone. A label that was not taken is tried again with the next one. */
  async function send() {
    const labels = done.filter((label) => !label.sent);
    if (labels.length === 0) return;
    labels.forEach((label) => (label.sent = true));
    try {
      await api.label(
        labels.map(({ tweet, label: given }) => ({ id: tweet.id, text: tweet.text, label: given, feed: tweet.feed, labeledBy: "dashboard" })),
      );
    } catch (fault) {
      if (fault.status !== 422) labels.forEach((label) => (label.sent = false));
      message.textContent = fault.message;
    }
  }

  function row(round) {
    const cells = [
      `${round.number}`,
      time(round.startedAt),
      count(round.labels),
      round.candidate || "none",
    ];
    const decision = el("td", { className: "reason", text: `${round.published ? "published" : "withheld"}: ${round.because}` });
    return el("tr", {}, ...cells.map((value) => el("td", { text: value })), decision);
  }

  async function showRounds() {
    try {
      const status = await api.trainer();
      progress.textContent = status.round
        ? `Round ${status.round} is running: ${status.step}`
        : `${count(status.newLabels)} new ${status.newLabels === 1 ? "label" : "labels"}; a round starts at ${count(status.roundAfterLabels)}` + (status.fault ? ` (${status.fault})` : "");
      start.disabled = Boolean(status.round) || status.newLabels === 0;
      const found = await api.rounds();
      rounds.replaceChildren(...found.reverse().slice(0, 10).map(row));
      if (found.length === 0) rounds.append(el("tr", {}, el("td", { colSpan: 5, text: "No round has run yet." })));
    } catch (fault) {
      progress.textContent = fault.message;
      start.disabled = true;
    }
  }

  async function startRound() {
    await send();
    try {
      await api.startRound();
    } catch (fault) {
      message.textContent = fault.message;
    }
    showRounds();
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (KEYS[event.key]) choose(KEYS[event.key]);
    else if (event.key === "s") next();
    else if (event.key === "u") takeBack();
  }

  addEventListener("keydown", pressed);
  addEventListener("pagehide", send);
  show();
  fill();
  showRounds();
  const timer = setInterval(showRounds, STATUS_EVERY_MS);
  return () => {
    clearInterval(timer);
    removeEventListener("keydown", pressed);
    removeEventListener("pagehide", send);
    send();
  };
}
