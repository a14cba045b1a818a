/** The `markdown` block: ordinary Markdown as Slack draws it, to nodes. A small subset: what Slack's reference for the block lists. */

import { all, h } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { emojiNode, link } from "./mrkdwn.js";

const RULES = [
  [/^`([^`]+)`/, (m) => h("code", null, m[1])],
  [/^\*\*(?=\S)([\s\S]*?\S)\*\*/, (m) => h("strong", null, inline(m[1]))],
  [/^__(?=\S)([\s\S]*?\S)__/, (m) => h("strong", null, inline(m[1]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (m) => h("s", null, inline(m[1]))],
  [/^\*(?=\S)([\s\S]*?\S)\*/, (m) => h("em", null, inline(m[1]))],
  [/^_(?=\S)([\s\S]*?\S)_(?!\w)/, (m) => h("em", null, inline(m[1]))],
  [/^!?\[([^\]]*)\]\(([^)\s]+)\)/, (m) => link(m[2], inline(m[1]))],
  [/^<(https?:[^>\s]+)>/, (m) => link(m[1])],
  [/^https?:\/\/[^\s<>)]*[^\s<>).,;:!?'"]/, (m) => link(m[0])],
  [/^\\([\\`*_{}[\]()#+\-.!~>])/, (m) => m[1]],
  [/^:([a-z0-9_+-]+):/, (m) => (emojiOf(m[1]) ? emojiNode(m[1]) : m[0])],
];

function inline(text) {
  const out = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    let hit = null;
    if (/[`*_~![<h\\:]/.test(text[at])) {
      for (const [pattern, make] of RULES) {
        const found = pattern.exec(rest);
        if (found && !(text[at] === "_" && /\w/.test(text[at - 1] ?? ""))) {
          hit = [found, make];
          break;
        }
      }
    }
    if (hit) {
      out.push(plain, hit[1](hit[0]));
      plain = "";
      at += hit[0][0].length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  out.push(plain);
  return all(...out);
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const cells = (row) => row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function list(rows) {
  const root = { node: null, indent: -1 };
  const stack = [root];
  const out = [];
  for (const row of rows) {
    const [, space, mark, text] = ITEM.exec(row);
    while (stack.length > 1 && space.length < stack.at(-1).indent) stack.pop();
    if (stack.length === 1 || space.length > stack.at(-1).indent) {
      const ordered = /\d/.test(mark);
      const node = h(ordered ? "ol" : "ul", ordered ? { start: parseInt(mark, 10) } : null);
      if (stack.length === 1) out.push(node);
      else (stack.at(-1).node.lastElementChild ?? stack.at(-1).node).append(node);
      stack.push({ node, indent: space.length });
    }
    stack.at(-1).node.append(h("li", null, inline(text)));
  }
  return out;
}

/** Markdown text to a fragment. Its headings are all of `level`, so that the page's outline has no gaps. */
export function markdown(text, level = 4) {
  const rows = String(text ?? "").replace(/\r/g, "").split("\n");
  const out = [];
  let at = 0;
  const take = (test) => {
    const from = at;
    while (at < rows.length && test(rows[at])) at += 1;
    return rows.slice(from, at);
  };
  while (at < rows.length) {
    const row = rows[at];
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(row);
    if (!row.trim()) at += 1;
    else if (/^```/.test(row)) {
      at += 1;
      const code = take((line) => !/^```/.test(line));
      at += 1;
      out.push(h("pre", { tabindex: "0" }, code.join("\n")));
    } else if (heading) {
      at += 1;
      out.push(h("p", { class: `md-heading md-heading-${heading[1].length}`, role: "heading", "aria-level": String(level) }, inline(heading[2])));
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(row)) {
      at += 1;
      out.push(h("hr"));
    } else if (/^>/.test(row)) out.push(h("blockquote", null, markdown(take((line) => /^>/.test(line)).map((line) => line.replace(/^>\s?/, "")).join("\n"), level)));
    else if (ITEM.test(row)) out.push(...list(take((line) => ITEM.test(line))));
    else if (row.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rows[at + 1] ?? "")) {
      const table = take((line) => line.includes("|"));
      const head = h("tr", null, cells(table[0]).map((cell) => h("th", { scope: "col" }, inline(cell))));
      const body = table.slice(2).map((line) => h("tr", null, cells(line).map((cell) => h("td", null, inline(cell)))));
      out.push(h("div", { class: "table-box", tabindex: "0", role: "group", "aria-label": "Table" }, h("table", { class: "slack-table" }, h("thead", null, head), h("tbody", null, body))));
    } else {
      const words = take((line) => line.trim() && !/^(#{1,6}\s|```|>)/.test(line) && !ITEM.test(line));
      out.push(h("p", null, words.flatMap((line, index) => (index ? [h("br"), inline(line)] : [inline(line)]))));
    }
  }
  return all(...out);
}
