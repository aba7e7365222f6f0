// What a screen reader would say of the changes of a page: an alert, and what changes in a region that was there before.
// Words that nobody hears, and an act after which nothing is said and the focus stays, are errors of the console.
(() => {
  const LIVE = "[role='status'], [role='alert'], [aria-live]";
  const SAID = "[role='status'], [data-said]";
  const TURN = 50; // milliseconds
  const TURNS = 5;
  const known = new WeakSet();
  const heard = new Set();
  let count = 0; // of what was said
  let changes = 0;

  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();

  // After several turns rather than one delay: on a slow machine, what the page itself has to do later still comes first.
  function soon(act, turns = TURNS) {
    setTimeout(() => (turns > 1 ? soon(act, turns - 1) : act()), TURN);
  }

  function hear(element) {
    heard.add(words(element));
    count += 1;
  }

  function check() {
    for (const element of document.querySelectorAll(SAID))
      if (words(element) && element.checkVisibility() && !heard.has(words(element)))
        console.error(`nobody hears: « ${words(element)} »`);
  }

  function onChange(records) {
    const changed = new Set();
    for (const { target, type } of records) {
      const region = type !== "attributes" && (target.closest ? target : target.parentElement)?.closest(LIVE);
      if (region && known.has(region)) changed.add(region);
    }
    for (const region of document.querySelectorAll(LIVE)) {
      if (region.role === "alert" && !known.has(region)) changed.add(region);
      if (region.checkVisibility()) known.add(region);
      else known.delete(region);
    }
    changed.forEach(hear);
    changes += 1;
    const last = changes;
    soon(() => last === changes && check());
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(SAID).forEach(hear); // read with the page
    onChange([]);
    new MutationObserver(onChange).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });

  // What was said when the answer came, or when the request left if none came; where the keyboard was when it left.
  const focuses = new WeakMap();
  const counts = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail: { xhr } }) => {
    focuses.set(xhr, document.activeElement);
    counts.set(xhr, count);
  });
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => counts.set(xhr, count));
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
    if (requestConfig.verb === "get") return;
    soon(() => {
      const isMoved = ![focuses.get(xhr), document.body].includes(document.activeElement);
      if (count === counts.get(xhr) && !isMoved) console.error(`nothing is said of ${requestConfig.path}`);
    });
  });
})();
