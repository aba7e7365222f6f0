// Whose session this is and until when; prolonging it, and signing in again without leaving the page.

import { ask, post } from "./sending.js";

const page = document.body.dataset;
const isFrame = window.parent !== window;
const bar = document.getElementById("watch");
// Every page says that somebody is there: the tabs that wait for a sign-in or warn of the end ask the server again.
const tabs = new BroadcastChannel("session");

// Who opened this page; "" for nobody.
export const me = page.typedBy;

// { who, name, left } as the server knows it; null where it does not answer. Prolongs nothing.
async function knock() {
  const { status, data } = await ask(page.session);
  return status === 200 ? data : null;
}

// « here », « gone » (the session ended), « other » (somebody else's) or « silent » (no answer).
export async function whoIsThere() {
  const there = await knock();
  if (!there) return "silent";
  if (there.who === me) return "here";
  return there.who ? "other" : "gone";
}

// --- Signing in again ---

const SKELETON = `
  <h2 id="sign-in-title"></h2>
  <p class="sign-in-words"></p>
  <div class="sign-in-place"></div>
  <p class="errorlist" role="alert"></p>
  <div class="form-actions">
    <button class="btn btn-secondary" type="button" data-again></button>
    <button class="btn btn-quiet" type="button" data-later>Plus tard</button>
  </div>`;

let asked = null;

// True once the person who opened this page is there again; false when they put it off.
export function signIn() {
  asked ??= new SignIn().answer.finally(() => {
    asked = null;
  });
  return asked;
}

class SignIn {
  constructor() {
    this.answer = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.onTab = () => this.look();
    this.onFrame = ({ source, data }) => {
      if (data === "later" && source === this.place.querySelector("iframe")?.contentWindow) this.dialog.close();
    };
    this.start();
  }

  async start() {
    const there = await knock();
    if (there?.who === me) {
      this.resolve(true);
      return;
    }
    this.make();
    if (there?.who) this.showOther(there.name);
    else this.showSignIn();
    this.dialog.showModal();
    tabs.addEventListener("message", this.onTab);
    window.addEventListener("message", this.onFrame);
  }

  make() {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "sign-in-dialog";
    this.dialog.setAttribute("aria-labelledby", "sign-in-title");
    this.dialog.innerHTML = SKELETON;
    const part = (selector) => this.dialog.querySelector(selector);
    this.title = part("h2");
    this.words = part(".sign-in-words");
    this.place = part(".sign-in-place");
    this.alert = part("[role='alert']");
    this.again = part("[data-again]");
    part("[data-later]").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.end(false));
    document.body.append(this.dialog);
  }

  say(title, words, again, act) {
    this.title.textContent = title;
    this.words.textContent = words;
    this.again.textContent = again;
    this.again.onclick = act;
    this.alert.textContent = "";
    this.place.replaceChildren();
  }

  showSignIn() {
    const again = () => this.look(true);
    if (page.isGuest) {
      const words = "Rouvrez dans un autre onglet le lien reçu par courriel, puis réessayez ici. Votre saisie est toujours dans la page.";
      this.say("Votre accès est terminé", words, "Réessayer", again);
      return;
    }
    const words = "Votre saisie est toujours dans la page : elle s'enregistrera d'elle-même après la connexion.";
    this.say("Votre session est terminée", words, "Réessayer", again);
    const address = `${page.login}?next=${encodeURIComponent(page.signedIn)}`;
    const frame = document.createElement("iframe");
    frame.title = "Connexion";
    frame.src = address;
    // As tall as its page, for one place to scroll: the dialog.
    const grown = new ResizeObserver(([{ target }]) => {
      frame.style.height = `${target.offsetHeight}px`;
    });
    frame.addEventListener("load", () => {
      grown.disconnect();
      if (frame.contentDocument) grown.observe(frame.contentDocument.documentElement);
    });
    const outside = document.createElement("a");
    outside.href = address;
    outside.target = "_blank";
    outside.textContent = "Se connecter dans un autre onglet";
    const line = document.createElement("p");
    line.className = "meta";
    line.append(outside);
    this.place.append(frame, line);
  }

  showOther(name) {
    const words =
      `Dans ce navigateur, la session ouverte est maintenant celle de « ${name} ». Ce que vous avez écrit n'est pas ` +
      "envoyé sous ce nom : déconnectez cette personne, puis connectez-vous sous le vôtre.";
    this.say("Une autre personne s'est connectée", words, "Me reconnecter sous mon nom", async () => {
      await ask(page.logout, { method: "POST" });
      this.look(true);
    });
  }

  async look(isAsked = false) {
    const there = await knock();
    if (there?.who === me) {
      this.end(true);
      this.dialog.close();
    } else if (there?.who) this.showOther(there.name);
    else if (there && !this.place.hasChildNodes() && !page.isGuest) this.showSignIn();
    else if (isAsked)
      this.alert.textContent = there
        ? "La connexion n'est pas encore faite."
        : "Le serveur ne répond pas : vérifiez le réseau, puis réessayez.";
  }

  end(isBack) {
    this.resolve(isBack);
    tabs.removeEventListener("message", this.onTab);
    window.removeEventListener("message", this.onFrame);
    if (!this.dialog.open) this.dialog.remove();
  }
}

// --- The end of the session, told before it comes ---

const warning = Number(page.sessionWarning) * 1000;
const HOUR = new Intl.DateTimeFormat("fr-FR", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris" });
let endsAt = Number(page.sessionEnds) * 1000; // by the clock of this machine, until the server is asked
let timer;

function hourOf(time) {
  return HOUR.format(time).replace(":", "\u00a0h\u00a0");
}

function tell(words, label, act) {
  bar.replaceChildren();
  if (!words) return;
  const notice = document.createElement("div");
  notice.className = "notice notice-warn";
  const text = document.createElement("p");
  text.textContent = words;
  notice.append(text);
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", act);
    notice.append(button);
  }
  bar.append(notice);
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(look, Math.min(Math.max(0, endsAt - warning - Date.now()), 2 ** 31 - 1));
}

// Asks how long is left: once when the warning is due, once at the end, and when another tab says that somebody is there.
async function look() {
  clearTimeout(timer);
  const there = await knock();
  if (!there) {
    timer = setTimeout(look, 30000);
    return;
  }
  endsAt = Date.now() + there.left * 1000;
  if (there.who !== me) {
    tell("Votre session est terminée. Ce que vous avez écrit reste dans la page.", "Se connecter", async () => {
      if (await signIn()) look();
    });
  } else if (there.left * 1000 > warning) {
    tell("");
    plan();
  } else {
    tell(`Votre session se termine à ${hourOf(endsAt)}.`, "Prolonger la session", prolong);
    timer = setTimeout(look, there.left * 1000 + 1000);
  }
}

async function prolong() {
  const { status, data } = await post(page.prolong, new FormData());
  if (status !== 200) {
    look();
    return;
  }
  endsAt = Date.now() + data.left * 1000;
  tell(`Session prolongée jusqu'à ${hourOf(endsAt)}.`, "Fermer", () => tell(""));
  tabs.postMessage("here");
  plan();
}

// The Escape key in the frame never reaches the dialog around it.
if (isFrame)
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") window.parent.postMessage("later", window.location.origin);
  });

if (me) tabs.postMessage("here");
if (me && page.sessionEnds && !isFrame) {
  tabs.addEventListener("message", () => {
    if (bar.hasChildNodes() || Date.now() > endsAt - warning) look();
  });
  plan();
}
