// Starts the components of GOV.UK and MoJ Frontend; in what htmx brings in later as well. Every page works without.
// base.html preloads both: that is where their addresses, with the hash of the day, are known.
const kits = await Promise.all(
  Array.from(document.querySelectorAll("link[rel=modulepreload]"), ({ href }) => import(href)),
);
const start = (scope) => kits.forEach(({ initAll }) => initAll(scope));

start(document);
document.body.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt !== document.body) start(detail.elt);
});
