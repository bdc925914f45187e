// Starts GOV.UK and MoJ Frontend's components, and htmx. Every page works without.
import { initAll as startGovuk } from "../build/govuk-frontend.min.js";
import { initAll as startMoj } from "../build/moj-frontend.min.js";

startGovuk();
startMoj();
