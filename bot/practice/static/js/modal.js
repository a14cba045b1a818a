/** The modals an app opens: one dialog that shows the top of the stack. What was typed in the views under it is kept. */

import { post } from "./api.js";
import { drawBlocks, redrawBlocks } from "./blocks.js";
import { check, readState, showErrors, writeState } from "./controls.js";
import { fill, h, icon } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { interaction } from "./interact.js";
import { store } from "./state.js";
import { rescueToasts, toast } from "./toast.js";

const words = (object, otherwise) => withEmoji(object?.text ?? otherwise);
const signature = ({ blocks, title, submit, close, callback_id: callback }) => JSON.stringify({ blocks, title, submit, close, callback });

/** `{refresh()}` fetches the state again. Returns `{sync()}`, which makes the dialog show `store.views`. */
export function modals({ refresh }) {
  const panes = new Map();
  /** Closed here already; an answer that was under way at that moment may still list them. */
  const closed = new Set();
  let shown = null;
  let opener = null;
  let busy = false;

  const title = h("h2", { class: "dialog-title", id: "modal-title", tabindex: "-1" });
  const backButton = h("button", { type: "button", class: "button-plain", "aria-label": "Back to the previous step", data: { testid: "modal-back" }, hidden: true, onclick: () => close(false) }, icon("back"));
  const dismiss = h("button", { type: "button", class: "button-plain", data: { testid: "modal-dismiss" }, onclick: () => close(true) }, icon("close"));
  const notice = h("p", { class: "dialog-notice", role: "alert", hidden: true, data: { testid: "modal-notice" } });
  const body = h("div", { class: "dialog-body", tabindex: "-1" });
  const closeButton = h("button", { type: "button", class: "button", data: { testid: "modal-close" }, onclick: () => close(false) });
  const submitButton = h("button", { type: "submit", class: "button button-primary", data: { testid: "modal-submit" } });
  const form = h("form", { class: "dialog-form", novalidate: true },
    h("div", { class: "dialog-head" }, backButton, title, dismiss), notice, body, h("div", { class: "dialog-foot" }, closeButton, submitButton));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "modal-title", data: { testid: "modal" } }, form);

  const top = () => panes.get(shown);

  function tellNotice(text) {
    notice.textContent = text ?? "";
    notice.hidden = !text;
  }

  function setBusy(on) {
    busy = on;
    submitButton.toggleAttribute("data-busy", on);
    submitButton.setAttribute("aria-disabled", String(on));
    if (on) form.setAttribute("aria-busy", "true");
    else form.removeAttribute("aria-busy");
  }

  function firstField(node) {
    return node.querySelector(".block-input input, .block-input select, .block-input textarea");
  }

  function drawPane(view) {
    const node = h("div", { class: "view" });
    const context = { ...interaction({ type: "view", view_id: view.id }, () => node), headingLevel: 3 };
    node.append(drawBlocks(view.blocks, context));
    writeState(node, view.state?.values);
    return { view, node, context, signature: signature(view), errors: "", lastFocus: null };
  }

  function showPane(pane, isNew) {
    const { view } = pane;
    title.textContent = words(view.title, "");
    submitButton.hidden = !view.submit;
    submitButton.textContent = words(view.submit, "Submit");
    closeButton.textContent = words(view.close, view.submit ? "Cancel" : "Close");
    const stacked = store.views.filter((one) => !closed.has(one.id)).length > 1;
    backButton.hidden = !stacked;
    dismiss.setAttribute("aria-label", stacked ? "Close all" : "Close");
    if (body.firstElementChild === pane.node) return;
    fill(body, pane.node);
    body.scrollTop = 0;
    const target = isNew ? firstField(pane.node) : pane.lastFocus?.isConnected ? pane.lastFocus : firstField(pane.node);
    (target ?? title).focus();
  }

  function takeErrors(pane, errors) {
    const key = JSON.stringify(errors ?? {});
    if (key === pane.errors) return;
    pane.errors = key;
    const left = Object.values(showErrors(pane.node, errors));
    tellNotice(left.join(" "));
  }

  function redraw(pane, view) {
    const onTitle = document.activeElement === title;
    const hadField = firstField(pane.node);
    const found = redrawBlocks(pane.node.firstElementChild, view.blocks, pane.context);
    showErrors(pane.node, {});
    tellNotice("");
    Object.assign(pane, { view, signature: signature(view), errors: "" });
    // A view that was only "Loading…" has got its fields now: that is where the person wants to be.
    if (!found || (onTitle && !hadField)) ((onTitle || !hadField) && firstField(pane.node) ? firstField(pane.node) : title).focus();
  }

  function sync() {
    const views = store.views.filter((view) => !closed.has(view.id));
    const alive = new Set(views.map((view) => view.id));
    for (const id of panes.keys()) if (!alive.has(id)) panes.delete(id);
    const view = views.at(-1);
    if (!view) {
      if (dialog.open) shut();
      return;
    }
    if (!dialog.open) {
      opener = remember(document.activeElement);
      document.body.append(dialog);
      dialog.showModal();
    } else if (shown && shown !== view.id && top()) top().lastFocus = body.contains(document.activeElement) ? document.activeElement : null;
    let pane = panes.get(view.id);
    const isNew = !pane;
    if (isNew) panes.set(view.id, (pane = drawPane(view)));
    else if (pane.signature !== signature(view)) redraw(pane, view);
    pane.view = view;
    if (shown !== view.id) {
      setBusy(false);
      tellNotice("");
    }
    shown = view.id;
    showPane(pane, isNew);
    if (view.errors) takeErrors(pane, view.errors);
    if (view.notify) tellNotice(view.notify);
  }

  /** Where the focus goes when the dialog has closed: what opened it, its redrawn twin, or the composer. */
  function remember(node) {
    const holder = node?.closest?.("[data-ts]");
    const hook = node?.closest?.("[data-testid]")?.dataset.testid;
    const [block, action, ts] = [node?.dataset?.blockId, node?.dataset?.actionId, holder?.dataset.ts];
    return () => {
      const message = ts && document.querySelector(`.messages [data-ts="${CSS.escape(ts)}"]`);
      const twin = action && message && [...message.querySelectorAll("[data-action-id]")].find((one) => one.dataset.actionId === action && one.dataset.blockId === block);
      const byHook = hook && document.querySelector(`[data-testid="${CSS.escape(hook)}"]`);
      const target = [node?.isConnected && node !== document.body ? node : null, twin, message, byHook, document.querySelector('[data-testid="composer"]'), document.getElementById("main")].find(Boolean);
      target.focus();
    };
  }

  function shut() {
    shown = null;
    setBusy(false);
    tellNotice("");
    rescueToasts(dialog);
    dialog.close();
    dialog.remove();
    fill(body);
    panes.clear();
    // close() gives the focus back while the page still counts as inert; Chromium then leaves a text field without a caret. So it is given anew.
    document.activeElement?.blur();
    opener?.();
    opener = null;
  }

  /** Takes views off the page at once; the workspace tells the app. */
  async function close(everything) {
    if (!shown) return;
    const id = shown;
    const going = everything ? store.views.map((view) => view.id) : [id];
    for (const each of going) closed.add(each);
    sync();
    try {
      await post("close", { as: store.place.as, view_id: id, ...(everything ? { all: true } : {}) });
    } catch (error) {
      // The app may have closed it meanwhile, which is what was wanted.
      if (error.code !== "view_not_found") {
        for (const each of going) closed.delete(each);
        toast(error.message);
      }
    }
    refresh();
  }

  async function submit() {
    const pane = top();
    if (!pane || busy || !pane.view.submit) return;
    tellNotice("");
    const found = check(pane.node);
    pane.errors = JSON.stringify(found);
    showErrors(pane.node, found);
    if (Object.keys(found).length) return;
    setBusy(true);
    try {
      const answer = await post("submit", { as: store.place.as, view_id: pane.view.id, values: readState(pane.node) });
      setBusy(false);
      if (answer.errors) {
        pane.errors = "";
        takeErrors(panes.get(pane.view.id) ?? pane, answer.errors);
      }
    } catch (error) {
      tellNotice(error.message);
    } finally {
      setBusy(false);
      await refresh();
    }
  }

  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    close(false);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.target.closest("[popover]")) return;
    const stops = [...form.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((node) => !node.disabled && node.checkVisibility());
    const [first, last] = [stops[0], stops.at(-1)];
    const from = document.activeElement;
    const to = event.shiftKey ? (from === first || from === title) && last : from === last && first;
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  return { sync };
}
