/** Block Kit layout blocks to nodes. */

import { chart } from "./chart.js";
import { carry, rememberFocus } from "./controls.js";
import { freshId, h } from "./dom.js";
import { drawElement, isGroup } from "./elements.js";
import { markdown } from "./markdown.js";
import { plainWords } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./tables.js";
import { textObject } from "./text.js";

const shorten = (text, length = 80) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function around(block) {
  const text = block.text ?? block.fields?.[0];
  return text ? shorten(plainWords(text.text)) : "";
}

function section(block, context) {
  const inner = { ...context, blockId: block.block_id ?? "", around: around(block) || context.around };
  return h("div", { class: "block-section" },
    h("div", { class: "section-words" },
      block.text && h("div", { class: "section-text" }, textObject(block.text)),
      block.fields?.length && h("div", { class: "section-fields" }, block.fields.map((field) => h("div", { class: "section-field" }, textObject(field))))),
    block.accessory && h("div", { class: "section-accessory" }, drawElement(block.accessory, inner)));
}

function header(block, context) {
  const level = Math.min(6, context.headingLevel ?? 4);
  return h(`h${level}`, { class: "block-header" }, textObject(block.text));
}

function contextBlock(block) {
  return h("div", { class: "block-context" }, (block.elements ?? []).map((element) =>
    element.type === "image"
      ? h("img", { class: "context-image", src: element.image_url ?? element.slack_file?.url, alt: element.alt_text ?? "", loading: "lazy" })
      : h("span", { class: "context-text" }, textObject(element))));
}

function actions(block, context) {
  const inner = { ...context, blockId: block.block_id ?? "" };
  return h("div", { class: "block-actions" }, (block.elements ?? []).map((element) => drawElement(element, inner)));
}

