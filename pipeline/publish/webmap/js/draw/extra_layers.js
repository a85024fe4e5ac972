// Layers that are off until somebody turns them on. Each is one declaration here, with its data in payload.py and its words
// (`layer.KEY`, `legend.KEY`) in strings.json. Its button, its row of the legend, its names, printed sheets and links follow.

import { DETAIL_ZOOM } from "../data/projection.js";
import { line, paths } from "./pen.js";

const COMMUNITY = "#5d4a8a";

// key: as the address and the words have it. path: its icon, in a square of 24. colour: of its line in the legend. isThere:
// whether the data have any. draw: paints a tile, in steps (paint.js). names: of a zoom, what is written where:
// {at, lines}, the most important first.
export const EXTRA_LAYERS = [
  {
    key: "communities",
    path: "M3 6l7-2l11 3v11l-8 3l-10-4zM10 4v8l11 2M10 12l-7 2",
    colour: COMMUNITY,
    isThere: (store) => store.communities.some(({ label }) => label),
    *draw(tile, store) {
      const { shapes } = store.tables.community_lines;
      const seen = shapes.meeting(tile.box);
      if (tile.zoom >= DETAIL_ZOOM)
        yield* paths(tile, shapes, seen, false, () => line(tile, "rgba(255,255,255,0.75)", 3.5));
      yield* paths(tile, shapes, seen, false, () =>
        line(tile, COMMUNITY, tile.zoom < DETAIL_ZOOM ? 0.6 : 1.5, [5, 3]),
      );
    },
    names(store, zoom) {
      if (zoom < 13 || zoom > 17.5) return [];
      const text = (community) => store.placeLabel(community) ?? community.community_code;
      return store.communities
        .filter(({ label }) => label)
        .map((community) => ({
          at: community.label,
          lines: [{ text: text(community), size: 12, weight: 700, colour: COMMUNITY }],
        }));
    },
  },
];
