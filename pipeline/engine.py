"""Runs a stage over partitions: in this process, or over local processes; the bytes are the same either
way.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from tqdm import tqdm

P = TypeVar("P")
R = TypeVar("R")


def run(stage: Callable[[P], R], partitions: Sequence[P], jobs: int = 1, label: str = "") -> list[R]:
    """Run a stage over partitions, here or over local processes.

    Parameters
    ----------
    stage : callable
        Looks at nothing but its partition; can be pickled where jobs is not 1.
    partitions : sequence
    jobs : int, default 1
        Processes; 1 runs here, 0 takes every core.
    label : str
        What the progress bar says, which a terminal shows after two seconds.

    Returns
    -------
    list
        What the stage returns for each partition, in the order of the partitions; the same whatever `jobs`
        is.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(partitions))
    if jobs <= 1:
        return [stage(partition) for partition in tqdm(partitions, desc=label, disable=None, delay=2)]
    with ProcessPoolExecutor(jobs, initializer=_end_silently) as pool:
        return list(
            tqdm(pool.map(stage, partitions), total=len(partitions), desc=label, disable=None, delay=2)
        )


def _end_silently() -> None:
    """Ctrl-C is for the process that handed out the work to speak of."""
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, signal.SIG_DFL)
