"""WARC files, the chain of manifests, verification, backup and retention."""
