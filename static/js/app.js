// What the pages gain when scripts run: a failed request says so, the keyboard stays where the work is.
// Nothing here is needed to finish a task.

import { announceFailure } from "./failure.js";
import { takesCare } from "./forms.js";
import "./said.js";

function isWriting(event) {
  return event.detail.requestConfig?.verb !== "get";
}

// A request that repeats itself (a job's progress) sets data-silent: its failures are not announced.
function fail(event, status) {
  if (takesCare(event) || event.detail.elt.closest("[data-silent]")) return;
  announceFailure(status, isWriting(event));
}

// Where the keyboard was when the request left, if it was in what sends or in what will be replaced.
const origins = new WeakMap();

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, xhr } = event.detail;
  const active = document.activeElement;
  if (active !== document.body && (elt.contains(active) || target?.contains(active))) origins.set(xhr, active);
  elt.setAttribute("aria-busy", "true");
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

// htmx notes the address of each page for a history that is off here; that of a register holds the code of a household.
sessionStorage.removeItem("htmx-current-path-for-history");

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
