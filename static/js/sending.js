// How the pages speak with the server, which may be far, slow or gone: what every editor shares.

export const SLOW = 1500; // milliseconds without an answer after which the page says that nothing is saved yet
const TIMEOUT = 15000;
const PAUSES = [500, 1000, 2000, 4000]; // between two tries; the last one again and again

const wake = new EventTarget();

// Today's token, which signing in again changes for every tab; null where this browser keeps none.
export function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? null;
}

export function pause(milliseconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      wake.removeEventListener("try", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    wake.addEventListener("try", done);
  });
}

export function pauseAfter(tries) {
  return pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
}

// Whoever waits before its next try tries now.
export function tryNow() {
  wake.dispatchEvent(new Event("try"));
}

// Whether the same request may pass a little later: no network, a server that is busy or broken.
export function mayPass(status) {
  return status === 0 || status >= 500 || status === 429;
}

// { status, data }: 0 without an answer, 401 once the session ended.
export async function ask(url, options = {}) {
  const headers = { Accept: "application/json" };
  if (options.method === "POST" && token()) headers["X-CSRFToken"] = token();
  if (options.typedBy) headers["X-Typed-By"] = options.typedBy;
  try {
    const response = await fetch(url, {
      ...options,
      headers,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.type === "opaqueredirect") return { status: 401, data: {} };
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, data: isJson ? await response.json() : {} };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    return { status: 0, data: {} }; // the network, or no answer in time
  }
}

// Sends what the person who opened this page typed: the server refuses it from anybody else.
export function post(url, content) {
  return ask(url, { method: "POST", body: content, typedBy: document.body.dataset.typedBy });
}

// What a place says of its saving; with `retry`, a button beside the words.
export function setStatus(element, state, words, retry, label = "Réessayer") {
  element.dataset.state = state;
  element.textContent = words;
  if (!retry) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet btn-sm";
  button.textContent = label;
  button.addEventListener("click", retry);
  element.append(button);
}

window.addEventListener("online", tryNow);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") tryNow();
});
