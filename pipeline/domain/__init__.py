"""What several stages share of the domain: barriers, area codes, register entries, the adjacency cost of two
buildings.
"""
