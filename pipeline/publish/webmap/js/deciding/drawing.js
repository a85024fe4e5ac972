// A boundary drawn by hand: a click adds a corner, corners and the points between them can be dragged, and a
// line that crosses itself can't be finished. By keyboard: the map moves under a cross, the space bar adds a
// corner there.

import { crossingSides } from "../data/rings.js";
import { h } from "../ui/elements.js";

const INK = "#006b4f";
const WRONG = "#b5174b";

const rounded = ({ lat, lng }) => L.latLng(Number(lat.toFixed(7)), Number(lng.toFixed(7)));

const handle = (name) => L.divIcon({ className: `corner ${name}`, html: h("span", {}), iconSize: [22, 22] });

export class Drawing {
  // changed: called with the drawing whenever its corners are others.
  constructor(map, changed) {
    this.map = map;
    this.changed = changed;
    this.corners = [];
    this.lines = L.layerGroup().addTo(map);
    this.handles = L.layerGroup().addTo(map);
    this.cross = h("div", { class: "crosshair", "aria-hidden": "true" });
    map.getContainer().append(this.cross);
    map.getContainer().classList.add("drawing");
    map.doubleClickZoom.disable();
  }

  end() {
    this.lines.remove();
    this.handles.remove();
    this.cross.remove();
    this.map.getContainer().classList.remove("drawing");
    this.map.doubleClickZoom.enable();
  }

  get ring() {
    return this.corners.map(({ lng, lat }) => [lng, lat]);
  }

  get isWrong() {
    return this.corners.length > 2 && crossingSides(this.corners).size > 0;
  }

  get isReady() {
    return this.corners.length > 2 && !this.isWrong;
  }

  add(latlng, at = this.corners.length) {
    this.corners.splice(at, 0, rounded(latlng));
    this.draw();
  }

  remove(at = this.corners.length - 1) {
    this.corners.splice(at, 1);
    this.draw();
  }

  shift(at, latlng) {
    this.corners[at] = rounded(latlng);
    this.line();
  }

  draw() {
    this.handles.clearLayers();
    this.corners.forEach((corner, i) => this.corner(corner, i));
    const n = this.corners.length;
    if (n > 1) for (let i = 0; i < (n > 2 ? n : 1); i++) this.middle(i);
    this.line();
  }

  corner(corner, i) {
    const title = String(i + 1);
    const marker = L.marker(corner, {
      icon: handle("own"),
      draggable: true,
      keyboard: true,
      title,
      alt: title,
      bubblingMouseEvents: false,
    });
    marker.on("drag", () => this.shift(i, marker.getLatLng()));
    marker.on("dragend", () => this.draw());
    this.handles.addLayer(marker);
    L.DomEvent.on(marker.getElement(), "keydown", (event) => this.key(event, i));
  }

  // A corner that has the focus is moved with the arrow keys, and removed with the delete key.
  key(event, i) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step)
      this.shift(
        i,
        this.map.containerPointToLatLng(
          this.map
            .latLngToContainerPoint(this.corners[i])
            .add(L.point(step).multiplyBy(event.shiftKey ? 10 : 2)),
        ),
      );
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(i);
    else return;
    L.DomEvent.stop(event);
    this.draw();
    this.handles.getLayers()[Math.min(i, this.corners.length - 1)]?.getElement().focus();
  }

  // Dragged, it becomes a corner.
  middle(i) {
    const next = (i + 1) % this.corners.length;
    const [a, b] = [this.corners[i], this.corners[next]].map((corner) => this.map.project(corner, 20));
    const marker = L.marker(this.map.unproject(a.add(b).divideBy(2), 20), {
      icon: handle("middle"),
      draggable: true,
      keyboard: false,
      bubblingMouseEvents: false,
    });
    marker.on("dragstart", () => this.corners.splice(i + 1, 0, rounded(marker.getLatLng())));
    marker.on("drag", () => this.shift(i + 1, marker.getLatLng()));
    marker.on("dragend", () => this.draw());
    this.handles.addLayer(marker);
  }

  line() {
    const wrong = this.corners.length > 2 ? crossingSides(this.corners) : new Set();
    const n = this.corners.length;
    this.lines.clearLayers();
    const style = { interactive: false };
    if (n > 2)
      this.lines.addLayer(
        L.polygon(this.corners, {
          ...style,
          stroke: false,
          fillColor: wrong.size ? WRONG : INK,
          fillOpacity: 0.12,
        }),
      );
    for (let i = 0; i < n && n > 1; i++) {
      const side = [this.corners[i], this.corners[(i + 1) % n]];
      const colour = wrong.has(i) ? WRONG : INK;
      if (i < n - 1 || n > 2) {
        this.lines.addLayer(L.polyline(side, { ...style, color: "#ffffff", weight: 6 }));
        this.lines.addLayer(
          L.polyline(side, { ...style, color: colour, weight: 3, dashArray: i === n - 1 ? "6 5" : null }),
        );
      }
    }
    this.changed(this);
  }
}
