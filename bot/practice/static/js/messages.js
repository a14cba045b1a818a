/** The messages of one channel or thread: fetched in pages, kept in step with the workspace, and in place while they change. */

import { get } from "./api.js";
import { carry, rememberFocus } from "./controls.js";
import { h, icon } from "./dom.js";
import { author, drawMessage, summary } from "./message.js";
import { myTz, now, store } from "./state.js";
import { dividerDay, isoDay } from "./time.js";
import { announce, toast } from "./toast.js";

const PAGE = 100;
/** Above this many, a person back at the newest message lets go of the oldest again. */
const KEEP = 400;
const SAME_AUTHOR_SECONDS = 300;

/** Ephemeral messages put away in this tab, and lines the page itself added, by channel. */
const dismissed = new Set(JSON.parse(sessionStorage.getItem("dismissed") ?? "[]"));
const localLines = new Map();

const nextTs = (ts) => {
  const [seconds, rest = "0"] = ts.split(".");
  const micro = Number(rest.padEnd(6, "0")) + 1;
  return micro >= 1e6 ? `${Number(seconds) + 1}.000000` : `${seconds}.${String(micro).padStart(6, "0")}`;
};

/** A line that only this page shows, as Slackbot would. */
export function addLocalLine(as, channel, text, threadTs) {
  const line = { ts: now().toFixed(6), text, ephemeral: true, local: true, thread_ts: threadTs };
  const key = `${as} ${channel}`;
  localLines.set(key, [...(localLines.get(key) ?? []), line]);
  return line;
}

/**
 * `{channel, threadTs?, label, openThread?, onNew?()}` → `{node, refresh(), changed(event), redraw(), regroup(), toEnd(), stop()}`.
 */
