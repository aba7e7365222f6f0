// What the pages gain when scripts run: a failed request says so, the keyboard stays where the work is.
// Nothing here is needed to finish a task.

const failure = document.getElementById("failure");

const CAUSES = {
  0: "La connexion avec le serveur est coupée. Vérifiez le réseau, puis recommencez.",
  403: "Cette action vous est refusée, ou votre session a changé. Ouvrez l'application dans un autre onglet, " +
    "connectez-vous, puis recommencez ici.",
  404: "Cet élément n'existe plus ou n'est plus visible pour vous. Rechargez la page après avoir copié votre texte.",
  413: "L'envoi est trop lourd. Réduisez le texte ou le fichier, puis recommencez.",
  429: "Trop de demandes en peu de temps. Attendez une minute, puis recommencez.",
  login: "Votre session est terminée. Connectez-vous dans un autre onglet, puis recommencez ici.",
  other: "Le serveur a rencontré une erreur. Recommencez dans un instant ; si l'erreur revient, prévenez " +
    "l'administration technique.",
};

function announceFailure(status, writing) {
  const words = [
    writing ? "Non enregistré." : "La demande n'a pas abouti.",
    CAUSES[status] ?? CAUSES.other,
    writing ? "Votre texte est toujours dans la page." : "",
  ];
  const notice = document.createElement("div");
  notice.className = "notice notice-bad";
  const text = document.createElement("p");
  text.textContent = words.join(" ").trim();
  if (failure.textContent.startsWith(text.textContent)) return;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-quiet btn-sm";
  close.textContent = "Fermer";
  close.addEventListener("click", () => failure.replaceChildren());
  notice.append(text, close);
  failure.replaceChildren(notice);
}

function setStatus(element, state, words) {
  const status = element.closest(".cell-edit, form, .panel")?.querySelector(".save-status");
  if (!status) return;
  status.dataset.state = state;
  status.textContent = words;
}

function isWriting(event) {
  return event.detail.requestConfig?.verb !== "get";
}

// A request that repeats itself (a job's progress) sets data-silent: its failures are not announced.
function fail(event, status) {
  const { elt } = event.detail;
  if (elt.closest("[data-silent]")) return;
  announceFailure(status, isWriting(event));
  if (isWriting(event)) setStatus(elt, "error", "Non enregistré");
}

// Signing in again in another tab changes the token that forms carry: take today's from the cookie.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (!token) return;
  event.detail.headers["X-CSRFToken"] = token;
  delete event.detail.parameters.csrfmiddlewaretoken;
});

// Where the keyboard was when the request left, if it was in what sends or in what will be replaced.
const origins = new WeakMap();

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, xhr } = event.detail;
  const active = document.activeElement;
  if (active !== document.body && (elt.contains(active) || target?.contains(active))) origins.set(xhr, active);
  elt.setAttribute("aria-busy", "true");
  if (!isWriting(event)) return;
  failure.replaceChildren();
  setStatus(elt, "saving", "Enregistrement…");
});

// A button disabled during the request lost the focus: give it back.
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.elt.removeAttribute("aria-busy");
  const origin = origins.get(event.detail.xhr);
  if (origin?.isConnected && document.activeElement === document.body) origin.focus({ preventScroll: true });
});

document.addEventListener("htmx:responseError", (event) => fail(event, event.detail.xhr.status));
document.addEventListener("htmx:sendError", (event) => fail(event, 0));
document.addEventListener("htmx:timeout", (event) => fail(event, 0));

// A session that ended answers the sign-in page: never put it in the middle of a table.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.responseURL) return;
  if (new URL(xhr.responseURL).pathname !== document.body.dataset.loginUrl) return;
  event.detail.shouldSwap = false;
  fail(event, "login");
});

document.addEventListener("input", (event) => {
  if (event.target.closest("form[hx-post], form[hx-put], form[hx-patch]")) {
    setStatus(event.target, "unsaved", "Non enregistré");
  }
});

// When the swap took away what had the focus, it goes where the fragment says (data-focus), to an error, to the
// field being edited, back to the link that opened it, or to the fragment itself.
const PLACES =
  "[data-focus], .error-summary, [aria-invalid='true'], [autofocus], .cell-action, " +
  ".editor :is(textarea, select, input:not([type='hidden']))";

document.addEventListener("htmx:afterSettle", (event) => {
  const { target, xhr } = event.detail;
  if (!origins.has(xhr) || document.activeElement !== document.body) return;
  const place = document.getElementById(target.id) ?? target;
  if (!place.isConnected) return;
  const wanted = place.querySelector(PLACES) ?? place;
  if (wanted === place && !place.hasAttribute("tabindex")) place.tabIndex = -1;
  wanted.focus({ preventScroll: wanted === place });
});

// Back to a page whose parts were edited in place: the browser kept it as it first came, so it is asked for again.
// Back to a form: the browser puts what was typed into a fresh page; it was typed upon the version read at first.
const [visit] = performance.getEntriesByType("navigation");
const isBack = visit?.type === "back_forward";
const version = document.querySelector("main form > input[name='version']");
if (isBack && document.querySelector(".cell-edit")) window.location.reload();
if (isBack && version && history.state?.version) version.value = history.state.version;
else if (version) history.replaceState({ version: version.value }, "");

// Back from the browser's memory: buttons that waited for an answer work again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const element of document.querySelectorAll("[aria-busy='true']")) element.removeAttribute("aria-busy");
  for (const button of document.querySelectorAll("[data-disabled-by-htmx]")) button.disabled = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.user-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
