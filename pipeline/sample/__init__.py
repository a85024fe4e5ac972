"""The synthetic district: Xigang as its housing bureau's letter of 2021 declares it, invented, seeded, the
same bytes every time.

`write_sample` and `remove_sample` are the only ways in. Streets and the faces between (`plan`, `streets`,
`communities`) → parcels with their courtyards (`parcels`, `layouts`) → footprints (`buildings`) → register,
entries and addresses (`records`, `addresses`) → contracts and assessments (`service`) → planted defects
(`defects`) → what stands in each file (`contents`) → bytes (`files`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.sample import files
from pipeline.sample.addresses import name_lanes
from pipeline.sample.buildings import raise_buildings
from pipeline.sample.communities import share_communities
from pipeline.sample.contents import contents
from pipeline.sample.defects import plant
from pipeline.sample.parcels import plot
from pipeline.sample.records import keep_records
from pipeline.sample.service import serve
from pipeline.sample.streets import build_network

SEED = 210203


def write_sample(folder: Path, *, seed: int = SEED) -> None:
    """Write the sample's files, `truth.json` (only tests read it) and the card `SAMPLE.json` into the folder.

    Parameters
    ----------
    folder : Path
        A file there that a person changed stays as it is, and a line says so.
    seed : int, default SEED
        The same seed gives the same bytes.

    Raises
    ------
    ValueError
        For a seed whose plan has no room for the declared number of buildings.
    WriteError
        Where the disk does not take a file.
    """
    for name in files.put(folder, sample_files(seed), seed=seed):
        print(  # noqa: T201
            f"{folder / name}: not what the sample wrote there, so it is kept; delete it to get the"
            " sample's own"
        )


def remove_sample(folder: Path) -> None:
    """Remove the sample from the folder, but for files that a person changed.

    Parameters
    ----------
    folder : Path
        A line says which files are kept.
    """
    for name in files.remove(folder):
        print(f"{folder / name}: not what the sample wrote there, so it is kept")  # noqa: T201


def sample_files(seed: int = SEED) -> dict[str, bytes]:
    """Every file of the sample but its card.

    Parameters
    ----------
    seed : int, default SEED

    Returns
    -------
    dict of str to bytes
        Name → content.

    Raises
    ------
    ValueError
        For a seed whose plan has no room for the declared number of buildings.
    """
    rng = np.random.default_rng(seed)
    network = build_network(rng)
    share_communities(network.faces)
    plots = plot(network, rng)
    name_lanes(plots.lanes, network.streets)
    buildings = raise_buildings(network, plots, rng)
    records = keep_records(network, plots, buildings, rng)
    service = serve(records.areas, rng)
    planted = plant(records, plots, buildings, rng)
    return contents(network, plots, buildings, records, service, planted, rng)
