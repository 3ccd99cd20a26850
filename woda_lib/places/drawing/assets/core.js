/* What every part of a drawn map leans on: the register of maps, elements of the page, numbers. */
var woda = (function () {
  "use strict";

  const made = new Map(); // a Leaflet map, and what was said of it

  function of(map) {
    if (!made.has(map)) made.set(map, { map, layers: [], about: {} });
    return made.get(map);
  }

  /** Make an element: attributes, listeners (`onclick`), and children, which may be text. */
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((child) => child != null));
    return node;
  }

  /** Write a field's value as a reader sees it. */
  function written(value, field) {
    if (/rank/i.test(field.heading) && /^\d+$/.test(value)) return Number(value).toLocaleString("en-GB"); // text, lest it be counted with
    if (typeof value !== "number") return String(value).replace(/_/g, " ");
    const digits = { minimumFractionDigits: field.decimals, maximumFractionDigits: field.decimals };
    const number = value.toLocaleString("en-GB", digits).replace("-", "−");
    if (!field.unit) return number;
    return field.unit === "%" ? number + "%" : field.unit === "£" ? "£" + number : number + " " + field.unit;
  }

  const { createObjectURL: addressOf, revokeObjectURL: forget } = URL;

  /** Hand the reader a file. */
  function download(blob, name) {
    const link = el("a", { href: addressOf(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => forget(link.href), 10000);
  }

  function slug(text) {
    return text.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "") || "map";
  }

  let serial = 0;
  return {
    parts: [], // what builds a sheet, in order
    el,
    written,
    download,
    slug,
    name: (stem) => `woda-${stem}-${++serial}`,
    layer: (map, held) => void of(map).layers.push(JSON.parse(held.textContent)),
    sheet: (map, held) => void (of(map).about = JSON.parse(held.textContent)),
    maps: () => [...made.values()],
  };
})();
