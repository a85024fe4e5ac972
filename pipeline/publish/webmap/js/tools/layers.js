// A button for each layer that may be turned on, once it is known that there is anything of it.

import { EXTRA_LAYERS } from "../draw/extra_layers.js";

export class Layers {
  constructor(store) {
    this.store = store;
    store.once("facts", this.offer, this);
  }

  addTo() {
    return this;
  }

  offer() {
    const { store } = this;
    store.layers = EXTRA_LAYERS.filter((layer) => layer.isThere(store));
    const buttons = store.layers.map(({ key, path }) => ({
      key: `layer.${key}`,
      path,
      act: () => this.turn(key),
      isOn: () => store.shown.has(key),
    }));
    store.tools.push(...buttons);
    if (store.shown.size) store.show(store.shown); // the address has asked for them before they were there
  }

  turn(key) {
    const { store } = this;
    const others = [...store.shown].filter((each) => each !== key);
    store.show(store.shown.has(key) ? others : [...others, key]);
  }
}
