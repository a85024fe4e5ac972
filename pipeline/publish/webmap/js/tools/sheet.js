// One printed sheet: a view of the map painted for paper at a round scale, with all that a sheet must say by
// itself.

import { geodesicDistance } from "../data/geodesic.js";
import { toLatLng, toWorld } from "../data/projection.js";
import { CoverageRaster } from "../draw/coverage_raster.js";
import { paint } from "../draw/paint.js";
import { fill, line } from "../draw/pen.js";
import { GROUND, makePatterns } from "../draw/styles.js";
import { viewOf } from "../draw/view.js";
import { h, icon, swatch } from "../ui/elements.js";
import { legendFigures, legendRows } from "../ui/legend.js";

const DPI = 200;
const CSS_DPI = 96;
const MM = CSS_DPI / 25.4; // CSS pixels to the millimetre
const ROUND = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5];
const SLICE = 30; // milliseconds of painting at a time

export const PAPERS = { A4: [210, 297], A3: [297, 420] };

// Metres on the ground to the width of the whole world, at a position: Mercator's scale there, east and north
// together.
const metresAround = (at) => {
  const [x, y] = toWorld(at);
  const step = 1e-6;
  const across = geodesicDistance(toLatLng([x - step, y]), toLatLng([x + step, y]));
  const along = geodesicDistance(toLatLng([x, y - step]), toLatLng([x, y + step]));
  return (across + along) / (4 * step);
};

// The first of 1, 1.25, 1.5 … 7.5 and their tens that is not less.
const roundUp = (value) => {
  const ten = 10 ** Math.floor(Math.log10(value));
  return ten * [...ROUND, 10].find((step) => step * ten >= value * 0.9999);
};
const roundDown = (value) => {
  const ten = 10 ** Math.floor(Math.log10(value));
  return ten * [1, 2, 5].findLast((step) => step * ten <= value);
};

/**
 * What a frame of so many CSS pixels shows of these bounds: the whole of them, at a round scale.
 * @param {L.LatLngBounds} bounds
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 */
export const paperView = (bounds, width, height) => {
  const [left, top] = toWorld(bounds.getNorthWest());
  const [right, bottom] = toWorld(bounds.getSouthEast());
  const middle = [(left + right) / 2, (top + bottom) / 2];
  const around = metresAround(toLatLng(middle));
  const metresPerPixel = Math.max((right - left) / width, (bottom - top) / height) * around;
  const denominator = roundUp(metresPerPixel * MM * 1000);
  const scale = (around * MM * 1000) / denominator; // pixels to the whole world
  return {
    denominator,
    scale,
    zoom: Math.log2(scale / 256),
    left: middle[0] * scale - width / 2,
    top: middle[1] * scale - height / 2,
    width,
    height,
  };
};

const ringsOf = (latlngs) => (Array.isArray(latlngs[0]) ? latlngs.flatMap(ringsOf) : [latlngs]);

// A line, polygon or circle of Leaflet's on a canvas, in the colours and widths of its options. at: where a
// position is there.
const trace = (c, at, layer) => {
  const { options } = layer;
  const isClosed = layer instanceof L.Polygon;
  c.beginPath();
  if (layer instanceof L.CircleMarker) c.arc(...at(layer.getLatLng()), options.radius, 0, 2 * Math.PI);
  else {
    for (const ring of ringsOf(layer.getLatLngs())) {
      ring.forEach((latlng, i) => c[i ? "lineTo" : "moveTo"](...at(latlng)));
      if (isClosed) c.closePath();
    }
  }
  if (options.fill) {
    c.globalAlpha = options.fillOpacity;
    fill({ c }, options.fillColor ?? options.color, options.fillRule);
  }
  c.globalAlpha = options.opacity;
  c.lineCap = c.lineJoin = "round";
  line(
    { c },
    options.color,
    options.weight,
    (options.dashArray ?? "").split(" ").filter(Boolean).map(Number),
  );
  c.globalAlpha = 1;
};

export class Sheet {
  // size: A4 or A3; turn: landscape or portrait.
  constructor(store, bounds, { size, turn }) {
    this.store = store;
    this.bounds = bounds;
    this.canvas = h("canvas", { role: "img", "aria-label": store.t("map") });
    this.frame = h("div", { class: "frame" }, this.canvas);
    this.scale = h("div", { class: "scale" });
    this.element = h(
      "article",
      { class: `sheet ${size} ${turn}`, lang: store.language === "zh" ? "zh-CN" : "en" },
      this.head(),
      this.frame,
      this.side(),
    );
    const [short, long] = PAPERS[size];
    this.millimetres = turn === "landscape" ? [long, short] : [short, long];
  }

  head() {
    const { store } = this;
    return h(
      "header",
      {},
      h("h1", {}, store.title()),
      h(
        "p",
        {},
        [store.t("as_of", { date: store.district.as_of }), ...this.choices()].join(" · "),
        this.partial(),
        this.pending(),
      ),
      store.district.synthetic
        ? h(
            "p",
            { class: "sample" },
            ["zh", "en"].map((language) => store.strings[language].synthetic).join(" / "),
          )
        : null,
    );
  }

  // Which part of the data the sheet shows, where it is not all.
  choices() {
    const { store } = this;
    return [
      ...store.words(),
      store.hidden.size
        ? store.t("print.without", {
            what: [...store.hidden]
              .map((status) => store.t(`status.${status}`))
              .join(store.language === "zh" ? "、" : ", "),
          })
        : null,
    ].filter(Boolean);
  }

