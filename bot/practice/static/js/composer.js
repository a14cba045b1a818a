/** The field to write in: messages, mentions, and slash commands with their suggestions. */

import { fill, freshId, h, icon } from "./dom.js";
import { matching } from "./combobox.js";
import { menuButton } from "./popup.js";
import { personName, people, store } from "./state.js";

/** What was half written stays with its channel while one looks elsewhere. */
const drafts = new Map();

/** As many people or channels as are seen without scrolling, at twice the size too: more letters leave fewer. */
const MOST_SHOWN = 5;

const commands = () => store.apps.flatMap((app) => (app.commands ?? []).map((command) => ({ ...command, app: app.name })));

function commandRows(text) {
  const [name] = text.split(/\s/, 1);
  const known = commands();
  if (/\s/.test(text)) {
    const command = known.find((one) => one.command === name);
    return command ? { hint: command } : {};
  }
  return { rows: known.filter((one) => one.command.startsWith(name)).map((one) => ({ key: one.command, label: one.command, hint: one.usage_hint, detail: one.description || one.app, insert: `${one.command} ` })) };
}

function mentionRows(text, caret) {
  const found = /(^|\s)([@#])([\p{L}\p{N}'’._-]*(?: [\p{L}\p{N}'’._-]*)?)$/u.exec(text.slice(0, caret));
  if (!found) return {};
  const [, , mark, query] = found;
  const from = caret - query.length - 1;
  const items = mark === "@"
    ? people().filter((user) => !user.deleted).map((user) => ({ key: user.id, label: personName(user), detail: user.title, handle: `@${user.name}` }))
    : store.channels.filter((channel) => channel.kind !== "im").map((channel) => ({ key: channel.id, label: channel.name, handle: `#${channel.name}` }));
  const rows = matching(items, query, MOST_SHOWN).filter((item) => item.label !== query);
  return { rows: rows.map((item) => ({ ...item, label: mark + item.label, insert: `${mark}${item.label} `, from, target: `${mark}${item.key}${mark === "#" ? `|${item.label}` : ""}`, written: mark + item.label })) };
}

/**
 * `{label, placeholder, hook, draftKey, send(text)}`; `send` gets the text with its mentions as `<@U…>` and may throw.
 */
export function composer({ label, placeholder, hook, sendHook, draftKey, send, shortcuts = [] }) {
  const listId = freshId("suggestions");
  const mentions = new Map();
  let rows = [];
  let active = -1;
  let sending = 0;
  let queue = Promise.resolve();

  const area = h("textarea", {
    class: "composer-text", rows: "1", "aria-label": label, placeholder, "aria-autocomplete": "list", autocomplete: "off", data: { testid: hook },
  });
  const list = h("div", { class: "suggestions", hidden: true });
  const status = h("span", { class: "visually-hidden", "aria-live": "polite" });
  const problem = h("p", { class: "composer-problem", role: "alert", hidden: true });
  const button = h("button", { type: "submit", class: "button-send", "aria-label": "Send", title: "Send", data: { testid: sendHook } }, icon("send"));
  const quick = shortcuts.length > 0 && menuButton({ class: "button-tool", "aria-label": "Shortcuts", title: "Shortcuts", data: { testid: "shortcuts" } }, icon("bolt"), () => [{ heading: "Shortcuts" }, ...shortcuts], { label: "Shortcuts" });
  const node = h("form", { class: "composer", "aria-label": label }, list, problem, h("div", { class: "composer-box" }, quick, area, button), status);

  function grow() {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, 200)}px`;
    button.disabled = !area.value.trim();
  }

  function point(index) {
    active = index;
    [...list.querySelectorAll('[role="option"]')].forEach((option, at) => {
      option.classList.toggle("active", at === index);
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index >= 0 && rows.length) area.setAttribute("aria-activedescendant", `${listId}-${index}`);
    else area.removeAttribute("aria-activedescendant");
  }

  function close() {
    rows = [];
    list.hidden = true;
    area.removeAttribute("aria-controls");
    fill(list);
    point(-1);
  }

  function suggest() {
    const text = area.value;
    const { rows: found = [], hint } = text.startsWith("/") && !text.includes("\n") && commandRows(text).rows !== undefined ? commandRows(text)
      : { ...mentionRows(text, area.selectionStart), hint: text.startsWith("/") ? commandRows(text).hint : null };
    rows = found;
    list.hidden = !rows.length && !hint;
    if (rows.length) {
      fill(list, h("div", { role: "listbox", id: listId, "aria-label": "Suggestions" }, rows.map((row, index) =>
        h("div", { role: "option", id: `${listId}-${index}`, class: "option", "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => insert(row) },
          h("span", null, h("strong", null, row.label), row.hint && h("span", { class: "usage" }, ` ${row.hint}`)), row.detail && h("span", { class: "menu-detail" }, row.detail)))));
      area.setAttribute("aria-controls", listId);
      status.textContent = `${rows.length} suggestion${rows.length === 1 ? "" : "s"}`;
      point(0);
    } else if (hint) {
      area.removeAttribute("aria-controls");
      fill(list, h("p", { class: "command-hint" }, h("strong", null, hint.command), hint.usage_hint && h("span", { class: "usage" }, ` ${hint.usage_hint}`), h("span", { class: "menu-detail" }, hint.description)));
      point(-1);
    } else close();
  }

  function insert(row) {
    const from = row.from ?? 0;
    const caret = row.from === undefined ? area.value.length : area.selectionStart;
    if (row.target) mentions.set(row.written, row);
    area.setRangeText(row.insert, from, caret, "end");
    grow();
    suggest();
    area.focus();
  }

  /** The text with mentions as ids; in a command as handles, since the app chose whether it wants ids. */
  function wire(text) {
    const isCommand = text.startsWith("/");
    let out = text;
    for (const [shown, item] of [...mentions].sort((a, b) => b[0].length - a[0].length)) out = out.replaceAll(shown, isCommand ? item.handle : `<${item.target}>`);
    return out;
  }

  /** Messages go out one after the other; a command waits for none, since its app may take three seconds. */
  async function submit() {
    const text = area.value.trim();
    if (!text) return;
    sending += 1;
    problem.hidden = true;
    button.setAttribute("aria-busy", "true");
    area.value = "";
    drafts.delete(draftKey);
    grow();
    close();
    try {
      const wired = wire(text);
      const turn = text.startsWith("/") ? Promise.resolve() : queue;
      const done = turn.then(() => send(wired));
      if (!text.startsWith("/")) queue = done.catch(() => null);
      await done;
    } catch (error) {
      if (!area.value) area.value = text;
      drafts.set(draftKey, area.value);
      problem.textContent = error.message;
      problem.hidden = false;
      grow();
    } finally {
      sending -= 1;
      if (!sending) button.removeAttribute("aria-busy");
    }
  }

  area.addEventListener("input", () => {
    drafts.set(draftKey, area.value);
    grow();
    suggest();
  });
  area.addEventListener("blur", () => setTimeout(() => document.activeElement !== area && close(), 0));
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const exact = rows[active] && rows[active].key === area.value.trim();
    if (rows.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      point((active + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length);
    } else if (rows[active] && !exact && !event.shiftKey && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      insert(rows[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  area.value = drafts.get(draftKey) ?? "";
  requestAnimationFrame(grow);
  button.disabled = !area.value.trim();
  /** Puts a text there as if it had been typed; it still has to be sent. */
  function write(text) {
    area.value = text;
    drafts.set(draftKey, text);
    grow();
    area.focus();
  }
  return { node, area, focus: () => area.focus(), write };
}
