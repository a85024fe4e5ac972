"""The tables that flow through the pipeline: one schema each, with columns, types, units, ranges, references.

A table is a (Geo)DataFrame whose columns are exactly the ones listed in its schema, in this order, sorted by
its key. Geometry is in the district's own projected CRS (metres). The data dictionary
(docs/data-dictionary.md) is generated from these modules. Standard library only, as `schema` says.

- `inputs`: what raw files fill
- `computed`: what stages make
- `reports`: what says how a run went
- `enumerations`: what a column may hold where that is one of a few values
- `catalogue`: all of them by name, in the order they are made
- `schema`: what a table is, and whether a frame is that table
"""

from pipeline.tables.catalogue import *
from pipeline.tables.computed import *
from pipeline.tables.enumerations import *
from pipeline.tables.inputs import *
from pipeline.tables.reports import *
from pipeline.tables.schema import *
