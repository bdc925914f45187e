// Starts the components of GOV.UK and MoJ Frontend; in what htmx brings in later as well. Every page works without.
// base.html preloads both: that is where their addresses, with the hash of the day, are known.
const kits = await Promise.all(
  Array.from(document.querySelectorAll("link[rel=modulepreload]"), ({ href }) => import(href)),
);
const start = (scope) => kits.forEach(({ initAll }) => initAll(scope));

// A column of figures that was not sorted begins with its largest, as its link does without scripts.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-module=moj-sortable-table] .govuk-table__header--numeric[aria-sort=none] > button");
  button?.parentElement.setAttribute("aria-sort", "ascending");  // which the kit then turns round
}, { capture: true });

// What waits on this device to be sent (phone.js) goes when its writer signs out.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[action='/account/logout/']")) return;
  const kept = Object.keys(localStorage).filter((name) => name.startsWith("pspo-actions-"));
  if (kept.length && !confirm("PSPO actions on this phone have not been sent. Signing out deletes them.")) event.preventDefault();
  else kept.forEach((name) => localStorage.removeItem(name));
});

start(document);
document.body.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt !== document.body) start(detail.elt);
});
