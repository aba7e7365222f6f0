// What is typed in any form reaches the server once, in order, whatever happens to the network or to the session.
//
// A form that answers in place (hx-post) is sent again, the same, until the server has said what became of it; then what
// was typed since leaves in turn. A plain form asks first whether the server and the person are there, and leaves only
// then: otherwise the page stays. Without this script the server gives back what it could not take.

import { contentOf, fieldsOf, forget, forgetOwn, idOf, isKept, keep, ownDrafts, restore, sizeOf } from "./drafts.js";
import { announceFailure, clearFailure } from "./failure.js";
import { mayPass, pauseAfter, setStatus, SLOW, token, tryNow } from "./sending.js";
import { me, signIn, whoIsThere } from "./session.js";

const PAUSE = 300; // milliseconds without a key before a draft is kept
const PATIENCE = 30000; // milliseconds given to the server to answer a form
const TRIES = 8; // at a server that answers with an error
const TYPED = "textarea, select, input:not([type='hidden'], [type='submit'], [type='button'])";
const MOST = Number(document.body.dataset.most); // bytes of a form that the server reads
const MOST_PASTED = MOST / 4; // characters at once: several hundred pages
const WORD_WEIGHT = 40; // Word wraps a page of text in so many times its length of styles
const TOO_MUCH = "Collage refusé : c'est beaucoup trop long. Rien n'est parti, et ce qui était écrit est resté dans le champ.";
const GONE = "Non enregistré : votre session est terminée.";

const typed = new Set(); // the forms that hold something unsaved
const sendings = new WeakMap(); // form -> what left and has no answer yet
const drafting = new Map(); // form -> timer of its next draft
const known = new WeakSet(); // the forms whose draft was looked for
const waiting = new WeakSet(); // the plain forms that ask who is there
const cleared = new WeakSet(); // those that may leave
let isLeaving = false;

// The fields that a draft put back, for the form that saves itself.
export const putBack = new Set();

const isPost = (form) => form?.getAttribute("method")?.toLowerCase() === "post";
const isInPlace = (form) => form.hasAttribute("hx-post");
const isOwnSaver = (form) => form.id === "bilan"; // the questionnaire (answers.js)

// --- What the form says of itself ---

function statusOf(form) {
  let status = form.querySelector(".save-status") ?? form.closest(".cell-edit, .panel")?.querySelector(".save-status");
  if (!status) {
    status = document.createElement("p");
    status.className = "save-status";
    (form.querySelector(".form-actions, .button-row") ?? form).append(status);
  }
  status.setAttribute("role", "status");
  return status;
}

function tell(form, ...words) {
  setStatus(statusOf(form), ...words);
}

function tellUnsaved(form, isDraft) {
  const words = navigator.onLine ? "Non enregistré" : "Non enregistré : le réseau est coupé";
  tell(form, "unsaved", isDraft ? `${words} (brouillon gardé dans ce navigateur)` : words);
}

// --- Typing ---

document.addEventListener("input", (event) => {
  const form = event.target.form ?? event.target.closest("form");
  if (!isPost(form) || !me) return;
  typed.add(form);
  const isSilent = isOwnSaver(form) || sendings.get(form)?.pending || waiting.has(form);
  if (!isSilent && (isInPlace(form) || isKept(form))) tellUnsaved(form, false);
  clearTimeout(drafting.get(form));
  drafting.set(form, setTimeout(() => draft(form), PAUSE));
});

function draft(form) {
  clearTimeout(drafting.get(form));
  drafting.delete(form);
  if (!form.isConnected || !isKept(form)) return;
  const isDraft = keep(form);
  if (isOwnSaver(form) || sendings.get(form)?.pending || waiting.has(form)) return;
  if (statusOf(form).dataset.state !== "error") tellUnsaved(form, isDraft); // what went wrong stays until one types
}

export function saved(form) {
  clearTimeout(drafting.get(form));
  drafting.delete(form);
  typed.delete(form);
  forget(form);
}

export function keepDraft(form) {
  if (isKept(form)) keep(form);
}

