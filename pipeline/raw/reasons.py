"""Why a row is not taken, and what was mended in one that is: the codes of rejects.csv and repairs.csv, for
people in docs/rejects.md.
"""

from __future__ import annotations

#: Code → what it means and what to do about it.
REASONS: dict[str, str] = {
    "bad_coordinates": (
        "a coordinate is not a finite number, or lies far outside the district's region: mend or drop the row"
    ),
    "bad_value": (
        "a required column holds text where a number belongs, or a value its table does not know: mend it, or"
        " map it under values"
    ),
    "building_part": (
        "it stands inside its building's outline, which has what it knew: nothing to do, or give it its own"
        " address"
    ),
    "duplicate_geometry": (
        "another row, with more attributes, draws the same building or area: the same shape, or 90 % of both"
        " in common"
    ),
    "duplicate_id": (
        "another row has the same id, and is taken in its place: give one of them an id of its own"
    ),
    "joined_part": (
        "a part of an area, territory, compound, land or road that several rows draw: joined to the row with"
        " the same id"
    ),
    "missing_value": "a required column is empty: fill it in",
    "not_a_feature": "a member of the GeoJSON's features that is not a Feature",
    "null_geometry": "no geometry, or an empty one",
    "outside_district": (
        "it stands neither in a subdistrict nor beside one: nothing to do if it belongs to another district"
    ),
    "ragged_row": "more fields than the header has columns: quote the field that holds the separator",
    "repeated_row": "another row says the same of the same building: nothing to do",
    "replaced": (
        "another drawing of the area, or decision on the building, was made later, or is the fuller one:"
        " nothing to do"
    ),
    "seam_piece": (
        "a piece of a building that the seam of two tiles cut: joined to the piece with the same id"
    ),
    "self_crossing": (
        "its outline crosses itself, and untangling it would change its area by 1 % or more: redraw it"
    ),
    "too_large": (
        "a footprint of more than 200,000 m², or larger than its subdistrict: an estate, a block or a wrong"
        " scale, no building"
    ),
    "too_many_vertices": (
        "a shape with more vertices than limits.vertices_max: simplify it, or raise the limit"
    ),
    "total_row": (
        "a sum of other rows (合计, 小计), the header once more, or a note below them: nothing to do"
    ),
    "unclosed_ring": (
        "a ring that does not end where it begins, and the edge that would close it is longer than all"
        " others: add its points"
    ),
    "unreadable_geometry": "its coordinates are no numbers, or can't be made into a shape",
    "unreadable_row": "the reader failed on this row of the file: export it again",
    "wrong_geometry_type": (
        "a shape of another kind than its table has, such as a point where a polygon belongs"
    ),
    "zero_area": (
        "a polygon without area, a line without length, or a footprint thinner than 1 cm, which is what"
        " rounding leaves of a line"
    ),
}

#: Code → what to do where it takes more than half of a file, which then is wrong as a whole; {key}: the id's
#: column in the table.
REMEDIES: dict[str, str] = {
    "bad_coordinates": "is crs right, and longitude before latitude? Give crs, or export the file again",
    "bad_value": "map the file's values under values",
    "duplicate_id": (
        "if {key} is mapped, its column is no id: take it out of columns; else map a column that tells the"
        " rows apart"
    ),
    "missing_value": "is this the right column? Map another one, or set a constant",
    "not_a_feature": "export it again as a GeoJSON FeatureCollection, or as a GeoPackage",
    "null_geometry": "is this the right file or layer? Export it again with geometry",
    "outside_district": "is this the right file, and are crs and datum right?",
    "ragged_row": "is it the right separator? Quote the cells that hold one, or save it as .xlsx",
    "self_crossing": "redraw them, or mend them in a GIS (QGIS: Fix geometries), and export again",
    "too_large": (
        "they are districts, blocks or estates, no buildings: list the file under another input"
        " (subdistricts, communities, land or compounds); if they are buildings, crs is wrong"
    ),
    "too_many_vertices": "simplify them in a GIS (QGIS: Simplify), or raise limits.vertices_max",
    "total_row": "is the header where it should be? Take the sums out",
    "unclosed_ring": "export it again from the program that it was drawn in",
    "unreadable_geometry": "export it again from the program that it is from",
    "unreadable_row": "export it again from the program that it is from",
    "wrong_geometry_type": "is this the right file or layer, or does it belong under another input?",
    "zero_area": (
        "is this the right layer? Lines belong under barriers; else export it again with more decimals"
    ),
}

#: Of these the rows that are in a table after all, within another row: they count as merged, not as rejected.
MERGED = ("building_part", "duplicate_geometry", "joined_part", "repeated_row", "seam_piece")

#: Code → what was mended in a row that was taken.
REPAIRS: dict[str, str] = {
    "closed_line": "a line, or lines, that end where they begin, taken as the polygon they bound",
    "closed_ring": "a ring that did not end where it began, closed by an edge no longer than its others",
    "collection": (
        "the polygons of a collection, or its lines where there are none and the table takes lines; the rest"
        " dropped"
    ),
    "curve": "curves made into short straight lines",
    "inner_point": "a shape where a point belongs: a point inside it",
    "joined": (
        "the pieces of a building that the seams of tiles cut, cracks up to 10 cm closed, or the parts of an"
        " area or road, made one"
    ),
    "needle": "a needle, where the outline ran out and back at less than 1°, taken off",
    "part_taken_in": "attributes that it did not have, taken from the parts drawn inside it",
    "repeated_points": "points that repeat the one before them, dropped",
    "ring_direction": "a ring of a Shapefile inside another and wound like it, taken as the hole that it is",
    "ring_order": "a hole that was listed before its outline, put after it",
    "untangled": (
        "an outline that crosses, touches or overlaps itself, made valid; its area changed by less than 1 %"
    ),
}