export function messageList({ channel, threadTs = null, label, openThread, onNew = () => {} }) {
  const as = store.place.as;
  const items = new Map();
  let order = [];
  let hasMore = false;
  let stick = true;
  let stopped = false;
  let loading = null;
  let again = false;
  let started = false;

  const earlier = h("button", { type: "button", class: "button button-small earlier", hidden: true, onclick: () => loadEarlier() }, "Earlier messages");
  const list = h("ol", { class: "messages", "aria-label": label });
  const state = h("p", { class: "list-state" }, "Loading messages…");
  const newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => toEnd() }, icon("down"), "New messages");
  const scroller = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": label, data: { testid: threadTs ? "thread-messages" : "messages" } }, h("div", { class: "scroll-inner" }, earlier, state, list));
  const node = h("div", { class: "list-pane" }, scroller, newer);

  const place = {
    channel,
    openThread: threadTs ? null : openThread,
    inThread: Boolean(threadTs),
    dismiss(message) {
      dismissed.add(`${channel} ${message.ts}`);
      sessionStorage.setItem("dismissed", JSON.stringify([...dismissed].slice(-500)));
      const next = items.get(message.ts)?.node.nextElementSibling;
      apply(order.filter((ts) => ts !== message.ts).map((ts) => items.get(ts).message));
      (next ?? scroller).focus();
    },
  };

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;

  function toEnd() {
    stick = true;
    newer.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  function shown(messages) {
    const lines = (localLines.get(`${as} ${channel}`) ?? []).filter((line) => (line.thread_ts ?? null) === threadTs);
    return [...messages.filter((message) => !message.local), ...lines]
      .filter((message) => !dismissed.has(`${channel} ${message.ts}`))
      .sort((a, b) => Number(a.ts) - Number(b.ts) || (a.ts < b.ts ? -1 : 1));
  }

  /** Day headings and the grouping of one person's messages depend on the neighbours, so they are settled after every change. */
  function regroup() {
    let before = null;
    for (const ts of order) {
      const entry = items.get(ts);
      const day = isoDay(Number(ts), myTz());
      const newDay = !before || before.day !== day;
      const heading = newDay ? dividerDay(Number(ts), now(), myTz()) : null;
      if (entry.heading !== heading) {
        entry.node.querySelector(":scope > .day")?.remove();
        if (heading) entry.node.prepend(h("h2", { class: "day" }, h("span", null, heading)));
        entry.heading = heading;
      }
      const who = author(entry.message).name;
      const compact = !newDay && before.who === who && Number(ts) - before.at < SAME_AUTHOR_SECONDS && !entry.message.ephemeral && !entry.message.blocks && !before.apart;
      entry.node.classList.toggle("compact", compact);
      before = { day, who, at: Number(ts), apart: entry.message.ephemeral || entry.message.blocks };
    }
    earlier.hidden = !hasMore;
    state.hidden = order.length > 0 && started;
    if (!order.length && started) state.textContent = threadTs ? "This thread is empty." : "Nothing has been said here yet.";
  }

  function drawn(message, old) {
    const fresh = drawMessage(message, place);
    if (!old) return fresh;
    const refocus = rememberFocus(old.node);
    const hadFocus = old.node.contains(document.activeElement);
    carry(old.node, fresh);
    old.node.replaceWith(fresh);
    if (hadFocus && !refocus(fresh)) fresh.focus();
    return fresh;
  }

  /** Makes the list show exactly these messages, touching only what differs. The first message in view stays where it is. */
  function apply(messages, force = false) {
    const anchor = stick ? null : order.map((ts) => items.get(ts).node).find((one) => one.getBoundingClientRect().bottom > scroller.getBoundingClientRect().top + 1);
    const anchorTs = anchor?.dataset.ts;
    const offset = anchor?.getBoundingClientRect().top;
    const wanted = shown(messages);
    const keep = new Set(wanted.map((message) => message.ts));
    for (const ts of order) {
      if (keep.has(ts)) continue;
      const gone = items.get(ts).node;
      if (gone.contains(document.activeElement)) scroller.focus();
      gone.remove();
      items.delete(ts);
    }
    let previous = null;
    for (const message of wanted) {
      const json = JSON.stringify(message);
      let entry = items.get(message.ts);
      if (!entry || force || entry.json !== json) {
        entry = { message, json, heading: null, node: drawn(message, entry) };
        items.set(message.ts, entry);
      }
      const right = previous ? previous.nextElementSibling : list.firstElementChild;
      if (right !== entry.node) list.insertBefore(entry.node, right);
      previous = entry.node;
    }
    order = wanted.map((message) => message.ts);
    regroup();
    if (stick) scroller.scrollTop = scroller.scrollHeight;
    else if (anchorTs && items.has(anchorTs)) scroller.scrollTop += items.get(anchorTs).node.getBoundingClientRect().top - offset;
  }

  const fetchPage = (more = {}) => get("messages", { as, channel, thread_ts: threadTs, limit: PAGE, ...more });

  async function load() {
    const page = await fetchPage();
    if (stopped) return;
    const first = page.messages.find((message) => !threadTs || message.ts !== threadTs)?.ts;
    const older = page.has_more ? order.filter((ts) => Number(ts) < Number(first)).map((ts) => items.get(ts).message) : [];
    if (!older.length || !started) hasMore = page.has_more;
    let kept = older.filter((message) => !page.messages.some((other) => other.ts === message.ts));
    if (stick && kept.length + page.messages.length > KEEP) {
      kept = [];
      hasMore = page.has_more;
    }
    const last = order.at(-1);
    const isNew = started ? page.messages.filter((message) => !items.has(message.ts) && (!last || Number(message.ts) > Number(last) || message.ephemeral)) : [];
    started = true;
    apply([...kept, ...page.messages]);
    for (const message of isNew) if (message.user !== as) announce(summary(message));
    if (isNew.length) {
      if (!stick) newer.hidden = false;
      onNew();
    }
  }

  /** Fetches the newest page; calls during a fetch are gathered into one more. */
  async function refresh() {
    if (loading) {
      again = true;
      return loading;
    }
    loading = (async () => {
      do {
        again = false;
        try {
          await load();
        } catch (error) {
          if (stopped) return;
          state.hidden = false;
          state.textContent = error.message;
        }
      } while (again && !stopped);
    })();
    await loading;
    loading = null;
  }

  async function loadEarlier() {
    if (!hasMore || earlier.dataset.busy || !order.length) return;
    earlier.dataset.busy = "1";
    const hadFocus = document.activeElement === earlier;
    const firstBefore = order.find((ts) => ts !== threadTs);
    try {
      const page = await fetchPage({ before: firstBefore });
      if (stopped) return;
      hasMore = page.has_more;
      stick = false;
      const known = new Set(page.messages.map((message) => message.ts));
      apply([...page.messages, ...order.filter((ts) => !known.has(ts)).map((ts) => items.get(ts).message)]);
      if (hadFocus && earlier.hidden) items.get(firstBefore)?.node.focus();
    } catch (error) {
      toast(error.message);
    } finally {
      delete earlier.dataset.busy;
    }
  }

  /** A message outside the newest page was changed or deleted: that one alone is fetched. */
  async function refreshOne(ts) {
    const page = await fetchPage({ before: nextTs(ts), limit: 1 }).catch(() => null);
    if (!page || stopped) return;
    const found = page.messages.find((message) => message.ts === ts);
    apply(order.filter((one) => one !== ts).map((one) => items.get(one).message).concat(found ?? []));
  }

  function changed(event) {
    if (event.channel !== channel) return;
    const old = event.ts && items.has(event.ts) && order.length > PAGE && order.indexOf(event.ts) < order.length - PAGE;
    if (old && !threadTs && event.type !== "message") refreshOne(event.ts);
    else refresh();
  }

  scroller.addEventListener("scroll", () => {
    stick = atEnd();
    if (stick) newer.hidden = true;
    if (scroller.scrollTop < 150 && started) loadEarlier();
  });
  const watch = new ResizeObserver(() => {
    if (stick) scroller.scrollTop = scroller.scrollHeight;
  });
  watch.observe(list);
  watch.observe(scroller);

  return {
    node,
    as,
    channel,
    threadTs,
    refresh,
    changed,
    regroup,
    toEnd,
    showLocal: () => {
      stick = true;
      apply(order.map((ts) => items.get(ts).message));
    },
    redraw: () => apply(order.map((ts) => items.get(ts).message), true),
    stop() {
      stopped = true;
      watch.disconnect();
    },
  };
}
