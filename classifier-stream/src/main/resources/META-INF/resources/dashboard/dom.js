// SPDX-License-Identifier: Apache-2.0
// Elements and formats. Text gets into the page as text nodes only: tweets are untrusted.

export const CLASSES = ["negative", "neutral", "positive"];

/** An element. Properties whose name has a dash, and role, are attributes; on… are listeners; text is a text node. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else if (name.includes("-") || name === "role" || name === "for" || name === "scope")
      element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** Scrolls sideways where the page is narrow; with the keyboard too. */
export const scroll = (label, table) =>
  el("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": label }, table);

/** A table with a caption and columns; the body is filled by the caller. */
export const table = (caption, columns, body) =>
  scroll(
    caption,
    el(
      "table",
      {},
      el("caption", { text: caption }),
      el("thead", {}, el("tr", {}, ...columns.map((text) => el("th", { scope: "col", text })))),
      body,
    ),
  );

/** Calls draw unless the value is the same as before: what has the focus keeps it. */
export function unlessSame(draw) {
  let before;
  return (value) => {
    const now = JSON.stringify(value);
    if (now === before) return;
    before = now;
    draw(value);
  };
}

export const percent = (share) => (Number.isFinite(share) ? Math.round(share * 100) + "\u00a0%" : "–");
export const count = (number) => new Intl.NumberFormat("en").format(number);

export function signedPoints(difference) {
  if (!Number.isFinite(difference)) return "–";
  const points = Math.round(difference * 100);
  return (points > 0 ? "+" : points < 0 ? "−" : "±") + Math.abs(points) + " pt";
}

export function time(instant) {
  const date = new Date(instant);
  const today = new Date().toDateString() === date.toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1000]];

/** The parts of an ISO duration: number, unit and milliseconds of the unit. */
function parts(iso) {
  const [, ...numbers] = /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(iso) || [];
  return UNITS.map(([unit, ms], index) => [Number(numbers[index] || 0), unit, ms]).filter(([number]) => number > 0);
}

/** PT1M as 1 min. */
export const duration = (iso) => parts(iso).map(([number, unit]) => `${number} ${unit}`).join(" ") || iso;

/** PT1M as 1m, as settings write it; one of several units unchanged. */
export function durationSetting(iso) {
  const all = parts(iso);
  if (all.length > 1) return iso;
  return all.length === 0 ? "0s" : `${all[0][0]}${all[0][1][0]}`;
}

/** Milliseconds of an ISO duration. */
export const milliseconds = (iso) => parts(iso).reduce((sum, [number, , ms]) => sum + number * ms, 0);

/** The size whose windows are nearest to a minute. */
export function usualSize(sizes) {
  const distance = (size) => Math.abs(Math.log(milliseconds(size) / 60_000));
  return [...sizes].sort((one, other) => distance(one) - distance(other))[0];
}

export const tweetCount = (number) => `${count(number)} tweet${number === 1 ? "" : "s"}`;

/** The share of a class in a window, with its interval: corrected where the model knows how, else as counted. */
export function shareOf(window, sentiment) {
  if (!window || window.count === 0) return { share: NaN, low: NaN, high: NaN };
  const estimated = window.shares && window.shares[sentiment];
  const counted = window[sentiment] / window.count;
  return estimated || { share: counted, low: counted, high: counted };
}

/** A bar of the three shares, with the numbers as text for screen readers. */
export function shareBar(window) {
  const parts = CLASSES.map((sentiment) => {
    const part = el("span", { className: "part " + sentiment });
    part.style.flexGrow = String(shareOf(window, sentiment).share || 0);
    return part;
  });
  const label = CLASSES.map((sentiment) => `${sentiment} ${percent(shareOf(window, sentiment).share)}`).join(", ");
  return el("span", { className: "bar", role: "img", "aria-label": label }, ...parts);
}

/** A bar as long as a share of its place. */
export function shareTrack(sentiment, share) {
  const part = el("span", { className: "part " + sentiment });
  part.style.width = 100 * share + "%";
  return el("span", { className: "track" }, part);
}

/** A line of numbers from 0 to 1, NaN for gaps; a number between gaps is a dash. */
export function sparkline(values, label) {
  const width = 120;
  const height = 28;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("class", "sparkline");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  let drawn = "";
  let gap = true;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      gap = true;
      return;
    }
    const x = values.length > 1 ? (index / (values.length - 1)) * width : width;
    const y = height - 2 - value * (height - 4);
    const alone = gap && !Number.isFinite(values[index + 1]);
    drawn += alone ? `M${(x - 4).toFixed(1)} ${y.toFixed(1)}h8` : `${gap ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    gap = false;
  });
  path.setAttribute("d", drawn);
  svg.append(path);
  return svg;
}

/**
 * The newest call of a function wins: earlier ones that end later are dropped. With unlessBusy, a call is left out while
 * another one runs.
 */
export function latest() {
  let number = 0;
  let running = 0;
  return async (work, done, failed, unlessBusy = false) => {
    if (unlessBusy && running > 0) return;
    const mine = ++number;
    running++;
    try {
      const result = await work();
      if (mine === number) done(result);
    } catch (fault) {
      if (mine === number && fault.name !== "AbortError") failed(fault);
    } finally {
      running--;
    }
  };
}
