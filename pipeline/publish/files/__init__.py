"""The files of the hand-off, their data dictionary and their manifest."""
