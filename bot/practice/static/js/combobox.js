/** A text field with a list of suggestions (the ARIA combobox pattern), for one choice or several, from a local list or from the app. */

import { fill, freshId, h, icon, spoken } from "./dom.js";
import { layerOf, place } from "./popup.js";

/** Choices whose label, detail or key hold every word typed; those whose label starts with it first, then those whose label holds it. */
export function matching(items, query, limit = 60) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = items.filter((item) => {
    const text = `${item.label} ${item.detail ?? ""} ${item.key}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const whole = query.trim().toLowerCase();
  const rank = ({ label }) => {
    const at = label.toLowerCase().indexOf(whole);
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  if (whole) hits.sort((a, b) => rank(a) - rank(b));
  return hits.slice(0, limit);
}

/**
 * `source(query)` gives (a promise of) `[{key, label, detail?, group?, value}]`. `onChange` runs when the choice changed and the
 * person is done with it. Returns `{node, input, chosen(), choose(items)}`.
 */
export function combobox({ attributes = {}, placeholder, source, chosen = [], multi = false, limit = Infinity, clearable = true, wait = 0, minimum = 0, onChange = () => {} }) {
  const listId = freshId("list");
  let picked = [...chosen];
  let shown = [];
  let active = -1;
  let list = null;
  let turn = 0;
  let timer = null;
  let reported = JSON.stringify(picked.map((item) => item.key));

  const input = h("input", {
    type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": listId, placeholder: placeholder || null, ...attributes,
  });
  const chips = multi ? h("ul", { class: "chips", "aria-label": "Chosen" }) : null;
  const status = h("span", { class: "visually-hidden", "aria-live": "polite" });
  const node = h("div", { class: `combobox${multi ? " combobox-multi" : ""}` }, chips, h("div", { class: "combobox-field" }, input, icon("down")), status);

  const labelOf = () => (multi ? "" : (picked[0]?.label ?? ""));

  function draw() {
    if (!multi) {
      input.value = labelOf();
      return;
    }
    chips.hidden = picked.length === 0;
    fill(chips, picked.map((item) => h("li", null, h("button", { type: "button", class: "chip", onclick: () => drop(item) }, item.label, icon("close"), spoken(", remove")))));
  }

  function report() {
    const key = JSON.stringify(picked.map((item) => item.key));
    if (key === reported) return;
    reported = key;
    onChange(picked);
  }

  function drop(item) {
    picked = picked.filter((other) => other.key !== item.key);
    draw();
    input.focus();
    report();
  }

  function take(item) {
    if (multi) {
      if (picked.some((other) => other.key === item.key)) picked = picked.filter((other) => other.key !== item.key);
      else if (picked.length < limit) picked = [...picked, item];
      else status.textContent = `You can choose up to ${limit}.`;
      input.value = "";
    } else picked = [item];
    draw();
    close();
    report();
  }

  function close() {
    clearTimeout(timer);
    turn += 1;
    list?.remove();
    list = null;
    active = -1;
    shown = [];
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    window.removeEventListener("scroll", move, true);
  }

  const move = () => list && place(list, input, { wide: true });

  function point(index) {
    active = index;
    [...list.querySelectorAll('[role="option"]')].forEach((option, at) => {
      option.classList.toggle("active", at === index);
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index >= 0) input.setAttribute("aria-activedescendant", `${listId}-${index}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function paint(message) {
    if (!list) {
      list = h("div", { class: "listbox", popover: "manual" });
      layerOf(input).append(list);
      list.showPopover();
      window.addEventListener("scroll", move, true);
    }
    const rows = [];
    let group = null;
    shown.forEach((item, index) => {
      if (item.group && item.group !== group) rows.push(h("div", { class: "menu-heading", role: "presentation" }, (group = item.group)));
      const isPicked = picked.some((other) => other.key === item.key);
      rows.push(h("div", {
        role: "option", id: `${listId}-${index}`, "aria-selected": String(isPicked), class: "option", data: { value: item.key },
        onmousedown: (event) => event.preventDefault(),
        onclick: () => take(item),
      }, h("span", null, item.label), item.detail && h("span", { class: "menu-detail" }, item.detail)));
    });
    fill(list, message && h("div", { class: "menu-heading" }, message), h("div", { role: "listbox", id: listId, "aria-label": input.getAttribute("aria-label") || input.labels?.[0]?.textContent || "Suggestions", "aria-multiselectable": multi ? "true" : null }, rows));
    input.setAttribute("aria-expanded", "true");
    status.textContent = message || `${shown.length} suggestion${shown.length === 1 ? "" : "s"}`;
    point(-1);
    move();
  }

  async function look(query, pause) {
    const mine = (turn += 1);
    clearTimeout(timer);
    if (query.length < minimum) {
      shown = [];
      paint(`Type ${minimum} or more characters`);
      return;
    }
    if (pause) await new Promise((done) => (timer = setTimeout(done, pause)));
    if (mine !== turn) return;
    let found;
    try {
      const answer = source(query);
      if (answer instanceof Promise) {
        shown = [];
        paint("Looking…");
      }
      found = await answer;
    } catch (error) {
      found = [];
      if (mine === turn) paint(error.message);
      return;
    }
    if (mine !== turn || document.activeElement !== input) return;
    shown = found;
    paint(found.length ? "" : "No match");
    const exact = exactly(query);
    if (exact && !multi) picked = [exact];
    if (query && found.length) point(exact ? found.indexOf(exact) : 0);
  }

  const exactly = (query) => shown.find((item) => item.label.toLowerCase() === query.trim().toLowerCase() || item.key === query.trim());

  function settle() {
    if (!multi) {
      if (clearable && input.value.trim() === "" && picked.length) picked = [];
    }
    draw();
    if (multi) input.value = "";
    close();
    report();
  }

  input.addEventListener("input", () => look(input.value, wait));
  input.addEventListener("click", () => {
    if (list) return;
    input.select();
    look("", 0);
  });
  input.addEventListener("blur", settle);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!list) look("", 0);
      else if (shown.length) point((active + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
    } else if (event.key === "Enter") {
      if (list && shown[active]) {
        event.preventDefault();
        take(shown[active]);
      } else if (turn && input.value !== labelOf()) event.preventDefault();
    } else if (event.key === "Escape" && list) {
      event.preventDefault();
      event.stopPropagation();
      draw();
      close();
    } else if (event.key === "Backspace" && multi && !input.value && picked.length) {
      picked = picked.slice(0, -1);
      draw();
      report();
    }
  });

  draw();
  return {
    node,
    input,
    chosen: () => picked,
    choose(items) {
      picked = [...items];
      reported = JSON.stringify(picked.map((item) => item.key));
      draw();
    },
  };
}
