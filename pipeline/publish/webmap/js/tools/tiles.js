// Tiles from the network under the drawing. Where they are in another datum, each is put where its corners
// lie in ours: the shift of GCJ-02 changes by metres within a district, so one shift for all would not do.

import { PARTS } from "../data/declared.js";
import { h } from "../ui/elements.js";

const OPACITY = 0.85;

// From the datum of the tiles to ours, between the corners at which pipeline/publish/webmap/tiles.py has
// worked it out.
export class Shift {
  constructor({ lng, lat, step, corners, add }) {
    this.lng = lng;
    this.lat = lat;
    this.step = step;
    this.corners = corners;
    this.add = add;
  }

  // How a position of the tiles is to be moved: [longitude, latitude] in degrees.
  at(position) {
    const cell = (degrees, low, i) => {
      const at = Math.min(Math.max((degrees - low) / this.step[i], 0), this.corners[i] - 1);
      const before = Math.min(Math.floor(at), Math.max(this.corners[i] - 2, 0));
      return [before, at - before];
    };
    const [column, east] = cell(position.lng, this.lng, 0);
    const [row, north] = cell(position.lat, this.lat, 1);
    const value = (c, r, i) =>
      this.add[
        2 * (Math.min(r, this.corners[1] - 1) * this.corners[0] + Math.min(c, this.corners[0] - 1)) + i
      ];
    return [0, 1].map((i) => {
      const south = value(column, row, i) * (1 - east) + value(column + 1, row, i) * east;
      const far = value(column, row + 1, i) * (1 - east) + value(column + 1, row + 1, i) * east;
      return (south * (1 - north) + far * north) / 1e9;
    });
  }

  toOurs(position) {
    const [lng, lat] = this.at(position);
    return L.latLng(position.lat + lat, position.lng + lng);
  }

  // The other way, to the metre or so.
  toTheirs(position) {
    const [lng, lat] = this.at(position);
    return L.latLng(position.lat - lat, position.lng - lng);
  }
}

// A tile layer in another datum.
const Shifted = /** @type {any} */ (L.TileLayer).extend({
  // Where the corner of a tile lies in ours, in pixels of the level.
  _corner(x, y, z) {
    const size = this.getTileSize();
    return this._map
      .project(this.options.shift.toOurs(this._map.unproject([x * size.x, y * size.y], z)), z)
      .round();
  },

  _getTilePos({ x, y, z }) {
    return this._corner(x, y, z).subtract(this._level.origin);
  },

  _getTiledPixelBounds(center) {
    const bounds = L.TileLayer.prototype._getTiledPixelBounds.call(this, this.options.shift.toTheirs(center));
    return L.bounds(bounds.min.subtract([16, 16]), bounds.max.add([16, 16]));
  },

  _addTile(coords, container) {
    L.TileLayer.prototype._addTile.call(this, coords, container);
    const tile = this._tiles[this._tileCoordsToKey(coords)].el;
    const size = this._corner(coords.x + 1, coords.y + 1, coords.z).subtract(
      this._corner(coords.x, coords.y, coords.z),
    );
    Object.assign(tile.style, { width: `${size.x}px`, height: `${size.y}px` });
  },
});

export class Tiles {
  constructor(store) {
    this.store = store;
    const { url, attribution, zoom_max: maxNativeZoom, is_labelled: isLabelled, shift } = PARTS.tiles;
    /** @type {L.TileLayerOptions} */
    const options = {
      maxNativeZoom,
      maxZoom: Infinity,
      opacity: OPACITY,
      zIndex: 0,
      className: "tiles",
      referrerPolicy: "strict-origin-when-cross-origin",
    };
    this.attribution = attribution;
    this.isLabelled = isLabelled;
    this.layer = shift
      ? new Shifted(url, { ...options, shift: new Shift(shift) })
      : L.tileLayer(url, options);
    store.tools.push({
      key: "base_map",
      path: "M12 3L22 8.5L12 14L2 8.5zM2 12.5L12 18l10-5.5M2 16.5L12 22l10-5.5",
      act: () => this.turn(!this.isOn),
      isOn: () => this.isOn,
    });
  }

  addTo(map) {
    this.map = map;
    this.credit = h("p", { class: "credit" }, this.attribution);
    map.getContainer().append(this.credit);
    map.createPane("tiles").style.zIndex = 150; // below Leaflet's own pane of tiles, in which the drawing is
    this.layer.options.pane = "tiles";
    this.turn(true);
    return this;
  }

  turn(on) {
    this.isOn = on;
    this.credit.hidden = !on;
    if (on) this.layer.addTo(this.map);
    else this.layer.remove();
    this.store.surface.isOverTiles = on;
    this.store.labels.isOverTiles = on && this.isLabelled;
    this.store.surface.repaint();
    this.store.labels.draw();
    this.store.fire("tools");
  }
}
