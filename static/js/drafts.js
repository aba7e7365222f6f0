// Drafts: what is typed and not yet saved, kept in this browser for whoever typed it, and for them alone.
//
// Only the pages that ask for it (data-drafts: the texts and figures of an exercise) have any: a row of a register never
// enters the browser's storage. A draft goes when the form is saved, given up, at signing out, or after DAYS.

import { me } from "./session.js";

const DAYS = 7;
const MOST = 1_000_000; // characters; a longer draft would fill what the browser lends us
const PREFIX = "brouillon:";
const FIELDS = "textarea, select, input:not([type='submit'], [type='button'], [type='file'], [type='password'])";
const OURS = ["csrfmiddlewaretoken", "typed_by", "draft_id"];
const ANSWERED = "[aria-invalid='true'], [role='alert']:not(:empty)"; // the server refused, or shows a conflict
const AT = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Paris" });

export function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.matches(FIELDS) && !OURS.includes(field.name));
}

// How many characters it holds, at the least: cheap, whatever was pasted.
export function sizeOf(form) {
  return fieldsOf(form).reduce((sum, field) => sum + field.name.length + field.value.length, 0);
}

const isMark = (field) => field.type === "checkbox" || field.type === "radio";

// What a form holds: [[name, value of a box or "", value or whether it is ticked]…].
export function contentOf(form) {
  return fieldsOf(form).map((field) =>
    isMark(field) ? [field.name, field.value, field.checked] : [field.name, "", field.value],
  );
}

// Puts it back; the fields that changed. With them the hidden ones: the version upon which all this was typed. Not where
// the server has just answered, with the version that it now has.
function putBack(form, content) {
  const fields = fieldsOf(form);
  const isAnswer = Boolean(form.querySelector(ANSWERED));
  const changed = [];
  for (const [name, value, state] of content) {
    const index = fields.findIndex((field) => field.name === name && (!isMark(field) || field.value === value));
    if (index < 0) continue;
    const [field] = fields.splice(index, 1);
    const isHidden = field.type === "hidden";
    const property = isMark(field) ? "checked" : "value";
    if (field[property] !== state && !(isHidden && isAnswer)) changed.push({ field, property, state, isHidden });
  }
  if (changed.every(({ isHidden }) => isHidden)) return [];
  for (const { field, property, state } of changed) field[property] = state;
  const shown = changed.filter(({ isHidden }) => !isHidden).map(({ field }) => field);
  for (const field of shown) field.dispatchEvent(new Event("putback"));
  return shown;
}

// Whose it is, where the form leads, and its first field: forms of a page may lead to the same place.
function keyOf(form) {
  const address = new URL(form.getAttribute("action") || window.location.href, window.location.href);
  const first = fieldsOf(form).find((field) => field.type !== "hidden");
  return `${PREFIX}${me}:${address.pathname}#${first?.id || first?.name}`;
}

function read(key) {
  return JSON.parse(localStorage.getItem(key));
}

export function isKept(form) {
  return Boolean(me) && "drafts" in document.body.dataset && !form.closest("[data-no-draft]");
}

// Whether the draft is kept: a browser may refuse, and a text be too long for it.
export function keep(form) {
  if (sizeOf(form) > MOST) return false;
  const content = contentOf(form);
  const id = read(keyOf(form))?.id ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join("");
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ id, at: Date.now(), content }));
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    return false;
  }
  return true;
}

const hex = (byte) => byte.toString(16).padStart(2, "0");

export function idOf(form) {
  return isKept(form) ? (read(keyOf(form))?.id ?? "") : "";
}

export function forget(form) {
  if (isKept(form)) localStorage.removeItem(keyOf(form));
}

// Puts the draft of a form back into it, and says so; the fields that it changed.
export function restore(form, onGivenUp) {
  const draft = isKept(form) ? read(keyOf(form)) : null;
  if (!draft) return [];
  const served = contentOf(form);
  const changed = putBack(form, draft.content);
  if (changed.length) tell(form, draft, served, onGivenUp);
  else if (!form.querySelector(ANSWERED)) forget(form);
  return changed;
}

function tell(form, draft, served, onGivenUp) {
  const notice = document.createElement("div");
  notice.className = "notice draft-notice";
  const words = document.createElement("p");
  words.dataset.said = "";
  words.textContent = `Brouillon du ${AT.format(draft.at).replace(/(\d):(\d)/, "$1\u00a0h\u00a0$2")}, retrouvé dans ce navigateur : il n'est pas encore enregistré.`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet btn-sm";
  button.textContent = "Revenir au texte enregistré";
  button.addEventListener("click", () => {
    putBack(form, served);
    forget(form);
    notice.remove();
    onGivenUp(form);
  });
  notice.append(words, button);
  form.prepend(notice);
}

function all() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => [key, read(key)]);
}

// Those of the person who signs out.
export function ownDrafts() {
  return all().filter(([key]) => key.startsWith(`${PREFIX}${me}:`));
}

export function forgetOwn() {
  for (const [key] of ownDrafts()) localStorage.removeItem(key);
}

// What the server says it saved, by a cookie that lives until the next page; and what is too old.
const saved = document.cookie.match(/(?:^|; )saved_draft=([0-9a-f]{32})/)?.[1];
if (saved) document.cookie = "saved_draft=; path=/; max-age=0; samesite=lax";
for (const [key, draft] of all())
  if (draft.id === saved || draft.at < Date.now() - DAYS * 86_400_000) localStorage.removeItem(key);
