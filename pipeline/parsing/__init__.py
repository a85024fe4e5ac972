"""Text of cells to values: columns and types, quantities, dates, storeys, addresses, names of roads."""
