/** The `rich_text` block and rich text cells, to nodes. */

import { all, h } from "./dom.js";
import { broadcast, channelMention, dateNode, emojiNode, link, userMention } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(node, style) {
  let out = node;
  for (const [name, tag] of Object.entries(STYLES)) if (style?.[name]) out = h(tag, null, out);
  return out;
}

function element(item) {
  switch (item.type) {
    case "text":
      return styled(all(...item.text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]))), item.style);
    case "link":
      return styled(link(item.url, item.text || item.url), item.style);
    case "user":
      return userMention(item.user_id);
    case "usergroup":
      return h("span", { class: "mention" }, "@group");
    case "channel":
      return channelMention(item.channel_id);
    case "broadcast":
      return broadcast(item.range);
    case "emoji":
      return emojiNode(item.name);
    case "date":
      return dateNode(item.timestamp, item.format ?? "{date_long} {time}", item.url, item.fallback);
    case "color":
      return h("code", null, item.value);
    default:
      return item.text ?? "";
  }
}

const inlineOf = (part) => all(...(part.elements ?? []).map(element));

function part(item) {
  switch (item.type) {
    case "rich_text_list": {
      const ordered = item.style === "ordered";
      const start = (item.offset ?? 0) + 1;
      return h(ordered ? "ol" : "ul", { class: `rich-list indent-${Math.min(item.indent ?? 0, 8)}`, start: ordered && start > 1 ? start : null },
        item.elements.map((entry) => h("li", null, inlineOf(entry))));
    }
    case "rich_text_quote":
      return h("blockquote", null, inlineOf(item));
    case "rich_text_preformatted":
      return h("pre", { tabindex: "0" }, inlineOf(item));
    default:
      return h("div", { class: "rich-section" }, inlineOf(item));
  }
}

/** The parts of a `rich_text` block as a fragment. */
export const richText = (block) => all(...(block.elements ?? []).map(part));

/** Its plain words, for sorting and labels. */
export const richWords = (block) => h("div", null, richText(block)).textContent;
