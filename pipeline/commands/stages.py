"""From tables to tables: one function a stage, in the order they run."""

from __future__ import annotations

from pipeline.commands.run import Run


def match(run: Run) -> str:
    """Find the footprints of each register entry: by decision, id, boundary, address, point."""
    from pipeline.stages.match import match

    tables = run.read("buildings", "register", "entries", "boundaries", "decisions", "compounds", "barriers")
    matched = match(**tables, rules=run.config.rules.match, group_rules=run.config.rules.group)
    run.write(matched, "matched")
    return f"{len(matched):,} buildings placed, {matched['area_id'].nunique()} areas found"


def group(run: Run) -> str:
    """Group the buildings that are left into the areas that are left, or call them uncovered."""
    from pipeline.stages.group import group

    tables = run.read("buildings", "matched", "barriers", "register", "released_membership")
    tables["membership"] = tables.pop("matched")
    released = run.read("released_areas")["released_areas"]["area_id"]
    # A released area that still has buildings may be carried over by a proposal; the code of any other is
    # never given again.
    retired = released[~released.isin(tables["released_membership"]["area_id"])]
    membership = group(
        **tables,
        district_code=run.config.district.code,
        retired=retired,
        rules=run.config.rules.group,
        jobs=run.jobs,
    )
    run.write(membership, "membership")
    uncovered = int(membership["gap"].notna().sum())
    return (
        f"{len(membership):,} residential buildings in {membership['area_id'].nunique()} areas, {uncovered}"
        " uncovered"
    )


def blocks(run: Run) -> str:
    """Lay out the ground that areas may own: between streets, water, public land and compounds."""
    from pipeline.stages.blocks import lay_blocks

    tables = run.read("subdistricts", "buildings", "barriers", "land", "compounds")
    laid = lay_blocks(**tables, rules=run.config.rules.delineate)
    run.write(laid, "blocks")
    return f"{len(laid):,} blocks"


def delineate(run: Run) -> str:
    """Draw the ground each area owns."""
    from pipeline.stages.delineate import delineate

    names = ("buildings", "membership", "blocks", "barriers", "land", "boundaries", "register")
    areas = delineate(**run.read(*names), rules=run.config.rules.delineate, jobs=run.jobs)
    run.write(areas, "areas")
    return f"{len(areas)} areas, {areas['ground_area_m2'].sum() / 1e4:,.1f} ha"


def reasons(run: Run) -> str:
    """Say why each area is one: what holds it together, what cuts it off from each neighbour, and how
    sure.
    """
    from pipeline.stages.reasons import explain

    names = (
        "buildings",
        "membership",
        "areas",
        "barriers",
        "land",
        "compounds",
        "communities",
        "subdistricts",
    )
    found = explain(**run.read(*names), rules=run.config.rules.group)
    run.write(found, "area_reasons")
    return f"{len(found):,} reasons for {found['area_id'].nunique()} areas"


def edges(run: Run) -> str:
    """Cut the boundary of each area into pieces: what each piece follows, and what lies beyond it."""
    from pipeline.stages.edges import trace_edges

    tables = run.read("areas", "barriers", "land", "boundaries", "compounds", "subdistricts")
    traced = trace_edges(**tables, rules=run.config.rules.delineate)
    run.write(traced, "edges")
    length = traced.groupby("follows")["length_m"].sum().sort_values(ascending=False)
    shares = [
        f"{follows} {share:.0%}" for follows, share in (length / length.sum()).items() if share >= 0.005
    ]
    return f"{len(traced):,} pieces: " + ", ".join(shares)


def bounds(run: Run) -> str:
    """Put the four bounds of each area into words (四至), and find the ten oddest shapes."""
    from pipeline.stages.bounds import word_bounds

    worded = word_bounds(**run.read("areas", "edges"))
    run.write(worded, "bounds")
    oddest = worded[worded["oddity_rank"] <= 10].sort_values("oddity_rank")["area_id"]
    return (
        f"{worded['bounds_zh'].notna().sum()} areas in words; the oddest shapes, to be looked at:"
        f" {', '.join(oddest)}"
    )


def service(run: Run) -> str:
    """Set contract against delivery, and find the mode each area is eligible for."""
    from pipeline.stages.service import assess_service

    tables = run.read("areas", "register", "contracts", "assessments")
    found = assess_service(**tables, as_of=run.config.district.as_of, rules=run.config.rules.service)
    run.write(found, "service")
    return ", ".join(f"{count} {status}" for status, count in found["status"].value_counts().items())


def gaps(run: Run) -> str:
    """Find what nobody owns, what two own, and what is owned on paper only."""
    from pipeline.stages.gaps import find_gaps

    names = (
        "buildings",
        "membership",
        "matched",
        "areas",
        "service",
        "register",
        "entries",
        "land",
        "blocks",
        "boundaries",
        "assessments",
    )
    found = find_gaps(**run.read(*names), as_of=run.config.district.as_of, rules=run.config.rules.gaps)
    run.write(found, "gaps")
    return (
        ", ".join(f"{count} {kind}" for kind, count in sorted(found["kind"].value_counts().items()))
        or "no gaps"
    )


def check(run: Run) -> str:
    """Check conservation, topology and decisions; the report is written whatever it says."""
    from pipeline import store
    from pipeline.stages.check import check

    intakes, rejects = store.read_intakes(run.out, run.ingested)
    names = (
        "buildings",
        "membership",
        "matched",
        "blocks",
        "areas",
        "register",
        "entries",
        "boundaries",
        "decisions",
        "subdistricts",
        "barriers",
    )
    tables = run.read(*names)
    placed = run.read("communities", "barriers", "land", "compounds", "register", "entries", "boundaries")
    rules = run.config.rules
    found = check(
        intakes,
        rejects,
        **tables,
        placed=placed,
        of_areas=run.read("contracts", "assessments"),
        target_count=rules.group.target_count,
        match_rules=rules.match,
        group_rules=rules.group,
        files=run.config.inputs,
        as_of=run.config.district.as_of,
    )
    run.write(found, "checks")
    return ", ".join(f"{count} {verdict}" for verdict, count in found["verdict"].value_counts().items())


def reconcile(run: Run) -> str:
    """Set the declared totals against the computed ones."""
    from pipeline.stages.reconcile import reconcile

    tables = run.read("areas", "register", "entries", "contracts", "assessments", "subdistricts")
    found = reconcile(**tables, declared=run.config.declared)
    run.write(found, "reconciliation")
    return (
        ", ".join(f"{count} {verdict}" for verdict, count in found["verdict"].value_counts().items())
        or "nothing declared"
    )


def changes(run: Run) -> str:
    """List what differs from the last release."""
    from pipeline.stages.changes import find_changes

    found = find_changes(**run.read("membership", "areas", "released_membership", "released_areas"))
    run.write(found, "changes")
    return (
        ", ".join(f"{count} {change}" for change, count in sorted(found["change"].value_counts().items()))
        or "none, or no release yet"
    )
