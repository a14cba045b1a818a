/** The left side: who one acts as, and the conversations that person can see. */

import { avatar } from "./avatar.js";
import { combobox, matching } from "./combobox.js";
import { rememberFocus } from "./controls.js";
import { fill, h, icon, spoken } from "./dom.js";
import { appByBot, channelTitle, dmWith, hashFromPlace, now, people, personName, store, userById } from "./state.js";
import { clockTime } from "./time.js";

const actingItem = (user) => ({ key: user.id, label: personName(user), detail: [user.title, `${clockTime(now(), user.tz)} ${cityOf(user.tz)}`].filter(Boolean).join(" · "), value: user.id });
const cityOf = (tz) => (tz ?? "").split("/").at(-1).replaceAll("_", " ");

/** `{actAs(id), startDm(id), openApp(app), close()}` → `{node, draw()}`. */
export function sidebar({ actAs, startDm, openApp, close }) {
  const chooser = combobox({
    attributes: { id: "act-as", data: { testid: "act-as" }, class: "act-as-field" },
    placeholder: "Search people",
    clearable: false,
    source: (query) => matching(people().filter((user) => !user.deleted || user.id === store.place.as).map(actingItem), query, 200),
    onChange: ([item]) => item && actAs(item.key),
  });
  const name = h("p", { class: "workspace-name" });
  const about = h("p", { class: "act-as-about" });
  const lists = h("div", { class: "sidebar-lists" });
  const starter = combobox({
    attributes: { "aria-label": "Message someone: type a name", data: { testid: "new-dm" } },
    placeholder: "Message someone…",
    source: (query) => matching(people().filter((user) => !user.deleted && user.id !== store.place.as).map(actingItem), query),
    onChange: ([item]) => {
      if (!item) return;
      starter.choose([]);
      startDm(item.key);
    },
  });
  const node = h("div", { class: "sidebar-inner" },
    h("div", { class: "sidebar-head" }, name, h("button", { type: "button", class: "button-plain sidebar-close", "aria-label": "Close the list of conversations", onclick: close }, icon("close"))),
    h("div", { class: "act-as" }, h("label", { for: "act-as" }, "Act as"), chooser.node, about),
    lists,
    h("div", { class: "sidebar-starter" }, starter.node));

  function row({ href, hook, current, unread, mark, label, detail, onclick }) {
    return h("li", null, h("a", { class: `side-link${unread ? " unread" : ""}`, href, "aria-current": current ? "page" : null, data: { testid: hook }, onclick },
      mark, h("span", { class: "side-name" }, label, detail && h("span", { class: "side-detail" }, detail)),
      unread ? h("span", { class: "side-count" }, String(unread), spoken(" unread")) : null));
  }

  function channelRow(channel) {
    const { place } = store;
    const user = channel.kind === "im" ? userById(channel.user) : null;
    const mark = user ? avatar(user, { small: true }) : h("span", { class: "side-mark", "aria-hidden": "true" }, channel.kind === "private" ? icon("lock") : "#");
    return row({
      href: hashFromPlace({ as: place.as, channel: channel.id }), hook: `channel-${channel.id}`, current: !place.home && place.channel === channel.id,
      unread: channel.unread, mark,
      label: user ? channelTitle(channel) : [channel.kind === "private" && spoken("Private channel "), channel.name],
      detail: user?.deleted ? " (deactivated)" : channel.user === place.as ? " (you)" : null,
    });
  }

  function appRow(app) {
    const { place } = store;
    const dm = dmWith(app.bot_user_id);
    const here = place.home ? place.app === app.id : Boolean(dm) && place.channel === dm.id;
    const toMessages = dm && (dm.unread > 0 || !app.home);
    return row({
      href: hashFromPlace(toMessages ? { as: place.as, channel: dm.id } : { as: place.as, app: app.id, home: true }), hook: `app-${app.id}`, current: here, unread: dm?.unread,
      mark: avatar(userById(app.bot_user_id), { small: true, bot: true, name: app.name }), label: app.name, detail: app.connected === false ? " (not connected)" : null,
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openApp(app, Boolean(toMessages));
      },
    });
  }

  const part = (title, rows) => rows.length > 0 && h("section", { class: "side-part" }, h("h2", null, title), h("ul", null, rows));

  function draw() {
    const refocus = rememberFocus(lists);
    const hadFocus = lists.contains(document.activeElement);
    const byName = (a, b) => channelTitle(a).localeCompare(channelTitle(b));
    const channels = store.channels.filter((channel) => channel.kind !== "im").sort(byName);
    const dms = store.channels.filter((channel) => channel.kind === "im" && !appByBot(channel.user)).sort(byName);
    name.textContent = store.workspace.name;
    if (document.activeElement !== chooser.input) chooser.choose(store.me ? [actingItem(store.me)] : []);
    fill(about, store.me ? [store.me.title, h("span", { class: "act-as-time" }, `${clockTime(now(), store.me.tz)} in ${cityOf(store.me.tz) || "UTC"}`)] : "");
    const top = lists.scrollTop;
    fill(lists, part("Channels", channels.map(channelRow)), part("Direct messages", dms.map(channelRow)), part("Apps", store.apps.map(appRow)));
    lists.scrollTop = top;
    if (hadFocus) refocus(lists);
  }

  return { node, draw };
}
