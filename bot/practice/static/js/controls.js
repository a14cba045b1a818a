/**
 * What every interactive element of a view or message has in common: reading its state as Slack sends it, keeping what was typed when the
 * app redraws, and showing what is wrong with it.
 */

const controls = new WeakMap();

/** Makes `node` (which carries data-block-id and data-action-id) a control: `{type, read, write, initial, check?, isInput, optional}`. */
export function control(node, spec) {
  controls.set(node, spec);
  return node;
}

const key = (node) => `${node.dataset.blockId}\u0000${node.dataset.actionId}`;

function* controlsIn(root) {
  for (const node of root.querySelectorAll("[data-action-id]")) {
    const spec = controls.get(node);
    if (spec) yield [node, spec];
  }
}

/** The state of every control under `root`: `{block_id: {action_id: {type, value | selected_… }}}`. */
export function readState(root) {
  const values = {};
  for (const [node, spec] of controlsIn(root)) {
    if (!spec.read) continue;
    (values[node.dataset.blockId] ??= {})[node.dataset.actionId] = { type: spec.type, ...spec.read() };
  }
  return values;
}

/** Writes a Slack state (`view.state.values`) into the controls under `root`. */
export function writeState(root, values) {
  for (const [node, spec] of controlsIn(root)) {
    const state = values?.[node.dataset.blockId]?.[node.dataset.actionId];
    if (state && spec.write) spec.write(state);
  }
}

/** Carries what a person typed from an old drawing to a new one, where block, action, kind and initial value are the same. */
export function carry(oldRoot, newRoot) {
  const old = new Map();
  for (const [node, spec] of controlsIn(oldRoot)) if (spec.read) old.set(key(node), spec);
  for (const [node, spec] of controlsIn(newRoot)) {
    const before = old.get(key(node));
    if (before && spec.write && before.type === spec.type && before.initial === spec.initial) spec.write(before.read());
  }
}

/** Remembers which control under `root` has the focus; the returned function gives the focus to its twin under another root. */
export function rememberFocus(root) {
  const focused = document.activeElement;
  if (!root.contains(focused)) return () => false;
  const holder = focused.closest("[data-action-id]");
  const hook = focused.closest("[data-testid]")?.dataset.testid;
  const range = "selectionStart" in focused && focused.selectionStart !== null ? [focused.selectionStart, focused.selectionEnd] : null;
  const [block, action, value] = [holder?.dataset.blockId, holder?.dataset.actionId, focused.value];
  return (newRoot) => {
    let twin = null;
    if (holder) {
      const same = [...newRoot.querySelectorAll("[data-action-id]")].find((node) => node.dataset.blockId === block && node.dataset.actionId === action);
      twin = same && holder !== focused ? ([...same.querySelectorAll("input, button, textarea")].find((node) => node.value === value) ?? same) : same;
    } else if (hook) twin = newRoot.querySelector(`[data-testid="${CSS.escape(hook)}"]`);
    if (!twin) return false;
    twin.focus();
    if (range && "setSelectionRange" in twin && twin.type !== "number" && twin.type !== "email") twin.setSelectionRange(...range);
    return document.activeElement === twin;
  };
}

const isEmpty = (state) => Object.values(state).every((value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length));

/** What Slack's own client refuses before the app is asked: `{block_id: message}`. */
export function check(root) {
  const errors = {};
  for (const [node, spec] of controlsIn(root)) {
    if (!spec.isInput) continue;
    const state = spec.read();
    let error = spec.check?.(state) ?? null;
    if (!error && isEmpty(state) && !spec.optional) error = "Please complete this required field.";
    if (error) errors[node.dataset.blockId] ??= error;
  }
  return errors;
}

/**
 * Shows errors on their fields, ties them to the control, clears the rest, and moves the focus to the first. Returns the errors that have no
 * input block of that id (Slack would refuse them), so that they can be shown elsewhere.
 */
export function showErrors(root, errors) {
  const left = new Map(Object.entries(errors ?? {}));
  let first = null;
  for (const block of root.querySelectorAll(".block-input")) {
    const message = left.get(block.dataset.blockId) ?? "";
    left.delete(block.dataset.blockId);
    const place = block.querySelector(".field-error");
    if (place.lastChild?.textContent !== message || !message) place.replaceChildren(...(message ? [document.createTextNode(message)] : []));
    place.hidden = !message;
    block.classList.toggle("has-error", Boolean(message));
    const node = block.querySelector("[data-action-id]");
    if (!node) continue;
    const described = new Set((node.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    if (message) described.add(place.id);
    else described.delete(place.id);
    if (described.size) node.setAttribute("aria-describedby", [...described].join(" "));
    else node.removeAttribute("aria-describedby");
    const isGroup = node.tagName === "FIELDSET";
    if (message && !isGroup) node.setAttribute("aria-invalid", "true");
    else node.removeAttribute("aria-invalid");
    if (message) first ??= isGroup ? (node.querySelector("input") ?? node) : node;
  }
  first?.focus();
  first?.closest(".block-input")?.scrollIntoView({ block: "nearest" });
  return Object.fromEntries(left);
}
