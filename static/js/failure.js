// What the page says of a request that did not succeed, above everything else.

const failure = document.getElementById("failure");

const CAUSES = {
  0: "La connexion avec le serveur est coupée. Vérifiez le réseau, puis recommencez.",
  401: "Votre session est terminée. Connectez-vous, puis recommencez ici.",
  403: "Cette action vous est refusée : votre habilitation ne la permet pas, ou plus.",
  404: "Cet élément n'existe plus ou n'est plus visible pour vous. Rechargez la page après avoir copié votre texte.",
  413: "L'envoi est trop lourd. Réduisez le texte ou le fichier, puis recommencez.",
  429: "Trop de demandes en peu de temps. Attendez une minute, puis recommencez.",
  other: "Le serveur a rencontré une erreur. Recommencez dans un instant ; si l'erreur revient, prévenez " +
    "l'administration technique.",
};

export function announceFailure(status, isWriting) {
  const words = [
    isWriting ? "Non enregistré." : "La demande n'a pas abouti.",
    CAUSES[status] ?? CAUSES.other,
    isWriting ? "Votre texte est toujours dans la page." : "",
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
  close.addEventListener("click", clearFailure);
  notice.append(text, close);
  failure.replaceChildren(notice);
}

export function clearFailure() {
  failure.replaceChildren();
}
