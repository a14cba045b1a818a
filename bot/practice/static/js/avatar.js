/** People as coloured initials. */

import { h } from "./dom.js";
import { personName } from "./state.js";

const PALETTE = ["#7a3e6d", "#2d6a73", "#8a4b1f", "#3f6b35", "#8c2f4b", "#40548f", "#6b5a1e", "#59408f"];

function luminance(hex) {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

/** The colour itself, or darkened until white letters on it can be read (contrast 4.5:1). */
function readable(hex) {
  let out = hex;
  while (1.05 / (luminance(out) + 0.05) < 4.5) {
    out = `#${[1, 3, 5].map((at) => Math.floor(parseInt(out.slice(at, at + 2), 16) * 0.9).toString(16).padStart(2, "0")).join("")}`;
  }
  return out;
}

export function initials(name) {
  const words = name.replace(/[^\p{L}\p{N}\s'-]/gu, "").split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

/** A square with initials. It says nothing that the name beside it does not say, so screen readers skip it. */
export function avatar(user, { name = personName(user), small = false, bot = user?.is_bot } = {}) {
  const seed = [...(user?.id ?? name)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const given = /^#?[0-9a-f]{6}$/i.test(user?.color ?? "") ? `#${user.color.replace("#", "")}` : null;
  return h("span", { class: `avatar${small ? " avatar-small" : ""}${bot ? " avatar-bot" : ""}`, "aria-hidden": "true", style: { background: readable(given ?? PALETTE[seed % PALETTE.length]) } }, initials(name));
}
