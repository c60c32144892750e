"""Detect texts that are identical, copied, rewritten or translated, and classify changes. Pure."""
