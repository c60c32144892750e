"""Tools for adding and checking outlets."""
