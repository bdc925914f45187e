// The map: the month slider, the card of the area under the pointer or the focus, and the table's order. Without this
// script the month is chosen from the list, each area says its figures as a title, and headings sort by their links.
const cache = new Map();

function start(root) {
  const page = root.querySelector?.("[data-map-page]");
  if (!page || page.dataset.started) return;
  page.dataset.started = "yes";
  const region = page.parentElement;
  const areas = new Map([...page.querySelectorAll("svg a[data-area]")].map((link) => [link.dataset.area, link]));
  const table = region.querySelector("[data-map-table]");
  const rows = new Map([...table.tBodies[0].rows].map((row) => [row.dataset.area, row]));
  showCards(page, areas, rows, table);
  sortByHeadings(table);
  slide(page, region, areas, rows, table);
}

/** The browser's own little labels give way to the card; what they said stays the link's name. */
function showCards(page, areas, rows, table) {
  const card = page.querySelector("[data-map-card]");
  const svg = page.querySelector("svg.app-map");
  const halo = [0, 1].map(() => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("class", "app-map__halo");
    return path;
  });
  svg.querySelector(".app-map__labels").before(...halo);
  const hint = () => {
    card.textContent = "Point at an area, or reach it with the Tab key, to see its figures. Tap it, or press Enter, for its page.";
    for (const path of halo) path.removeAttribute("d");
  };
  for (const link of areas.values()) {
    const title = link.querySelector("title");
    link.setAttribute("aria-label", title.textContent);
    title.remove();
  }
  const show = (link) => {
    const row = rows.get(link.dataset.area);
    const name = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = row.cells[0].textContent;
    name.append(strong);
    const list = document.createElement("dl");
    [...row.cells].slice(1).forEach((cell, index) => {
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = table.tHead.rows[0].cells[index + 1].textContent;
      value.textContent = cell.textContent === "–" ? "not known" : cell.textContent;
      list.append(term, value);
    });
    card.replaceChildren(name, list);
    for (const path of halo) path.setAttribute("d", link.querySelector("path").getAttribute("d"));
    page.shown = link;
  };
  page.showAgain = () => page.shown && show(page.shown);
  // Not on the drawing itself: browsers let the Tab key stop at a drawing that listens for the focus.
  const frame = svg.parentElement;
  const linkOf = (target) => target.closest?.("a[data-area]");
  for (const event of ["pointerover", "focusin"]) {
    frame.addEventListener(event, ({ target }) => { if (linkOf(target)) show(linkOf(target)); });
  }
  svg.addEventListener("pointerleave", () => {
    page.shown = linkOf(document.activeElement ?? svg);
    if (page.shown) show(page.shown); else hint();
  });
  frame.addEventListener("focusout", () => { page.shown = null; hint(); });
  hint();
  card.hidden = false;
}

const sortValue = (cell) => (cell.dataset.v === undefined ? null : Number(cell.dataset.v));

/** Rows in the order of the heading that is marked; the unknown last, equal ones by name. */
function order(table) {
  const heads = [...table.tHead.rows[0].cells];
  const column = heads.findIndex((head) => ["ascending", "descending"].includes(head.getAttribute("aria-sort")));
  if (column < 0) return;
  const down = heads[column].getAttribute("aria-sort") === "descending" ? -1 : 1;
  const isFigure = heads[column].classList.contains("app-map-table__figure");
  const name = (row) => row.cells[0].textContent;
  const text = (row) => row.cells[column].textContent;
  const byName = (one, other) => name(one).localeCompare(name(other));
  const compare = (one, other) => {
    if (!isFigure) return down * text(one).localeCompare(text(other)) || byName(one, other);
    const [a, b] = [sortValue(one.cells[column]), sortValue(other.cells[column])];
    if (a === null || b === null) return (a === null) - (b === null) || byName(one, other);
    return down * (a - b) || byName(one, other);
  };
  table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
}

function sortByHeadings(table) {
  table.tHead.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const head = link.closest("th");
    const now = head.getAttribute("aria-sort");
    const first = head.classList.contains("app-map-table__figure") ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    for (const one of table.tHead.rows[0].cells) one.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", now === first ? other : first);
    order(table);
  });
}

