// The file that is checked stays on this computer: its fingerprint alone is sent, through the form beside.
// Without this script, or where the browser computes none (no HTTPS), the form sends the file, which is not kept.

const form = document.querySelector("[data-verify]");
const file = form.elements.fichier;
const status = form.querySelector("[data-status]");
const byFingerprint = document.getElementById("by-fingerprint");
const MOST = 200 * 1024 * 1024; // bytes that are read in memory at once

async function fingerprintOf(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function check(blob) {
  if (blob.size > MOST) {
    status.textContent = "Ce fichier dépasse 200 Mo : ce n'est pas un rapport de cette application.";
    return;
  }
  status.textContent = `Calcul de l'empreinte de ${blob.name}…`;
  try {
    byFingerprint.elements.empreinte.value = await fingerprintOf(blob);
  } catch {
    status.textContent = "Ce fichier n'a pas pu être lu : choisissez-le de nouveau. Un dossier ne se vérifie pas.";
    return;
  }
  byFingerprint.requestSubmit();
}

if (window.crypto?.subtle) {
  form.querySelector("[data-without-script]").hidden = true;
  form.querySelector("[data-with-script]").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (file.files.length) check(file.files[0]);
  });
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => event.preventDefault());
  }
  document.addEventListener("drop", (event) => {
    const [dropped] = event.dataTransfer.files;
    if (dropped) check(dropped);
  });
}
