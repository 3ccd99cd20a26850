// Draws very many points on one canvas: each where there is room, else how many lie in a cell.
const PointField = L.Layer.extend({
  initialize(data, options) {
    L.setOptions(this, options);
    const n = data.x.length;
    this._n = n;
    this._columns = data.columns;
    this._x = new Float64Array(n);
    this._y = new Float64Array(n);
    let east = 0, north = 0;
    for (let i = 0; i < n; i++) {
      east += data.x[i];
      north += data.y[i];
      const sine = Math.sin(north / 1e5 * Math.PI / 180);
      this._x[i] = east / 1e5 / 360 + 0.5;
      this._y[i] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }
    this._seen = [];
    this._cells = null;
  },

  onAdd(map) {
    const canvas = this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide point-field");
    const pane = map.getPane("field") || map.createPane("field");
    pane.style.zIndex = 630;  // above the names of places: what is counted comes first
    pane.style.pointerEvents = "none";
    pane.appendChild(canvas);
    this._tip = L.tooltip({direction: "top", offset: [0, -6], className: "field-tip", opacity: 1});
    map.on("moveend zoomend resize viewreset", this._draw, this);
    map.on("mousemove", this._point, this);
    map.on("click", this._open, this);
    this._said = L.control({position: "bottomleft"});
    this._said.onAdd = () => {
      const said = L.DomUtil.create("p", "field-said");
      said.setAttribute("role", "status");
      return said;
    };
    this._said.addTo(map);
    this._draw();
  },

  onRemove(map) {
    this._canvas.remove();
    this._said.remove();
    map.closeTooltip(this._tip);
    map.off("moveend zoomend resize viewreset", this._draw, this);
    map.off("mousemove", this._point, this);
    map.off("click", this._open, this);
  },

  _draw() {
    const map = this._map, size = map.getSize(), ratio = window.devicePixelRatio || 1;
    const canvas = this._canvas, pen = canvas.getContext("2d");
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    pen.scale(ratio, ratio);
    const whole = 256 * Math.pow(2, map.getZoom()), origin = map.getPixelBounds().min;
    const seen = this._seen = [];
    for (let i = 0; i < this._n; i++) {
      const x = this._x[i] * whole - origin.x, y = this._y[i] * whole - origin.y;
      if (x > -9 && y > -9 && x < size.x + 9 && y < size.y + 9) seen.push([x, y, i]);
    }
    this._cells = seen.length > this.options.most ? this._cellsOf(seen) : null;
    if (this._cells) this._drawCells(pen); else this._drawPoints(pen);
    const count = number => number.toLocaleString("en-GB"), noun = this.options.noun;
    this._said.getContainer().textContent =
      `${count(seen.length)} of ${count(this._n)} ${noun} in view` +
      (this._cells ? "; circles say how many" : "");
    this._canvas.dataset.drawn = String(seen.length);
  },

  _cellsOf(seen) {
    const step = this.options.cell, cells = new Map();
    for (const [x, y] of seen) {
      const key = Math.floor(x / step) * 65536 + Math.floor(y / step);
      const cell = cells.get(key);
      if (cell) { cell.n++; cell.x += x; cell.y += y; } else cells.set(key, {n: 1, x, y});
    }
    return [...cells.values()].map(({n, x, y}) => ({n, x: x / n, y: y / n}));
  },

  _drawCells(pen) {
    const largest = this._cells.reduce((most, cell) => Math.max(most, cell.n), 1);
    this._cells.sort((one, other) => one.n - other.n);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = "600 12px system-ui, sans-serif";
    for (const cell of this._cells) {
      cell.r = 3 + 0.52 * this.options.cell * Math.sqrt(cell.n / largest);
      pen.beginPath();
      pen.arc(cell.x, cell.y, cell.r, 0, 2 * Math.PI);
      pen.fillStyle = this.options.colour;
      pen.globalAlpha = 0.9;
      pen.fill();
      pen.globalAlpha = 1;
      pen.strokeStyle = "#fff";
      pen.stroke();
      const words = cell.n < 1000 ? String(cell.n) : `${(cell.n / 1000).toPrecision(2)}k`;
      if (cell.r > 4 + 3.2 * words.length) {
        pen.fillStyle = "#fff";
        pen.fillText(words, cell.x, cell.y);
      }
    }
  },

  _drawPoints(pen) {
    const by = this.options.by ? this._columns[this.options.by] : null;
    const many = this._seen.length > 1500, r = many ? 2.5 : 4;
    pen.strokeStyle = "#fff";
    pen.lineWidth = many ? 0.6 : 1;
    for (const [x, y, i] of this._seen) {
      pen.beginPath();
      pen.arc(x, y, r, 0, 2 * Math.PI);
      pen.fillStyle = (by && this.options.colours[this._value(by, i)]) || this.options.colour;
      pen.fill();
      pen.stroke();
    }
  },

  _value(column, i) {
    return column.codes ? column.values[column.codes[i]] : column.values[i];
  },

  _under(event) {
    const {x, y} = event.containerPoint;
    if (this._cells) {
      return this._cells.findLast(c => Math.hypot(c.x - x, c.y - y) <= Math.max(c.r, 8));
    }
    let nearest = null, least = 10;
    for (const point of this._seen) {
      const away = Math.hypot(point[0] - x, point[1] - y);
      if (away < least) { least = away; nearest = point; }
    }
    return nearest;
  },

  _point(event) {
    const map = this._map, found = this._under(event);
    map.getContainer().style.cursor = found ? "pointer" : "";
    map.getContainer().classList.toggle("over-field", Boolean(found));
    if (!found) { map.closeTooltip(this._tip); return; }
    const [x, y] = this._cells ? [found.x, found.y] : found;
    const words = document.createElement("div");
    if (this._cells) {
      words.textContent = `${found.n.toLocaleString("en-GB")} ${this.options.noun}: click to come nearer`;
    } else {
      for (const name of this.options.said) {
        const value = this._value(this._columns[name], found[2]), line = document.createElement("div");
        if (value === null || value === undefined) continue;
        line.textContent = name === this.options.said[0] ? value : `${name.replaceAll("_", " ")}: ${value}`;
        if (name === this.options.said[0]) line.style.fontWeight = "600";
        words.append(line);
      }
    }
    this._tip.setContent(words).setLatLng(map.containerPointToLatLng([x, y]));
    map.openTooltip(this._tip);
  },

  _open(event) {
    const found = this._under(event);
    if (!found) return;
    if (!this._cells) { this._point(event); return; }
    const place = this._map.containerPointToLatLng([found.x, found.y]);
    this._map.setView(place, Math.min(this._map.getZoom() + 1.5, this._map.getMaxZoom()));
  },
});

function pointField(map, data, options) {
  return new PointField(data, options);
}
