// The partner's form saves itself, answer by answer. Without this script its button does the same.
//
// One request at a time per answer, in order: what left is sent again, the same, until the server has said what became
// of it; only then does what was typed since leave. The server takes the same content twice for one save.

import { keepDraft, putBack, saved } from "./forms.js";
import { mayPass, pause, pauseAfter, post, setStatus, SLOW, tryNow } from "./sending.js";
import { signIn } from "./session.js";

const TYPING = 600; // milliseconds without a key before an answer leaves
const MOST = 200000; // characters of one answer; the server says what its own limit is

const page = document.getElementById("bilan");
const pageStatus = document.getElementById("etat-page");
const answers = [];

function tellPage() {
  const waiting = answers.filter((answer) => answer.isUnsaved).length;
  const refused = answers.filter((answer) => answer.isRefused).length;
  const words = waiting
    ? `Non enregistré : ${waiting} réponse${waiting > 1 ? "s" : ""}${refused ? `, dont ${refused} à corriger` : ""}`
    : "Tout est enregistré";
  const state = waiting ? "unsaved" : "saved";
  if (pageStatus.textContent !== words) setStatus(pageStatus, state, words);
  if (waiting) keepDraft(page);
  else saved(page);
}

function show(places) {
  for (const [id, html] of Object.entries(places)) {
    const place = document.getElementById(id);
    if (!place) continue;
    const isOpen = place.querySelector("details")?.open;
    place.innerHTML = html; // a fragment of our own server, where everything typed is escaped
    const details = place.querySelector("details");
    if (details && isOpen) details.open = true;
  }
}

class Answer {
  constructor(box) {
    this.box = box;
    this.url = box.dataset.save ?? box.dataset.join;
    this.status = box.querySelector(".save-status");
    this.version = box.querySelector("[name$='-version']");
    this.isChanged =
      box.classList.contains("has-error") ||
      Boolean(box.querySelector(".has-error")) ||
      this.fields().some((field) => putBack.has(field));
    this.isHeld = Boolean(box.querySelector(".question-slot > *")); // in conflict: its author chooses first
    this.pending = null;
    this.isSending = false;
    this.isRefused = false;
  }

  get isUnsaved() {
    return (
      this.isChanged || this.pending !== null || this.isRefused || this.isHeld
    );
  }

  fields() {
    return [
      ...this.box.querySelectorAll("input, select, textarea"),
    ].filter((field) => field.name);
  }

  content() {
    const data = new FormData();
    for (const field of this.fields()) {
      if (field.type === "file") {
        if (field.files[0]) data.append(field.name, field.files[0]);
      } else if (field.type !== "radio" || field.checked)
        data.append(field.name, field.value);
    }
    return data;
  }

  tell(...words) {
    setStatus(this.status, ...words);
    tellPage();
  }

  changed() {
    this.isChanged = true;
    this.isRefused = false;
    if (this.isHeld) return;
    if (!this.isSending) this.tell("unsaved", "Non enregistré");
    else tellPage();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), TYPING);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.isSending || this.isHeld) return;
    this.isSending = true;
    let tries = 0;
    let refusals = 0;
    while (this.isChanged || this.pending) {
      if (!this.pending) {
        this.pending = this.content();
        this.isChanged = false;
      }
      if (this.isTooLong()) break;
      const slow = setTimeout(
        () => this.tell("unsaved", "Non enregistré : le serveur tarde à répondre"),
        tries ? 0 : SLOW,
      );
      if (!tries) this.tell("saving", "Enregistrement…");
      const { status, data } = await post(this.url, this.pending);
      clearTimeout(slow);
      if (mayPass(status)) {
        this.tell("error", "Non enregistré, nouvelle tentative…", tryNow);
        await pauseAfter(tries);
        tries += 1;
        continue;
      }
      tries = 0;
      if ((status === 401 || status === 403) && refusals < 2) {
        refusals += 1;
        this.tell("error", page.dataset.signedOut);
        if (await signIn()) continue;
      }
      if (!this.settle(status, data)) break;
    }
    this.isSending = false;
    tellPage();
  }

  isTooLong() {
    for (const value of this.pending.values()) {
      if (typeof value !== "string" || value.length <= MOST) continue;
      this.pending = null;
      this.isRefused = true;
      this.tell(
        "error",
        "Non enregistré : ce texte est beaucoup trop long, raccourcissez-le.",
      );
      return true;
    }
    return false;
  }

  // Whether what was typed meanwhile may leave in turn.
  settle(status, data) {
    if (status === 200) {
      this.pending = null;
      this.accepted(data);
      return true;
    }
    if (status === 422) {
      this.pending = null;
      this.isRefused = true;
      this.refused(data.errors);
      return this.isChanged;
    }
    if (status === 409) {
      this.pending = null;
      this.conflict(data);
      return false;
    }
    const retry = () => this.save();
    if (status === 401 || status === 403) this.tell("error", page.dataset.signedOut, retry, "Se connecter");
    else this.tell("error", "Non enregistré. Cette page n'est plus ouverte pour vous : copiez votre saisie, puis rechargez la page.", retry);
    return false;
  }

  accepted(data) {
    this.isRefused = false;
    if (this.version) this.version.value = data.version;
    this.showErrors({});
    for (const field of this.fields()) if (field.type === "file") field.value = "";
    show(data.places);
    if (!this.isChanged) this.tell("saved", data.words);
  }

  refused(errors) {
    this.showErrors(errors);
    this.tell("error", "Non enregistré : corrigez la réponse");
  }

  showErrors(errors) {
    this.box.classList.toggle("has-error", Object.keys(errors).length > 0);
    for (const list of this.box.querySelectorAll(".errorlist")) {
      const name = list.dataset.errors ?? "";
      const sentences = errors[name] ?? [];
      list.replaceChildren(
        ...sentences.map((sentence) => {
          const item = document.createElement("li");
          item.textContent = sentence;
          return item;
        }),
      );
      list.closest(".field")?.classList.toggle("has-error", sentences.length > 0);
      for (const field of this.fields()) {
        if (field.name !== name || field.type === "hidden") continue;
        field.toggleAttribute("aria-invalid", sentences.length > 0);
        if (sentences.length) {
          field.setAttribute("aria-invalid", "true");
          if (list.id) field.setAttribute("aria-describedby", list.id);
        } else if (field.getAttribute("aria-describedby") === list.id)
          field.removeAttribute("aria-describedby");
      }
    }
  }

  conflict({ html, fields }) {
    this.isHeld = true;
    this.theirs = fields;
    this.box.querySelector(".question-slot").innerHTML = html;
    this.tell("error", "Non enregistré : une autre réponse l'a été");
  }

  choose(isMine) {
    if (!this.theirs) return false; // this notice came with the page, which the server has to make again
    this.box.querySelector(".question-slot").replaceChildren();
    for (const field of this.fields()) {
      if (field.name.endsWith("-version")) field.value = this.theirs[field.name];
      else if (isMine) continue;
      else if (field.type === "radio")
        field.checked = field.value === this.theirs[field.name];
      else field.value = this.theirs[field.name] ?? "";
    }
    this.isHeld = false;
    this.theirs = null;
    this.isChanged = isMine;
    const first = this.fields().find((field) => field.type !== "hidden");
    first?.focus();
    if (isMine) this.save();
    else {
      this.showErrors({});
      this.tell("saved", "Réponse reprise");
    }
    return true;
  }

  // « Non disponible » empties the number, which comes back with « Chiffre »; typing a number chooses « Chiffre ».
  agree(field) {
    const isAmount = field.matches(".amounts input");
    const given = this.box.querySelector("[type=radio][value=given]");
    if (!given) return;
    if (isAmount && field.value.trim()) given.checked = true;
    if (field.type !== "radio") return;
    for (const amount of this.box.querySelectorAll(".amounts input")) {
      if (field === given) amount.value ||= amount.dataset.kept ?? "";
      else if (amount.value) {
        amount.dataset.kept = amount.value;
        amount.value = "";
      }
    }
  }
}

