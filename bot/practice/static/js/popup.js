/** Small things that lie over the page: menus under a button, and where to put them. */

import { h } from "./dom.js";

const GAP = 4;

/** Puts a shown popover beside its anchor, inside the window. */
export function place(popup, anchor, { end = false, wide = false } = {}) {
  const box = anchor.getBoundingClientRect();
  if (wide) popup.style.minWidth = `${box.width}px`;
  popup.style.maxHeight = "";
  const size = popup.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - GAP * 2;
  const above = box.top - GAP * 2;
  const up = size.height > below && above > below;
  const height = Math.min(size.height, Math.max(120, up ? above : below));
  popup.style.maxHeight = `${height}px`;
  const left = end ? box.right - size.width : box.left;
  popup.style.left = `${Math.max(GAP, Math.min(left, window.innerWidth - size.width - GAP))}px`;
  popup.style.top = `${up ? Math.max(GAP, box.top - height - GAP) : box.bottom + GAP}px`;
}

/** Where a popover must live to be usable: inside the open dialog of its anchor, else in the landmark it belongs to. */
export const layerOf = (anchor) => anchor.closest("dialog") ?? anchor.closest("main, nav, aside, .guide") ?? document.body;

/**
 * A button that opens a menu. `items()` gives `{label, detail?, danger?, href?, run}` or `{heading}`. Arrow keys move,
 * Enter runs, Esc and Tab close, and focus goes back to the button.
 */
export function menuButton(attributes, content, items, { label, end = false } = {}) {
  let menu = null;
  const button = h("button", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", ...attributes }, content);

  function close(refocus) {
    if (!menu) return;
    const old = menu;
    menu = null;
    button.setAttribute("aria-expanded", "false");
    old.remove();
    if (refocus) button.focus();
  }

  function entries() {
    return [...menu.querySelectorAll('[role="menuitem"]')];
  }

  function open() {
    menu = h("div", { class: "menu", role: "menu", "aria-label": label, popover: "auto" },
      items().map((item) => {
        if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
        const link = item.href && /^https?:/i.test(item.href);
        return h(link ? "a" : "button", {
          type: link ? null : "button",
          href: link ? item.href : null,
          target: link ? "_blank" : null,
          rel: link ? "noopener noreferrer" : null,
          role: "menuitem",
          tabindex: "-1",
          class: item.danger ? "menu-item danger" : "menu-item",
          data: item.data,
          onclick: () => {
            close(true);
            item.run?.();
          },
        }, item.label, item.detail && h("span", { class: "menu-detail" }, item.detail));
      }));
    menu.addEventListener("keydown", (event) => {
      const list = entries();
      const at = list.indexOf(document.activeElement);
      const to = { ArrowDown: (at + 1) % list.length, ArrowUp: (at - 1 + list.length) % list.length, Home: 0, End: list.length - 1 }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        list[to].focus();
      } else if (event.key === "Escape" || event.key === "Tab") {
        if (event.key === "Escape") event.preventDefault();
        event.stopPropagation();
        close(true);
      }
    });
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "closed") close(menu?.contains(document.activeElement));
    });
    layerOf(button).append(menu);
    menu.showPopover();
    place(menu, button, { end });
    button.setAttribute("aria-expanded", "true");
    entries()[0]?.focus();
  }

  button.addEventListener("click", () => (menu ? close(true) : open()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || menu) return;
    event.preventDefault();
    open();
  });
  return button;
}
