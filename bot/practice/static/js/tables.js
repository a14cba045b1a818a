/** The `table` and `data_table` blocks as real tables, scrolling inside a box of their own. */

import { fill, h, spoken } from "./dom.js";
import { richText, richWords } from "./rich_text.js";

function cellContent(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  if (cell?.type === "raw_number") return cell.text ?? String(cell.value ?? "");
  return cell?.text ?? "";
}

const cellWords = (cell) => (cell?.type === "rich_text" ? richWords(cell) : String(cell?.text ?? cell?.value ?? ""));

function cellClass(settings, cell) {
  const align = settings?.align ?? (cell?.type === "raw_number" ? "right" : "left");
  return `align-${align}${settings?.is_wrapped ? " wrapped" : ""}`;
}

const box = (label, table) => h("div", { class: "table-box", tabindex: "0", role: "group", "aria-label": label }, table);

/** `table`: the first row is its header, as Slack draws it. */
export function table(block) {
  const [head = [], ...body] = block.rows ?? [];
  const columns = block.column_settings ?? [];
  const row = (cells, make) => h("tr", null, cells.map((cell, index) => make(cell, index, cellClass(columns[index], cell))));
  return box(`Table: ${head.map(cellWords).join(", ")}`, h("table", { class: "slack-table" },
    h("thead", null, row(head, (cell, _, name) => h("th", { scope: "col", class: name }, cellContent(cell)))),
    h("tbody", null, body.map((cells) => row(cells, (cell, index, name) =>
      h(index === 0 ? "th" : "td", { scope: index === 0 ? "row" : null, class: name }, cellContent(cell)))))));
}

function comparable(cell) {
  if (cell?.type === "raw_number") return Number(cell.value);
  const words = cellWords(cell);
  const number = Number(words.replace(/[,%\s]/g, ""));
  return words.trim() && Number.isFinite(number) ? number : words.toLowerCase();
}

function compare(a, b) {
  if (typeof a === typeof b) return typeof a === "number" ? a - b : a.localeCompare(b);
  return typeof a === "number" ? -1 : 1;
}

/** `data_table`: with a caption, columns that can be sorted, and pages. */
export function dataTable(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = Math.max(1, block.page_size ?? 5);
  const rowHeader = block.row_header_column_index ?? 0;
  const right = head.map((_, column) => rows.length > 0 && rows.every((cells) => cells[column]?.type === "raw_number"));
  let order = [...rows];
  let sort = { column: null, down: false };
  let page = 0;
  const body = h("tbody");
  const place = h("span", { "aria-live": "polite" });
  const back = h("button", { type: "button", class: "button button-small", onclick: () => turn(-1) }, "Previous");
  const on = h("button", { type: "button", class: "button button-small", onclick: () => turn(1) }, "Next");
  const heads = head.map((cell, column) =>
    h("th", { scope: "col", class: right[column] ? "align-right" : "align-left" },
      h("button", { type: "button", class: "sort", onclick: () => sortBy(column) }, cellWords(cell), h("span", { class: "sort-mark", "aria-hidden": "true" }), spoken(", sort"))));

  function draw() {
    const pages = Math.max(1, Math.ceil(order.length / size));
    page = Math.min(Math.max(page, 0), pages - 1);
    fill(body, order.slice(page * size, (page + 1) * size).map((cells) => h("tr", null, cells.map((cell, column) =>
      h(column === rowHeader ? "th" : "td", { scope: column === rowHeader ? "row" : null, class: right[column] ? "align-right" : "align-left wrapped" }, cellContent(cell))))));
    heads.forEach((node, column) => {
      const mine = sort.column === column;
      if (mine) node.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else node.removeAttribute("aria-sort");
      node.querySelector(".sort-mark").textContent = mine ? (sort.down ? "▼" : "▲") : "";
    });
    place.textContent = `Page ${page + 1} of ${pages} (${order.length} rows)`;
    back.disabled = page === 0;
    on.disabled = page === pages - 1;
    pager.hidden = pages === 1;
  }

  function turn(step) {
    page += step;
    draw();
    if (document.activeElement === document.body) (on.disabled ? back : on).focus();
  }

  function sortBy(column) {
    sort = { column, down: sort.column === column && !sort.down };
    order = [...rows].sort((a, b) => compare(comparable(a[column]), comparable(b[column])) * (sort.down ? -1 : 1));
    page = 0;
    draw();
  }

  const pager = h("div", { class: "pager" }, back, place, on);
  draw();
  return h("div", { class: "data-table" },
    box(block.caption ?? "Table", h("table", { class: "slack-table" }, h("caption", null, block.caption), h("thead", null, h("tr", null, heads)), body)), pager);
}

/** A plain table of words, for the text alternative of a chart. */
export function wordTable(caption, head, rows) {
  return box(caption, h("table", { class: "slack-table" }, h("caption", null, caption),
    h("thead", null, h("tr", null, head.map((word) => h("th", { scope: "col" }, word)))),
    h("tbody", null, rows.map(([first, ...rest]) => h("tr", null, h("th", { scope: "row" }, first), rest.map((word) => h("td", { class: "align-right" }, word)))))));
}

