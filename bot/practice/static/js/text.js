/** Slack's text objects: `plain_text` and `mrkdwn`. */

import { all, h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** A text object to nodes. */
export function textObject(object) {
  if (!object) return "";
  if (object.type === "mrkdwn") return mrkdwn(object.text, object.verbatim);
  const text = object.emoji === false ? String(object.text ?? "") : withEmoji(object.text);
  return all(...text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line])));
}
