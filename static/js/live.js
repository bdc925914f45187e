// Live here, now: the position of this device on request, and countdowns. Without this script a place is chosen from the
// lists, and what is left of an order is as of when the page was made.
const says = document.querySelector("[data-live-says]");
const form = document.querySelector("[data-live-form]");
const WRONG = {
  1: "This browser may not tell where it is. Allow it, or choose a place below.",
  2: "Your position is not known. Choose a place below.",
  3: "Your position was not found in time. Press again, or choose a place below.",
};

if ("geolocation" in navigator) {
  document.querySelector("[data-live-position]").hidden = false;
  document.querySelector("[data-live-use]").addEventListener("click", () => {
    says.textContent = "Looking for your position.";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const name of ["street", "ward", "hotspot"]) form.elements[name].value = "";
        // About ten metres: nobody needs to know better.
        form.elements.at.value = `${coords.latitude.toFixed(4)}, ${coords.longitude.toFixed(4)}`;
        form.requestSubmit();
      },
      ({ code }) => { says.textContent = WRONG[code] ?? WRONG[2]; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  });
}

const many = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** As the server words it: law/words.py, span_words. */
function left(until) {
  const all = Math.floor((until - Date.now()) / 60000);
  if (until <= Date.now()) return "over: load the page again";
  if (all < 1) return "less than a minute left";
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  const parts = [hours && many(hours, "hour"), minutes && many(minutes, "minute")];
  return `${parts.filter(Boolean).join(" ")} left`;
}

const counted = [...document.querySelectorAll("[data-live-ends]")];
if (counted.length) {
  const tick = () => {
    for (const one of counted) one.textContent = `(${left(Date.parse(one.dataset.liveEnds))})`;
  };
  setInterval(tick, 20000);
}
