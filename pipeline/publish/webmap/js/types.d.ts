// What the type checker is not told elsewhere.

import "leaflet";

declare global {
  // Elements of the page are HTML elements, also where the standard's types only say that they are elements.
  interface Element {
    readonly dataset: DOMStringMap;
    inert: boolean;
    focus(options?: FocusOptions): void;
  }

  interface HTMLCanvasElement {
    /** It stands in for a tile that is drawn anew. */
    again?: boolean;
  }

  interface Uint8ArrayConstructor {
    /** In new browsers. */
    fromBase64?(text: string): Uint8Array<ArrayBuffer>;
  }
}

// Parts of Leaflet that its types leave out.
declare module "leaflet" {
  interface Layer {
    initialize(...options: any[]): void;
    getElement?(): any;
  }
  interface GridLayer {
    _pruneTiles(): void;
    _addTile(coords: Coords, container: Node): void;
    _getTiledPixelBounds(center: LatLng): Bounds;
  }
  namespace Control {
    interface Zoom {
      _zoomInButton: HTMLElement;
      _zoomOutButton: HTMLElement;
    }
  }
}
