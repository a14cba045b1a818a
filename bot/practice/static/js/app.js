/** Starts the page and keeps its parts in step: the address, the state, the events. */

import { follow, get, post } from "./api.js";
import { clockBar } from "./clock.js";
import { conversation, showFailure } from "./conversation.js";
import { fill, h, icon } from "./dom.js";
import { guideBar } from "./guide.js";
import { homePane } from "./home.js";
import { modals } from "./modal.js";
import { sidebar } from "./sidebar.js";
import {
  appById, appOfChannel, channelById, channelTitle, dmWith, hashFromPlace, myTz, now, placeFromHash, store, takeState, userById,
} from "./state.js";
import { clockTime, fullTime } from "./time.js";
import { announce, toast } from "./toast.js";

const [main, threadBox, side] = ["main", "thread", "sidebar"].map((id) => document.getElementById(id));
const clock = clockBar();
const modal = modals({ refresh: () => refreshState() });
const lost = h("p", { class: "lost", role: "status", hidden: true }, "Connection lost. Trying again…");

let pane = null;
let thread = null;
let home = null;
let header = null;
let unfollow = () => {};
let openedHome = null;

// --- the state ----------------------------------------------------------------------------------------------------------------------

let fetching = null;
let wanted = false;

/** Fetches the state; calls during a fetch are gathered into one more. */
function refreshState() {
  wanted = true;
  fetching ??= (async () => {
    try {
      while (wanted) {
        wanted = false;
        const { as } = store.place;
        const state = await get("state", { as });
        if (as !== store.place.as) wanted = true;
        else {
          takeState(state);
          showState();
        }
      }
    } catch (error) {
      toast(error.message);
    } finally {
      fetching = null;
    }
  })();
  return fetching;
}

let soon = null;
function refreshSoon() {
  soon ??= setTimeout(() => {
    soon = null;
    refreshState();
  }, 150);
}

function showState() {
  menu.draw();
  clock.tick();
  header?.();
  home?.draw();
  guide.draw();
  modal.sync();
  document.title = `${titleOfPlace()} – ${store.workspace.name}`;
}

function titleOfPlace() {
  const { place } = store;
  if (place.home) return appById(place.app)?.name ?? "Home";
  return channelTitle(channelById(place.channel));
}

// --- where one is -------------------------------------------------------------------------------------------------------------------

/** Goes somewhere by way of the address, so that the browser's Back works. */
function go(place, { replace = false } = {}) {
  const hash = hashFromPlace(place);
  if (hash === location.hash) return arrive();
  if (replace) {
    history.replaceState(null, "", hash);
    return arrive();
  }
  location.hash = hash;
  return undefined;
}

const firstChannel = () => [...store.channels].filter((channel) => channel.kind !== "im").sort((a, b) => a.name.localeCompare(b.name))[0] ?? store.channels[0];

/** What somebody sees, or null where that can't be had, which is then said. Whoever is somebody already stays who they are. */
async function stateOf(as) {
  try {
    return await get("state", { as });
  } catch (error) {
    if (store.me) {
      toast(error.message);
      return null;
    }
    const anyone = as ? await get("state", {}).catch(() => null) : null;
    if (anyone) toast(error.message);
    else fill(main, h("p", { class: "starting" }, error.message, " Or add #as= and a person’s id to the address."));
    return anyone;
  }
}

// A browser opens few connections to one address, so a tab that has long been out of sight gives its own back.
const ASLEEP_MS = 30000;
const AGAIN_MS = 1000;
let following = false;
let wake = null;

function listen() {
  unfollow();
  following = true;
  unfollow = follow(store.place.as, store.seq, onEvent, () => {
    following = false;
    lost.hidden = false;
    resume();
  });
}

/** Takes up again after a break: what was missed is fetched, from whatever workspace answers now. */
function resume() {
  clearTimeout(wake);
  const { as } = store.place;
  wake = setTimeout(async () => {
    if (following || document.visibilityState !== "visible") return;
    try {
      const state = await get("state", { as });
      if (as !== store.place.as) return;
      takeState(state);
      lost.hidden = true;
      listen();
      if (store.place.channel && !channelById(store.place.channel)) {
        // A workspace that was started afresh has other conversations.
        go({ as, channel: firstChannel()?.id ?? null });
        return;
      }
      showState();
      guide.refresh();
      pane?.list.refresh();
      thread?.list.refresh();
    } catch {
      resume();
    }
  }, lost.hidden ? 0 : AGAIN_MS);
}

let sleep = null;
document.addEventListener("visibilitychange", () => {
  clearTimeout(sleep);
  if (document.visibilityState === "visible") {
    if (!following && store.me) resume();
    return;
  }
  sleep = setTimeout(() => {
    unfollow();
    following = false;
  }, ASLEEP_MS);
});

let arriving = Promise.resolve();
function arrive() {
  arriving = arriving.then(settle).catch((error) => toast(error.message));
  return arriving;
}

/** What was asked for can't be had: the address and the list say again where one is. */
function stay(asked) {
  if (location.hash === asked) history.replaceState(null, "", hashFromPlace(store.place));
  showState();
}

