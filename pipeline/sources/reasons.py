"""Why a row is not taken: the reason codes of rejects.csv, listed for people in docs/rejects.md."""

from __future__ import annotations

#: Code → what it means and what to do about it.
REASONS: dict[str, str] = {
    "bad_coordinates": "a coordinate is not a finite number, or lies far outside the district's region: mend or drop the row",
    "bad_value": "a required column holds text where a number belongs, or a value its table does not know: mend it, or map it under values",
    "duplicate_geometry": "another row has exactly the same shape, and is taken in its place",
    "duplicate_id": "another row has the same id, and is taken in its place: give one of them an id of its own",
    "missing_value": "a required column is empty: fill it in",
    "not_a_feature": "a member of the GeoJSON's features that is not a Feature",
    "null_geometry": "no geometry, an empty one, or coordinates the reader could not take",
    "outside_district": "it stands in none of the subdistricts: nothing to do if it belongs to another district",
    "ragged_row": "more fields than the header has columns: quote the field that holds the separator",
    "self_crossing": "its outline crosses itself, and untangling it would change its area by 1 % or more: redraw it",
    "unclosed_ring": "a ring that does not end where it begins: repeat its first point as its last",
    "unreadable_geometry": "its coordinates can't be made into a shape",
    "unreadable_row": "the reader failed on this row of the file: export it again",
    "wrong_geometry_type": "a shape of another kind than its table has, such as a point where a polygon belongs",
    "zero_area": "a polygon without area, or a footprint thinner than 1 cm, which is what rounding leaves of a line",
}
