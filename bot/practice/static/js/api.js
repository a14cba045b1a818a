/** The page's own calls to the workspace. Every failure becomes an `ApiError` whose message can be shown as it is. */

export class ApiError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

async function answer(promise) {
  let response;
  try {
    response = await promise;
  } catch {
    throw new ApiError("unreachable", "The practice workspace does not answer. Check that it is still running, then try again.");
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (!response.ok || body?.ok === false) {
    const code = body?.error ?? `http_${response.status}`;
    throw new ApiError(code, body?.message ?? `The practice workspace refused this (${code}).`);
  }
  return body ?? {};
}

/** GET /practice/{name}, with the parameters that have a value. */
export function get(name, parameters = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value !== null && value !== undefined) query.set(key, value);
  return answer(fetch(`/practice/${name}?${query}`, { headers: { Accept: "application/json" } }));
}

let closing = Promise.resolve();

/**
 * POST /practice/{name} with a JSON body. What is done after a modal was closed comes to the workspace after that: a browser's
 * connections may else overtake each other, and a modal that opens would find the one that was left still there.
 */
export function post(name, body) {
  const closes = name === "close";
  // A modal that was closed is closed, though the page itself be left at once.
  const how = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), keepalive: closes };
  const sent = closing.then(() => answer(fetch(`/practice/${name}`, how)));
  if (closes) closing = sent.catch(() => null);
  return sent;
}

/**
 * Follows the workspace's events for one person from number `after` on. `onEvent` gets each event once, in order; `onLost` is
 * called once when the connection breaks, after which nothing more is heard. Returns a function that stops following.
 */
export function follow(as, after, onEvent, onLost) {
  const source = new EventSource(`/practice/events?${new URLSearchParams({ as, after })}`);
  let last = after;
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.seq <= last) return;
    last = event.seq ?? last;
    onEvent(event);
  };
  source.onerror = () => {
    source.close();
    onLost();
  };
  return () => source.close();
}
