/* Makes a committee paper of a report that is about to be printed. A function of `facts`:
   state and word, rows of [name, texts]; how many values the first page shows, and parameters the first
   section; in pixels the width and height of a page, the least of a figure, and the gap between two blocks. */
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

  /* The first page has room for the first values; the others stand where the report works them out. */
  const tiles = [...document.querySelectorAll(".lead .facts > div")];
  const others = tiles.slice(facts.values);
  for (const tile of others) tile.remove();
  document.querySelector(".lead > .more")?.remove();
  if (others.length) {
    const more = make("p", document.querySelector(".lead"));
    more.className = "others";
    more.textContent = others.length === 1 ? "Another value stands below." : `${others.length} other values stand below.`;
  }

  /* Many parameters would keep a reader from the first section: they go to where the run is told of. */
  const settings = document.querySelector("#about .scroll:has(.settings)");
  const annex = document.querySelector("#provenance > h2");
  if (settings && annex && settings.querySelectorAll("tbody tr").length > facts.settings) {
    const where = document.createElement("p");
    where.textContent = `What was set for this run, and by how much each may be wrong, stands at the end, under “${annex.textContent}”.`;
    settings.replaceWith(where);
    annex.after(settings);
  }

  /* What only a program compares is no column on paper, and stands beneath what it is of. */
  for (const table of document.querySelectorAll("table")) {
    const heads = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    const [of, ...beneath] = ["Reference", "Run", "SHA-256"].map((name) => heads.indexOf(name));
    if (of < 0 || beneath.some((place) => place < 0)) continue;
    for (const row of table.rows) {
      const cells = beneath.map((place) => row.cells[place]);
      if (row.parentNode.tagName === "TBODY") {
        cells.forEach((cell, at) => {
          const said = cell.textContent.trim();
          if (said) row.cells[of].append(document.createElement("br"), `${heads[beneath[at]]} ${said}`);
        });
      }
      for (const cell of cells) cell.remove();
    }
  }

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
  const height = drawing.getBoundingClientRect().height;
  const room = () => height + facts.page - lead.getBoundingClientRect().bottom - window.scrollY;
  const least = Math.max(facts.least, height / 2);
  if (room() < least && tiles.length) {
    /* The figure before the values, which stand below as well. */
    for (const part of lead.querySelectorAll(":scope > .facts, :scope > .others")) part.remove();
  }
  if (room() >= height) return;
  if (room() < least) {
    /* No room to read it in: it follows what the first page says, and the rest follows it. */
    lead.append(drawing.closest(".picture"));
    document.querySelector(".body").style.breakBefore = "auto";
    return;
  }
  drawing.setAttribute("preserveAspectRatio", "xMinYMid");
  drawing.style.width = "100%";
  drawing.style.height = `${room()}px`;
}
