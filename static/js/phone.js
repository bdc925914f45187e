// Reports that are typed where there is no network: kept in this browser, sent once when it is back. The server knows each
// by its number, so it may be sent twice; and it judges each, so what it refuses is kept until somebody has changed it.
// Without this script the form is sent as any other. app.js clears what is kept when its writer signs out.
const KEPT_DAYS = 7;
const AGAIN_SECONDS = 30;
const form = document.getElementById("report");
const region = document.getElementById("kept");
const says = region.querySelector("[data-kept-says]");
const list = region.querySelector("[data-kept-list]");
const key = `pspo-actions-${form.dataset.person}`;
const field = (name) => form.elements[name];
// Arrived since the page was opened, the newest first.
const arrived = [];
let trouble = "";
let sending = false;
let saved = 0;

// --- What is kept ---------------------------------------------------------------------------------------------------

const read = (name) => JSON.parse(localStorage.getItem(name) ?? "[]");
const kept = () => read(key);
function keep(entries, name = key) {
  if (entries.length) localStorage.setItem(name, JSON.stringify(entries));
  else localStorage.removeItem(name);
}
const put = (entry) => keep([...kept().filter(({ id }) => id !== entry.id), entry]);
const drop = (id) => keep(kept().filter((one) => one.id !== id));

function forgetOld() {
  const since = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith("pspo-actions-"))) {
    keep(read(name).filter(({ at }) => Date.parse(at) > since), name);
  }
}

const waiting = () => kept().filter(({ errors }) => !errors);

// --- Sending --------------------------------------------------------------------------------------------------------

async function send() {
  if (sending) return;
  sending = true;
  trouble = "";
  try {
    for (const entry of waiting()) {
      if (!(await sendOne(entry))) break;
    }
  } finally {
    sending = false;
    show();
  }
}

/** Whether to go on with the next one. */
async function sendOne(entry) {
  const body = new URLSearchParams(entry.fields);
  body.set("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
  let answer;
  try {
    answer = await fetch(form.getAttribute("action"), {
      method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(30_000),
    });
  } catch {
    trouble = "network";
    return false;
  }
  if (answer.status === 201) {
    const { title, address } = await answer.json();
    arrived.unshift({ title, address, at: entry.at });
    drop(entry.id);
  } else if (answer.status === 422) {
    put({ ...entry, ...await answer.json() });
  } else {
    // Led on to the sign-in, or refused because somebody signed in anew in another window.
    trouble = answer.type === "opaqueredirect" || answer.status === 403 ? "session" : "service";
    return false;
  }
  return true;
}

// --- What is shown --------------------------------------------------------------------------------------------------

const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

function make(tag, className, text, more = {}) {
  const made = Object.assign(document.createElement(tag), { className, ...more });
  if (text) made.textContent = text;
  return made;
}

const WAITS = {
  "": "Being sent.",
  network: "Kept on this phone, will be sent when there is a network.",
  service: "Kept on this phone. The service did not take it yet, it is tried again.",
  session: "Kept on this phone. You are signed out: sign in again, and it is sent.",
};

function show() {
  const entries = kept();
  const rows = [...entries].reverse().map((entry) => {
    const row = make("li", `app-phone__entry ${entry.errors ? "app-phone__entry--refused" : ""}`);
    row.append(make("strong", "", `${clock(entry.at)} ${entry.says}`));
    if (!entry.errors) {
      row.append(make("span", "", ` ${WAITS[trouble]}`));
      return row;
    }
    row.append(make("p", "govuk-body", "Not saved. It is still on this phone:"));
    const why = make("ul", "govuk-list govuk-list--bullet");
    why.append(...entry.errors.map((sentence) => make("li", "", sentence)));
    const change = make("button", "govuk-button govuk-button--secondary", "Change it", { type: "button" });
    const remove = make("button", "govuk-button govuk-button--secondary", "Delete it", { type: "button" });
    change.addEventListener("click", () => fill(entry));
    remove.addEventListener("click", () => { drop(entry.id); show(); region.focus(); });
    row.append(why, change, remove);
    return row;
  });
  rows.push(...arrived.map(({ title, address, at }) => {
    const row = make("li", "app-phone__entry");
    row.append(make("strong", "", `${clock(at)} ${title}`), " Saved. ");
    row.append(make("a", "govuk-link", "See the record", { href: address }));
    return row;
  }));
  list.replaceChildren(...rows);
  region.hidden = !rows.length;
  const late = waiting().length;
  const refused = entries.length - late;
  says.textContent = [
    refused ? `${refused} not saved: see why.` : "",
    late && trouble ? `${late} not sent yet.` : "",
    entries.length ? "" : "All saved.",
  ].join(" ").trim();
  if (trouble === "session") {
    const href = `/account/login/?next=${encodeURIComponent(location.pathname)}`;
    says.append(" ", make("a", "govuk-link", "Sign in again", { href }));
  }
}

// --- The form -------------------------------------------------------------------------------------------------------

/** What is missing: the first field that has to be filled in, and what to say. Anything else the server judges. */
function missing() {
  if (!field("what").value) return ["what", "Choose what it was about."];
  if (!field("action").value) return ["action", "Choose what you did."];
  if (field("action").value === "fpn" && !field("fpn_number").value.trim()) {
    return ["fpn_number", "Give the number of the fixed penalty notice."];
  }
  return null;
}

const newId = () => crypto.randomUUID?.()
  ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

function clear() {
  form.reset();
  for (const name of ["longitude", "latitude", "typed_at"]) field(name).value = "";
  // As the page came: what was chosen after an error is chosen no more.
  for (const one of form.querySelectorAll("input[type=radio], input[type=checkbox]")) one.checked = false;
  form.querySelector("[data-why]").hidden = true;
  form.querySelector(".app-phone__when").open = false;
  form.querySelector("[data-here-says]").textContent = "";
  field("sent_as").value = newId();
}

/** Puts what was refused back into the form, under its number: saved again, it takes its own place. */
function fill(entry) {
  clear();
  const said = new Map(entry.fields);
  for (const one of form.elements) {
    if (!one.name || one.name === "csrfmiddlewaretoken") continue;
    if (one.type === "radio" || one.type === "checkbox") one.checked = said.get(one.name) === (one.getAttribute("value") ?? "on");
    else if (said.has(one.name)) one.value = said.get(one.name);
  }
  if (!said.has("starts_time")) {
    // It was "just now" then.
    const then = new Date(entry.at).toLocaleString("sv-SE", { timeZone: "Europe/London" });
    [field("starts_day").value, field("starts_time").value] = [then.slice(0, 10), then.slice(11, 16)];
  }
  form.querySelector(".app-phone__when").open = true;
  form.querySelector(".app-phone__twice").hidden = false;
  form.querySelector("[data-why]").hidden = !entry.warned;
  const chosen = form.querySelector("input[name=what]:checked");
  if (chosen) chosen.closest("details").open = true;
  (chosen ?? field("place")).focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const lacks = missing();
  if (lacks) {
    if (Date.now() - saved < 1000) return;  // pressed twice: the first press has emptied it
    region.hidden = false;
    says.textContent = lacks[1];
    const first = form.querySelector(`[name=${lacks[0]}]`);
    if (first.closest("details")) first.closest("details").open = true;
    first.focus();
    return;
  }
  saved = Date.now();
  const at = new Date(saved).toISOString();
  field("typed_at").value = at;
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && value !== "");
  const label = form.querySelector("input[name=action]:checked + label").textContent;
  try {
    put({ id: field("sent_as").value, at, says: label, fields });
  } catch {
    form.submit();  // nothing can be kept in this browser
    return;
  }
  clear();
  show();
  region.focus();
  send();
});

