/** Files shared in a message. */

import { h, icon } from "./dom.js";

const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes >= 1e3 ? `${Math.round(bytes / 1e3)} KB` : `${bytes} bytes`);

/** Only addresses of this workspace or of the web are followed. */
const safe = (url) => (/^(https?:|\/)/i.test(url ?? "") ? url : null);

/** A file: a picture is shown, anything else is a card to download. */
export function fileCard(file) {
  const url = safe(file.url_private_download ?? file.url_private ?? file.permalink);
  const name = file.title || file.name || "File";
  const detail = [file.pretty_type || file.filetype?.toUpperCase(), file.size && size(file.size)].filter(Boolean).join(", ");
  if (file.mimetype?.startsWith("image/") && url) {
    return h("figure", { class: "block-image" },
      h("figcaption", null, name),
      h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, h("img", { src: url, alt: file.alt_txt || name, loading: "lazy" })));
  }
  return h("a", { class: "file-card", href: url, download: file.name || true, target: "_blank", rel: "noopener noreferrer" }, icon("file"),
    h("span", null, h("span", { class: "file-name" }, name), h("span", { class: "file-detail" }, detail)));
}
