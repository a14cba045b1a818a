/** Short notices that something could not be done. They lie in the top layer, so that they are seen over a modal too. */

import { h, icon } from "./dom.js";

/** Shows a notice for a while; it can be closed. The region is `role="alert"`, so it is read out. */
export function toast(message, { kind = "error", seconds = 12 } = {}) {
  const toasts = document.getElementById("toasts");
  const host = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (toasts.parentElement !== host) host.append(toasts);
  const note = h("div", { class: `toast toast-${kind}`, data: { testid: "toast" } }, icon("warning"), h("span", null, message),
    h("button", { type: "button", class: "button-plain", "aria-label": "Close this notice", onclick: () => note.remove() }, icon("close")));
  toasts.append(note);
  setTimeout(() => note.remove(), seconds * 1000);
}

/** Gives the notices back to the page, before a dialog that holds them goes. */
export function rescueToasts(dialog) {
  const toasts = document.getElementById("toasts");
  if (dialog.contains(toasts)) document.body.append(toasts);
}

const region = h("div", { "aria-live": "polite" });
document.getElementById("announcer").attachShadow({ mode: "closed" }).append(region);

/** Reads a text out to screen readers, without showing it. A closed shadow root keeps these doubles out of "find in page" and of scripts. */
export function announce(text) {
  region.append(h("p", null, text));
  while (region.childElementCount > 3) region.firstElementChild.remove();
}
