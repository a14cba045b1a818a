/** The guide above the conversations: one step at a time, and the way to where it is taken. */

import { get, post } from "./api.js";
import { ask } from "./confirm.js";
import { fill, h, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { menuButton } from "./popup.js";
import { appById, appOfChannel, channelById, channelTitle, personName, store, userById } from "./state.js";
import { announce, toast } from "./toast.js";

const KEPT = "practice-guide";
const SOON_MS = 250;

/**
 * `{go(place), openMessages(app), write(text), controls(list)}` → `{node, refresh(), refreshSoon(), draw()}`. `write` puts a text
 * into the conversation's field; `controls` gets what moves the clock otherwise than by an hour or a day.
 */
export function guideBar({ go, openMessages, write, controls }) {
  // What is drawn anew: an open menu lies beside it, so that it stays in this landmark and isn't drawn away.
  const drawing = h("div");
  const node = h("section", { class: "guide", "aria-label": "Guide", hidden: true, data: { testid: "guide" } }, drawing);
  let guide = null;
  let kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  let shownStep = null;
  let drawn = null;

  function keep(change) {
    kept = { ...kept, ...change };
    localStorage.setItem(KEPT, JSON.stringify(kept));
    draw();
  }

  let asked = 0;
  let taken = 0;
  /** Takes in what was asked for, unless a later question was answered before. */
  async function takeAnswer(asking) {
    const mine = (asked += 1);
    const { guide: fresh } = await asking;
    if (mine < taken) return;
    taken = mine;
    take(fresh);
  }

  async function refresh() {
    try {
      await takeAnswer(get("guide"));
    } catch {
      // The page says by itself when the workspace does not answer.
    }
  }

  let soon = null;
  function refreshSoon() {
    if (!guide) return;
    soon ??= setTimeout(() => {
      soon = null;
      refresh();
    }, SOON_MS);
  }

  function take(fresh) {
    guide = fresh;
    controls((guide?.controls ?? []).filter((one) => !one.confirm).map((one) => ({ label: one.label, hook: `control-${one.name}`, run: () => press(one.name) })));
    draw();
  }

  async function press(name) {
    try {
      await takeAnswer(post("guide", { press: name }));
    } catch (error) {
      toast(error.message);
    }
  }

  const chapter = () => guide.chapters.find((one) => one.id === kept.chapter) ?? guide.chapters[0];

  async function startAfresh(control) {
    const agreed = await ask({ title: { text: control.label }, text: { type: "plain_text", text: control.confirm }, confirm: { text: control.label }, style: "danger" });
    if (!agreed) return;
    localStorage.removeItem(KEPT);
    kept = {};
    await press(control.name);
    go({ ...store.place, thread: null });
  }

  function chooser(current) {
    return menuButton({ class: "guide-chapter", data: { testid: "guide-chapters" } }, [current.title, icon("down")], () => [
      { heading: "Try" },
      ...guide.chapters.map((one) => ({ label: one.title, detail: one.about, data: { chapter: one.id }, run: () => choose(one) })),
      ...guide.controls.filter((one) => one.confirm).map((one) => ({ label: one.label, detail: one.confirm, danger: true, data: { control: one.name }, run: () => startAfresh(one) })),
    ], { label: "What to try" });
  }

  async function choose(one) {
    keep({ chapter: one.id, hidden: false });
    if (!one.begun) await press(`begin ${one.id}`);
  }

  const button = (label, hook, run, primary = false) => h("button", { type: "button", class: `button button-small${primary ? " button-primary" : ""}`, data: { testid: hook }, onclick: run }, label);

  /** The one thing that comes next: to be who and where the step is taken, then what it offers. */
  function next(step, where) {
    const { place } = store;
    if (step.as && step.as !== place.as) return button(`Act as ${personName(userById(step.as))}`, "guide-next", () => go({ as: step.as, channel: step.channel ?? place.channel }), true);
    const app = store.apps[0];
    if (step.app && (place.home || appOfChannel(channelById(place.channel))?.id !== app?.id)) return button("Open the app’s messages", "guide-next", () => openMessages(app), true);
    if (step.channel && (place.home || place.channel !== step.channel)) return button(`Go to ${channelTitle(channelById(step.channel))}`, "guide-next", () => go({ as: place.as, channel: step.channel }), true);
    if (step.press) return button(step.label, "guide-next", () => press(step.press), true);
    if (step.offer) return button("Write it for me", "guide-next", () => write(step.offer), true);
    if (step.by_hand) return button("I have seen it", "guide-next", () => press(`done ${where.id} ${step.id}`), true);
    return null;
  }

  function end(current) {
    const others = guide.chapters.filter((one) => one.steps.length === 0 || one.steps.some((step) => !step.done)).filter((one) => one.id !== current.id);
    return h("div", { class: "guide-step" },
      h("div", { class: "guide-words" }, h("h2", null, "That was it"), h("p", null, others.length ? "Try something that goes otherwise than planned, or go on by yourself: nothing here is real." : "Go on by yourself: nothing here is real.")),
      h("div", { class: "guide-actions" }, others.map((one) => button(one.title, `guide-try-${one.id}`, () => choose(one)))));
  }

  function body(current, at) {
    if (!current.begun) {
      return h("div", { class: "guide-step" }, h("div", { class: "guide-words" }, h("h2", null, current.title), h("p", null, current.about)),
        h("div", { class: "guide-actions" }, button("Begin", "guide-next", () => press(`begin ${current.id}`), true)));
    }
    if (at < 0) return end(current);
    const step = current.steps[at];
    return h("div", { class: "guide-step" },
      h("div", { class: "guide-words" }, h("h2", null, step.title), h("p", null, mrkdwn(step.text))),
      h("div", { class: "guide-actions" }, next(step, current), button("Skip", "guide-skip", () => press(`done ${current.id} ${step.id}`))));
  }

  function draw() {
    node.hidden = !guide;
    if (!guide) return;
    const current = chapter();
    const at = current.steps.findIndex((step) => !step.done);
    const count = !current.begun ? "" : at < 0 ? "Done" : `Step ${at + 1} of ${current.steps.length}`;
    const key = JSON.stringify([guide, kept, store.place, store.users.length, store.channels.map((one) => one.id)]);
    if (key === drawn) return;
    drawn = key;
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    const toggle = h("button", { type: "button", class: "button-link guide-toggle", "aria-expanded": String(!kept.hidden), "aria-label": kept.hidden ? "Show the guide" : "Hide the guide", data: { testid: "guide-toggle" }, onclick: () => keep({ hidden: !kept.hidden }) }, kept.hidden ? "Show" : "Hide");
    fill(drawing,
      h("div", { class: "guide-head" }, chooser(current), h("span", { class: "guide-count", data: { testid: "guide-count" } }, count), toggle),
      !kept.hidden && body(current, at));
    if (focused) (node.querySelector(`[data-testid="${focused}"]`) ?? node.querySelector('[data-testid="guide-toggle"]')).focus();
    const step = at < 0 ? `${current.id} end` : `${current.id} ${at}`;
    if (shownStep !== null && shownStep !== step) announce(at < 0 ? "That was it." : `${count}: ${current.steps[at]?.title ?? current.title}`);
    shownStep = step;
  }

  return { node, refresh, refreshSoon, draw };
}
