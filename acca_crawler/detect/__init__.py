"""Detection: what an article reports, how urgent it is, and why."""

from acca_crawler.detect.detector import detect

__all__ = ["detect"]
