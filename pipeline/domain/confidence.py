"""How sure the software may be."""

from __future__ import annotations

CONFIDENCE_MAX = 0.95
"""Upper bound of computed confidence, as 1 minus this is the lower; 1.0 is a decision's."""
