/** Building the page from nodes. Text always goes in as text, so nothing an app or a person sends can become markup. */

const SVG = "http://www.w3.org/2000/svg";

function put(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.setAttribute("class", value);
    else if (name === "data") for (const [key, text] of Object.entries(value)) node.dataset[key] = text;
    else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name === "value" && node.tagName !== "LI") node.value = value;
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
}

/** An element with attributes (`on…` are listeners) and children (strings, nodes, lists, or null). */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  put(node, children);
  setAll(node, attributes);
  return node;
}

/** The same for SVG. */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  setAll(node, attributes);
  put(node, children);
  return node;
}

/** A fragment of children. */
export function all(...children) {
  const fragment = document.createDocumentFragment();
  put(fragment, children);
  return fragment;
}

/** Replaces what a node holds. */
export function fill(node, ...children) {
  node.replaceChildren(all(...children));
  return node;
}

let made = 0;
/** An id no other element of the page has. */
export function freshId(prefix) {
  made += 1;
  return `${prefix}-${made}`;
}

const ICONS = {
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  menu: "M3 5h14M3 10h14M3 15h14",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  reply: "M4 4h12v9H9l-4 3v-3H4z",
  send: "M3 3l14 7-14 7 3-7zM6 10h6",
  clock: "M10 3a7 7 0 1 0 .01 0zM10 6v4l3 2",
  down: "M5 8l5 5 5-5",
  file: "M5 3h7l3 3v11H5zM12 3v3h3",
  lock: "M6 9h8v7H6zM7.5 9V7a2.5 2.5 0 0 1 5 0v2",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 0 .01 0z",
  bolt: "M11 2L4 11h5l-1 7 8-10h-6z",
  warning: "M10 3l8 14H2zM10 8v4M10 14.5v.01",
};

/** A line drawing that carries no meaning of its own: it is hidden from screen readers. */
export function icon(name) {
  return svg("svg", { class: `icon icon-${name}`, viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" }, svg("path", { d: ICONS[name] }));
}

/** Text for screen readers only. */
export function spoken(text) {
  return h("span", { class: "visually-hidden" }, text);
}
