// SPDX-License-Identifier: Apache-2.0
// The charts of a feed: shares with their intervals, volume, and marks where another model scored.

import { CLASSES, el, percent, shareOf } from "./dom.js";

const SHARES_HEIGHT = 260;
const VOLUME_HEIGHT = 110;
const RIGHT_PX = 44; // for half of the last time

export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

/** The windows from which on another model scored, with its version. */
export function reloads(windows) {
  const marks = [];
  let before;
  for (const window of windows) {
    const [version] = Object.entries(window.modelVersions).sort((one, other) => other[1] - one[1])[0] || [];
    if (before && version && version !== before) marks.push({ start: window.start, version });
    before = version || before;
  }
  return marks;
}

/** The windows, and where windows are missing a point without tweets, so that no line crosses the gap. */
function withGaps(windows) {
  return windows.flatMap((window, index) => {
    const before = windows[index - 1];
    const gap = before && Date.parse(window.start) > Date.parse(before.end);
    return gap ? [{ start: before.end, count: 0 }, window] : [window];
  });
}

/** Draws a vertical line at each mark. */
function markPlugin(marks) {
  return {
    hooks: {
      draw: (plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        ctx.strokeStyle = color("mark");
        ctx.setLineDash([4, 4]);
        for (const mark of marks()) {
          const x = Math.round(plot.valToPos(Date.parse(mark.start) / 1000, "x", true));
          if (x < bbox.left || x > bbox.left + bbox.width) continue;
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
        }
        ctx.restore();
      },
    },
  };
}

const DAY_S = 86_400;
const ALONE_S = 60; // on both sides of a window that is the only one

/** The points that no line reaches: those without a neighbour. */
function alone(plot, series) {
  const values = plot.data[series];
  const missing = (value) => value === null || value === undefined;
  return [...values.keys()].filter((at) => !missing(values[at]) && missing(values[at - 1]) && missing(values[at + 1]));
}

/** From the first window to the last one; a single one is in the middle. */
const range = (plot, low, high) => (plot.data[0].length === 1 ? [low - ALONE_S, low + ALONE_S] : [low, high]);

/** Times in the reader's own format; days where the chart spans more than one. */
function times(plot, splits, axis, space, step) {
  const days = splits[splits.length - 1] - splits[0] > DAY_S;
  const options = { hour: "2-digit", minute: "2-digit", ...(step < 60 && { second: "2-digit" }), ...(days && { day: "numeric", month: "short" }) };
  return splits.map((seconds) => new Date(seconds * 1000).toLocaleString([], options));
}

function axes(values) {
  const axis = { stroke: color("text"), grid: { stroke: color("line") }, ticks: { stroke: color("line") } };
  return [{ ...axis, values: times, space: 90, incrs: [1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, DAY_S, 7 * DAY_S] }, { ...axis, values, size: 56 }];
}

/**
 * The charts, in a container. selected is called with the start of the window that was clicked.
 * Returns {draw(windows, others), destroy()}; others is a second feed's positive share by start, or null.
 */
export function charts(container, selected) {
  let points = []; // a window, or only a start where windows are missing
  let marks = [];
  let plots = [];

  const click = (plot) =>
    plot.over.addEventListener("click", () => plot.cursor.idx !== null && selected(points[plot.cursor.idx].start));

  function sharesOptions(width) {
    const series = [{}];
    const bands = [];
    for (const sentiment of CLASSES) {
      const stroke = color(sentiment);
      series.push({ label: sentiment, stroke, width: 2, value: (_, value) => percent(value ?? NaN), points: { show: true, size: 7, fill: stroke, filter: alone } });
      series.push({ label: sentiment + ", high", stroke: "transparent", points: { show: false } });
      series.push({ label: sentiment + ", low", stroke: "transparent", points: { show: false } });
      bands.push({ series: [series.length - 2, series.length - 1], fill: color(sentiment + "-band") });
    }
    series.push({ label: "positive, other feed", stroke: color("positive"), width: 1, dash: [6, 4], points: { show: false } });
    return {
      width,
      height: SHARES_HEIGHT,
      series,
      bands,
      scales: { x: { range }, y: { range: [0, 1] } },
      axes: axes((_, splits) => splits.map(percent)),
      padding: [8, RIGHT_PX, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: "feed" }, drag: { x: false, y: false } },
      plugins: [markPlugin(() => marks)],
      hooks: { ready: [click] },
    };
  }

  function volumeOptions(width) {
    return {
      width,
      height: VOLUME_HEIGHT,
      series: [{}, { label: "tweets", fill: color("volume"), stroke: color("volume"), paths: uPlot.paths.bars({ size: [0.8, 40] }), points: { show: false } }],
      scales: { x: { range }, y: { range: (_, low, high) => [0, Math.max(1, high)] } },
      axes: axes((_, splits) => splits.map((value) => (Number.isInteger(value) ? String(value) : ""))),
      padding: [8, RIGHT_PX, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: "feed" }, drag: { x: false, y: false } },
      plugins: [markPlugin(() => marks)],
      hooks: { ready: [click] },
    };
  }

  function data(others) {
    const times = points.map((point) => Date.parse(point.start) / 1000);
    const shares = CLASSES.flatMap((sentiment) => {
      const of = points.map((point) => shareOf(point, sentiment));
      return ["share", "high", "low"].map((name) => of.map((share) => (Number.isFinite(share[name]) ? share[name] : null)));
    });
    const other = points.map((point) => (others && others.has(point.start) ? others.get(point.start) : null));
    return [[times, ...shares, other], [times, points.map((point) => point.count || null)]];
  }

  function create() {
    plots.forEach((plot) => plot.destroy());
    const width = Math.max(280, container.clientWidth);
    const [shares, volume] = data(null);
    plots = [new uPlot(sharesOptions(width), shares, container), new uPlot(volumeOptions(width), volume, container)];
  }

  const resize = new ResizeObserver(() =>
    plots.forEach((plot) => plot.setSize({ width: Math.max(280, container.clientWidth), height: plot.height })),
  );
  resize.observe(container);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const recolor = () => create();
  scheme.addEventListener("change", recolor);
  create();

  return {
    draw(shown, others) {
      points = withGaps(shown);
      marks = reloads(shown);
      const [shares, volume] = data(others);
      plots[0].setData(shares);
      plots[1].setData(volume);
    },
    destroy() {
      resize.disconnect();
      scheme.removeEventListener("change", recolor);
      plots.forEach((plot) => plot.destroy());
    },
  };
}

/** What the colours and lines mean. */
export function legend(compared) {
  return el(
    "p",
    { className: "legend" },
    ...CLASSES.map((sentiment) => el("span", {}, el("span", { className: "swatch " + sentiment }), sentiment)),
    compared ? el("span", {}, el("span", { className: "swatch other" }), `positive in ${compared}`) : undefined,
    el("span", { className: "muted", text: "bands: intervals of 95\u00a0%; vertical line: another model scores from here on" }),
  );
}
