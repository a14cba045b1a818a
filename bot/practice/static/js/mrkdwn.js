/** Slack's own text format (`mrkdwn`) to nodes. Reference: Slack's "Formatting text for app surfaces". */

import { all, h } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { channelById, myTz, now, personName, userById } from "./state.js";
import { formatTokens, fullTime } from "./time.js";

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A link that is safe to follow, or its text when the address is of another kind. */
export function link(url, ...label) {
  const children = label.length ? label : [url];
  if (!/^(https?:|mailto:|tel:|\/)/i.test(url)) return all(...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

export function userMention(id, fallback) {
  const user = userById(id);
  return h("span", { class: "mention", data: { user: id } }, `@${user ? personName(user) : fallback || id}`);
}

export function channelMention(id, fallback) {
  const channel = channelById(id);
  if (channel && channel.kind !== "im") return h("a", { class: "mention", href: "#", data: { openChannel: id } }, `#${channel.name}`);
  return h("span", { class: "mention" }, `#${fallback || "a private channel"}`);
}

export const broadcast = (range) => h("span", { class: "mention mention-all" }, `@${range}`);

/** A moment in the acting person's time zone; its full date is in the title. */
export function dateNode(timestamp, pattern, url, fallback) {
  const seconds = Number(timestamp);
  if (!Number.isFinite(seconds)) return all(fallback ?? "");
  const time = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: fullTime(seconds, myTz()) }, formatTokens(pattern, seconds, now(), myTz()));
  return url ? link(url, time) : time;
}

export function emojiNode(name) {
  const found = emojiOf(name.replace(/::skin-tone-\d$/, ""));
  return found ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, found) : `:${name}:`;
}

function angle(body) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : body.slice(bar + 1);
  if (target.startsWith("@")) return userMention(target.slice(1), unescape(label));
  if (target.startsWith("#")) return channelMention(target.slice(1), unescape(label));
  if (target.startsWith("!date^")) {
    const [, timestamp, pattern = "", url] = target.split("^");
    return dateNode(timestamp, unescape(pattern), url && unescape(url), unescape(label));
  }
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, unescape(label) || "@group");
  if (target.startsWith("!")) return broadcast(target.slice(1));
  const url = unescape(target);
  return link(url, label ? inline(label) : url.replace(/^mailto:/, ""));
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const OPENS = /[\s([{"'“‘*_~>–—\-/:;,.]/;
const CLOSES = /[\s)\]}"'”’*_~.,:;!?\-–—/<]/;

function closing(text, mark, from) {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    const before = text[at - 1];
    const after = text[at + 1];
    if (at > from && !/\s/.test(before) && (after === undefined || CLOSES.test(after))) return at;
  }
  return -1;
}

/** One line of mrkdwn to a fragment. */
export function inline(text, verbatim = false) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push(unescape(plain));
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const here = text[at];
    const rest = text.slice(at);
    if (here === "`") {
      const end = text.indexOf("`", at + 1);
      if (end > at + 1) {
        flush();
        out.push(h("code", null, unescape(text.slice(at + 1, end))));
        at = end + 1;
        continue;
      }
    } else if (here === "<") {
      const end = text.indexOf(">", at);
      if (end > at + 1) {
        flush();
        out.push(angle(text.slice(at + 1, end)));
        at = end + 1;
        continue;
      }
    } else if (MARKS[here] && (at === 0 || OPENS.test(text[at - 1])) && text[at + 1] !== undefined && !/\s/.test(text[at + 1])) {
      const end = closing(text, here, at + 1);
      if (end > 0) {
        flush();
        out.push(h(MARKS[here], null, inline(text.slice(at + 1, end), verbatim)));
        at = end + 1;
        continue;
      }
    } else if (here === ":") {
      const found = /^:([a-z0-9_+-]+):/.exec(rest);
      if (found && emojiOf(found[1])) {
        flush();
        out.push(emojiNode(found[1]));
        at += found[0].length;
        continue;
      }
    } else if (here === "h" && !verbatim && (at === 0 || !/\w/.test(text[at - 1]))) {
      const found = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"]/.exec(rest);
      if (found) {
        flush();
        out.push(link(unescape(found[0])));
        at += found[0].length;
        continue;
      }
    }
    plain += here;
    at += 1;
  }
  flush();
  return all(...out);
}

const QUOTE = /^(?:>|&gt;)(?!(?:>|&gt;){2})\s?/;

function lines(text, verbatim) {
  const out = [];
  let quote = null;
  const rows = text.split("\n");
  rows.forEach((row, index) => {
    if (QUOTE.test(row)) {
      if (quote) quote.append(h("br"));
      else out.push((quote = h("blockquote")));
      quote.append(inline(row.replace(QUOTE, ""), verbatim));
      return;
    }
    quote = null;
    out.push(inline(row, verbatim));
    if (index < rows.length - 1 && !QUOTE.test(rows[index + 1])) out.push(h("br"));
  });
  return out;
}

/** A whole mrkdwn text, with code blocks, quotes and line breaks, to a fragment. */
export function mrkdwn(text, verbatim = false) {
  const out = [];
  String(text ?? "").split("```").forEach((part, index, parts) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) out.push(h("pre", { tabindex: "0" }, unescape(part.replace(/^\n|\n$/g, ""))));
    else if (index % 2 === 1) out.push(...lines(`\`\`\`${part}`, verbatim));
    else {
      const trimmed = (index > 0 ? part.replace(/^\n/, "") : part).replace(index < parts.length - 2 ? /\n$/ : /(?!)/, "");
      if (trimmed) out.push(...lines(trimmed, verbatim));
    }
  });
  return all(...out);
}

/** The plain words of a mrkdwn text, for announcements and labels. */
export function plainWords(text) {
  const holder = h("div", null, mrkdwn(text));
  for (const line of holder.querySelectorAll("br")) line.replaceWith(" ");
  return holder.textContent.trim();
}
