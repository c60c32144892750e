"""A map of the five countries as a grid of tiles, one for each region, placed roughly as on a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.labels import COUNTRIES
from acca_crawler.i18n.regions import REGIONS

LAYOUT: dict[str, dict[str, tuple[int, int]]] = {
    "KZ": {
        "kostanay": (3, 0), "north-kazakhstan": (4, 0), "akmola": (5, 0), "pavlodar": (6, 0),
        "west-kazakhstan": (1, 1), "aktobe": (2, 1), "ulytau": (3, 1), "astana": (4, 1), "karaganda": (5, 1),
        "abai": (6, 1), "east-kazakhstan": (7, 1),
        "atyrau": (1, 2), "kyzylorda": (3, 2), "turkistan": (4, 2), "zhambyl": (5, 2), "almaty": (6, 2),
        "jetisu": (7, 2), "mangystau": (1, 3), "shymkent": (4, 3), "almaty-city": (6, 3),
    },
    "KG": {
        "talas": (6, 4), "chuy": (7, 4), "bishkek": (8, 4), "issyk-kul": (9, 4), "jalal-abad": (7, 5),
        "naryn": (8, 5), "osh": (8, 6), "batken": (7, 7),
    },
    "UZ": {
        "karakalpakstan": (2, 4), "tashkent": (5, 4), "khorezm": (2, 5), "navoi": (3, 5), "jizzakh": (4, 5),
        "sirdarya": (5, 5), "namangan": (6, 5), "bukhara": (3, 6), "samarkand": (4, 6), "fergana": (6, 6),
        "andijan": (7, 6), "kashkadarya": (4, 7), "surkhandarya": (4, 8),
    },
    "TJ": {"sughd": (5, 6), "drs": (5, 7), "dushanbe": (6, 7), "khatlon": (5, 8), "gbao": (6, 8)},
    "TM": {
        "dashoguz": (1, 5), "balkan": (0, 6), "ahal": (1, 6), "lebap": (2, 6), "arkadag": (0, 7), "ashgabat": (1, 7),
        "mary": (2, 7),
    },
}  # fmt: skip
"""Column and row of each region's tile, by country."""

SIDE, ROW, GAP = 94, 52, 4
SHADES = 4
LETTERS = 16
"""Letters that fit into a line of a tile; a tile has two lines for the name."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A region on the map: its corner, how dark it is (0: no report), its name in lines, its country, its count."""

    x: int
    y: int
    shade: int
    lines: tuple[str, ...]
    name: str
    country: str
    country_name: str
    count: int


@dataclass(frozen=True, slots=True)
class RegionMap:
    """The tiles and the size of the whole, in units of the viewBox."""

    tiles: tuple[Tile, ...]
    width: int
    height: int

    @property
    def ranked(self) -> list[Tile]:
        """The regions with reports, most first, for the table beside the map."""
        return sorted((tile for tile in self.tiles if tile.count), key=lambda tile: (-tile.count, tile.name))


def region_map(counts: Mapping[str, int], language: Language) -> RegionMap:
    """Return the map of counts by region; regions without any are drawn too, other codes are left out."""
    most = max((counts.get(region, 0) for regions in LAYOUT.values() for region in regions), default=0)
    tiles = [
        _tile(region, place, country, counts.get(region, 0), most, language)
        for country, regions in LAYOUT.items()
        for region, place in regions.items()
    ]
    width = max(tile.x for tile in tiles) + SIDE
    return RegionMap(tuple(tiles), width, max(tile.y for tile in tiles) + ROW)


def _tile(region: str, place: tuple[int, int], country: str, count: int, most: int, language: Language) -> Tile:
    name = language.text(REGIONS[region])
    shade = 1 + (count * SHADES - 1) // most if count else 0
    return Tile(
        place[0] * (SIDE + GAP), place[1] * (ROW + GAP), min(shade, SHADES), _lines(name), name, country,
        language.text(COUNTRIES[country]), count,
    )  # fmt: skip


def _lines(name: str) -> tuple[str, ...]:
    """Return a name in at most two lines that fit into a tile, broken at a blank or a hyphen."""
    if len(name) <= LETTERS:
        return (name,)
    breaks = [at + 1 for at, letter in enumerate(name) if letter in " -" and at < LETTERS]
    at = breaks[-1] if breaks else LETTERS
    rest = name[at:]
    return name[:at].strip(), rest if len(rest) <= LETTERS else f"{rest[: LETTERS - 1].rstrip()}…"
