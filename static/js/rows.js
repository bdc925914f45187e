// Rows of a form's parts: adds and removes them in place. Without it the same buttons send the form, which comes back.
function start(part) {
  const count = part.querySelector("[data-rows-count]");
  const here = part.querySelector("[data-rows-here]");
  const blank = part.querySelector("[data-rows-blank]");
  const add = part.querySelector("[data-rows-add]");

  add.addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(count.value);
    const row = blank.content.cloneNode(true).firstElementChild;
    for (const one of row.querySelectorAll("*")) {
      for (const { name, value } of [...one.attributes]) {
        if (value.includes("__row__")) one.setAttribute(name, value.replaceAll("__row__", number));
      }
    }
    const legend = row.querySelector("legend");
    legend.append(` ${number + 1}`);
    count.value = number + 1;
    here.append(row);
    legend.focus();
  });
  here.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rows-remove]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-row]");
    (row.previousElementSibling?.querySelector("legend") ?? add).focus();
    row.remove();
  });
}

for (const part of document.querySelectorAll("[data-rows]")) start(part);