function slide(page, region, areas, rows, table) {
  const time = page.querySelector("[data-map-time]");
  const range = time.querySelector("input[type=range]");
  const keep = page.querySelector("#map-keep");
  const problem = time.querySelector("[data-map-problem]");
  const select = region.querySelector("select[name=month]");
  const months = [...select.options].map(({ value, text }) => ({ value, text })).reverse();
  const output = time.querySelector("output");
  let wanted = months.findIndex(({ value }) => value === select.value);
  let timer;

  const addressOf = (index) => {
    const query = new URLSearchParams(page.dataset.pinned);
    query.set("month", months[index].value);
    if (!keep.checked) query.delete("limits");
    return `${page.dataset.href}?${query}`;
  };
  const fetched = (index) => {
    const address = addressOf(index);
    if (!cache.has(address)) {
      cache.set(address, fetch(address, { headers: { Accept: "application/json" } }).then(async (response) => {
        if (response.redirected) throw new Error("You have been signed out. Load the page again to sign in.");
        const answer = await response.json().catch(() => ({}));
        if (!response.ok) throw new Error(answer.problem ?? "That month could not be shown.");
        return answer;
      }));
      cache.get(address).catch(() => cache.delete(address));
    }
    return cache.get(address);
  };
  const say = (index) => {
    output.textContent = months[index].text;
    range.setAttribute("aria-valuetext", months[index].text);
  };
  const show = async (index) => {
    page.setAttribute("aria-busy", "true");
    try {
      const answer = await fetched(index);
      if (index !== wanted || !page.isConnected) return;
      problem.textContent = "";
      select.value = months[index].value;
      draw(answer, page, region, areas, rows, table);
      for (const next of [index + 1, index - 1]) if (months[next]) fetched(next).catch(() => {});
    } catch (error) {
      if (index !== wanted) return;
      problem.textContent = error instanceof TypeError
        ? "The server does not answer: check your connection. The map is as it was." : error.message;
    } finally {
      page.removeAttribute("aria-busy");
    }
  };
  const move = () => {
    wanted = Number(range.value);
    say(wanted);
    clearTimeout(timer);
    timer = setTimeout(() => show(wanted), 80);
  };

  range.max = months.length - 1;
  range.value = wanted;
  say(wanted);
  time.hidden = months.length < 2;
  range.addEventListener("input", move);
  keep.addEventListener("change", move);
  // The neighbours are fetched once somebody is about to use the slider.
  for (const event of ["pointerenter", "focus"]) {
    range.addEventListener(event, () => {
      for (const next of [wanted + 1, wanted - 1]) if (months[next]) fetched(next).catch(() => {});
    }, { once: true });
  }
}

/** Another month on the shapes that are there. */
function draw(answer, page, region, areas, rows, table) {
  for (const [pk, [fill, said, texts, values]] of Object.entries(answer.areas)) {
    const link = areas.get(pk);
    if (link) {
      link.querySelector("path").setAttribute("fill", fill);
      link.setAttribute("aria-label", said);
      setQuery(link, answer.profile);
    }
    const row = rows.get(pk);
    if (row) {
      fillRow(row, texts, values);
      setQuery(row.querySelector("a"), answer.profile);
    }
  }
  const total = table.tFoot?.rows[0];
  if (total && answer.total) {
    fillRow(total, answer.total, []);
    setQuery(total.querySelector("a"), answer.profile);
  }
  answer.headings.forEach((text, index) => { table.tHead.rows[0].cells[index].querySelector("a").textContent = text; });
  order(table);
  page.querySelector(".app-map__labels").innerHTML = answer.labels;
  page.querySelector("[data-map-key]").innerHTML = answer.key;
  for (const name of ["words", "notes"]) region.querySelector(`[data-map-${name}]`).outerHTML = answer[name];
  for (const name of ["caption", "mapTitle"]) {
    for (const element of region.querySelectorAll(`[data-map=${name}]`)) element.textContent = answer[name];
  }
  for (const link of region.querySelectorAll("[data-map-view]")) link.search = answer.query;
  const [, product] = document.title.split(/ - (?=[^-]*$)/);
  document.title = `Map: ${answer.title} - ${product}`;
  history.replaceState(history.state, "", `?${answer.query}`);
  page.showAgain();
}

function fillRow(row, texts, values) {
  const cells = [...row.cells].slice(-texts.length);
  cells.forEach((cell, index) => {
    cell.textContent = texts[index];
    if (values[index] === null || values[index] === undefined) delete cell.dataset.v;
    else cell.dataset.v = values[index];
  });
}

function setQuery(link, query) {
  const path = link.getAttribute("href").split("?")[0];
  link.setAttribute("href", query ? `${path}?${query}` : path);
}

start(document);
document.body.addEventListener("htmx:load", ({ detail }) => start(detail.elt));
