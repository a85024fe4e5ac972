"""Which buildings belong to which property-management area of a district, and which belong to nobody."""

__version__ = "0.2.0"