/**
 * Who one is and where changes at once, when all that is shown there can be: in between, the page would write and press as one
 * person what another one sees.
 */
async function settle() {
  const asked = location.hash;
  const place = placeFromHash(asked);
  const before = { ...store.place };
  const isOther = !store.me || (place.as && place.as !== before.as);
  if (isOther) {
    const state = await stateOf(place.as ?? localStorage.getItem("practice-as"));
    if (!state) {
      if (store.me) stay(asked);
      return;
    }
    takeState(state);
    openedHome = null;
  } else if (place.channel && !channelById(place.channel)) await refreshState();
  const as = isOther ? store.me.id : before.as;
  localStorage.setItem("practice-as", as);
  const app = place.home && (appById(place.app) ?? store.apps.find((one) => one.home) ?? store.apps[0]);
  if (app) store.place = { as, channel: null, app: app.id, home: true, thread: null };
  else {
    const channel = channelById(place.channel) ?? firstChannel();
    if (place.channel && channel?.id !== place.channel && !(isOther && before.as)) toast("This person is not in that conversation, so another one is shown.", { kind: "note", seconds: 6 });
    store.place = { as, channel: channel?.id ?? null, app: null, home: false, thread: channel?.id === place.channel ? place.thread : null };
  }
  if (isOther) listen();
  // Whoever has gone on meanwhile is not brought back.
  if (location.hash === asked) history.replaceState(null, "", hashFromPlace(store.place));
  const moved = isOther || before.channel !== store.place.channel || before.home !== store.place.home || before.app !== store.place.app;
  if (moved) showMain();
  if (moved || before.thread !== store.place.thread) showThread(before.thread);
  closeDrawer();
  showState();
  if (isOther && before.as) announce(`You now act as ${store.me?.real_name ?? store.me?.name}`);
}

// --- the main pane ------------------------------------------------------------------------------------------------------------------

function tabs(app) {
  const tab = (label, hook, selected, run) => h("button", { type: "button", role: "tab", "aria-selected": String(selected), tabindex: selected ? "0" : "-1", class: "tab", data: { testid: hook }, onclick: run }, label);
  const node = h("div", { class: "tabs", role: "tablist", "aria-label": app.name },
    app.home && tab("Home", "home-tab", store.place.home, () => openApp(app, false)),
    tab("Messages", "messages-tab", !store.place.home, () => openApp(app, true)));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const list = [...node.querySelectorAll('[role="tab"]')];
    const next = list[(list.indexOf(document.activeElement) + 1) % list.length];
    next.focus();
    next.click();
  });
  return node;
}

function paneHead() {
  const title = h("h1", { tabindex: "-1" });
  const detail = h("p", { class: "topic" });
  const { place } = store;
  const app = place.home ? appById(place.app) : appOfChannel(channelById(place.channel));
  const node = h("div", { class: "pane-head" }, h("div", { class: "pane-title" }, title, detail), app && tabs(app));
  header = () => {
    const channel = channelById(place.channel);
    const user = channel?.kind === "im" ? userById(channel.user) : null;
    title.textContent = place.home ? app.name : channelTitle(channel);
    if (user && !app) detail.textContent = [user.title, user.deleted ? "deactivated" : `${clockTime(now(), user.tz)} local time`].filter(Boolean).join(" · ");
    else detail.textContent = app ? (app.connected === false ? "Not connected: nobody answers commands and buttons." : "App") : (channel?.topic ?? "");
    detail.hidden = !detail.textContent;
  };
  header();
  return node;
}

function showMain() {
  pane?.list.stop();
  pane = null;
  home = null;
  const { place } = store;
  const hadTab = document.activeElement?.getAttribute?.("role") === "tab";
  const head = paneHead();
  if (place.home) {
    home = homePane(appById(place.app));
    fill(main, head, home.node);
    home.draw();
    openHome();
  } else if (place.channel) {
    const channel = channelById(place.channel);
    pane = conversation({ channel, openThread, onNew: markRead });
    if (appOfChannel(channel)) pane.node.setAttribute("role", "tabpanel"), pane.node.setAttribute("aria-label", "Messages");
    fill(main, head, pane.node);
    pane.list.refresh().then(markRead);
    if (store.started && !matchMedia("(max-width: 760px)").matches && !hadTab) pane.focus();
  } else fill(main, h("p", { class: "starting" }, "There is no conversation for this person yet. Choose another person under “Act as”."));
  if (hadTab) head.querySelector('[role="tab"][aria-selected="true"]')?.focus();
  store.started = true;
}

async function openHome() {
  const { as, app } = store.place;
  if (openedHome === `${as} ${app}`) return;
  openedHome = `${as} ${app}`;
  try {
    await post("home", { as, app });
    await refreshState();
  } catch (error) {
    toast(error.message);
  }
}

async function openApp(app, messages) {
  const { as } = store.place;
  if (!messages && app.home) {
    openedHome = null;
    go({ as, app: app.id, home: true });
    return;
  }
  await startDm(app.bot_user_id);
}

