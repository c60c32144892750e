"""Frozen pages: an invented article in each outlet's markup, with what must be read from it."""
