"""The archive whose changes these tests report."""

from tests.support.newsstand import newsstand as newsstand
