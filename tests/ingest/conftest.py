"""The archive that these tests store into."""

from tests.support.newsstand import newsstand as newsstand
