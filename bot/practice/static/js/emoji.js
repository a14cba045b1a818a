/** The shortcodes this workspace draws. Any other stays as text, as a reader would still understand it. */

const EMOJI = {
  alarm_clock: "⏰", arrow_down: "⬇️", arrow_forward: "▶️", arrow_left: "⬅️", arrow_right: "➡️", arrow_up: "⬆️", bar_chart: "📊", bell: "🔔",
  black_circle: "⚫", blue_circle: "🔵", book: "📖", bookmark: "🔖", books: "📚", bulb: "💡", bust_in_silhouette: "👤", busts_in_silhouette: "👥",
  calendar: "📆", card_index: "📇", chart_with_downwards_trend: "📉", chart_with_upwards_trend: "📈", clap: "👏", clipboard: "📋", clock3: "🕒",
  closed_lock_with_key: "🔐", date: "📅", email: "📧", envelope: "✉️", exclamation: "❗", eyes: "👀", file_folder: "📁", fire: "🔥", gear: "⚙️",
  green_circle: "🟢", grey_question: "❔", handshake: "🤝", heart: "❤️", heavy_check_mark: "✔️", heavy_minus_sign: "➖", heavy_plus_sign: "➕",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", house: "🏠", inbox_tray: "📥", information_source: "ℹ️", key: "🔑", label: "🏷️", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_orange_circle: "🟠", large_red_circle: "🔴", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍", mega: "📣",
  memo: "📝", no_entry: "⛔", no_entry_sign: "🚫", office: "🏢", ok_hand: "👌", outbox_tray: "📤", page_facing_up: "📄", paperclip: "📎", party_popper: "🎉",
  pencil: "📝", pencil2: "✏️", phone: "☎️", pushpin: "📌", question: "❓", raised_hands: "🙌", red_circle: "🔴", repeat: "🔁", rocket: "🚀",
  rotating_light: "🚨", scales: "⚖️", seedling: "🌱", slightly_smiling_face: "🙂", smile: "😄", sos: "🆘", sparkles: "✨", speech_balloon: "💬", star: "⭐",
  stopwatch: "⏱️", tada: "🎉", telephone_receiver: "📞", thinking_face: "🤔", thumbsdown: "👎", thumbsup: "👍", "+1": "👍", "-1": "👎", triangular_flag_on_post: "🚩",
  unlock: "🔓", warning: "⚠️", wave: "👋", white_check_mark: "✅", white_circle: "⚪", wrench: "🔧", x: "❌", large_blue_square: "🟦", large_green_square: "🟩",
  large_orange_square: "🟧", large_red_square: "🟥", large_yellow_square: "🟨", spiral_calendar_pad: "🗓️", ballot_box_with_check: "☑️", construction: "🚧",
};

const drawn = new Map();
let pen = null;

/** Whether this machine has a picture for a character. Without one a box would be shown, which says less than the shortcode. */
function canDraw(character) {
  if (!drawn.has(character)) {
    pen ??= Object.assign(document.createElement("canvas"), { width: 24, height: 24 }).getContext("2d", { willReadFrequently: true });
    const picture = (text) => {
      pen.clearRect(0, 0, 24, 24);
      pen.font = "16px sans-serif";
      pen.fillText(text, 2, 18);
      return pen.getImageData(0, 0, 24, 24).data.join();
    };
    const bare = character.replace(/\uFE0F/g, "");
    drawn.set(character, picture(bare) !== picture(bare.length > 1 ? "\u{1FFFE}" : "\uFFFE"));
  }
  return drawn.get(character);
}

/** The character of a shortcode without its colons, or null when there is none that this machine can draw. */
export const emojiOf = (name) => (Object.hasOwn(EMOJI, name) && canDraw(EMOJI[name]) ? EMOJI[name] : null);

/** A plain text with its known shortcodes drawn. */
export const withEmoji = (text) => String(text ?? "").replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiOf(name) ?? whole);
