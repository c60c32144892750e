"""Detection: what an article reports, how urgent it is, and why."""

from acca_crawler.detect.detector import Detector, detect

__all__ = ["Detector", "detect"]
