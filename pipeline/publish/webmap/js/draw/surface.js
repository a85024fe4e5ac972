// The drawing as a Leaflet layer of canvas tiles: panning moves finished tiles, and only what is in view is
// drawn. Tiles are drawn in slices of time, so that a page with a million buildings still answers; old tiles
// stay until the new ones are done.

import { DETAIL_ZOOM } from "../data/projection.js";
import { CoverageRaster } from "./coverage_raster.js";
import { paint } from "./paint.js";
import { makePatterns } from "./styles.js";
import { viewOf } from "./view.js";

export const Surface = /** @type {any} */ (L.GridLayer).extend({
  options: { tileSize: 512, noWrap: true, updateWhenZooming: false, keepBuffer: 1, className: "surface" },
  FIRST: 1000, // milliseconds of a slice until the first picture is complete
  SLICE: 9, // … and then, of a frame of 16

  initialize(store) {
    L.GridLayer.prototype.initialize.call(this, {});
    this.store = store;
    this.jobs = [];
    this.slice = this.FIRST;
    this.once("load", () => (this.slice = this.SLICE));
    store.surface ??= this;
    store.on("change", this.repaint, this);
  },

  createTile(coords, done) {
    const ratio = window.devicePixelRatio || 1;
    const canvas = L.DomUtil.create("canvas");
    canvas.width = canvas.height = Math.round(this.getTileSize().x * ratio);
    this.draw(canvas, coords, () => done(null, canvas));
    return canvas;
  },

  // Draws a tile, when its turn comes, and then says so.
  draw(canvas, coords, done) {
    this.jobs.push({ canvas, steps: this.tile(canvas, coords), done, needsWalls: coords.z >= DETAIL_ZOOM });
    if (this.jobs.length === 1) this.wait();
  },

  // A canvas takes its memory with its context: one tile after the other, too.
  *tile(canvas, { x, y, z }) {
    const ratio = window.devicePixelRatio || 1;
    const size = this.getTileSize().x;
    const c = canvas.getContext("2d", { willReadFrequently: true });
    c.scale(canvas.width / size, canvas.width / size);
    this.patterns ??= makePatterns(c, ratio);
    this.raster ??= new CoverageRaster(size);
    const view = viewOf({
      scale: 256 * 2 ** z,
      left: x * size,
      top: y * size,
      width: size,
      height: size,
      zoom: z,
    });
    yield;
    yield* this.paint({ ...view, c, patterns: this.patterns, raster: this.raster });
  },

  paint(tile) {
    return paint({ ...tile, isOverTiles: this.isOverTiles }, this.store);
  },

  // Leaves out what need not be drawn any more.
  drop(needless) {
    if (this.jobs.length && needless(this.jobs[0])) this.raster?.clear();
    this.jobs = this.jobs.filter((job) => !needless(job));
  },

  wait() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.work();
    });
  },

  // One tile after the other: they share their raster.
  work() {
    const end = performance.now() + this.slice;
    while (this.jobs.length) {
      const { steps, done, needsWalls } = this.jobs[0];
      if (needsWalls && !this.store.buildings.shapes.isOutlined)
        return this.store.outline().then(() => this.wait());
      while (!steps.next().done) if (performance.now() > end) return this.wait();
      this.jobs.shift();
      done();
    }
  },

  // The same tiles with what is now chosen; each stays as it is until it has been drawn anew.
  repaint() {
    this.drop((job) => job.canvas.again);
    for (const tile of Object.values(this._tiles ?? {})) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = tile.el.width;
      canvas.again = true;
      this.draw(canvas, tile.coords, () => {
        const c = tile.el.getContext("2d");
        c.setTransform(1, 0, 0, 1, 0, 0);
        c.clearRect(0, 0, canvas.width, canvas.height);
        c.drawImage(canvas, 0, 0);
      });
    }
  },

  isDrawing() {
    return this.jobs.length > 0 || this.isLoading();
  },

  // Tiles of another zoom that are not drawn yet are not needed any more.
  _abortLoading() {
    for (const [key, tile] of Object.entries(this._tiles)) {
      if (tile.coords.z === this._tileZoom || tile.loaded) continue;
      this.drop((job) => job.canvas === tile.el);
      tile.el.remove();
      delete this._tiles[key];
    }
  },

  // Until a zoom is drawn, the tiles of the one before are all there is to see.
  _pruneTiles() {
    if (!this._loading) L.GridLayer.prototype._pruneTiles.call(this);
  },

  // Leaflet rounds the zoom of its tiles to whole levels; drawn tiles are sharp at any. While fingers or a
  // flight zoom, the old tiles are only scaled.
  _setView(center, zoom, noPrune, noUpdate) {
    const changed = this._tileZoom === undefined || (!noUpdate && zoom !== this._tileZoom);
    if (changed) {
      this._tileZoom = zoom;
      this._abortLoading();
      this._updateLevels();
      this._resetGrid();
      this._update(center);
      if (!noPrune) this._pruneTiles();
      this._noPrune = Boolean(noPrune);
    }
    this._setZoomTransforms(center, zoom);
  },
});
