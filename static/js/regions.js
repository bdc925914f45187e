// Parts of a page that htmx refreshes: says that something is under way, that it is done, and what went wrong. What stood
// there stays until there is something better. docs/design.md, "Filter forms".
const announcement = document.getElementById("announcement");

// A list that is chosen from by pointer takes effect at once. By keyboard every arrow key is a choice, so there it is
// the button, or Enter, that sends the form.
let byPointer = false;
document.addEventListener("pointerdown", () => { byPointer = true; }, true);
document.addEventListener("keydown", () => { byPointer = false; }, true);
document.addEventListener("change", ({ target }) => {
  if (byPointer && target.matches("form[hx-boost] select")) target.form.requestSubmit();
});

const loginPath = "/account/login/";

/** A sentence at the head of a region, with a way on; it takes the place of an earlier one. */
function say(region, sentence, href, link) {
  hush(region);
  const problem = document.createElement("div");
  problem.className = "app-region__problem";
  problem.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.className = "govuk-body";
  words.textContent = `${sentence} `;
  const way = document.createElement("a");
  way.className = "govuk-link";
  way.href = href;
  way.textContent = link;
  words.append(way);
  problem.append(words);
  region.prepend(problem);
}

const hush = (region) => region.querySelector(":scope > .app-region__problem")?.remove();

/** What the answer itself says is wrong: the product's pages for bad addresses hold one sentence. */
function sentenceOf(answer) {
  return new DOMParser().parseFromString(answer, "text/html").getElementById("problem")?.textContent.trim();
}

/** The address that was asked for, as a whole page. */
const whole = ({ pathInfo }) => pathInfo?.finalRequestPath || location.href;

document.body.addEventListener("htmx:beforeRequest", ({ detail }) => detail.target.setAttribute("aria-busy", "true"));
document.body.addEventListener("htmx:afterRequest", ({ detail }) => detail.target.removeAttribute("aria-busy"));

document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.responseURL && new URL(detail.xhr.responseURL).pathname === loginPath) {
    detail.shouldSwap = false;
    const next = encodeURIComponent(location.pathname + location.search);
    say(detail.target, "You have been signed out, so this is not up to date.", `${loginPath}?next=${next}`, "Sign in again");
  }
});

document.body.addEventListener("htmx:responseError", ({ detail }) => {
  const { status, response } = detail.xhr;
  const own = status === 400 || status === 404 ? sentenceOf(response) : "";
  const general = status < 500 ? "That could not be shown." : "Something went wrong on our side.";
  say(detail.target, `${own || general} What stands below is as it was.`, whole(detail), "Try it as a page of its own");
});

for (const event of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(event, ({ detail }) => {
    const sentence = "The server does not answer: check your connection. What stands below is as it was.";
    say(detail.target, sentence, whole(detail), "Try again");
  });
}

// Back and forward fetch what was there. Where that fails, the browser's own way shows what is wrong.
document.body.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());

// htmx gives the focus back to the element with the same id. Where that is gone, the reader goes on at the region's head.
document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  const region = document.getElementById("page");
  if (!region || !(detail.requestConfig?.boosted ?? detail.boosted)) return;
  if (document.activeElement === document.body) {
    const heading = region.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
  announcement.textContent = `Now showing ${document.title.replace(/ - [^-]*$/, "")}`;
});
