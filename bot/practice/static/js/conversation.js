/** A channel, direct message or thread: its messages with the field to write in under them. */

import { post } from "./api.js";
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { shortcut } from "./interact.js";
import { addLocalLine, messageList } from "./messages.js";
import { appOfChannel, channelTitle, store } from "./state.js";

/** Failures told both by the answer and by an event are shown once. */
const told = new Map();

/** Shows a failed command in the list of messages where it was typed, to this person only. */
export function showFailure(list, text) {
  const key = `${list.channel} ${text}`;
  if (performance.now() - (told.get(key) ?? -Infinity) < 4000) return;
  told.set(key, performance.now());
  addLocalLine(list.as, list.channel, text, list.threadTs);
  list.showLocal();
}

/** `{channel, threadTs?, openThread?, onNew?}` → `{node, list, focus(), write(text)}`. */
export function conversation({ channel, threadTs = null, openThread, onNew }) {
  const title = channelTitle(channel);
  const { as } = store.place;
  const list = messageList({ channel: channel.id, threadTs, label: threadTs ? "Messages of the thread" : `Messages in ${title}`, openThread, onNew });
  // docs.slack.dev, app manifest: features.app_home.messages_tab_read_only_enabled.
  if (appOfChannel(channel)?.read_only) {
    const note = h("p", { class: "read-only", data: { testid: "read-only" } }, "Sending messages to this app has been turned off.");
    return { node: h("div", { class: "conversation" }, list.node, note), list, focus: () => {}, write: () => {} };
  }
  const field = composer({
    label: threadTs ? "Reply" : `Message ${title}`,
    placeholder: threadTs ? "Reply…" : `Message ${title}`,
    hook: threadTs ? "thread-composer" : "composer",
    sendHook: threadTs ? "thread-send" : "send",
    shortcuts: threadTs ? [] : store.apps.flatMap((app) => (app.global_shortcuts ?? []).map((one) => ({ label: one.name, detail: app.name, data: { callbackId: one.callback_id }, run: () => shortcut({ callback_id: one.callback_id }) }))),
    draftKey: `${as} ${channel.id} ${threadTs ?? ""}`,
    async send(text) {
      const answer = await post("say", { as, channel: channel.id, text, ...(threadTs ? { thread_ts: threadTs } : {}) });
      if (answer.failed) showFailure(list, answer.failed);
      list.toEnd();
      await list.refresh();
      list.toEnd();
    },
  });
  return { node: h("div", { class: "conversation" }, list.node, field.node), list, focus: field.focus, write: field.write };
}
