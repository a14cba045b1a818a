/** Dates and times in a person's own time zone, written the way people say them. Instants are seconds since 1970, as in Slack's `ts`. */

const LOCALE = "en-GB";
const formats = new Map();

function format(seconds, tz, options) {
  const key = tz + JSON.stringify(options);
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: tz || "UTC" });
    } catch {
      made = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: "UTC" });
    }
    formats.set(key, made);
  }
  return formats.get(key).format(new Date(seconds * 1000));
}

/** "09:12" */
export const clockTime = (seconds, tz) => format(seconds, tz, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
/** "09:12:05" */
export const clockSeconds = (seconds, tz) => format(seconds, tz, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
/** "Tuesday 24 November 2026" */
export const longDay = (seconds, tz) => format(seconds, tz, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).replace(",", "");
/** "Tuesday 24 November" */
export const dayOfYear = (seconds, tz) => format(seconds, tz, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
/** "Tuesday 24 November 2026, 09:12" */
export const fullTime = (seconds, tz) => `${longDay(seconds, tz)}, ${clockTime(seconds, tz)}`;
/** "2026-11-24" */
export function isoDay(seconds, tz) {
  const [day, month, year] = format(seconds, tz, { day: "2-digit", month: "2-digit", year: "numeric" }).split("/");
  return `${year}-${month}-${day}`;
}

const DAY = 86400;

function relativeDay(seconds, now, tz) {
  const day = isoDay(seconds, tz);
  if (day === isoDay(now, tz)) return "today";
  if (day === isoDay(now - DAY, tz)) return "yesterday";
  if (day === isoDay(now + DAY, tz)) return "tomorrow";
  return null;
}

/** "Today", "Yesterday", or the day itself, seen from the workspace's clock. */
export function dividerDay(seconds, now, tz) {
  const near = relativeDay(seconds, now, tz);
  if (near) return near[0].toUpperCase() + near.slice(1);
  const sameYear = isoDay(seconds, tz).slice(0, 4) === isoDay(now, tz).slice(0, 4);
  return sameYear ? dayOfYear(seconds, tz) : longDay(seconds, tz);
}

function ago(seconds, now) {
  const past = Math.max(0, now - seconds);
  const [count, unit] = past < 60 ? [0, ""] : past < 3600 ? [past / 60, "minute"] : past < DAY ? [past / 3600, "hour"] : [past / DAY, "day"];
  if (!unit) return "just now";
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? "" : "s"} ago`;
}

const TOKENS = {
  date_num: (s, tz) => isoDay(s, tz),
  date: (s, tz) => format(s, tz, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (s, tz) => format(s, tz, { day: "numeric", month: "short", year: "numeric" }),
  date_slash: (s, tz) => format(s, tz, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date_long: longDay,
  date_long_full: longDay,
  time: clockTime,
  time_secs: clockSeconds,
};

/** Slack's date formatting: `{date_long} at {time}` and the like. Unknown tokens stay as written. */
export function formatTokens(pattern, seconds, now, tz) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "ago") return ago(seconds, now);
    if (token === "day_divider_pretty") return dividerDay(seconds, now, tz);
    const plain = token.replace(/_pretty$/, "");
    if (!TOKENS[plain]) return whole;
    if (plain !== token) return relativeDay(seconds, now, tz) ?? TOKENS[plain](seconds, tz);
    return TOKENS[plain](seconds, tz);
  });
}

/** "2026-11-24T09:12" for a datetime-local field. */
export const localField = (seconds, tz) => `${isoDay(seconds, tz)}T${clockTime(seconds, tz)}`;

/** Seconds since 1970 of a wall-clock time "2026-11-24T09:12" in a time zone. A time that the spring clock change skips moves forward. */
export function fromLocalField(text, tz) {
  if (!/^\d{4,}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const asUtc = Date.parse(`${text.slice(0, 16)}Z`) / 1000;
  let guess = asUtc;
  for (let turn = 0; turn < 2; turn += 1) {
    const seen = Date.parse(`${localField(guess, tz)}Z`) / 1000;
    guess += asUtc - seen;
  }
  return guess;
}
