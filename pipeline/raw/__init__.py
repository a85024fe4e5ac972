"""A raw file as it was read, and how it is spoken of: its rows, why it or a row is refused, in which
words.
"""
