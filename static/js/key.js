// A security key that does not answer: said in the page, in French. The rest is allauth's.

const trouble = document.getElementById("key-trouble");

const CAUSES = {
  NotAllowedError: "La clé n'a pas répondu, ou vous avez annulé. Recommencez, ou utilisez un code.",
  InvalidStateError: "Cette clé est déjà enregistrée pour votre compte.",
  SecurityError: "Cette adresse n'est pas celle où la clé peut servir. Ouvrez l'application par son adresse habituelle.",
  other: "Ce navigateur ne sait pas se servir de cette clé. Utilisez un code.",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  trouble.textContent = CAUSES[event.detail.exception?.name] ?? CAUSES.other;
});
