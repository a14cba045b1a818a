/** An app's Home tab. */

import { drawBlocks, redrawBlocks } from "./blocks.js";
import { writeState } from "./controls.js";
import { fill, h } from "./dom.js";
import { interaction } from "./interact.js";
import { store } from "./state.js";

/** `{node, draw()}`; `draw` shows `store.home`, touching nothing when it has not changed. */
export function homePane(app) {
  const body = h("div", { class: "home-inner" });
  const node = h("div", { class: "home", tabindex: "0", role: "tabpanel", "aria-label": `Home of ${app.name}`, data: { testid: "home" } }, body);
  let key = null;
  let shown = null;
  let context = null;

  function draw() {
    const view = store.home;
    const fresh = view ? JSON.stringify([view.id, view.blocks]) : "";
    if (fresh === key) return;
    key = fresh;
    if (!view) {
      fill(body, h("p", { class: "list-state" }, `${app.name} has not shown anything here yet.`));
      return;
    }
    const old = body.querySelector(".view");
    if (old && shown === view.id) {
      if (!redrawBlocks(old.firstElementChild, view.blocks, context)) node.focus();
      return;
    }
    const drawing = h("div", { class: "view" });
    context = { ...interaction({ type: "view", view_id: view.id }, () => drawing), headingLevel: 2 };
    drawing.append(drawBlocks(view.blocks, context));
    writeState(drawing, view.state?.values);
    fill(body, drawing);
    shown = view.id;
  }

  return { node, draw };
}
