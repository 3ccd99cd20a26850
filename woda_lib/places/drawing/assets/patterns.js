/* Patterns over a colour, for kinds that colour alone must not tell apart: in SVG and on canvas. */
(function () {
  "use strict";

  const SIDE = 8;
  const DRAWN = {
    diagonal: ["M-2 2L2 -2M0 8L8 0M6 10L10 6", 1.1],
    back: ["M-2 6L2 10M0 0L8 8M6 -2L10 2", 1.1],
    withheld: ["M-2 2L2 -2M0 8L8 0M6 10L10 6", 1.6],
    horizontal: ["M0 2H8M0 6H8", 0.9],
    vertical: ["M2 0V8M6 0V8", 0.9],
    cross: ["M0 4H8M4 0V8", 0.9],
    dots: ["M2 2h.01M6 6h.01", 2],
  };
  const INK = { withheld: "#85808a" };
  const made = new Map();
  let defs = null;

  /** What fills an SVG path: the colour, or a pattern over it. */
  function fill(colour, hatch) {
    if (!DRAWN[hatch]) return colour;
    const key = colour + hatch;
    if (!made.has(key)) {
      if (!defs) {
        const holder = document.createElement("div");
        holder.innerHTML = '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs></defs></svg>';
        document.body.append(holder.firstChild);
        defs = document.body.lastChild.querySelector("defs");
      }
      const id = woda.name("hatch");
      const [path, width] = DRAWN[hatch];
      defs.insertAdjacentHTML(
        "beforeend",
        `<pattern id="${id}" width="${SIDE}" height="${SIDE}" patternUnits="userSpaceOnUse">` +
          `<rect width="${SIDE}" height="${SIDE}" fill="${colour}"/>` +
          `<path d="${path}" stroke="${INK[hatch] || "#1d1a21"}" stroke-opacity="0.62" ` +
          `stroke-width="${width}" stroke-linecap="round" fill="none"/></pattern>`
      );
      made.set(key, `url(#${id})`);
    }
    return made.get(key);
  }

  /** What fills a path on a canvas. */
  function paint(context, colour, hatch, scale) {
    if (!DRAWN[hatch]) return colour;
    const tile = document.createElement("canvas");
    tile.width = tile.height = SIDE * scale;
    const pen = tile.getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, tile.width, tile.height);
    pen.scale(scale, scale);
    const [path, width] = DRAWN[hatch];
    pen.globalAlpha = 0.62;
    pen.strokeStyle = INK[hatch] || "#1d1a21";
    pen.lineWidth = width;
    pen.lineCap = "round";
    pen.stroke(new Path2D(path));
    return context.createPattern(tile, "repeat");
  }

  woda.patterns = { fill, paint };
})();
