/** Block Kit's interactive elements as native controls. Each draws itself, knows its state in Slack's words, and tells the app when it must. */

import { combobox, matching } from "./combobox.js";
import { ask } from "./confirm.js";
import { control } from "./controls.js";
import { freshId, h, icon, spoken } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { menuButton } from "./popup.js";
import { channelTitle, myTz, people, personName, store, userById } from "./state.js";
import { textObject } from "./text.js";
import { fromLocalField, localField } from "./time.js";

const words = (object) => withEmoji(object?.text ?? "");
const ids = (context, element) => ({ blockId: context.blockId, actionId: element.action_id ?? "" });

/** `{id, aria-…}` for a control: its label is either a visible one (context.labelled) or the words around it. */
function named(context, element, fallback) {
  return {
    id: context.controlId ?? freshId("control"),
    "aria-label": context.labelled ? null : words(element.placeholder) || context.around || fallback,
    "aria-describedby": context.describedBy || null,
    "aria-required": context.isInput && !context.optional ? "true" : null,
    data: ids(context, element),
  };
}

const shared = (context, element, more) => ({ type: element.type, isInput: context.isInput, optional: context.optional, ...more });

/** Tells the app, after its confirm dialog if it has one. An input only tells when the app asked for it. */
async function tell(context, element, state, node) {
  if (context.isInput && !context.dispatch) return;
  if (element.confirm && !(await ask(element.confirm))) return;
  await context.act({ type: element.type, ...snake(ids(context, element)), ...state }, node);
}

const snake = ({ blockId, actionId }) => ({ block_id: blockId, action_id: actionId });

/** Waits with telling the app while somebody steps through values with the keyboard, so that only the value meant is sent. */
function whenSettled(node, send) {
  let byKey = false;
  let timer = null;
  let waiting = false;
  const flush = () => {
    clearTimeout(timer);
    if (!waiting) return;
    waiting = false;
    send();
  };
  node.addEventListener("pointerdown", () => (byKey = false));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") flush();
    else if (event.key !== "Tab") byKey = true;
  });
  node.addEventListener("blur", flush);
  node.addEventListener("change", () => {
    clearTimeout(timer);
    waiting = true;
    if (byKey) timer = setTimeout(flush, 1200);
    else flush();
  });
}

// --- buttons -------------------------------------------------------------------------------------------------------------------------

function button(element, context) {
  const style = { primary: "button-primary", danger: "button-danger" }[element.style] ?? "";
  const attributes = { class: `button ${style}`, "aria-label": element.accessibility_label || null, data: ids(context, element) };
  const send = () => tell({ ...context, dispatch: true }, element, element.value === undefined ? {} : { value: element.value }, node);
  const node = element.url && /^https?:/i.test(element.url)
    ? h("a", { ...attributes, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: send }, words(element.text), spoken(" (opens in a new tab)"))
    : h("button", { ...attributes, type: "button", onclick: send }, words(element.text));
  return control(node, shared(context, element, {}));
}

function overflow(element, context) {
  const label = context.around ? `More actions: ${context.around}` : "More actions";
  const node = menuButton({ class: "button button-icon", "aria-label": label, data: ids(context, element) }, icon("more"), () =>
    (element.options ?? []).map((option) => ({
      label: words(option.text),
      detail: words(option.description),
      href: option.url,
      data: { value: option.value },
      run: () => tell({ ...context, dispatch: true }, element, { selected_option: option }, node),
    })), { label, end: true });
  return control(node, shared(context, element, {}));
}

// --- choices from a list -------------------------------------------------------------------------------------------------------------

const groupsOf = (element) => element.option_groups ?? [{ label: null, options: element.options ?? [] }];
const optionsOf = (element) => groupsOf(element).flatMap((group) => group.options);
const item = (option, group) => ({ key: option.value, label: words(option.text), detail: words(option.description), group: group ? words(group.label) : null, value: option });

