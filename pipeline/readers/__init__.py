"""File formats to rows: which driver, which layer or sheet, which encoding, which limits; nothing is
interpreted yet.
"""