  partial() {
    return document.getElementById("partial")
      ? h(
          "strong",
          { class: "undecided" },
          " " + ["zh", "en"].map((language) => this.store.strings[language]["partial.print"]).join(" / "),
        )
      : null;
  }

  // Nobody may take what is only proposed for what is registered.
  pending() {
    const n = this.store.deciding?.decisions.entries.length;
    return n
      ? h(
          "strong",
          { class: "undecided" },
          swatch("pending"),
          this.store.t("print.pending", { n: this.store.number(n) }),
        )
      : null;
  }

  side() {
    const { store } = this;
    const { counts } = store.summary();
    const rows = legendRows(store).filter(
      ([status]) => !store.hidden.has(status === "gap-building" ? "gap" : status),
    );
    const today = new Date();
    const date = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
      .map((part) => String(part).padStart(2, "0"))
      .join("-");
    return h(
      "footer",
      {},
      h(
        "table",
        { class: "key" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { colspan: 2 }, store.t("legend")),
            ["buildings", "areas"].map((key) => h("th", { scope: "col" }, store.t(`print.${key}`))),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map(([status, text, colour]) =>
            h(
              "tr",
              {},
              h("td", {}, swatch(status, colour)),
              h("th", { scope: "row" }, text),
              legendFigures(counts, status).map((n) =>
                h("td", {}, Number.isFinite(n) ? store.number(n) : ""),
              ),
            ),
          ),
        ),
      ),
      h("div", { class: "rule" }, this.north(), this.scale),
      h(
        "div",
        { class: "notes" },
        h("p", {}, store.t(store.words().length ? "print.counts_chosen" : "print.counts_all")),
        store.district.source ? h("p", {}, store.t("source", { source: store.district.source })) : null,
        store.areas.some((area) => area.origin === "proposal")
          ? h("p", {}, store.t("print.proposals"))
          : null,
        store.releaseNote ? h("p", {}, store.releaseNote()) : null,
        h("p", {}, store.t("print.on", { date })),
      ),
    );
  }

  north() {
    const needle = icon("M12 2.5L17.5 21L12 17L6.5 21z", 34);
    return h("div", { class: "north" }, h("span", {}, this.store.t("print.north")), needle);
  }

  // A bar of a round length, as long on paper as its length on the ground is at this scale.
  bar({ denominator }) {
    const { store } = this;
    const metres = roundDown((34 * denominator) / 1000);
    const long = h("span", { class: "length" }, h("i", {}), h("i", {}));
    long.style.width = `${(metres * 1000) / denominator}mm`;
    const far =
      metres >= 1000
        ? store.t("measure.km", { n: store.number(metres / 1000, 2) })
        : store.t("measure.m", { n: store.number(metres) });
    const ends = h("p", {}, h("span", {}, "0"), h("span", {}, far));
    this.scale.replaceChildren(ends, long, h("p", {}, `1 : ${store.number(denominator)}`));
    ends.style.width = long.style.width;
  }

  // Paints the map into the frame, once the sheet is in the page; gives the steps that are left.
  *paint() {
    const { store, canvas } = this;
    const [width, height] = [this.frame.clientWidth, this.frame.clientHeight];
    const view = paperView(this.bounds, width, height);
    this.bar(view);
    const ratio = DPI / CSS_DPI;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const c = canvas.getContext("2d", { willReadFrequently: true }); // printing reads it
    c.scale(canvas.width / width, canvas.height / height);
    c.fillStyle = GROUND.background;
    c.fillRect(0, 0, width, height);
    yield* paint(
      {
        ...viewOf(view),
        c,
        patterns: makePatterns(c, ratio),
        raster: new CoverageRaster(Math.ceil(Math.max(width, height))),
      },
      store,
    );
    const sketches = store.sketches.flatMap((layers) => layers(view.zoom));
    /** @type {(latlng: L.LatLng) => [number, number]} */
    const at = (latlng) => {
      const [x, y] = toWorld(latlng);
      return [x * view.scale - view.left, y * view.scale - view.top];
    };
    for (const layer of sketches) if (layer instanceof L.Path) trace(c, at, layer);
    store.labels.paint(c, view);
    for (const layer of sketches) if (!(layer instanceof L.Path)) this.tag(layer, at(layer.getLatLng()));
  }

  // The words of one of Leaflet's markers or tooltips, whole inside the frame; none of what is not on the
  // sheet.
  tag(layer, [x, y]) {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (x < 0 || y < 0 || x > width || y > height) return;
    const { html = layer.getContent?.(), className } = layer.options.icon?.options ?? layer.options;
    const words = html.cloneNode(true);
    const tag = h("div", { class: `tag ${className}` }, words);
    this.frame.append(tag);
    // While it stands at the frame's corner one sees how far its words reach to each side of their place.
    const [reach, frame] = [words, this.frame].map((element) => element.getBoundingClientRect());
    const zoom = frame.width / width;
    const inside = (place, before, after, whole) =>
      Math.min(whole - after / zoom, Math.max(-before / zoom, place));
    tag.style.left = `${inside(x, reach.left - frame.left, reach.right - frame.left, width)}px`;
    tag.style.top = `${inside(y, reach.top - frame.top, reach.bottom - frame.top, height)}px`;
  }

  // The whole of it, in slices of time; resolves when it is done.
  async painted(slice = SLICE) {
    if (!this.store.buildings.shapes.isOutlined) await this.store.outline();
    const steps = this.paint();
    let end = performance.now() + slice;
    while (!steps.next().done) {
      if (performance.now() < end) continue;
      await new Promise(requestAnimationFrame);
      if (!this.element.isConnected) return false;
      end = performance.now() + slice;
    }
    return true;
  }
}
