"""Ways to group buildings, with the number of groups and without it.

Those of scikit-learn and scipy see centres or the neighbour graph; the graph's edges cost what
`pipeline.domain.adjacency_cost` says in metres, so that what is compared is the algorithm and not the costs.

A method that takes a number has a cut (a height of its tree, a resolution) instead where the number is not
known: it makes the groups of each cut in its list, and which of them counts is chosen on the other places
(benchmarks/grouping.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from places import Place
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial.distance import squareform
from scores import ari

from pipeline.config import GroupRules
from pipeline.domain.adjacency_cost import Links, link_neighbours
from pipeline.stages.adjacency import link_homes
from pipeline.stages.group import group
from pipeline.tables import MEMBERSHIP, REGISTER, RELEASED_MEMBERSHIP, empty

RADII_M = (10, 15, 20, 25, 30, 35, 40, 50, 60, 80)
FIXED_RADIUS_M = 40.0
SQUARE_MAX = 5_000
"""Methods that need n² memory are not run on more buildings than this."""
SLOW_MAX = 600
"""spopt's regionalisations take minutes from here on."""

Cuts = Sequence[float]


class UnfitError(Exception):
    """The method is not run here; the text says why."""


@dataclass(frozen=True)
class Method:
    """One way to group buildings, as the benchmark runs it. What is None it can't do."""

    title: str
    given: Callable[[Place, int], Any] | None = None
    """Place and number of groups to one label a building."""
    unknown: Callable[[Place], Any] | None = None
    """Place to one label a building."""
    at_cuts: Callable[[Place, Cuts], list[Any]] | None = None
    """Place and cuts to the labels of each cut; in place of `unknown`."""
    cuts: Cuts = ()
    free: bool = False
    """Takes no number, so it says the same with it and without."""


def _centres(place: Place) -> Any:
    return shapely.get_coordinates(place.homes.geometry.centroid.array)


def _square(place: Place) -> None:
    if len(place.homes) > SQUARE_MAX:
        raise UnfitError("n² memory")


def _graph(place: Place) -> tuple[Links, Any]:
    graph = link_neighbours(place.homes, place.roads, GroupRules())
    return graph, graph.cost_m + 0.01


def _matrix(place: Place, values: Any, graph: Links) -> Any:
    return coo_matrix((values, (graph.a, graph.b)), shape=(len(place.homes),) * 2).tocsr()


def _noise_alone(label: Any) -> Any:
    return np.where(label < 0, label.max() + 1 + np.arange(len(label)), label)


def _dbscan(place: Place, radius_m: float) -> Any:
    return _noise_alone(_sklearn().DBSCAN(eps=radius_m, min_samples=2).fit_predict(_centres(place)))


def _sklearn() -> Any:
    try:
        import sklearn.cluster
    except ImportError as error:
        raise UnfitError("scikit-learn is not installed") from error
    return sklearn.cluster


def dbscan_best(place: Place) -> Any:
    """The radius that agrees best with the truth: what no one who needs the answer could choose."""
    return max((_dbscan(place, r) for r in RADII_M), key=lambda label: ari(place.truth, label))


def dbscan_fixed(place: Place) -> Any:
    """One radius, whatever the place."""
    return _dbscan(place, FIXED_RADIUS_M)


def hdbscan(place: Place) -> Any:
    """Density that varies; groups of two and more."""
    return _noise_alone(_sklearn().HDBSCAN(min_cluster_size=2, copy=True).fit_predict(_centres(place)))


def _tree_on_points(place: Place, kind: str) -> Any:
    _square(place)
    return linkage(_centres(place), kind)


def _tree_on_paths(place: Place) -> Any:
    _square(place)
    graph, cost = _graph(place)
    apart = dijkstra(_matrix(place, cost, graph), directed=False)
    apart = (apart + apart.T) / 2
    far = apart[np.isfinite(apart)].max() * 10 + 1  # where no path leads: last of all
    return linkage(squareform(np.where(np.isfinite(apart), apart, far), checks=False), "average")


def _method(title: str, tree: Callable[[Place], Any], cuts: Cuts) -> Method:
    """The method that cuts a tree of merges."""
    return Method(
        title,
        given=lambda place, k: fcluster(tree(place), k, "maxclust"),
        at_cuts=lambda place, heights: _at_heights(tree(place), heights),
        cuts=cuts,
    )


