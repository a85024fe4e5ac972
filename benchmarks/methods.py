"""Ways to group buildings, each `(place, number of groups) → one label a building`.

Those of scikit-learn and scipy see centres or the neighbour graph; the graph's edges cost what
`pipeline.domain.adjacency_cost` says in metres, so that what is compared is the algorithm and not the costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from places import Place
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial.distance import squareform
from sklearn.cluster import DBSCAN, HDBSCAN, AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

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


class UnfitError(Exception):
    """The method is not run here; the text says why."""


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


def dbscan_best(place: Place, k: int) -> Any:  # noqa: ARG001 - one signature for all
    """The radius that agrees best with the truth: what no one who needs the answer could choose."""
    found = [_noise_alone(DBSCAN(eps=r, min_samples=2).fit_predict(_centres(place))) for r in RADII_M]
    return max(found, key=lambda label: adjusted_rand_score(place.truth, label))


def dbscan_fixed(place: Place, k: int) -> Any:  # noqa: ARG001
    """One radius, whatever the place."""
    return _noise_alone(DBSCAN(eps=FIXED_RADIUS_M, min_samples=2).fit_predict(_centres(place)))


def hdbscan(place: Place, k: int) -> Any:  # noqa: ARG001
    """Density that varies; groups of two and more."""
    return _noise_alone(HDBSCAN(min_cluster_size=2, copy=True).fit_predict(_centres(place)))


def ward(place: Place, k: int) -> Any:
    """Ward's method on the centres."""
    _square(place)
    return AgglomerativeClustering(k, linkage="ward").fit_predict(_centres(place))


def average(place: Place, k: int) -> Any:
    """Average linkage on the centres."""
    _square(place)
    return AgglomerativeClustering(k, linkage="average").fit_predict(_centres(place))


def road_blocks(place: Place, k: int) -> Any:  # noqa: ARG001
    """Blocks between roads of every class."""
    lines = place.roads.geometry[place.roads.geometry.geom_type.isin(["LineString", "MultiLineString"])]
    blocks = shapely.get_parts(shapely.polygonize([shapely.union_all(lines.to_numpy())]))
    point, block = shapely.STRtree(blocks).query(place.homes.representative_point().array, predicate="within")
    label = np.full(len(place.homes), -1)  # outside every block: one group
    label[point] = block
    return label


def spanning_tree(place: Place, k: int) -> Any:
    """The minimum spanning tree, its k − 1 dearest edges cut."""
    graph, cost = _graph(place)
    tree = minimum_spanning_tree(_matrix(place, cost, graph)).tocoo()
    kept = np.argsort(tree.data, kind="stable")[: len(place.homes) - k]
    return connected_components(
        coo_matrix((tree.data[kept], (tree.row[kept], tree.col[kept])), shape=tree.shape)
    )[1]


def shortest_paths(place: Place, k: int) -> Any:
    """Average linkage over the lengths of shortest paths."""
    _square(place)
    graph, cost = _graph(place)
    apart = dijkstra(_matrix(place, cost, graph), directed=False)
    return fcluster(linkage(squareform((apart + apart.T) / 2, checks=False), "average"), k, "maxclust")


def leiden(place: Place, k: int) -> Any:
    """Modularity of closeness 1 / cost, at the resolution whose number of groups is nearest to k."""
    try:
        import igraph
        import leidenalg
    except ImportError as error:
        raise UnfitError("not installed") from error
    graph, cost = _graph(place)
    net = igraph.Graph(len(place.homes), list(zip(graph.a.tolist(), graph.b.tolist(), strict=True)))
    low, high, best = 1e-3, 1e3, None
    for _ in range(20):
        middle = (low * high) ** 0.5
        kind = leidenalg.RBConfigurationVertexPartition
        label = np.array(
            leidenalg.find_partition(
                net, kind, weights=(1 / cost).tolist(), resolution_parameter=middle, seed=0
            ).membership
        )
        found = label.max() + 1
        if best is None or abs(found - k) < abs(best.max() + 1 - k):
            best = label
        low, high = (middle, high) if found < k else (low, middle)
    return best


def _spopt(place: Place) -> tuple[Any, Any, Any]:
    if len(place.homes) > SLOW_MAX:
        raise UnfitError("too slow")
    try:
        import libpysal
        import spopt.region as region
    except ImportError as error:
        raise UnfitError("not installed") from error
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


def ours_unknown(place: Place, k: int) -> Any:  # noqa: ARG001
    """As the pipeline groups them, told no number."""
    return ours(place, None)


METHODS: dict[str, Callable[[Place, int], Any]] = {
    "DBSCAN, best radius": dbscan_best,
    f"DBSCAN, {FIXED_RADIUS_M:.0f} m": dbscan_fixed,
    "HDBSCAN": hdbscan,
    "Ward on points": ward,
    "average linkage on points": average,
    "blocks between all roads": road_blocks,
    "Skater (spopt)": skater,
    "Max-p (spopt)": max_p,
    "Leiden": leiden,
    "spanning tree, cut": spanning_tree,
    "average linkage, paths": shortest_paths,
    "ours, number given": ours,
    "ours, number unknown": ours_unknown,
}