async function startDm(user) {
  const { as } = store.place;
  let channel = dmWith(user)?.id;
  try {
    if (!channel) {
      const answer = await post("dm", { as, user });
      channel = answer.channel?.id ?? answer.channel;
      await refreshState();
    }
    go({ as, channel });
  } catch (error) {
    toast(error.message);
  }
}

let reading = null;
function markRead() {
  if (reading || document.visibilityState !== "visible" || !store.place.channel) return;
  reading = setTimeout(async () => {
    reading = null;
    const { as, channel } = store.place;
    const known = channelById(channel);
    if (!known) return;
    await post("read", { as, channel }).catch(() => null);
    if (known.unread) {
      known.unread = 0;
      menu.draw();
    }
  }, 100);
}
document.addEventListener("visibilitychange", markRead);

// --- the thread ---------------------------------------------------------------------------------------------------------------------

function openThread(message) {
  go({ ...store.place, thread: message.thread_ts ?? message.ts });
}

function closeThread() {
  go({ ...store.place, thread: null });
}

function showThread(before) {
  thread?.list.stop();
  thread = null;
  const { place } = store;
  threadBox.hidden = !place.thread;
  document.body.classList.toggle("has-thread", Boolean(place.thread));
  if (!place.thread) {
    const held = threadBox.contains(document.activeElement) || document.activeElement === document.body;
    fill(threadBox);
    if (before && held) document.querySelector(`[data-testid="thread-${CSS.escape(before)}"]`)?.focus();
    return;
  }
  const channel = channelById(place.channel);
  thread = conversation({ channel, threadTs: place.thread });
  fill(threadBox,
    h("div", { class: "pane-head" }, h("div", { class: "pane-title" }, h("h2", null, "Thread"), h("p", { class: "topic" }, channelTitle(channel))),
      h("button", { type: "button", class: "button-plain", "aria-label": "Close the thread", data: { testid: "thread-close" }, onclick: closeThread }, icon("close"))),
    thread.node);
  thread.list.refresh();
  thread.focus();
}

threadBox.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closeThread();
});

// --- events -------------------------------------------------------------------------------------------------------------------------

function onEvent(event) {
  guide.refreshSoon();
  switch (event.type) {
    case "message":
    case "message_changed":
    case "message_deleted":
    case "ephemeral":
    case "ephemeral_changed":
    case "ephemeral_deleted":
      pane?.list.changed(event);
      thread?.list.changed(event);
      if (event.channel !== store.place.channel || document.visibilityState !== "visible") refreshSoon();
      break;
    case "view":
    case "home":
      refreshState();
      break;
    case "clock":
      refreshState().then(regroup);
      break;
    case "people":
      refreshState().then(() => {
        pane?.list.redraw();
        thread?.list.redraw();
      });
      break;
    case "command_failed":
      if (pane && event.channel === pane.list.channel) showFailure(pane.list, event.text);
      break;
    default:
      refreshSoon();
  }
}

function regroup() {
  pane?.list.regroup();
  thread?.list.regroup();
  announce(`The clock shows ${fullTime(now(), myTz())}`);
}

// --- the frame ----------------------------------------------------------------------------------------------------------------------

const menuButton = h("button", { type: "button", class: "button-plain menu-button", "aria-label": "Conversations", "aria-expanded": "false", "aria-controls": "sidebar", data: { testid: "menu" }, onclick: () => (document.body.classList.contains("drawer") ? closeDrawer(true) : openDrawer()) }, icon("menu"));
const menu = sidebar({
  actAs: (as) => go({ ...store.place, as, thread: null }),
  startDm,
  openApp,
  close: () => closeDrawer(true),
});

function openDrawer() {
  document.body.classList.add("drawer");
  menuButton.setAttribute("aria-expanded", "true");
  // Not in the order of the page, in which a field comes first: on a phone it would bring the keyboard up.
  ['[aria-current="page"]', ".side-link", "input"].map((one) => side.querySelector(one)).find(Boolean)?.focus();
}

function closeDrawer(refocus = false) {
  if (!document.body.classList.contains("drawer")) return;
  document.body.classList.remove("drawer");
  menuButton.setAttribute("aria-expanded", "false");
  if (refocus) menuButton.focus();
}

side.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closeDrawer(true);
});
// Whoever goes on with Tab would else be somewhere that the drawer covers.
side.addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget && !side.contains(relatedTarget)) closeDrawer();
});
document.addEventListener("pointerdown", (event) => {
  if (document.body.classList.contains("drawer") && !side.contains(event.target) && !menuButton.contains(event.target) && !event.target.closest("[popover]")) closeDrawer();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open-channel]");
  if (!link) return;
  event.preventDefault();
  go({ as: store.place.as, channel: link.dataset.openChannel });
});
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  (document.querySelector('[data-testid="composer"]') ?? main).focus();
});

const guide = guideBar({
  go,
  openMessages: (app) => startDm(app.bot_user_id),
  write: (text) => pane?.write(text),
  controls: clock.offer,
});

fill(side, menu.node);
document.getElementById("shell").before(guide.node);
fill(document.getElementById("topbar"), menuButton, clock.node, lost);
setInterval(() => {
  if (clock.tick()) header?.();
}, 1000);
window.addEventListener("hashchange", arrive);
arrive().then(guide.refresh);
