// The explore page: finding areas in the long list, saying what is ticked, and copying. Everything else works without.
const announcement = document.getElementById("announcement");

function say(words) {
  announcement.textContent = "";
  requestAnimationFrame(() => { announcement.textContent = words; });
}

/** Shows the boxes whose words hold what was typed, and opens the groups that hold them. */
function find(input) {
  const wanted = input.value.trim().toLowerCase();
  const boxes = input.closest("fieldset").querySelector(".app-pick__boxes");
  const matches = (text) => text.toLowerCase().includes(wanted);
  let found = 0;
  for (const label of boxes.querySelectorAll("label")) {
    const group = label.closest(".app-pick__boxes details");
    const shown = !wanted || matches(label.textContent) || Boolean(group && matches(group.querySelector("summary").textContent));
    label.hidden = !shown;
    if (shown) found += 1;
  }
  for (const group of boxes.querySelectorAll("details")) {
    const some = group.querySelector("label:not([hidden])");
    group.hidden = !some;
    group.open = wanted ? Boolean(some) : Boolean(group.querySelector("input:checked"));
  }
  document.getElementById("found-areas").textContent = wanted ? `${found} found` : "";
}

/** The line over a list of boxes says what is ticked, before it is shown. */
function tell(pick) {
  const line = pick.querySelector(".govuk-details__summary-text");
  const ticked = [...pick.querySelectorAll("input:checked")].map((box) => box.closest("label").textContent.trim());
  const words = ticked.length > 3 ? `${ticked.length} chosen` : ticked.join("; ") || line.dataset.none;
  line.textContent = `${line.textContent.split(":")[0]}: ${words}`;
}

/** The table without our classes, and as lines of cells: what word processors and spreadsheets take. */
function tableTypes(table) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const copy = table.cloneNode(true);
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
  }
  copy.setAttribute("border", "1");
  for (const cell of copy.querySelectorAll("td")) cell.setAttribute("align", "right");
  return { "text/html": copy.outerHTML, "text/plain": rows.map((row) => row.join("\t")).join("\r\n") };
}

async function copy(types) {
  const blobs = Object.entries(types).map(([type, text]) => [type, new Blob([text], { type })]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}

async function press(button) {
  const { copyText, copyTable } = button.dataset;
  const types = copyTable ? tableTypes(document.querySelector(copyTable))
    : { "text/plain": document.querySelector(copyText).textContent.trim() };
  try {
    await copy(types);
    say("Copied");
    button.classList.add("app-copied");
    setTimeout(() => button.classList.remove("app-copied"), 2000);
  } catch {
    say("The browser did not allow copying: select the text instead.");
  }
}

function start(scope) {
  for (const filter of scope.querySelectorAll(".app-pick__filter")) filter.hidden = false;
  // Without a safe connection a browser has no clipboard for pages.
  if (navigator.clipboard?.write) {
    for (const button of scope.querySelectorAll("[data-copy-text], [data-copy-table]")) button.hidden = false;
  }
}

document.addEventListener("input", ({ target }) => { if (target.id === "find-area") find(target); });
document.addEventListener("change", ({ target }) => { if (target.matches(".app-pick [type=checkbox]")) tell(target.closest(".app-pick")); });
document.addEventListener("keydown", (event) => {
  // Enter in the search field would send the form before anything is ticked.
  if (event.key === "Enter" && event.target.id === "find-area") event.preventDefault();
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy-text], [data-copy-table]");
  if (button) press(button);
});
document.body.addEventListener("htmx:load", ({ detail }) => start(detail.elt));
// The whole list has come: what was typed meanwhile is looked for in it.
document.body.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.matches("#pick-areas .app-pick__boxes")) find(document.getElementById("find-area"));
});
start(document);
