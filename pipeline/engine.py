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
    """What the stage returns for each partition, in the order of the partitions.

    stage: a function that can be pickled (for jobs > 1) and looks at nothing but its partition.
    jobs: processes; 1 runs here, 0 takes every core. Progress is shown on a terminal after two seconds.
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
