/** Telling the app about a press or a choice, with the state of everything around it. */

import { post } from "./api.js";
import { readState } from "./controls.js";
import { store } from "./state.js";
import { toast } from "./toast.js";

/** Shows what the workspace says of an app that did not answer. */
function told(answer) {
  if (answer.failed) toast(answer.failed);
}

/** Runs a shortcut: `{callback_id}`, with `channel` and `ts` when it is one of a message. */
export async function shortcut(which) {
  try {
    told(await post("shortcut", { as: store.place.as, ...which }));
  } catch (error) {
    toast(error.message);
  }
}

/** `container` as in POST /practice/act; `root()` gives the node whose controls make up the state. The result is a context for `drawBlocks`. */
export function interaction(container, root) {
  return {
    async act(action, node) {
      if (node.dataset.busy) return;
      node.dataset.busy = "1";
      node.setAttribute("aria-busy", "true");
      try {
        told(await post("act", { as: store.place.as, container, action, state: { values: readState(root()) } }));
      } catch (error) {
        toast(error.message);
      } finally {
        delete node.dataset.busy;
        node.removeAttribute("aria-busy");
      }
    },
    options: (question) => post("options", { as: store.place.as, container, ...question }),
  };
}
