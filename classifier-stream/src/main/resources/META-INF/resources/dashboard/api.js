// SPDX-License-Identifier: Apache-2.0
// Requests to the classifier's HTTP API: docs/http-api.md.

/** A request that was refused; status is the HTTP status, or 0 if the service does not answer. */
export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new RequestError(0, "The classifier does not answer.");
  }
  if (response.ok) return response.json();
  let reason = `The classifier answers ${response.status}.`;
  try {
    reason = (await response.json()).error || reason;
  } catch {
    // not JSON: the status says it
  }
  throw new RequestError(response.status, reason);
}

function query(parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return set.length === 0 ? "" : "?" + new URLSearchParams(set);
}

export const status = () => request("/status");
export const newestWindows = (parameters) => request("/windows" + query(parameters));
export const windowsPath = (feed, parameters) => `/windows/${encodeURIComponent(feed)}` + query(parameters);
export const windows = (feed, parameters) => request(windowsPath(feed, parameters));
export const tweets = (feed, parameters) => request(`/tweets/${encodeURIComponent(feed)}` + query(parameters));
export const words = (feed, parameters) => request(`/tweets/${encodeURIComponent(feed)}/words` + query(parameters));
export const score = (texts, signal) =>
  request("/score", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ texts }),
    signal,
  });

/**
 * Windows as they change. The browser goes on where it was after an interruption.
 * changed gets a list of windows; lost is called if changes were missed, and after a reconnect.
 * Returns a function that ends it.
 */
export function events(parameters, changed, lost) {
  const source = new EventSource("/events" + query(parameters));
  source.addEventListener("windows", (event) => changed(JSON.parse(event.data)));
  source.addEventListener("reset", lost);
  return () => source.close();
}
