"""Everything between the net and the archive, and between the archive and people."""

__version__ = "0.1.0"