function answerOf(element) {
  const box = element.closest("[data-save], [data-join]");
  return answers.find((answer) => answer.box === box);
}

function isSettled() {
  return answers.every((answer) => !answer.isSending);
}

// Saves everything now; true once all of it is.
async function saveAll() {
  for (const answer of answers) if (answer.isChanged || answer.pending) answer.save();
  const limit = Date.now() + 4000;
  while (!isSettled() && Date.now() < limit) await pause(100);
  return answers.every((answer) => !answer.isUnsaved);
}

function goToFirstUnsaved() {
  const unsaved = answers.find((answer) => answer.isUnsaved);
  const field =
    unsaved.box.querySelector("[aria-invalid='true'], .question-slot button") ??
    unsaved.fields().find((field) => field.type !== "hidden");
  field.focus();
  setStatus(
    pageStatus,
    "error",
    "Une réponse n'est pas enregistrée : corrigez-la, ou attendez le réseau, avant de continuer.",
  );
}

async function removeDocument(button) {
  const answer = answerOf(button);
  const { status, data } = await post(button.dataset.remove, new FormData());
  if (status === 200) {
    show(data.places);
    answer.tell("saved", data.words);
    answer.box.querySelector("[type=file]").focus();
  } else if (status === 422) answer.refused(data.errors);
  else
    answer.tell(
      "error",
      "Le fichier n'a pas été retiré : vérifiez le réseau et votre session, puis recommencez.",
    );
}

for (const box of page.querySelectorAll("[data-save], [data-join]"))
  answers.push(new Answer(box));
page.classList.add("has-script");

page.addEventListener("input", (event) => {
  const answer = answerOf(event.target);
  if (!answer || event.target.type === "file") return;
  answer.agree(event.target);
  answer.changed();
});

page.addEventListener("change", (event) => {
  const answer = answerOf(event.target);
  if (!answer) return;
  if (event.target.type === "file" && !event.target.files.length) return;
  if (event.target.type === "file") answer.isChanged = true;
  if (answer.isChanged) answer.save();
});

page.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const answer = button && answerOf(button);
  if (button?.name === "take" || button?.name === "keep") {
    if (answer.choose(button.name === "keep")) event.preventDefault();
    else leaving = true;
    return;
  }
  event.preventDefault();
  if (button?.name === "remove") {
    removeDocument(button);
    return;
  }
  if (!(await saveAll())) goToFirstUnsaved();
  else if (button?.name === "send") window.location.assign(page.dataset.send);
  else tellPage();
});

let leaving = false;
window.addEventListener("beforeunload", (event) => {
  if (!leaving && answers.some((answer) => answer.isUnsaved)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  for (const answer of answers) if (answer.pending) answer.save();
});

// What a draft put back leaves at once, upon the version that it was typed on.
for (const answer of answers) if (answer.isChanged && answer.fields().some((field) => putBack.has(field))) answer.save();