function staticSelect(element, context) {
  const all = optionsOf(element);
  // Slack does not demand that values differ, and an empty one would look like no choice.
  const distinct = new Set(all.map((option) => option.value)).size === all.length && all.every((option) => option.value);
  const keyOf = (option) => (distinct ? option.value : String(all.indexOf(option)));
  const drawn = (option) => h("option", { value: keyOf(option) }, words(option.text) + (option.description ? ` – ${words(option.description)}` : ""));
  const node = h("select", { class: "select", ...named(context, element, "Choose an option") },
    h("option", { value: "" }, words(element.placeholder) || "Choose an option"),
    groupsOf(element).map((group) => (group.label ? h("optgroup", { label: words(group.label) }, group.options.map(drawn)) : group.options.map(drawn))));
  const read = () => ({ selected_option: all.find((option) => node.value !== "" && keyOf(option) === node.value) ?? null });
  const write = (state) => {
    const found = all.find((option) => option.value === state.selected_option?.value);
    node.value = found ? keyOf(found) : "";
  };
  write({ selected_option: element.initial_option });
  whenSettled(node, () => read().selected_option && tell(context, element, read(), node));
  return control(node, shared(context, element, { read, write, initial: JSON.stringify(element.initial_option ?? null) }));
}

function choiceList(element, context, kind, all, initial, read) {
  const name = freshId("choice");
  const inputs = all.map((option) => h("input", { type: kind, name, value: option.value, id: freshId("option") }));
  const rows = all.map((option, index) =>
    h("div", { class: "choice" }, inputs[index],
      h("label", { for: inputs[index].id }, textObject(option.text), option.description && h("span", { class: "choice-detail" }, textObject(option.description)))));
  const write = (state) => {
    const chosen = new Set((state.selected_options ?? [state.selected_option]).filter(Boolean).map((option) => option.value));
    inputs.forEach((input) => (input.checked = chosen.has(input.value)));
  };
  write(initial);
  const state = () => read(all.filter((_, index) => inputs[index].checked));
  return { rows, inputs, write, state };
}

function fieldset(context, element, className, ...children) {
  const { id, data, "aria-label": label, "aria-describedby": describedBy } = named(context, element, "Options");
  return h("fieldset", { class: className, id, data, "aria-label": context.labelled ? null : label, "aria-labelledby": context.labelled || null, "aria-describedby": describedBy }, children);
}

function choices(element, context) {
  const isRadio = element.type === "radio_buttons";
  const initial = isRadio ? { selected_option: element.initial_option } : { selected_options: element.initial_options ?? [] };
  const list = choiceList(element, context, isRadio ? "radio" : "checkbox", element.options ?? [], initial, (on) => (isRadio ? { selected_option: on[0] ?? null } : { selected_options: on }));
  const node = fieldset(context, element, "choices", list.rows);
  whenSettled(node, () => tell(context, element, list.state(), node));
  return control(node, shared(context, element, { read: list.state, write: list.write, initial: JSON.stringify(initial) }));
}

const LONG_LIST = 8;

function multiStatic(element, context) {
  const all = optionsOf(element);
  const initial = { selected_options: element.initial_options ?? [] };
  const list = choiceList(element, context, "checkbox", all, initial, (on) => ({ selected_options: on }));
  const count = h("p", { class: "choice-count", "aria-live": "polite" });
  const max = element.max_selected_items ?? Infinity;
  let at = 0;
  const boxes = groupsOf(element).map((group) => {
    const rows = list.rows.slice(at, (at += group.options.length));
    return group.label ? h("div", { class: "choice-group", role: "group", "aria-label": words(group.label) }, h("p", { class: "choice-heading" }, words(group.label)), rows) : rows;
  });
  const search = all.length > LONG_LIST && h("input", {
    type: "search", class: "choice-search", placeholder: "Search the list", "aria-label": `Search: ${words(element.placeholder) || context.around || "options"}`,
    oninput: ({ target }) => {
      const wanted = new Set(matching(all.map((option) => item(option)), target.value, Infinity).map((hit) => hit.key));
      list.rows.forEach((row, index) => (row.hidden = !wanted.has(all[index].value)));
      for (const group of node.querySelectorAll(".choice-group")) group.hidden = !group.querySelector(".choice:not([hidden])");
    },
    onkeydown: (event) => event.key === "Enter" && event.preventDefault(),
  });
  const node = fieldset(context, element, "choices choices-many", search, h("div", { class: "choice-scroll" }, boxes), count);
  const tally = () => {
    const on = list.inputs.filter((input) => input.checked).length;
    count.textContent = on ? `${on} chosen${max < Infinity ? ` of at most ${max}` : ""}` : max < Infinity ? `Choose up to ${max}` : "";
    list.inputs.forEach((input) => (input.disabled = !input.checked && on >= max));
  };
  node.addEventListener("change", tally);
  tally();
  whenSettled(node, () => tell(context, element, list.state(), node));
  const write = (state) => {
    list.write(state);
    tally();
  };
  return control(node, shared(context, element, { read: list.state, write, initial: JSON.stringify(initial) }));
}

