/** What the page knows: the workspace as one person sees it, and where that person is looking. One store for the page. */

export const store = {
  workspace: { name: "Practice workspace" },
  me: null,
  users: [],
  usersById: new Map(),
  channels: [],
  apps: [],
  views: [],
  home: null,
  seq: 0,
  /** Where the person is: `{as, channel, app, home, thread}`. */
  place: { as: null, channel: null, app: null, home: false, thread: null },
  clock: { base: Date.now() / 1000, at: performance.now() },
};

/** Takes in the answer of GET /practice/state. */
export function takeState(state) {
  store.workspace = state.workspace ?? store.workspace;
  store.me = state.me ?? null;
  store.users = state.users ?? [];
  store.usersById = new Map(store.users.map((user) => [user.id, user]));
  store.channels = state.channels ?? [];
  store.apps = state.apps ?? [];
  store.views = state.views ?? [];
  store.home = state.home ?? null;
  store.seq = state.seq ?? 0;
  if (state.clock?.now) store.clock = { base: Date.parse(state.clock.now) / 1000, at: performance.now() };
}

/** The workspace's clock now, in seconds since 1970. */
export const now = () => store.clock.base + (performance.now() - store.clock.at) / 1000;
/** The acting person's time zone. */
export const myTz = () => store.me?.tz || "UTC";
export const userById = (id) => store.usersById.get(id);
export const channelById = (id) => store.channels.find((channel) => channel.id === id);
export const appByBot = (userId) => store.apps.find((app) => app.bot_user_id === userId);
export const appById = (id) => store.apps.find((app) => app.id === id);
/** The people one can act as. */
export const people = () => store.users.filter((user) => !user.is_bot);
export const personName = (user) => user?.real_name || user?.name || "Someone";
/** The direct message with a person or an app's bot, when there is one already. */
export const dmWith = (userId) => store.channels.find((channel) => channel.kind === "im" && channel.user === userId);
/** The app whose direct message a channel is, if it is one. */
export const appOfChannel = (channel) => (channel?.kind === "im" ? appByBot(channel.user) : undefined);

/** How a channel is called in headings: "#complaints", or the other person's name. */
export function channelTitle(channel) {
  if (!channel) return "Conversation";
  if (channel.kind !== "im") return `#${channel.name}`;
  const app = appOfChannel(channel);
  return app ? app.name : personName(userById(channel.user) ?? { name: channel.name });
}

/** The place as written in the address after `#`. */
export function placeFromHash(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    as: query.get("as"),
    channel: query.get("channel"),
    app: query.get("app"),
    home: query.get("home") === "1",
    thread: query.get("thread"),
  };
}

export function hashFromPlace(place) {
  const query = new URLSearchParams();
  if (place.as) query.set("as", place.as);
  if (place.home) {
    if (place.app && store.apps.length > 1) query.set("app", place.app);
    query.set("home", "1");
  } else if (place.channel) query.set("channel", place.channel);
  if (place.thread && !place.home) query.set("thread", place.thread);
  return `#${query}`;
}
