// What pages do better with a little script. Without it every page works all the same.
"use strict";
document.documentElement.classList.add("has-js");

// Drag a deal through time: ask for the day under the slider, show the newest answer alone.
const slider = document.querySelector("[data-slider]");
if (slider) {
  const range = slider.querySelector("input[type=range]");
  const shown = slider.querySelector("output");
  const line = slider.querySelector("line");
  const there = document.querySelector("[data-there]");
  const first = Date.parse(slider.dataset.first + "T00:00:00Z");
  const turns = slider.dataset.turns ? slider.dataset.turns.split(" ").map(Number) : [];
  let waiting = null, asked = 0;
  const day = () => new Date(first + Number(range.value) * 86400000).toISOString().slice(0, 10);
  const ask = async () => {
    const number = ++asked;
    there.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(slider.dataset.days + day(), { headers: { Accept: "text/html" } });
      const text = await answer.text();
      if (number !== asked) return;
      const part = new DOMParser().parseFromString(text, "text/html");
      const fresh = part.querySelector("[data-part]");
      if (fresh) there.replaceChildren(fresh);
    } catch {
      if (number === asked) there.textContent = "The desk does not answer. Move the slider to ask again.";
    }
    if (number === asked) there.removeAttribute("aria-busy");
  };
  const move = (soon) => {
    shown.textContent = day();
    range.setAttribute("aria-valuetext", day());
    line.setAttribute("transform", `translate(${range.value} 0)`);
    clearTimeout(waiting);
    waiting = setTimeout(ask, soon ? 0 : 60);
  };
  range.addEventListener("input", () => move(false));
  for (const button of slider.querySelectorAll("button[data-go]"))
    button.addEventListener("click", () => {
      const here = Number(range.value);
      const found = button.dataset.go === "next" ? turns.find((t) => t > here) : turns.filter((t) => t < here).pop();
      range.value = found ?? (button.dataset.go === "next" ? range.max : range.min);
      move(true);
    });
  for (const link of document.querySelectorAll("a[data-day]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      range.value = Math.round((Date.parse(link.dataset.day + "T00:00:00Z") - first) / 86400000);
      range.focus();
      move(true);
    });
}

// A file dropped on a form becomes its file.
for (const form of document.querySelectorAll("form.drop")) {
  const input = form.querySelector("input[type=file]");
  for (const name of ["dragover", "dragenter"])
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
  });
}

// A bulk run is looked at until it is over.
const run = document.querySelector("[data-run]");
if (run) {
  const look = async () => {
    const answer = await fetch(run.dataset.run, { headers: { Accept: "text/html" } });
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-part]");
    if (part) run.replaceChildren(part);
    if (part && part.dataset.going === "yes") setTimeout(look, 700);
  };
  if (run.querySelector("[data-going=yes]")) setTimeout(look, 700);
}

for (const button of document.querySelectorAll("button[data-print]")) button.addEventListener("click", () => window.print());