/** The choices of a select that is searched by typing: people, conversations, channels, or what the app suggests. */
const SOURCES = {
  users: {
    one: "selected_user", many: "selected_users", from: "initial_user", fromMany: "initial_users", hint: "Type a name",
    items: () => people().filter((user) => !user.deleted).map(userItem),
    find: (id) => (userById(id) ? userItem(userById(id)) : { key: id, label: id }),
  },
  conversations: {
    one: "selected_conversation", many: "selected_conversations", from: "initial_conversation", fromMany: "initial_conversations", hint: "Type a name",
    items: (element) => store.channels.filter((channel) => !element.filter?.include || element.filter.include.includes(channel.kind)).map(channelItem),
    find: (id) => store.channels.map(channelItem).find((entry) => entry.key === id) ?? { key: id, label: id },
  },
  channels: {
    one: "selected_channel", many: "selected_channels", from: "initial_channel", fromMany: "initial_channels", hint: "Type a channel’s name",
    items: () => store.channels.filter((channel) => channel.kind === "public").map(channelItem),
    find: (id) => store.channels.map(channelItem).find((entry) => entry.key === id) ?? { key: id, label: id },
  },
};

function userItem(user) {
  return { key: user.id, label: personName(user), detail: user.title, value: user.id };
}

function channelItem(channel) {
  return { key: channel.id, label: channelTitle(channel), value: channel.id };
}

function searched(element, context) {
  const multi = element.type.startsWith("multi_");
  const kind = element.type.replace("multi_", "").replace("_select", "");
  const external = kind === "external";
  const rule = SOURCES[kind];
  const initial = external
    ? (multi ? (element.initial_options ?? []) : [element.initial_option].filter(Boolean))
    : (multi ? (element[rule.fromMany] ?? []) : [element[rule.from]].filter(Boolean));
  const toItem = external ? (option) => item(option) : rule.find;
  const source = external
    ? async (query) => {
        const answer = await context.options({ ...snake(ids(context, element)), value: query });
        return (answer.option_groups ?? [{ options: answer.options ?? [] }]).flatMap((group) => group.options.map((option) => item(option, group.label ? group : null)));
      }
    : (query) => matching(rule.items(element), query);
  const read = () => {
    const values = box.chosen().map((entry) => entry.value ?? entry.key);
    if (external) return multi ? { selected_options: values } : { selected_option: values[0] ?? null };
    return multi ? { [rule.many]: values } : { [rule.one]: values[0] ?? null };
  };
  const write = (state) => {
    const found = external ? (multi ? state.selected_options : [state.selected_option]) : multi ? state[rule.many] : [state[rule.one]];
    box.choose((found ?? []).filter(Boolean).map(toItem));
  };
  const box = combobox({
    attributes: named(context, element, "Choose"),
    placeholder: words(element.placeholder) || rule?.hint || "Type to search",
    source, multi, chosen: initial.map(toItem),
    limit: element.max_selected_items ?? Infinity,
    wait: external ? 200 : 0,
    minimum: external ? (element.min_query_length ?? 3) : 0,
    onChange: () => (multi || box.chosen().length) && tell(context, element, read(), box.input),
  });
  control(box.input, shared(context, element, { read, write, initial: JSON.stringify(initial) }));
  return box.node;
}

// --- dates and times -----------------------------------------------------------------------------------------------------------------

