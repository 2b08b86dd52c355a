// SPDX-License-Identifier: Apache-2.0
// A chart of lines over numbers, with a description for who does not see it.

import { color } from "./chart.js";
import { el } from "./dom.js";

const HEIGHT = 240;
const LEAST_WIDTH = 260;

/**
 * Draws lines. xs are numbers in ascending order; lines are {label, color, dash, values}, with null for gaps.
 * Returns {figure, destroy()}; the caller places the figure.
 */
export function linePlot({ caption, xLabel, xs, xRange, yRange, format, lines }) {
  const place = el("div", { className: "plot", role: "img", "aria-label": description() });
  const figure = el("figure", {}, el("figcaption", { text: caption }), place, legend());
  let plot;

  function description() {
    return lines
      .map((line) => `${line.label}: ${xs.map((x, index) => (line.values[index] === null ? "" : `${format(line.values[index])} at ${format.x(x)}`)).filter(Boolean).join(", ")}`)
      .join(". ");
  }

  function legend() {
    const keys = lines.map((line) => {
      const swatch = el("span", { className: "swatch line" + (line.dash ? " dashed" : "") });
      swatch.style.borderColor = `var(--${line.color})`;
      return el("span", {}, swatch, line.label);
    });
    return el("p", { className: "legend" }, ...keys);
  }

  function options(width) {
    const axis = { stroke: color("text"), grid: { stroke: color("line") }, ticks: { stroke: color("line") } };
    return {
      width,
      height: HEIGHT,
      series: [{}, ...lines.map((line) => ({ label: line.label, stroke: color(line.color), width: 2, dash: line.dash && [6, 4], spanGaps: true }))],
      scales: { x: { time: false, ...(xRange && { range: xRange }) }, ...(yRange && { y: { range: yRange } }) },
      axes: [
        { ...axis, label: xLabel, labelSize: 24, values: (_, splits) => splits.map(format.x) },
        { ...axis, size: 56, values: (_, splits) => splits.map(format) },
      ],
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      padding: [8, 32, 0, 0],
    };
  }

  const width = () => Math.max(LEAST_WIDTH, place.clientWidth);

  function create() {
    if (plot) plot.destroy();
    plot = new uPlot(options(width()), [xs, ...lines.map((line) => line.values)], place);
  }

  const resize = new ResizeObserver(() => (plot ? plot.setSize({ width: width(), height: HEIGHT }) : create()));
  resize.observe(place);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", create);
  return {
    figure,
    destroy() {
      resize.disconnect();
      scheme.removeEventListener("change", create);
      if (plot) plot.destroy();
    },
  };
}