for (const event of ["offline", "online"])
  window.addEventListener(event, () => {
    for (const form of typed) if (form.isConnected && !isOwnSaver(form) && !sendings.get(form)?.pending) tellUnsaved(form, isKept(form));
  });

window.addEventListener("pagehide", () => {
  for (const form of [...drafting.keys()]) draft(form);
});

// A draft brings the page back as it was; nothing else would.
window.addEventListener("beforeunload", (event) => {
  const isLost = (form) => form.isConnected && !isKept(form) && !isOwnSaver(form);
  if (!isLeaving && [...typed].some(isLost)) event.preventDefault();
});

function setUp(root) {
  for (const form of root.querySelectorAll("form")) {
    if (!isPost(form) || known.has(form) || !form.querySelector(TYPED)) continue;
    known.add(form);
    if (me && !isOwnSaver(form)) statusOf(form); // there before its first words
    const changed = restore(form, (form) => {
      typed.delete(form);
      if (!isOwnSaver(form)) tell(form, "saved", "Texte enregistré repris");
    });
    for (const field of changed) putBack.add(field);
    if (changed.length) typed.add(form);
  }
}

// « Annuler » gives the draft up; signing out gives up all of one's own.
document.addEventListener("click", (event) => {
  const form = event.target.closest(".form-actions a")?.closest("form");
  if (form && isPost(form)) saved(form);
});

// --- Too long ---

// A book pasted by mistake would freeze the field before anything could refuse it.
document.addEventListener(
  "paste",
  (event) => {
    const form = event.target.closest?.("form");
    const length = (type) => event.clipboardData.getData(type).length;
    if (!isPost(form) || Math.max(length("text/plain"), length("text/html") / WORD_WEIGHT) <= MOST_PASTED) return;
    event.preventDefault();
    event.stopPropagation();
    tell(form, "error", TOO_MUCH);
  },
  { capture: true },
);

function isTooLong(form) {
  let size = sizeOf(form);
  if (size <= MOST && form.getAttribute("enctype") !== "multipart/form-data")
    size = new URLSearchParams(fieldsOf(form).map(({ name, value }) => [name, value])).toString().length;
  if (size <= MOST) return false;
  const longest = fieldsOf(form).reduce((one, other) => (other.value.length > one.value.length ? other : one));
  const words =
    `Non enregistré : ce texte est beaucoup trop long (plus de ${Math.floor(MOST / 1024 ** 2)} Mo). Rien n'est parti et ` +
    "il est resté dans le champ : raccourcissez-le ou répartissez-le.";
  tell(form, "error", words);
  longest.focus();
  return true;
}

// --- Forms that answer in place ---

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, headers, verb, parameters, formData } = event.detail;
  if (token()) {
    headers["X-CSRFToken"] = token();
    delete parameters.csrfmiddlewaretoken;
  }
  headers["X-Typed-By"] = me;
  const form = elt.closest("form");
  if (verb === "get" || !form) return;
  if (isTooLong(form)) {
    event.preventDefault();
    return;
  }
  event.detail.timeout = PATIENCE;
  const sending = sendings.get(form) ?? { tries: 0, refusals: 0, pending: null };
  sendings.set(form, sending);
  if (!sending.pending) {
    sending.pending = [...formData];
    sending.content = JSON.stringify(contentOf(form));
    if (typed.has(form)) draft(form); // an older one would come back over what the server returns
    return;
  }
  for (const name of new Set(formData.keys())) formData.delete(name);
  for (const [name, value] of sending.pending) formData.append(name, value);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form");
  const sending = form && sendings.get(form);
  if (!sending?.pending || event.detail.requestConfig.verb === "get") return;
  clearFailure();
  // A form of buttons alone asks for something: what answers it says so, in its own place.
  if (!sending.tries && form.querySelector(TYPED)) tell(form, "saving", "Enregistrement…");
  clearTimeout(sending.slow);
  sending.slow = setTimeout(() => tell(form, "unsaved", "Non enregistré : le serveur tarde à répondre"), SLOW);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  const { elt, verb } = requestConfig; // what asked; the event itself comes from the place of the answer
  const form = elt.closest("form");
  const sending = form && sendings.get(form);
  if (!sending?.pending || verb === "get") return;
  if (xhr.status >= 400 && ![409, 422].includes(xhr.status)) return;
  clearTimeout(sending.slow);
  const hasMore = elt === form && form.isConnected && JSON.stringify(contentOf(form)) !== sending.content;
  sendings.delete(form);
  const version = xhr.getResponseHeader("X-Version");
  if (hasMore && (xhr.status >= 400 || version)) {
    // Typed while the answer was on its way: the place stays as it is, and this leaves in turn.
    event.detail.shouldSwap = false;
    if (version) form.elements.version.value = version;
    setTimeout(() => window.htmx.trigger(form, "submit"));
  } else if (xhr.status < 400) saved(form);
});

