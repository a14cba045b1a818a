/** A confirmation dialog as Slack's `confirm` object describes it. */

import { freshId, h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { withEmoji } from "./emoji.js";

/** Asks; answers whether the person agreed. */
export function ask(confirm) {
  return new Promise((done) => {
    const titleId = freshId("confirm-title");
    const textId = freshId("confirm-text");
    const before = document.activeElement;
    const text = confirm.text?.type === "mrkdwn" ? mrkdwn(confirm.text.text) : withEmoji(confirm.text?.text ?? "");
    const dialog = h("dialog", { class: "dialog dialog-small", "aria-labelledby": titleId, "aria-describedby": textId, data: { testid: "confirm" } },
      h("h2", { class: "dialog-title", id: titleId }, withEmoji(confirm.title?.text ?? "Are you sure?")),
      h("div", { class: "dialog-body", id: textId }, text),
      h("div", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", data: { testid: "confirm-deny" }, onclick: () => dialog.close("no") }, withEmoji(confirm.deny?.text ?? "Cancel")),
        h("button", { type: "button", class: `button ${confirm.style === "danger" ? "button-danger" : "button-primary"}`, data: { testid: "confirm-accept" }, onclick: () => dialog.close("yes") }, withEmoji(confirm.confirm?.text ?? "Yes"))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      done(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("button").focus();
  });
}
