"use strict";
// The drawing as a Leaflet layer of canvas tiles: panning moves finished tiles, and only what is in view is drawn.
PM.Surface = L.GridLayer.extend({
  options: { tileSize: 512, noWrap: true, updateWhenZooming: false, keepBuffer: 1, className: "surface" },

  initialize(store) {
    L.GridLayer.prototype.initialize.call(this, {});
    this.store = store;
    store.on("change", this.redraw, this);
  },

  createTile(coords) {
    const ratio = window.devicePixelRatio || 1;
    const size = this.getTileSize().x;
    // Painted at once, so shown at once: Leaflet would wait for the next frame, and leave the map blank until then.
    const canvas = L.DomUtil.create("canvas", "leaflet-tile-loaded");
    canvas.width = canvas.height = Math.round(size * ratio);
    const c = canvas.getContext("2d");
    c.scale(canvas.width / size, canvas.width / size);
    this.patterns ??= PM.patterns(c, ratio);
    const scale = 256 * 2 ** coords.z;
    const left = coords.x * size;
    const top = coords.y * size;
    const margin = 12; // what is drawn wider than its line still reaches over the tile's edge
    const box = [(left - margin) / scale, (top - margin) / scale, (left + size + margin) / scale, (top + size + margin) / scale];
    const latitude = PM.latLng([0, (box[1] + box[3]) / 2]).lat;
    const metre = scale / (40075016.7 * Math.cos((latitude * Math.PI) / 180));
    PM.paint({ c, scale, left, top, box, zoom: coords.z, metre, patterns: this.patterns }, this.store);
    return canvas;
  },

  // Leaflet rounds the zoom of its tiles to whole levels; drawn tiles are sharp at any. While fingers or a flight
  // zoom, the old tiles are only scaled.
  _setView(center, zoom, noPrune, noUpdate) {
    const changed = this._tileZoom === undefined || (!noUpdate && zoom !== this._tileZoom);
    if (changed) {
      this._tileZoom = zoom;
      this._abortLoading?.();
      this._updateLevels();
      this._resetGrid();
      this._update(center);
      if (!noPrune) this._pruneTiles();
      this._noPrune = Boolean(noPrune);
    }
    this._setZoomTransforms(center, zoom);
  },
});
