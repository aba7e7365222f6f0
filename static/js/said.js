// What a fragment says that comes with its words: a screen reader speaks of a region only if it was there before them.

const region = document.getElementById("said");
const PAUSE = 50; // milliseconds, for the same words to be said twice

function say(words) {
  region.textContent = "";
  setTimeout(() => {
    region.textContent = words;
  }, PAUSE);
}

// A job that is asked after every second speaks when its words change.
document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  const part = target.matches("[data-said]") ? target : target.querySelector("[data-said]");
  const words = part?.textContent.replace(/\s+/g, " ").trim();
  if (words && (detail.requestConfig.verb !== "get" || words !== region.textContent)) say(words);
});
