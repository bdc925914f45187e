// Starts the components of GOV.UK and MoJ Frontend; in what htmx brings in later as well. Every page works without.
import { initAll as startGovuk } from "../build/govuk-frontend.min.js";
import { initAll as startMoj } from "../build/moj-frontend.min.js";

startGovuk();
startMoj();
document.body.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt === document.body) return;
  startGovuk(detail.elt);
  startMoj(detail.elt);
});
