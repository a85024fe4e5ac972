"""Raw files to tables: readers, encodings, CRS and datum, addresses, quantities."""

from pipeline.sources.errors import SourceError as SourceError