def _at_heights(tree: Any, heights: Cuts) -> list[Any]:
    return [fcluster(tree, height, "distance") for height in heights]


STREETS = ("railway", "water", "arterial", "collector", "local")


def _lines(place: Place, classes: Sequence[str] | None = None) -> Any:
    """Barriers that are lines, of these classes or of all."""
    lines = place.roads[place.roads.geometry.geom_type.isin(["LineString", "MultiLineString"])]
    return lines[["geometry"]] if classes is None else lines.loc[lines["class"].isin(classes), ["geometry"]]


def _blocks(place: Place, lines: Any) -> Any:
    blocks = shapely.get_parts(shapely.polygonize([shapely.union_all(lines.geometry.to_numpy())]))
    point, block = shapely.STRtree(blocks).query(place.homes.representative_point().array, predicate="within")
    label = np.full(len(place.homes), -1)  # outside every block: one group
    label[point] = block
    return label


def road_blocks(place: Place) -> Any:
    """Blocks between roads of every class."""
    return _blocks(place, _lines(place))


def street_blocks(place: Place) -> Any:
    """Blocks between streets, railways and water: lanes, paths and walls part nothing."""
    return _blocks(place, _lines(place, STREETS))


def tessellation_blocks(place: Place) -> Any:
    """The enclosures between streets that momepy lays its tessellation in, with the cells of each."""
    _square(place)
    try:
        import momepy
    except ImportError as error:
        raise UnfitError("momepy is not installed") from error
    import geopandas as gpd

    homes = place.homes[["geometry"]].assign(geometry=[_largest(g) for g in place.homes.geometry])
    streets = _lines(place, STREETS).explode(ignore_index=True)
    limit = gpd.GeoSeries([shapely.box(*homes.total_bounds).buffer(50)], crs=homes.crs)
    enclosures = momepy.enclosures(streets, limit=limit, clip=True)
    cells = momepy.enclosed_tessellation(homes, enclosures.geometry, simplify=False)
    point = homes.representative_point().array
    at, cell = shapely.STRtree(cells.geometry.array).query(point, predicate="within")
    label = np.full(len(homes), -1)
    label[at] = cells["enclosure_index"].to_numpy()[cell]
    return _noise_alone(label)


def _largest(shape: Any) -> Any:
    return max(shapely.get_parts(shape), key=shapely.area)


def _tree_spanning(place: Place) -> Any:
    graph, cost = _graph(place)
    return minimum_spanning_tree(_matrix(place, cost, graph)).tocoo()


def _parts(tree: Any, kept: Any) -> Any:
    """The parts of the spanning tree that these of its edges hold together."""
    edges = coo_matrix((tree.data[kept], (tree.row[kept], tree.col[kept])), shape=tree.shape)
    return connected_components(edges, directed=False)[1]


def spanning_tree(place: Place, k: int) -> Any:
    """The minimum spanning tree, its k − 1 dearest edges cut."""
    tree = _tree_spanning(place)
    return _parts(tree, np.argsort(tree.data, kind="stable")[: len(place.homes) - k])


def spanning_tree_at(place: Place, cuts: Cuts) -> list[Any]:
    """The minimum spanning tree without its edges dearer than this."""
    tree = _tree_spanning(place)
    return [_parts(tree, tree.data <= cut) for cut in cuts]


def _leiden(place: Place) -> Callable[[float], Any]:
    """Labels by resolution."""
    try:
        import igraph
        import leidenalg
    except ImportError as error:
        raise UnfitError("leidenalg is not installed") from error
    graph, cost = _graph(place)
    net = igraph.Graph(len(place.homes), list(zip(graph.a.tolist(), graph.b.tolist(), strict=True)))
    kind, weights = leidenalg.RBConfigurationVertexPartition, (1 / cost).tolist()

    def at(resolution: float) -> Any:
        found = leidenalg.find_partition(net, kind, weights=weights, resolution_parameter=resolution, seed=0)
        return np.array(found.membership)

    return at


def leiden(place: Place, k: int) -> Any:
    """Modularity of closeness 1 / cost, at the resolution whose number of groups is nearest to k."""
    at = _leiden(place)
    low, high, best = 1e-3, 1e3, None
    for _ in range(20):
        middle = (low * high) ** 0.5
        label = at(middle)
        found = label.max() + 1
        if best is None or abs(found - k) < abs(best.max() + 1 - k):
            best = label
        low, high = (middle, high) if found < k else (low, middle)
    return best


