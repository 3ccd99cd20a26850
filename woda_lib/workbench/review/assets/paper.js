/* Makes a committee paper of a report that is about to be printed. A function of `facts`:
   state and word, rows of [name, texts], how many values lead; in pixels the width and height of a page, the least of a figure, and
   the gap between two blocks. */
(facts) => {
  const make = (tag, parent, text) => {
    const part = document.createElement(tag);
    if (text) part.textContent = text;
    parent.append(part);
    return part;
  };

  /* On paper a column's head is no button. */
  for (const button of document.querySelectorAll("th button")) button.replaceWith(...button.childNodes);

  const head = document.querySelector(".head");
  if (head) {
    const box = document.createElement("section");
    box.className = `how-it-stands ${facts.state}`;
    box.setAttribute("aria-label", "How this version stands");
    const word = make("p", box);
    word.className = "state";
    word.innerHTML = `<svg class="ico" aria-hidden="true"><use href="#i-${facts.state}"/></svg>`;
    make("span", word, facts.word);
    const list = make("dl", box);
    for (const [name, texts] of facts.rows) {
      make("dt", list, name);
      const said = make("dd", list);
      for (const text of texts) make("p", said, text);
      list.append(" ");
    }
    head.after(box);
  }

  /* The first page has room for the first values; all of them stand again where they are worked out. */
  for (const value of [...document.querySelectorAll(".lead .facts > div")].slice(facts.values)) value.remove();

  /* A committee reads the case first: what was set stands with where it came from. */
  const settings = document.querySelector(".settings");
  const origin = document.querySelector("#provenance > h2");
  if (settings && origin) origin.after(settings.closest(".scroll") || settings);

  /* A table wider than the page would make the browser print all of the paper smaller. */
  for (const table of document.querySelectorAll("table")) {
    if (table.offsetWidth <= facts.width) continue;
    table.classList.add("squeezed");
    for (const cell of table.querySelectorAll("th, td")) {
      if (/\S{13,}/.test(cell.textContent)) cell.classList.add("broken");
    }
    if (table.offsetWidth > facts.width) table.classList.add("broken");
  }

  for (const whole of document.querySelectorAll(".body > section > :is(.scroll, .picture)")) {
    if (whole.offsetHeight > facts.page) {
      whole.classList.add("long");
      continue;
    }
    const led = [whole];
    let high = whole.offsetHeight;
    const note = whole.nextElementSibling;
    if (note && note.matches(".tnote")) {
      led.push(note);
      high += note.offsetHeight + facts.gap;
    }
    let first = true;
    for (let before = whole.previousElementSibling; before; before = before.previousElementSibling) {
      const leads = before.matches("h2, h3, h4") || (first && before.matches("p, ul, ol"));
      high += before.offsetHeight + facts.gap;
      if (!leads || high > facts.page) break;
      led.unshift(before);
      first = false;
    }
    const together = document.createElement("div");
    together.className = "together";
    whole.before(together);
    together.append(...led);
  }

  /* The first page stands alone: its figure takes the room that is left. */
  const lead = document.querySelector(".lead");
  const drawing = lead && lead.querySelector(".picture .wide svg, .picture svg");
  if (!drawing) return;
  const over = lead.getBoundingClientRect().bottom + window.scrollY - facts.page;
  if (over <= 0) return;
  const height = drawing.getBoundingClientRect().height;
  if (height - over < Math.max(facts.least, height / 2)) {
    /* No room to read it in: it follows what the first page says, and the rest follows it. */
    lead.append(drawing.closest(".picture"));
    document.querySelector(".body").style.breakBefore = "auto";
    return;
  }
  drawing.setAttribute("preserveAspectRatio", "xMinYMid");
  drawing.style.width = "100%";
  drawing.style.height = `${height - over}px`;
}
