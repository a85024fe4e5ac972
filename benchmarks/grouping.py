"""How well grouping finds groups that are known: `python benchmarks/grouping.py` (docs/benchmark.md).

For each of the three ways to run a place one table, place × method: adjusted Rand index (1: the same groups,
0: chance), F1 over pairs of buildings that belong together, share of the true groups found building by
building, number of areas found of the true number, seconds. Then one table of the index alone, and one of
means over places. Where the number is not known, a method that needs one is cut where it does best on the
other places. `--score FILE.csv` scores anybody's result beside ours, `--write FOLDER` writes what another
tool needs to make one.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from methods import METHODS, Method, UnfitError
from places import GRADES, WAYS, Place, PlaceError, places
from scores import Score, ari, interval, score

FORMATS = {"gpkg": "GPKG", "geojson": "GeoJSON"}
COLUMNS = ("place", "building_id", "label")


class ResultError(Exception):
    """A file of labels can't be scored; the text says why."""


@dataclass(frozen=True)
class Result:
    """What a method says about a place: labels and seconds, or why there are none."""

    label: Any = None
    seconds: float | None = None
    reason: str = ""


Results = dict[tuple[str, str], Result]
"""By method and place."""


# --- our methods --------------------------------------------------------------------------------------------


def run(method: Method, found: Sequence[Place], way: str) -> list[Result]:
    """Run one method in every place, as the way says."""
    if way == "a":
        return [_timed(method.given, place, len(place)) for place in found]
    if method.at_cuts is None:
        return [_timed(method.unknown, place) for place in found]
    return chosen(found, [_timed(method.at_cuts, place, method.cuts) for place in found])


def _timed(function: Callable[..., Any] | None, place: Place, *more: Any) -> Result:
    if function is None:
        return Result(reason="needs the number")
    started = time.perf_counter()
    try:
        label = function(place, *more)
    except UnfitError as reason:
        return Result(reason=str(reason))
    return Result(label, time.perf_counter() - started)


def chosen(found: Sequence[Place], tried: Sequence[Result]) -> list[Result]:
    """Of the labels of every cut those of the cut that has the best mean index in the other places.

    Parameters
    ----------
    found : sequence of Place
        The places, as they are run.
    tried : sequence of Result
        Of each place; `label` holds one labelling a cut.

    Returns
    -------
    list of Result
        Seconds are of all cuts together. A place and its parts never choose for each other.
    """
    index = [
        None if r.label is None else [ari(p.truth, x) for x in r.label]
        for p, r in zip(found, tried, strict=True)
    ]
    results = []
    for place, result in zip(found, tried, strict=True):
        others = [
            values
            for other, values in zip(found, index, strict=True)
            if values is not None and not other.whole and fold(other) != fold(place)
        ]
        if result.label is None:
            results.append(result)
        elif not others:
            results.append(Result(reason="no other place to choose its cut on"))
        else:
            best = int(np.argmax(np.mean(others, axis=0)))
            results.append(Result(result.label[best], result.seconds))
    return results


def fold(place: Place) -> str:
    """What is left out together."""
    return place.whole or place.name


# --- somebody else's ----------------------------------------------------------------------------------------


def read_labels(file: Path, found: Sequence[Place], way: str) -> dict[str, dict[str, pd.Series]]:
    """Labels by way and place from a CSV with the columns place, building_id, label and perhaps way.

    Parameters
    ----------
    file : Path
        UTF-8, one row a building.
    found : sequence of Place
        The places that a row may name.
    way : str
        What rows count as where there is no column `way`.

    Returns
    -------
    dict
        By way, then by place: labels with the building as index.

    Raises
    ------
    ResultError
        Where the file can't be scored.
    """
    try:
        rows = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ResultError(f"{file}: cannot be read ({error})") from error
    if missing := [name for name in COLUMNS if name not in rows.columns]:
        raise ResultError(f"{file}: column {', '.join(missing)} is missing")
    if "way" not in rows.columns:
        rows["way"] = way
    _no(file, rows["label"].eq(""), rows, "has no label")
    _no(file, ~rows["way"].isin(list(WAYS)), rows, f"has a way that is none of {', '.join(WAYS)}")
    _no(file, rows.duplicated(["way", "place", "building_id"]), rows, "is there twice")
    names = [place.name for place in found]
    for name in rows["place"].unique():
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise ResultError(
                f"{file}: {name!r} is no place at hand{f' (meant {near[0]!r}?)' if near else ''}"
            )
    for place in found:
        ids = {i for way in place.ways for i in place.at(way).homes["building_id"]}
        mine = rows["place"].eq(place.name)
        _no(file, mine & ~rows["building_id"].isin(ids), rows, "is no building of its place")
    return {
        of: {name: part.set_index("building_id")["label"] for name, part in of_way.groupby("place")}
        for of, of_way in rows.groupby("way")
    }


