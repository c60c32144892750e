"""Whether two texts are the same, copied, rewritten or translated, and how one has changed. Pure."""
