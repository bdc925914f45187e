// Runs before the page is drawn, so that components do not jump: tells GOV.UK Frontend's styles that scripts run.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