def _no(file: Path, bad: Any, rows: pd.DataFrame, why: str) -> None:
    """Stop at the first bad row, by its line."""
    if bad.any():
        at = int(np.argmax(bad.to_numpy()))
        row = rows.iloc[at]
        raise ResultError(
            f"{file}, line {at + 2}: building {row['building_id']!r} of {row['place']!r} {why}"
            f" ({int(bad.sum())} such lines)"
        )


def given_labels(place: Place, labels: dict[str, pd.Series], name: str) -> Result:
    """One place's labels as a result; a known building without one is an area of its own."""
    if place.name not in labels:
        return Result(reason="no labels")
    label = labels[place.name].reindex(place.homes["building_id"]).reset_index(drop=True)
    missing = label.isna().to_numpy()
    if lacking := int((missing & (place.truth >= 0)).sum()):
        print(
            f"{name}: {lacking} known buildings of {place.name} have no label, each counts alone",
            file=sys.stderr,
        )
    code = pd.factorize(label)[0]
    return Result(np.where(missing, code.max() + 1 + np.arange(len(code)), code))


# --- tables -------------------------------------------------------------------------------------------------


def rows(
    found: Sequence[Place], scored: dict[tuple[str, str], Score | str], titles: dict[str, str]
) -> list[str]:
    """Place × method, a row each."""
    lines = [
        "| place (known buildings, groups) | method | ARI | pair F1 | exact | found / true | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for place in found:
        known = int((place.truth >= 0).sum())
        lines.append(f"| **{place.name}** ({known}, {len(place)}), {place.grade} | | | | | | |")
        for name, title in titles.items():
            s = scored[name, place.name]
            lines.append(
                f"| | {title} | {s} | | | | |"
                if isinstance(s, str)
                else f"| | {title} | {s.ari:.3f} | {s.f1:.3f} | {s.exact:.3f} | {s.found} / {s.true}"
                f" | {_seconds(s)} |"
            )
    return lines


def _seconds(s: Score) -> str:
    return "" if s.seconds is None else f"{s.seconds:.1f}"


def matrix(
    found: Sequence[Place], scored: dict[tuple[str, str], Score | str], titles: dict[str, str]
) -> list[str]:
    """The index alone, a row a place and a column a method, by the name that `--methods` takes."""
    lines = [f"| ARI | {' | '.join(titles)} |", "|---|" + "---|" * len(titles)]
    for place in found:
        cells = [scored[name, place.name] for name in titles]
        lines.append(
            f"| {place.name} | "
            + " | ".join("–" if isinstance(s, str) else f"{s.ari:.3f}" for s in cells)
            + " |"
        )
    return lines


def means(
    found: Sequence[Place], scored: dict[tuple[str, str], Score | str], titles: dict[str, str]
) -> list[str]:
    """Means over all, strong and weak places, a row a method; parts and variants of a place are in none."""
    found = [place for place in found if not place.whole]
    lines = [
        "| method | places | ARI, all | strong | weak | exact, all | number ± 15 % | worst place | seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, title in titles.items():
        mine = [(p, s) for p in found if not isinstance(s := scored[name, p.name], str)]
        if not mine:
            lines.append(f"| {title} | 0 of {len(found)} | | | | | | | |")
            continue
        every = [s for _, s in mine]
        graded = [_mean([s for p, s in mine if p.grade == grade]) for grade in GRADES]
        worst, least = min(((p.name, s.ari) for p, s in mine), key=lambda pair: pair[1])
        took = sum(s.seconds for s in every if s.seconds is not None)
        cells = (
            title,
            f"{len(mine)} of {len(found)}",
            _mean(every),
            *graded,
            _mean(every, "exact"),
            f"{np.mean([s.near for s in every]):.0%}",
            f"{least:.3f} {worst}",
            f"{took:.1f}" if any(s.seconds is not None for s in every) else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _mean(scores: Sequence[Score], what: str = "ari") -> str:
    """Mean and interval; the places stay, the groups in them are drawn anew."""
    if not scores:
        return ""
    low, high = interval(np.mean([getattr(s, f"{what}s") for s in scores], axis=0))
    return f"{np.mean([getattr(s, what) for s in scores]):.3f} ({low:.2f}–{high:.2f})"


# --- for other tools ----------------------------------------------------------------------------------------


def write(folder: Path, found: Iterable[Place], kind: str = "gpkg") -> None:
    """Write what another tool needs: a folder a place, and split.csv.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    found : iterable of Place
        What to write.
    kind : {'gpkg', 'geojson'}, default 'gpkg'
        GeoPackage in the place's CRS in metres, or GeoJSON in WGS 84.
    """
    split = []
    for place in found:
        at = folder / place.name
        at.mkdir(parents=True, exist_ok=True)
        homes, truth = place.homes, place.truth
        if place.everything is not None:
            homes, truth = place.everything
        known = set(place.homes["building_id"])
        homes = homes.assign(
            ways=["abc"[: len(place.ways)] if i in known else "c" for i in homes["building_id"]]
        )
        for name, table in (("buildings", homes), ("roads", place.roads)):
            layer = table.dropna(axis="columns", how="all").drop(columns=["source_file", "source_row"])
            if kind == "geojson":
                layer = layer.to_crs("EPSG:4326")
            layer.to_file(at / f"{name}.{kind}", driver=FORMATS[kind])
        pd.DataFrame({"building_id": homes["building_id"], "group": truth}).to_csv(
            at / "truth.csv", index=False
        )
        about = {
            "name": place.name,
            "crs": place.homes.crs.to_epsg(),
            "grade": place.grade,
            "licence": place.licence,
        }
        about |= {"ways": place.ways, "buildings": len(place.homes), "groups": len(place)}
        (at / "place.json").write_text(
            json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        split.append(
            {"fold": fold(place), "place": place.name, "in_means": "" if place.whole else "yes"} | about
        )
    with (folder / "split.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(
            file,
            ["fold", "place", "in_means", "grade", "ways", "buildings", "groups", "licence"],
            extrasaction="ignore",
        )
        writer.writeheader()
        writer.writerows(split)


# --- the command --------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables, or write the places."""
    asked = _parser().parse_args(argv)
    warnings.filterwarnings("ignore")
    try:
        found = places(asked.place)
        if not found:
            sys.exit("no such place")
        if asked.write:
            write(asked.write, found, asked.format)
            print(f"{len(found)} places written to {asked.write}")
            return
        theirs = {
            file.stem: read_labels(file, found, asked.ways if len(asked.ways) == 1 else "b")
            for file in asked.score
        }
    except (PlaceError, ResultError) as error:
        sys.exit(str(error))
    done: Results = {}
    for way in asked.ways:
        done = _print_way(
            way, [place.at(way) for place in found if way in place.ways], asked.methods, theirs, done
        )


def _print_way(
    way: str, found: list[Place], names: list[str], theirs: dict[str, Any], before: Results
) -> Results:
    """Run, score and print; `before`: of way a, which has the same buildings as b."""
    results: Results = {}
    titles = {name: METHODS[name].title for name in names}
    for name in names:
        print(f"way {way}: {titles[name]}", file=sys.stderr, flush=True)
        keys = [(name, place.name) for place in found]
        same = way == "b" and METHODS[name].free and all(key in before for key in keys)
        of_place = [before[key] for key in keys] if same else run(METHODS[name], found, way)
        results |= dict(zip(keys, of_place, strict=True))
    for name, labels in theirs.items():
        if way in labels:
            titles[f"{name}.csv"] = name
            results |= {(f"{name}.csv", p.name): given_labels(p, labels[way], name) for p in found}
    truth = {place.name: place.truth for place in found}
    scored: dict[tuple[str, str], Score | str] = {
        key: r.reason or score(truth[key[1]], r.label, name=key[1], seconds=r.seconds)
        for key, r in results.items()
    }
    print(f"\n## Way {way}: {WAYS[way]}\n")
    for table in (rows, matrix, means):
        print("\n".join(table(found, scored, titles)), end="\n\n", flush=True)
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Accuracy of the grouping where the groups are known.")
    parser.add_argument("place", nargs="*", help="only places with one of these words in their name")
    parser.add_argument(
        "--methods", type=_methods, default=list(METHODS), help=f"some of {','.join(METHODS)}, or none"
    )
    parser.add_argument("--ways", type=_ways, default="abc", help="some of a, b, c: see docs/benchmark.md")
    parser.add_argument(
        "--score", type=Path, action="append", default=[], metavar="FILE.csv",
        help="score these labels, too: columns place, building_id, label; way (else b, or the one of --ways)",
    )  # fmt: skip
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write places and split for other tools")
    parser.add_argument("--format", choices=list(FORMATS), default="gpkg", help="of what --write writes")
    return parser


def _methods(text: str) -> list[str]:
    names = [] if text == "none" else text.split(",")
    if unknown := [name for name in names if name not in METHODS]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not among {', '.join(METHODS)}")
    return names


def _ways(text: str) -> str:
    ways = text.replace(",", "")
    if not ways or set(ways) - set(WAYS):
        raise argparse.ArgumentTypeError(f"{text}: not among {', '.join(WAYS)}")
    return ways


if __name__ == "__main__":
    main()
