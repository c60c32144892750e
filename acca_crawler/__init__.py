"""Everything between the web and the archive, and between the archive and its users."""

__version__ = "0.1.0"
