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

start(document);
document.body.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt !== document.body) start(detail.elt);
});
