"""The files of the hand-off, each as the registry declares it."""

from __future__ import annotations

from pipeline import registry
from pipeline.commands.gate import SYNTHETIC_LABEL, pass_gate
from pipeline.commands.run import Run


def publish(run: Run) -> str:
    """Write one file of the hand-off. A failed check stops all but the reports that say why.

    Parameters
    ----------
    run : Run
        Its subject is the file, one of registry.PUBLISHED.

    Returns
    -------
    str
        The file and its number of rows, in one line.

    Raises
    ------
    RefusedError
        A check failed.
    """
    from pipeline.publish.files.handoff import write_csv, write_geojson, write_geopackage
    from pipeline.publish.files.views import labelled

    document = next(one for one in registry.DOCUMENTS if one.file == run.subject)
    if document.gated:
        pass_gate(run)
    path, settings = run.out / document.file, registry.settings_of(run.config, registry.DOCUMENT_SETTINGS)
    synthetic = settings["synthetic"]
    found = registry.named(document.view)(**run.read(*document.reads))
    layers = found if isinstance(found, dict) else {path.stem: found}
    layers = {layer: labelled(frame, synthetic=synthetic) for layer, frame in layers.items()}
    if path.suffix == ".gpkg":
        write_geopackage(layers, path, as_of=settings["as_of"])
    elif path.suffix == ".geojson":
        description = SYNTHETIC_LABEL if synthetic else settings["source"]
        write_geojson(layers[path.stem], path, layer=path.stem, description=description)
    else:
        write_csv(layers[path.stem], path)
    return f"{document.file}: {sum(len(frame) for frame in layers.values()):,} rows"
