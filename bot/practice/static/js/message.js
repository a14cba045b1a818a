/** One message of a channel or thread. */

import { avatar } from "./avatar.js";
import { drawAttachments, drawBlocks } from "./blocks.js";
import { freshId, h, icon, spoken } from "./dom.js";
import { fileCard } from "./files.js";
import { interaction, shortcut } from "./interact.js";
import { mrkdwn, plainWords } from "./mrkdwn.js";
import { menuButton } from "./popup.js";
import { myTz, personName, store, userById } from "./state.js";
import { clockTime, fullTime } from "./time.js";
import { toast } from "./toast.js";

const SLACKBOT = { id: "USLACKBOT", name: "Slackbot", real_name: "Slackbot", is_bot: true, color: "5b5b66" };

/** Who wrote a message: `{user, name, isApp}`. */
export function author(message) {
  if (message.local || message.user === "USLACKBOT") return { user: SLACKBOT, name: "Slackbot", isApp: true };
  const user = userById(message.user) ?? store.users.find((other) => other.bot_id && other.bot_id === message.bot_id);
  const app = store.apps.find((one) => (message.user ? one.bot_user_id === message.user : Boolean(message.bot_id)));
  const isApp = Boolean(message.bot_id || app || user?.is_bot);
  return { user: user ?? (isApp ? userById(app?.bot_user_id ?? message.bot_profile?.user_id) : null), name: message.username || (isApp && (message.bot_profile?.name || app?.name)) || personName(user), isApp };
}

/** The words of a message for an announcement. */
export function summary(message) {
  const words = plainWords(message.text) || "sent a message";
  return `${author(message).name}: ${words.length > 240 ? `${words.slice(0, 240)}…` : words}`;
}

const NOTES = { channel_join: "joined the channel", channel_leave: "left the channel" };

function content(message, context) {
  if (NOTES[message.subtype] && !message.blocks) return h("div", { class: "message-note" }, mrkdwn(message.text) ?? NOTES[message.subtype]);
  const hasBlocks = message.blocks?.length > 0;
  return [
    hasBlocks ? drawBlocks(message.blocks, context) : message.text && h("div", { class: "message-text" }, mrkdwn(message.text)),
    drawAttachments(message.attachments, context),
    (message.files ?? []).map(fileCard),
    message.edited && h("span", { class: "edited", title: message.edited.ts ? fullTime(Number(message.edited.ts), myTz()) : null }, "(edited)"),
  ];
}

function menuItems(message, { channel, openThread }) {
  const shortcuts = store.apps.flatMap((app) => (app.message_shortcuts ?? []).map((one) => ({
    label: one.name,
    detail: app.name,
    data: { callbackId: one.callback_id },
    run: () => shortcut({ callback_id: one.callback_id, channel, ts: message.ts }),
  })));
  return [
    openThread && { label: "Reply in thread", run: () => openThread(message) },
    { label: "Copy the text", run: () => navigator.clipboard?.writeText(plainWords(message.text)).catch(() => toast("The text could not be copied.")) },
    shortcuts.length && { heading: "Shortcuts" },
    ...shortcuts,
  ].filter(Boolean);
}

function tools(message, who, place) {
  const when = clockTime(Number(message.ts), myTz());
  const replyHook = message.reply_count ? `reply-${message.ts}` : `thread-${message.ts}`;
  return h("div", { class: "message-tools" },
    place.openThread && h("button", { type: "button", class: "button-tool", title: "Reply in thread", "aria-label": `Reply in thread to ${who.name}, ${when}`, data: { testid: replyHook }, onclick: () => place.openThread(message) }, icon("reply")),
    menuButton({ class: "button-tool", title: "More actions", "aria-label": `More actions for the message of ${who.name}, ${when}`, data: { testid: place.inThread ? `thread-message-menu-${message.ts}` : `message-menu-${message.ts}` } },
      icon("more"), () => menuItems(message, place), { label: "More actions", end: true }));
}

function replies(message, openThread) {
  if (!message.reply_count || !openThread) return null;
  const many = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(userById(id), { small: true }));
  return h("button", { type: "button", class: "replies", data: { testid: `thread-${message.ts}` }, onclick: () => openThread(message) }, faces, many);
}

/**
 * A message as a list item. `place` is `{channel, openThread?(message), dismiss(message), inThread}`.
 */
export function drawMessage(message, place) {
  const who = author(message);
  const nameId = freshId("author");
  const seconds = Number(message.ts);
  const node = h("li", { class: `message${message.ephemeral ? " message-ephemeral" : ""}`, tabindex: "-1", data: { ts: message.ts, testid: `${place.inThread ? "thread-message" : "message"}-${message.ts}` } });
  const context = {
    ...interaction({ type: message.ephemeral ? "message_ephemeral" : "message", channel: place.channel, ts: message.ts }, () => node),
    headingLevel: 3,
  };
  node.append(
    h("article", { class: "message-row", "aria-labelledby": nameId },
      h("div", { class: "message-side" }, avatar(who.user, { name: who.name, bot: who.isApp }), h("span", { class: "side-time", "aria-hidden": "true" }, clockTime(seconds, myTz()))),
      h("div", { class: "message-main" },
        message.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
        h("p", { class: "message-head" },
          h("span", { class: "author", id: nameId }, who.name, who.isApp && h("span", { class: "badge" }, "App")),
          " ",
          h("time", { class: "when", datetime: new Date(seconds * 1000).toISOString(), title: fullTime(seconds, myTz()) }, clockTime(seconds, myTz()))),
        h("div", { class: "message-content" }, content(message, context)),
        replies(message, place.openThread),
        message.ephemeral && h("button", { type: "button", class: "button-link dismiss", data: { testid: `dismiss-${message.ts}` }, onclick: () => place.dismiss(message) }, "Dismiss", spoken(" this message"))),
      !message.ephemeral && tools(message, who, place)));
  return node;
}