function moment(element, context) {
  const [type, field, from] = {
    datepicker: ["date", "selected_date", "initial_date"],
    timepicker: ["time", "selected_time", "initial_time"],
    datetimepicker: ["datetime-local", "selected_date_time", "initial_date_time"],
  }[element.type];
  const exact = element.type === "datetimepicker";
  const node = h("input", { type, class: "field field-short", ...named(context, element, { date: "Date", time: "Time" }[type] ?? "Date and time"), min: type === "date" ? "0001-01-01" : null, max: type === "date" ? "9999-12-31" : null });
  const read = () => ({ [field]: node.value ? (exact ? fromLocalField(node.value, myTz()) : node.value) : null });
  const write = (state) => {
    const value = state[field];
    node.value = value === null || value === undefined ? "" : exact ? localField(value, myTz()) : value;
  };
  write({ [field]: element[from] });
  whenSettled(node, () => node.value && tell(context, element, read(), node));
  const check = () => (node.validity.badInput ? "Enter a whole date or time, or clear the field." : null);
  return control(node, shared(context, element, { read, write, check, initial: JSON.stringify(element[from] ?? null) }));
}

// --- text ----------------------------------------------------------------------------------------------------------------------------

function textCheck(element, node) {
  return ({ value }) => {
    const text = value ?? "";
    if (node.validity?.badInput) return "Enter a number.";
    if (!text) return null;
    if (element.min_length && text.length < element.min_length) return `Enter at least ${element.min_length} characters.`;
    if (element.max_length && text.length > element.max_length) return `Enter at most ${element.max_length} characters. You have entered ${text.length}.`;
    if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return "Enter a valid email address.";
    if (element.type === "url_text_input" && !/^https?:\/\/[^\s]+\.[^\s]+$/i.test(text)) return "Enter a valid web address, starting with https://";
    if (element.type !== "number_input") return null;
    const number = Number(text);
    if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Enter a whole number.";
    if (element.min_value !== undefined && number < Number(element.min_value)) return `Enter ${element.min_value} or more.`;
    if (element.max_value !== undefined && number > Number(element.max_value)) return `Enter ${element.max_value} or less.`;
    return null;
  };
}

function text(element, context) {
  const kinds = { number_input: "number", email_text_input: "email", url_text_input: "url" };
  const attributes = { class: "field", ...named(context, element, "Text"), placeholder: words(element.placeholder) || null, autocomplete: "off" };
  const node = element.multiline
    ? h("textarea", { ...attributes, rows: "4" })
    : h("input", { ...attributes, type: kinds[element.type] ?? "text", step: element.is_decimal_allowed ? "any" : null });
  const read = () => ({ value: node.value === "" ? null : node.value });
  const write = (state) => (node.value = state.value ?? "");
  write({ value: element.initial_value });
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = null;
  if (on.includes("on_character_entered")) {
    node.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => tell(context, element, read(), node), 250);
    });
  }
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || (element.multiline && !event.ctrlKey && !event.metaKey)) return;
    if (!context.dispatch || !on.includes("on_enter_pressed")) return;
    event.preventDefault();
    tell(context, element, read(), node);
  });
  return control(node, shared(context, element, { read, write, check: textCheck(element, node), initial: JSON.stringify(element.initial_value ?? null) }));
}

function image(element) {
  return h("img", { class: "accessory-image", src: element.image_url ?? element.slack_file?.url, alt: element.alt_text ?? "", loading: "lazy" });
}

const DRAW = {
  button, overflow, image,
  workflow_button: button,
  static_select: staticSelect,
  multi_static_select: multiStatic,
  external_select: searched, multi_external_select: searched,
  users_select: searched, multi_users_select: searched,
  conversations_select: searched, multi_conversations_select: searched,
  channels_select: searched, multi_channels_select: searched,
  datepicker: moment, timepicker: moment, datetimepicker: moment,
  radio_buttons: choices, checkboxes: choices,
  plain_text_input: text, number_input: text, email_text_input: text, url_text_input: text,
};

/** Elements whose label is a legend, since they are several controls. */
export const isGroup = (element) => ["radio_buttons", "checkboxes", "multi_static_select"].includes(element.type);

/**
 * Draws one element. `context` is `{blockId, act(action, node), options(question), isInput, dispatch, optional, labelled, controlId, describedBy, around}`.
 */
export function drawElement(element, context) {
  const draw = DRAW[element?.type];
  return draw ? draw(element, context) : h("p", { class: "unknown" }, `This workspace cannot draw “${element?.type}”.`);
}