// Whether somebody takes care of what failed, who will say what became of it.
export function takesCare(event) {
  const { elt, xhr, requestConfig } = event.detail;
  const form = elt.closest("form");
  if (requestConfig?.verb === "get" || !form || !sendings.get(form)?.pending) return false;
  sendAgain(form, elt, xhr?.status ?? 0);
  return true;
}

async function sendAgain(form, elt, status) {
  const sending = sendings.get(form);
  clearTimeout(sending.slow);
  const again = () => {
    if (form.isConnected) window.htmx.trigger(elt, elt === form ? "submit" : "change");
  };
  if (mayPass(status) && (status === 0 || sending.tries < TRIES)) {
    tell(form, "error", "Non enregistré, nouvelle tentative…", tryNow);
    await pauseAfter(sending.tries);
    sending.tries += 1;
    again();
  } else if ((status === 401 || status === 403) && sending.refusals < 2) {
    sending.refusals += 1;
    tell(form, "error", GONE);
    if (await signIn()) again();
    else tell(form, "error", GONE, () => sendAgain(form, elt, status), "Se connecter");
  } else {
    sendings.delete(form);
    announceFailure(status, true);
    tell(form, "error", "Non enregistré");
  }
}

// --- Plain forms ---

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isPost(form) || !me) return;
  if (form.getAttribute("action") === document.body.dataset.logout) {
    leave(event);
    return;
  }
  if (isInPlace(form) || !form.querySelector(TYPED) || form.querySelector("[type='password']")) return;
  if (cleared.has(form)) {
    cleared.delete(form);
    isLeaving = true;
    return;
  }
  event.preventDefault();
  if (!waiting.has(form) && !isTooLong(form)) depart(form, event.submitter);
});

function leave(event) {
  const count = ownDrafts().length;
  const words = `${count > 1 ? `${count} brouillons ne sont pas enregistrés` : "Un brouillon n'est pas enregistré"} : se déconnecter l'efface${count > 1 ? "ra tous" : ""}. Se déconnecter quand même ?`;
  if (count && !window.confirm(words)) event.preventDefault();
  else forgetOwn();
}

// Leaves once the server answers and the person who typed is there.
async function depart(form, submitter) {
  waiting.add(form);
  const isBack = await untilThere(form, submitter);
  waiting.delete(form);
  if (!isBack || !form.isConnected) return;
  stamp(form);
  cleared.add(form);
  form.requestSubmit(submitter);
}

async function untilThere(form, submitter) {
  for (let tries = 0; form.isConnected; tries += 1) {
    const there = await whoIsThere();
    if (there === "here") return true;
    if (there === "silent") {
      tell(form, "error", "Non enregistré, nouvelle tentative…", tryNow);
      await pauseAfter(tries);
      continue;
    }
    tell(form, "error", GONE);
    if (await signIn()) continue;
    tell(form, "error", GONE, () => depart(form, submitter), "Se connecter");
    return false;
  }
  return false;
}

// Today's token; who typed it; which draft is saved with it.
function stamp(form) {
  if (typed.has(form)) draft(form);
  const values = { csrfmiddlewaretoken: token(), typed_by: me, draft_id: idOf(form) };
  for (const [name, value] of Object.entries(values)) {
    if (!value) continue;
    let field = form.elements[name];
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      form.append(field);
    }
    field.value = value;
  }
}

window.addEventListener("pageshow", () => {
  isLeaving = false;
});

setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.detail.elt.parentElement ?? event.detail.elt));
