/** The `data_visualization` block: line, bar, area and pie as inline SVG, with the same figures as a table for everyone who wants them. */

import { h, svg } from "./dom.js";
import { wordTable } from "./tables.js";

/** Told apart by lightness as well as hue, each at least 3:1 on white. */
const COLOURS = ["#5b2a6e", "#1f7a8c", "#c2571a", "#2f6b2f", "#a3195b", "#4a5b8c"];
const DASHES = ["", "7 4", "2 4", "10 3 2 3", "5 5", "1 3"];
const W = 560;
const H = 260;
const EDGE = { left: 52, right: 12, top: 12, bottom: 52 };

const figure = (value) => (value === null || value === undefined ? "–" : Number(value).toLocaleString("en-GB", { maximumFractionDigits: 2 }));

/** Where lines are drawn across; between whole numbers there is nothing to mark. */
function steps(low, high, whole) {
  const span = high - low || 1;
  const rough = whole ? Math.max(1, span / 4) : span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((size) => size >= rough && (!whole || Number.isInteger(size)));
  const out = [];
  for (let at = Math.floor(low / step) * step; at <= high + step * 0.999; at += step) out.push(Number(at.toPrecision(10)));
  return out;
}

const valueAt = (series, label, index) => {
  const point = series.data?.find((one) => one.label === label) ?? series.data?.[index];
  return point?.value ?? null;
};

function axes(names, marks, x, y, config) {
  const every = Math.ceil(names.length / 10);
  const shorten = (name) => (name.length > 14 ? `${name.slice(0, 13)}…` : name);
  return [
    marks.map((mark) => [
      svg("line", { x1: EDGE.left, x2: W - EDGE.right, y1: y(mark), y2: y(mark), class: mark === 0 ? "axis" : "grid" }),
      svg("text", { x: EDGE.left - 6, y: y(mark) + 4, class: "tick", "text-anchor": "end" }, figure(mark)),
    ]),
    names.map((name, index) => index % every === 0 && svg("text", { x: x(index), y: H - EDGE.bottom + 16, class: "tick", "text-anchor": "middle" }, shorten(name))),
    config?.x_label && svg("text", { x: (EDGE.left + W - EDGE.right) / 2, y: H - 8, class: "axis-label", "text-anchor": "middle" }, config.x_label),
    config?.y_label && svg("text", { x: 12, y: (EDGE.top + H - EDGE.bottom) / 2, class: "axis-label", "text-anchor": "middle", transform: `rotate(-90 12 ${(EDGE.top + H - EDGE.bottom) / 2})` }, config.y_label),
  ];
}

function plotted(chart) {
  const series = chart.series ?? [];
  const names = chart.axis_config?.categories ?? series[0]?.data?.map((point) => point.label) ?? [];
  const values = series.flatMap((one) => names.map((name, index) => valueAt(one, name, index) ?? 0));
  const marks = steps(Math.min(0, ...values), Math.max(0, ...values), values.every(Number.isInteger));
  const [low, high] = [marks[0], marks.at(-1)];
  const width = W - EDGE.left - EDGE.right;
  const height = H - EDGE.top - EDGE.bottom;
  const slot = width / Math.max(1, names.length);
  const x = (index) => EDGE.left + slot * (index + 0.5);
  const y = (value) => EDGE.top + height * (1 - (value - low) / (high - low || 1));
  const bar = (slot * 0.76) / Math.max(1, series.length);
  const shapes = series.map((one, at) => {
    const colour = COLOURS[at % COLOURS.length];
    const points = names.map((name, index) => [x(index), valueAt(one, name, index)]).filter(([, value]) => value !== null).map(([across, value]) => [across, y(value)]);
    if (chart.type === "bar") {
      return names.map((name, index) => {
        const value = valueAt(one, name, index) ?? 0;
        return svg("rect", { x: x(index) - (bar * series.length) / 2 + bar * at, y: Math.min(y(value), y(0)), width: Math.max(1, bar - 1), height: Math.abs(y(value) - y(0)), fill: colour });
      });
    }
    const path = points.map(([across, down], index) => `${index ? "L" : "M"}${across.toFixed(1)} ${down.toFixed(1)}`).join("");
    return [
      chart.type === "area" && points.length && svg("path", { d: `${path}L${points.at(-1)[0]} ${y(0)}L${points[0][0]} ${y(0)}Z`, fill: colour, "fill-opacity": "0.22" }),
      svg("path", { d: path, fill: "none", stroke: colour, "stroke-width": "2.5", "stroke-dasharray": DASHES[at % DASHES.length] }),
      points.map(([across, down]) => svg("circle", { cx: across, cy: down, r: "3.5", fill: colour })),
    ];
  });
  return {
    drawing: svg("svg", { viewBox: `0 0 ${W} ${H}`, class: "chart", "aria-hidden": "true" }, axes(names, marks, x, y, chart.axis_config), shapes),
    legend: series.map((one) => one.name),
    head: [chart.axis_config?.x_label || "", ...series.map((one) => one.name)],
    rows: names.map((name, index) => [name, ...series.map((one) => figure(valueAt(one, name, index)))]),
  };
}

function pie(chart) {
  const segments = chart.segments ?? [];
  const total = segments.reduce((sum, one) => sum + Math.max(0, one.value), 0);
  const share = (one) => (total ? Math.max(0, one.value) / total : 0);
  let turned = 0;
  const point = (part, radius) => [130 + radius * Math.sin(part * 2 * Math.PI), 130 - radius * Math.cos(part * 2 * Math.PI)].map((n) => n.toFixed(2)).join(" ");
  const slices = segments.map((one, at) => {
    const [from, to] = [turned, (turned += share(one))];
    const colour = COLOURS[at % COLOURS.length];
    if (share(one) > 0.9999) return svg("circle", { cx: 130, cy: 130, r: 120, fill: colour });
    if (!share(one)) return null;
    return svg("path", { d: `M130 130L${point(from, 120)}A120 120 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(to, 120)}Z`, fill: colour, stroke: "#fff", "stroke-width": "2" });
  });
  const percent = (one) => `${(share(one) * 100).toFixed(0)} %`;
  return {
    drawing: svg("svg", { viewBox: "0 0 260 260", class: "chart chart-pie", "aria-hidden": "true" }, slices),
    legend: segments.map((one) => `${one.label} ${figure(one.value)} (${percent(one)})`),
    head: ["", "Number", "Share"],
    rows: segments.map((one) => [one.label, figure(one.value), percent(one)]),
  };
}

/** A chart with its title, legend and figures. */
export function chart(block) {
  const data = block.chart ?? {};
  const { drawing, legend, head, rows } = data.type === "pie" ? pie(data) : plotted(data);
  const swatch = (at) => h("span", { class: "swatch", "aria-hidden": "true", style: { background: COLOURS[at % COLOURS.length] } });
  return h("figure", { class: "chart-figure" },
    h("figcaption", { class: "chart-title" }, block.title),
    data.type === "pie" ? h("div", { class: "chart-box" }, drawing) : h("div", { class: "chart-box chart-wide", tabindex: "0", role: "group", "aria-label": `Chart: ${block.title}` }, drawing),
    h("ul", { class: "legend" }, legend.map((name, at) => h("li", null, swatch(at), name))),
    h("details", { class: "chart-data" }, h("summary", null, "Figures as a table"), wordTable(block.title ?? "Chart", head, rows)));
}