// --- Where the officer is -------------------------------------------------------------------------------------------

const here = form.querySelector("[data-here]");
const hereSays = form.querySelector("[data-here-says]");

/** Degrees to an order's area, none inside: enough to put the nearest first. */
function away({ dataset }, { longitude, latitude }) {
  if (!dataset.extent) return Infinity;
  const [west, south, east, north] = dataset.extent.split(" ").map(Number);
  return Math.hypot(Math.max(west - longitude, 0, longitude - east) * 0.62, Math.max(south - latitude, 0, latitude - north));
}

function arrive({ coords, timestamp }) {
  field("longitude").value = coords.longitude.toFixed(6);
  field("latitude").value = coords.latitude.toFixed(6);
  const about = Math.max(1, Math.round(coords.accuracy));
  hereSays.textContent = `Position at ${clock(timestamp)}, to about ${about} m.`
    + (about > 100 ? " That is rough: say the place in words too." : "");
  const orders = [...form.querySelectorAll("[data-order]")].sort((a, b) => away(a, coords) - away(b, coords));
  form.querySelector("[data-orders]").append(...orders);
  orders.forEach((one, index) => { one.open = index === 0 || Boolean(one.querySelector("input:checked")); });
}

if ("geolocation" in navigator) {
  form.querySelector("[data-here-box]").hidden = false;
  here.addEventListener("click", () => {
    hereSays.textContent = "Looking for your position.";
    navigator.geolocation.getCurrentPosition(arrive, () => {
      hereSays.textContent = "Your position is not known. Say the place in words.";
    }, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
  });
}

// --- Begin ----------------------------------------------------------------------------------------------------------

document.querySelector("[data-about-kept]").hidden = false;
forgetOld();
if (kept().length) show();
send();
window.addEventListener("online", send);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(() => { if (waiting().length && trouble !== "session") send(); }, AGAIN_SECONDS * 1000);
