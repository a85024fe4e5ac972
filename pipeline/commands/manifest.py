"""The manifest, which signs a hand-off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline import registry
from pipeline.commands.gate import pass_gate
from pipeline.commands.run import RefusedError, Run
from pipeline.making.content import sha256
from pipeline.making.judge import read_record


def manifest(run: Run) -> str:
    """Write what the hand-off consists of: inputs, outputs, SHA-256, versions, configuration.

    The inputs are named as they were when they were read, whatever lies in RAW by now.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        How many inputs and outputs, in one line.

    Raises
    ------
    RefusedError
        A check failed, a file of the hand-off is missing or not as it was written, or what was read for an
        input is not on record.
    """
    from pipeline.files import write
    from pipeline.publish.files.manifest import build_manifest

    pass_gate(run)
    inputs = {name: file for subject in run.ingested for name, file in _read_for(run, subject).items()}
    outputs = {name: run.out / name for name in registry.PUBLISHED} | {"index.html": run.maps / "index.html"}
    missing = [name for name, path in outputs.items() if not path.exists()]
    if missing:
        raise RefusedError(f"not there yet: {', '.join(missing)}; run `make`")
    if broken := [str(path) for name, path in outputs.items() if not _as_written(run, name, path)]:
        raise RefusedError(
            "\n".join(
                [
                    "a file is not as it was written, nothing is signed:",
                    *broken,
                    "Run `make`: it is made anew.",
                ]
            )
        )
    counts = {name: len(frame) for name, frame in run.read(*registry.COUNTED).items()}
    text = build_manifest(run.config, inputs=inputs, outputs=outputs, counts=counts)
    write(run.out / "manifest.json", text.encode())
    return f"{len(inputs)} inputs, {len(outputs)} outputs"


def _read_for(run: Run, subject: str) -> dict[str, Any]:
    record = read_record(run.places, f"ingest {subject}")
    if record is None:
        raise RefusedError(f"what was read for {subject} is not on record: run `make`, which reads it again")
    files: dict[str, Any] = record["raw"]
    return files


def _as_written(run: Run, name: str, path: Path) -> bool:
    record = read_record(run.places, "map" if name == "index.html" else f"publish {name}")
    return record is not None and sha256(path) in record["to"].values()
