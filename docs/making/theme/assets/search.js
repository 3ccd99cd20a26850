// Search that needs no server: the index is a script, so that it loads from a folder as well.
"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  const form = document.querySelector(".search");
  const field = form.querySelector("input");
  const found = form.querySelector("#found");
  const counted = form.querySelector("#counted");
  const MOST = 12;
  const BEFORE = 50;
  const AFTER = 110;

  // Every word must be there. A word in a title weighs ten of those in the text, the whole phrase thirty.
  function weigh(entry, words, phrase) {
    const title = entry.title.toLowerCase();
    const text = entry.text.toLowerCase();
    let weight = 0;
    for (const word of words) {
      const inTitle = title.includes(word);
      const inText = text.split(word).length - 1;
      if (!inTitle && inText === 0) return 0;
      weight += (inTitle ? 10 : 0) + Math.min(inText, 5);
    }
    if (title === phrase) weight += 60;
    else if (title.includes(phrase) || text.includes(phrase)) weight += 30;
    return weight;
  }

  function passage(text, words) {
    const lower = text.toLowerCase();
    const at = Math.max(0, Math.min(...words.map((word) => {
      const place = lower.indexOf(word);
      return place < 0 ? lower.length : place;
    })));
    const from = at < lower.length ? Math.max(0, at - BEFORE) : 0;
    const cut = text.slice(from, at < lower.length ? at + AFTER : AFTER);
    return (from > 0 ? "… " : "") + cut + (from + cut.length < text.length ? " …" : "");
  }

  // Marks are put in as elements, never as markup: what is searched for is text.
  function marked(text, words) {
    const span = document.createElement("span");
    let rest = text;
    while (rest) {
      const lower = rest.toLowerCase();
      const hits = words.map((word) => [lower.indexOf(word), word]).filter(([place]) => place >= 0);
      if (hits.length === 0) break;
      const [place, word] = hits.sort((one, other) => one[0] - other[0])[0];
      const mark = document.createElement("mark");
      mark.textContent = rest.slice(place, place + word.length);
      span.append(rest.slice(0, place), mark);
      rest = rest.slice(place + word.length);
    }
    span.append(rest);
    return span;
  }

  function search() {
    const phrase = field.value.trim().toLowerCase();
    const words = phrase.split(/\s+/).filter((word) => word.length > 1);
    found.replaceChildren();
    found.hidden = words.length === 0;
    counted.textContent = "";
    if (words.length === 0) return;
    const hits = window.searchIndex
      .map((entry) => [weigh(entry, words, phrase), entry])
      .filter(([weight]) => weight > 0)
      .sort((one, other) => other[0] - one[0]);
    for (const [, entry] of hits.slice(0, MOST)) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${root.replace(/\/$/, "")}/${entry.location}`;
      link.textContent = entry.title;
      line.append(link, marked(passage(entry.text, words), words));
      found.append(line);
    }
    counted.textContent = hits.length === 1 ? "1 place found" : `${hits.length} places found`;
    if (hits.length === 0) {
      const line = document.createElement("li");
      line.textContent = "Nothing is said of that here.";
      found.append(line);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    found.querySelector("a")?.click();
  });
  field.addEventListener("input", search);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; search(); field.focus(); }
  });
  document.addEventListener("click", (event) => { found.hidden ||= !form.contains(event.target); });
  field.addEventListener("focus", search);
  form.hidden = false;

  // On a narrow page the list of pages begins folded: the page itself comes first.
  if (matchMedia("(max-width: 55.99rem)").matches) document.querySelector(".folded").open = false;
})();
