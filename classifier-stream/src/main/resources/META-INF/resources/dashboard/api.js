// SPDX-License-Identifier: Apache-2.0
// Requests to the classifier's HTTP API: docs/http-api.md.

/** A request that was refused; status is the HTTP status, or 0 if the service does not answer. */
export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const REFUSED = {
  401: "Your credentials are not accepted.",
  403: "Your role may not do or see this.",
};

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new RequestError(0, "The classifier does not answer.");
  }
  if (response.status === 204) return null;
  if (response.ok) return response.json();
  let reason = REFUSED[response.status] || `The classifier answers ${response.status}.`;
  try {
    reason = (await response.json()).error || reason;
  } catch {
    // not JSON: the status says it
  }
  throw new RequestError(response.status, reason);
}

const send = (method, path, body, options = {}) =>
  request(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...options,
  });

const post = (path, body, options) => send("POST", path, body, options);

function query(parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return set.length === 0 ? "" : "?" + new URLSearchParams(set);
}

export const status = () => request("/status");
export const newestWindows = (parameters) => request("/windows" + query(parameters));
export const windowsPath = (feed, parameters) => `/windows/${encodeURIComponent(feed)}` + query(parameters);
export const windows = (feed, parameters) => request(windowsPath(feed, parameters));
export const tweets = (feed, parameters) => request(`/tweets/${encodeURIComponent(feed)}` + query(parameters));
export const score = (texts, signal, model) => post("/score", { texts, model }, { signal });
export const alerts = (parameters) => request("/alerts" + query(parameters));
export const rules = () => request("/alerts/rules");
export const putRule = (name, rule) => send("PUT", `/alerts/rules/${encodeURIComponent(name)}`, rule);
export const removeRule = (name) => send("DELETE", `/alerts/rules/${encodeURIComponent(name)}`);
export const user = () => request("/user");
export const instances = () => request("/instances");
export const models = () => request("/trainer/models");
export const report = (version) => request("/trainer/models/report" + query({ version }));
/** change is activate, rollback or promote. */
export const changeModel = (change, body) => post(`/trainer/models/${change}`, body);
export const audit = (parameters) => request("/trainer/audit" + query(parameters));
export const rounds = () => request("/trainer/rounds");
export const round = (number) => request(`/trainer/rounds/${encodeURIComponent(number)}`);
export const trainer = () => request("/trainer/status");
export const wanted = (parameters) => request("/trainer/labels/wanted" + query(parameters));
export const disagreements = (parameters) => request("/trainer/labels/disagreements" + query(parameters));
/** Survives the end of the page. */
export const label = (labels) => post("/trainer/labels", labels, { keepalive: true });
export const startRound = () => post("/trainer/rounds", {});

const RETRY_MS = 5000;

/**
 * Windows as they change. changed gets a list of windows. read is called after each connection, and if changes were
 * missed: whoever reads the windows then misses none. Returns a function that ends it.
 */
export function events(parameters, changed, read) {
  let source;
  let timer;
  function retry() {
    source.close();
    timer = setTimeout(connect, RETRY_MS);
  }
  function connect() {
    source = new EventSource("/events" + query(parameters));
    source.addEventListener("open", read);
    source.addEventListener("windows", (event) => changed(JSON.parse(event.data)));
    source.addEventListener("reset", read);
    source.addEventListener("unavailable", retry);
    // The browser connects again by itself, but not after an answer such as 503.
    source.addEventListener("error", () => source.readyState === EventSource.CLOSED && retry());
  }
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Of two states of a window, the later one. */
export const later = (one, other) => (!one || other.closed || (!one.closed && other.count >= one.count) ? other : one);