function input(block, context) {
  const element = block.element ?? {};
  const [labelId, controlId, hintId, errorId] = ["label", "input", "hint", "error"].map(freshId);
  const group = isGroup(element);
  const words = [textObject(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  const node = drawElement(element, {
    ...context,
    blockId: block.block_id ?? "",
    controlId,
    labelled: labelId,
    describedBy: block.hint ? hintId : null,
    isInput: true,
    dispatch: block.dispatch_action === true,
    optional: block.optional === true,
    around: plainWords(block.label?.text),
  });
  return h("div", { class: "block-input", data: { blockId: block.block_id ?? "" } },
    h(group ? "p" : "label", { class: "input-label", id: labelId, for: group ? null : controlId }, words),
    node,
    block.hint && h("p", { class: "hint", id: hintId }, textObject(block.hint)),
    h("p", { class: "field-error", id: errorId, hidden: true, data: { testid: `error-${block.block_id}` } }));
}

function image(block) {
  const source = block.image_url ?? block.slack_file?.url;
  return h("figure", { class: "block-image" },
    block.title && h("figcaption", null, textObject(block.title)),
    h("img", { src: source, alt: block.alt_text ?? "", loading: "lazy" }));
}

function video(block) {
  return h("p", null, textObject(block.title), " ", h("a", { href: block.title_url ?? block.video_url, target: "_blank", rel: "noopener noreferrer" }, "Watch the video"));
}

const ALERTS = { info: "Information", default: "Note", warning: "Warning", error: "Error", success: "Done" };

function alertBlock(block) {
  const level = block.level ?? block.style ?? "default";
  return h("div", { class: `block-alert alert-${level}` }, h("strong", null, `${ALERTS[level] ?? "Note"}: `), textObject(typeof block.text === "string" ? { type: "plain_text", text: block.text } : block.text));
}

const DRAW = {
  section, header, actions, input, image, table, video,
  context: contextBlock,
  divider: () => h("hr", { class: "block-divider" }),
  rich_text: (block) => h("div", { class: "block-rich" }, richText(block)),
  markdown: (block, context) => h("div", { class: "block-markdown" }, markdown(block.text, context.headingLevel)),
  data_table: dataTable,
  data_visualization: chart,
  alert: alertBlock,
  file: (block) => h("p", { class: "unknown" }, `File ${block.external_id ?? ""}`),
};

/** One block. An unknown one says so instead of vanishing. */
function drawBlock(block, context) {
  const draw = DRAW[block.type];
  const node = draw ? draw(block, context) : h("p", { class: "unknown" }, `This workspace cannot draw a “${block.type}” block.`);
  if (block.block_id && !node.dataset.blockId) node.dataset.block = block.block_id;
  return node;
}

const drawnFrom = new WeakMap();

function drawRemembered(block, context) {
  const node = drawBlock(block, context);
  drawnFrom.set(node, JSON.stringify(block));
  return node;
}

/** Blocks to a node. `context` is `{act(action, node), options(question), headingLevel?}`. */
export function drawBlocks(blocks, context) {
  return h("div", { class: "blocks" }, (blocks ?? []).map((block) => drawRemembered(block, context)));
}

/**
 * Makes a drawing show other blocks. A block that did not change stays as it is, with its focus and half-typed date; in the others what
 * was entered is carried over. `context` must lead to the same view as the one the drawing was made with.
 */
export function redrawBlocks(drawing, blocks, context) {
  const refocus = rememberFocus(drawing);
  const hadFocus = drawing.contains(document.activeElement);
  const old = [...drawing.children];
  const free = new Set(old);
  const nodes = (blocks ?? []).map((block) => {
    const json = JSON.stringify(block);
    const same = old.find((node) => free.has(node) && drawnFrom.get(node) === json);
    if (same) free.delete(same);
    return same ?? drawRemembered(block, context);
  });
  const fresh = h("div", null, nodes.filter((node) => !old.includes(node)));
  carry(drawing, fresh);
  for (const node of free) node.remove();
  nodes.forEach((node, index) => {
    if (drawing.children[index] !== node) drawing.insertBefore(node, drawing.children[index] ?? null);
  });
  return !hadFocus || drawing.contains(document.activeElement) || refocus(drawing);
}

function attachmentHead(attachment) {
  const title = attachment.title && (attachment.title_link
    ? h("a", { href: /^https?:/i.test(attachment.title_link) ? attachment.title_link : null, target: "_blank", rel: "noopener noreferrer" }, attachment.title)
    : attachment.title);
  return [
    attachment.author_name && h("div", { class: "attachment-author" }, attachment.author_name),
    title && h("div", { class: "attachment-title" }, title),
  ];
}

/** The older `attachments` of a message: a coloured bar with text, fields, or blocks. */
export function drawAttachments(attachments, context) {
  return (attachments ?? []).map((attachment) => {
    const colour = /^#?[0-9a-f]{6}$/i.test(attachment.color ?? "") ? `#${attachment.color.replace("#", "")}` : { good: "#2f6b2f", warning: "#b5651d", danger: "#b3261e" }[attachment.color];
    return h("div", { class: "attachment", style: colour ? { "border-left-color": colour } : {} },
      attachment.pretext && h("div", null, textObject({ type: "mrkdwn", text: attachment.pretext })),
      attachmentHead(attachment),
      attachment.text && h("div", null, textObject({ type: "mrkdwn", text: attachment.text })),
      attachment.fields?.length && h("div", { class: "section-fields" }, attachment.fields.map((field) =>
        h("div", { class: "section-field" }, h("strong", null, field.title), h("br"), textObject({ type: "mrkdwn", text: String(field.value ?? "") })))),
      attachment.blocks && drawBlocks(attachment.blocks, context),
      attachment.image_url && h("img", { src: attachment.image_url, alt: attachment.fallback ?? "", loading: "lazy" }),
      !attachment.text && !attachment.blocks && !attachment.title && attachment.fallback && h("div", null, attachment.fallback),
      attachment.footer && h("div", { class: "attachment-foot" }, attachment.footer));
  });
}

