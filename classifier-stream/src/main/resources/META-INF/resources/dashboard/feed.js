// SPDX-License-Identifier: Apache-2.0
// One feed: shares over time, volume, words of each side, tweets. The address holds what is shown.

import * as api from "./api.js";
import { charts, legend, reloads } from "./chart.js";
import { count, duration, el, latest, milliseconds, percent, shareOf, time, tweetCount, usualSize } from "./dom.js";
import { classChoice, show } from "./tweets.js";
import { wordsOf } from "./words.js";

const RANGES = [60, 240, 1000];
const TWEETS_EVERY_MS = 3000;
const WORDS_EVERY_MS = 15_000;
const DRAW_EVERY_MS = 1000;
/** Windows whose words are added up, where no point in time is chosen. */
const WORDS_FROM = 60;
const RETRY_MS = 5000;
const TYPING_MS = 300;

export function feed(main, name, parameters) {
  if (!name) return choose(main);
  const view = {
    size: parameters.get("size") || "",
    range: RANGES.includes(Number(parameters.get("range"))) ? Number(parameters.get("range")) : RANGES[0],
    to: parameters.get("to") || "",
    at: parameters.get("at") || "",
    compare: parameters.get("compare") || "",
  };
  let windows = [];
  let others = null;
  let changed = true;
  let paused = false;
  let left = false;
  let retry;
  let stopEvents = () => {};
  let sentiment = "";
  let search = "";
  const newestTweets = latest();
  const newestWords = latest();

  // The page
  const message = el("p", { className: "message", role: "status" });
  const sizeChoice = el("select", { id: "size", onchange: (event) => go({ size: event.target.value, at: "", to: "" }) });
  const rangeChoice = el(
    "select",
    { id: "range", onchange: (event) => go({ range: event.target.value }) },
    ...RANGES.map((range) => el("option", { value: range, text: `${range} windows`, selected: range === view.range })),
  );
  const feedChoice = el(
    "select",
    { id: "feed", onchange: (event) => (location.hash = address({ at: "", compare: "" }, event.target.value)) },
    el("option", { value: name, text: name }),
  );
  const compareChoice = el(
    "select",
    { id: "compare", onchange: (event) => go({ compare: event.target.value }) },
    el("option", { value: "", text: "no other feed" }),
  );
  const pause = el("button", { type: "button", text: "Pause", "aria-pressed": "false", onclick: togglePause });
  const earlier = el("button", { type: "button", text: "← Earlier", onclick: () => windows[0] && go({ to: windows[0].start, at: "" }) });
  const newest = el("button", { type: "button", text: "Newest →", disabled: !view.to, onclick: () => go({ to: "", at: "" }) });
  const csv = el("a", { text: "CSV", download: `${name}.csv` });
  const plots = el("div", { className: "plots" });
  const slider = el("input", {
    id: "at",
    type: "range",
    min: 0,
    step: 1,
    oninput: (event) => {
      describe(windows[event.target.value]);
      announced.textContent = described.textContent;
    },
    onchange: (event) => select(windows[event.target.value]?.start),
  });
  const described = el("p", { className: "described" });
  const announced = el("p", { className: "unseen", role: "status" });
  const marks = el("ul", { className: "marks" });
  const everything = el("button", { type: "button", text: "Show the newest", hidden: true, onclick: () => choosePoint("") });
  const tweetsTitle = el("h3", { text: "Tweets" });
  const list = el("ul", { className: "tweets" });
  const tweetsNote = el("p", { className: "muted" });
  const words = el("div", { className: "words" });
  const labelled = (label, control) => el("span", { className: "control" }, el("label", { for: control.id, text: label }), control);
  main.append(
    el("h2", { text: name }),
    el(
      "div",
      { className: "controls" },
      labelled("Feed", feedChoice),
      labelled("Windows of", sizeChoice),
      labelled("Show", rangeChoice),
      labelled("Compare with", compareChoice),
      earlier,
      newest,
      pause,
      csv,
    ),
    message,
    el("section", { "aria-label": "Shares and volume over time" }, legend(view.compare), plots, labelled("Point in time", slider), described, announced, marks),
    el(
      "div",
      { className: "columns" },
      el(
        "section",
        {},
        tweetsTitle,
        el(
          "div",
          { className: "controls" },
          labelled("Class", classChoice("class", (value) => { sentiment = value; loadTweets(); })),
          labelled("Search", el("input", { id: "search", type: "search", maxLength: 200, oninput: (event) => searchFor(event.target.value) })),
          everything,
        ),
        tweetsNote,
        list,
      ),
      el("section", {}, el("h3", { text: "Words" }), words),
    ),
  );
  const chart = charts(plots, select);

  function address(change, feed = name) {
    const next = new URLSearchParams();
    for (const [key, value] of Object.entries({ ...view, ...change })) if (value) next.set(key, value);
    return `#/feed/${feed}?${next}`;
  }

  function go(change) {
    location.hash = address(change);
  }

  function togglePause() {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Resume" : "Pause";
    if (!paused) load();
  }

  /** A point in time, whose tweets and words are shown; empty for the newest. */
  function choosePoint(start) {
    view.at = start;
    history.replaceState(null, "", address({}));
    loadTweets();
    loadWords();
    draw();
  }

  function select(start) {
    if (windows.some((window) => window.start === start)) choosePoint(start);
  }

  function describe(window) {
    if (!window) return;
    const shares = ["negative", "neutral", "positive"].map((each) => {
      const { share, low, high } = shareOf(window, each);
      const interval = low < high ? `${percent(low)} to ${percent(high)}; ` : "";
      return `${each} ${percent(share)} (${interval}${count(window[each])} counted)`;
    });
    described.textContent =
      `${time(window.start)}, ${tweetCount(window.count)}${window.closed ? "" : ", still counting"}: ${shares.join(", ")}; ` +
      `uncertain ${percent(window.uncertain / window.count)}; model ${Object.keys(window.modelVersions).join(", ")}`;
  }

  function draw() {
    chart.draw(windows, others);
    slider.max = Math.max(0, windows.length - 1);
    const index = windows.findIndex((window) => window.start === view.at);
    slider.value = index >= 0 ? index : windows.length - 1;
    describe(windows[slider.value]);
    marks.replaceChildren(
      ...reloads(windows).map((mark) => el("li", { text: `${time(mark.start)}: model ${mark.version} scores from here on` })),
    );
    everything.hidden = !view.at;
    tweetsTitle.textContent = view.at ? `Tweets of ${time(view.at)}` : "Newest tweets";
  }

  function merge(changedWindows) {
    if (paused || view.to) return;
    const byStart = new Map(windows.map((window) => [window.start, window]));
    for (const window of changedWindows) byStart.set(window.start, api.later(byStart.get(window.start), window));
    windows = [...byStart.values()].sort((one, other) => Date.parse(one.start) - Date.parse(other.start)).slice(-view.range);
    changed = true;
  }

  async function load() {
    try {
      const range = { size: view.size, limit: view.range, to: view.to };
      csv.href = api.windowsPath(name, { ...range, format: "csv" });
      const found = (await api.windows(name, range)).windows;
      if (view.to) windows = found;
      else merge(found);
      others = null;
      if (view.compare && windows.length > 0) {
        const other = await api.windows(view.compare, { size: view.size, from: windows[0].start, to: view.to, limit: view.range });
        others = new Map(other.windows.map((window) => [window.start, shareOf(window, "positive").share]));
      }
      message.textContent = windows.length === 0 ? "There are no windows in this range." : "";
      draw();
      loadTweets();
      loadWords();
    } catch (fault) {
      message.textContent = fault.message;
    }
  }

  function between() {
    if (view.at) return { from: view.at, to: new Date(Date.parse(view.at) + milliseconds(view.size)).toISOString() };
    return view.to ? { to: view.to } : {};
  }

  async function start() {
    try {
      const status = await api.status();
      if (left) return;
      if (!status.windowSizes.includes(view.size)) view.size = usualSize(status.windowSizes);
      sizeChoice.replaceChildren(
        ...status.windowSizes.map((each) => el("option", { value: each, text: duration(each), selected: each === view.size })),
      );
      if (view.to) load();
      else stopEvents = api.events({ feed: name, size: view.size }, merge, () => paused || load());
    } catch (fault) {
      message.textContent = fault.message;
      if (!left) retry = setTimeout(start, RETRY_MS);
    }
  }

  let searching;
  function searchFor(text) {
    clearTimeout(searching);
    searching = setTimeout(() => {
      search = text;
      loadTweets();
    }, TYPING_MS);
  }

  function loadTweets(unlessBusy = false) {
    newestTweets(
      () => api.tweets(name, { ...between(), class: sentiment, search, limit: 50 }),
      (found) => {
        tweetsNote.textContent = found.tweets.length === 0 ? "There are no such tweets in the part of the topic that was read." : "";
        show(list, found.tweets);
      },
      (fault) => (tweetsNote.textContent = fault.message),
      unlessBusy,
    );
  }

  function loadWords(unlessBusy = false) {
    newestWords(
      () =>
        api.windows(name, { size: view.size, words: true, ...(view.at ? { from: view.at, limit: 1 } : { to: view.to, limit: WORDS_FROM }) }),
      (found) => words.replaceChildren(...wordsOf(found.windows, view.at)),
      (fault) => words.replaceChildren(el("p", { className: "message", text: fault.message })),
      unlessBusy,
    );
  }

  api.newestWindows({ limit: 1000 }).then(
    (page) => {
      const names = page.windows.map((window) => window.feed).filter((each) => each !== name);
      compareChoice.append(...names.map((each) => el("option", { value: each, text: each, selected: each === view.compare })));
      feedChoice.append(...names.map((each) => el("option", { value: each, text: each })));
    },
    () => {},
  );
  start();
  const timers = [
    setInterval(() => {
      if (changed && !paused) {
        changed = false;
        if (windows.length > 0) message.textContent = "";
        draw();
      }
    }, DRAW_EVERY_MS),
    setInterval(() => !paused && !view.at && !view.to && loadTweets(true), TWEETS_EVERY_MS),
    setInterval(() => !paused && !view.at && !view.to && loadWords(true), WORDS_EVERY_MS),
  ];
  return () => {
    left = true;
    clearTimeout(retry);
    clearTimeout(searching);
    timers.forEach(clearInterval);
    stopEvents();
    chart.destroy();
  };
}

/** Without a feed in the address: the first one. */
function choose(main) {
  const message = el("p", { className: "message", role: "status", text: "Loading…" });
  main.append(el("h2", { text: "Feed" }), message);
  api.newestWindows({ limit: 1 }).then(
    (page) => {
      if (page.windows.length > 0) location.replace(`#/feed/${page.windows[0].feed}`);
      else message.textContent = "No feed has sent a tweet yet.";
    },
    (fault) => (message.textContent = fault.message),
  );
}
