// A figure of the report, or of a text being written, opens its explanation over the page; so does what the State asks
// about it. Without scripts, or where the answer does not come, the link leads to its own page.

const PAGES = ["/chiffres-expliques/", "/demandes/nouvelle/"];
let dialog, origin;

function makeDialog() {
  dialog = document.createElement("dialog");
  dialog.className = "explanation-dialog";
  dialog.setAttribute("aria-labelledby", "explication");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-secondary btn-sm";
  close.textContent = "Fermer";
  close.addEventListener("click", () => dialog.close());
  const content = document.createElement("div");
  content.className = "explanation";
  dialog.append(close, content);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // the page around it
  });
  dialog.addEventListener("close", () => origin?.focus({ preventScroll: true }));
  document.body.append(dialog);
}

function show(html, link) {
  if (!dialog) makeDialog();
  dialog.lastElementChild.innerHTML = html;
  window.htmx.process(dialog.lastElementChild); // a form in it answers in its place
  dialog.scrollTop = 0;
  if (dialog.open) return;
  origin = link;
  dialog.showModal();
}

async function open(link) {
  link.setAttribute("aria-busy", "true");
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  link.removeAttribute("aria-busy");
  // A session that ended answers the sign-in page: its own page says so better.
  if (answer?.ok && !answer.redirected) show(await answer.text(), link);
  else window.location.assign(link.href);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!PAGES.some((page) => link?.pathname.includes(page)) || event.defaultPrevented) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link);
});
