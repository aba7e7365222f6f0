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

function announceFailure(status) {
  const notice = document.createElement("div");
  notice.className = "notice notice-bad";
  const text = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = "Non enregistré. ";
  text.append(strong, CAUSES[status] ?? CAUSES.other, " Votre texte est toujours dans la page.");
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

function fail(event, status) {
  if (event.detail.elt.closest("[data-silent]")) return;
  announceFailure(status);
  if (isWriting(event)) setStatus(event.detail.elt, "error", "Non enregistré");
}

document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.elt.setAttribute("aria-busy", "true");
  if (isWriting(event)) setStatus(event.detail.elt, "saving", "Enregistrement…");
});

document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.elt.removeAttribute("aria-busy");
  if (event.detail.successful) failure.replaceChildren();
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

// After a swap the focus goes where the fragment says (data-focus), to an error, to the field being edited,
// or back to the link that opened it; only when the swap took it away.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const { target } = event.detail;
  const place = target.id ? document.getElementById(target.id) : target;
  if (!place?.isConnected) return;
  const wanted = place.querySelector(
    "[data-focus], .error-summary, [aria-invalid='true'], [autofocus], .is-editing textarea, .is-editing input, .cell-action",
  );
  (wanted ?? (place.hasAttribute("tabindex") ? place : null))?.focus({ preventScroll: Boolean(wanted?.matches(".cell-action")) });
});

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
