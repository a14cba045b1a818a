/** The workspace's clock, and the buttons that move it on. */

import { post } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { myTz, now } from "./state.js";
import { fromLocalField, fullTime, isoDay } from "./time.js";
import { toast } from "./toast.js";

/** `{node, tick(), offer(list)}`. The node is drawn once; `tick` brings the time up to date; `offer` adds `{label, hook, run}`. */
export function clockBar() {
  const shown = h("span", { class: "clock-now", data: { testid: "clock-now" } });
  const date = h("input", { type: "date", class: "field", id: "clock-date", data: { testid: "clock-date" } });
  const buttons = [];
  const further = h("span", { class: "clock-further" });

  async function move(body) {
    if (buttons[0].disabled) return;
    const focused = document.activeElement;
    buttons.forEach((button) => (button.disabled = true));
    try {
      await post("clock", body);
    } catch (error) {
      toast(error.message);
    } finally {
      buttons.forEach((button) => (button.disabled = false));
      if (buttons.includes(focused)) focused.focus();
    }
  }

  function moveTo(event) {
    event.preventDefault();
    if (!date.value) {
      toast("Choose the date to move the clock to.");
      date.focus();
      return;
    }
    const to = fromLocalField(`${date.value}T09:00`, myTz());
    if (to <= now()) toast("The clock only moves forward. Choose a later date.");
    else move({ to: new Date(to * 1000).toISOString() });
  }

  const button = (label, hook, more) => {
    const node = h("button", { class: "button button-small", data: { testid: hook }, ...more }, label);
    buttons.push(node);
    return node;
  };
  const controls = h("form", { class: "clock-controls", id: "clock-controls", "aria-label": "Move the clock forward", onsubmit: moveTo },
    button("+1 hour", "clock-hour", { type: "button", onclick: () => move({ advance_seconds: 3600 }) }),
    button("+1 day", "clock-day", { type: "button", onclick: () => move({ advance_seconds: 86400 }) }),
    further,
    h("label", { for: "clock-date", class: "clock-label" }, "9 am on"),
    date,
    button("Move", "clock-go", { type: "submit" }));
  const toggle = h("button", { type: "button", class: "button button-small clock-toggle", "aria-expanded": "false", "aria-controls": "clock-controls", data: { testid: "clock-toggle" }, onclick: () => {
    const open = controls.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  } }, "Move clock");
  const node = h("section", { class: "clock", "aria-label": "Workspace clock" }, icon("clock"), shown, toggle, controls);

  function tick() {
    const text = fullTime(now(), myTz());
    if (shown.textContent === text) return false;
    fill(shown, h("time", { datetime: new Date(now() * 1000).toISOString() }, text));
    date.min = isoDay(now(), myTz());
    return true;
  }

  function offer(list) {
    if (further.childElementCount === list.length) return;
    fill(further, list.map(({ label, hook, run }) => h("button", { type: "button", class: "button button-small", data: { testid: hook }, onclick: run }, label)));
  }

  return { node, tick, offer };
}