def leiden_at(place: Place, cuts: Cuts) -> list[Any]:
    """The same at these resolutions."""
    at = _leiden(place)
    return [at(cut) for cut in cuts]


def _spopt(place: Place) -> tuple[Any, Any, Any]:
    if len(place.homes) > SLOW_MAX:
        raise UnfitError("too slow")
    try:
        import libpysal
        import spopt.region as region
    except ImportError as error:
        raise UnfitError("spopt is not installed") from error
    graph, _ = _graph(place)
    rows: dict[int, list[int]] = {i: [] for i in range(len(place.homes))}
    for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        rows[a].append(b)
        rows[b].append(a)
    frame = place.homes[["geometry"]].assign(one=1.0)
    frame[["x", "y"]] = _centres(place)
    return region, frame, libpysal.weights.W(rows, silence_warnings=True)


def skater(place: Place, k: int) -> Any:
    """The spanning tree over centres cut where the parts grow most alike, two buildings at least in each."""
    region, frame, w = _spopt(place)
    model = region.Skater(frame, w, ["x", "y"], n_clusters=k, floor=2)
    model.solve()
    return np.asarray(model.labels_)


def max_p(place: Place, k: int) -> Any:
    """Areas of at least half the mean number of buildings; the number of areas follows."""
    region, frame, w = _spopt(place)
    np.random.seed(0)  # noqa: NPY002 - what spopt draws from
    model = region.MaxPHeuristic(
        frame, w, ["x", "y"], "one", max(2, len(frame) // k // 2), top_n=2, max_iterations_construction=9
    )
    model.solve()
    return np.asarray(model.labels_)


def ours(place: Place, k: int | None) -> Any:
    """As the pipeline groups them."""
    rules = GroupRules(target_count=k)
    membership, register, released = (
        empty(t, place.homes.crs) for t in (MEMBERSHIP, REGISTER, RELEASED_MEMBERSHIP)
    )
    links = link_homes(place.homes, place.roads, rules=rules)
    tables = (place.homes, membership, links, place.roads, register, released)
    rows = group(*tables, district_code="000000", rules=rules)
    areas = rows.set_index("building_id")["area_id"].reindex(place.homes["building_id"])
    return pd.factorize(areas)[0]


HEIGHTS_M = (15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 60.0, 70.0, 80.0, 100.0, 120.0, 150.0, 200.0)
WARD_HEIGHTS = tuple(np.geomspace(40, 1500, 16).round().tolist())
POINT_HEIGHTS_M = (60.0, 80.0, 100.0, 120.0, 150.0, 180.0, 220.0, 260.0, 320.0, 400.0, 500.0)
RESOLUTIONS = tuple(np.geomspace(0.5, 500, 13).round(2).tolist())


def _free(title: str, function: Callable[[Place], Any]) -> Method:
    """A method that takes no number."""
    return Method(title, given=lambda place, k: function(place), unknown=function, free=True)  # noqa: ARG005


METHODS: dict[str, Method] = {
    "ours": Method("ours", given=ours, unknown=lambda place: ours(place, None)),
    "paths": _method("average linkage, paths", _tree_on_paths, HEIGHTS_M),
    "mst": Method("spanning tree, cut", given=spanning_tree, at_cuts=spanning_tree_at, cuts=HEIGHTS_M),
    "leiden": Method("Leiden", given=leiden, at_cuts=leiden_at, cuts=RESOLUTIONS),
    "skater": Method("Skater (spopt)", given=skater),
    "maxp": Method("Max-p (spopt)", given=max_p),
    "average": _method(
        "average linkage on points", lambda place: _tree_on_points(place, "average"), POINT_HEIGHTS_M
    ),
    "ward": _method("Ward on points", lambda place: _tree_on_points(place, "ward"), WARD_HEIGHTS),
    "hdbscan": _free("HDBSCAN", hdbscan),
    "dbscan40": _free(f"DBSCAN, {FIXED_RADIUS_M:.0f} m", dbscan_fixed),
    "blocks": _free("blocks between all roads", road_blocks),
    "streets": _free("blocks between streets", street_blocks),
    "momepy": _free("enclosed tessellation (momepy)", tessellation_blocks),
    "dbscan*": _free("DBSCAN* (oracle)", dbscan_best),
}
"""By the name that `--methods` takes. An oracle has seen the truth: no rival, but a bound."""
