"""English names of the gazetteer's regions, translated on display."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


REGIONS = {
    "batken": _("Batken"), "bishkek": _("Bishkek"), "chuy": _("Chüy"), "issyk-kul": _("Issyk-Kul"),
    "jalal-abad": _("Jalal-Abad"), "naryn": _("Naryn"), "osh": _("Osh"), "talas": _("Talas"),
    "abai": _("Abai Region"), "akmola": _("Akmola"), "aktobe": _("Aktobe"), "almaty-city": _("Almaty"),
    "almaty": _("Almaty Region"), "astana": _("Astana"), "atyrau": _("Atyrau"),
    "east-kazakhstan": _("East Kazakhstan"), "jetisu": _("Jetisu"), "karaganda": _("Karaganda"),
    "kostanay": _("Kostanay"), "kyzylorda": _("Kyzylorda"), "mangystau": _("Mangystau"),
    "north-kazakhstan": _("North Kazakhstan"), "pavlodar": _("Pavlodar"), "shymkent": _("Shymkent"),
    "turkistan": _("Turkistan"), "ulytau": _("Ulytau"), "west-kazakhstan": _("West Kazakhstan"),
    "zhambyl": _("Zhambyl"),
    "drs": _("Districts of Republican Subordination"), "dushanbe": _("Dushanbe"), "gbao": _("Gorno-Badakhshan"),
    "khatlon": _("Khatlon"), "sughd": _("Sughd"),
    "ahal": _("Ahal"), "arkadag": _("Arkadag"), "ashgabat": _("Ashgabat"), "balkan": _("Balkan"),
    "dashoguz": _("Dashoguz"), "lebap": _("Lebap"), "mary": _("Mary"),
    "andijan": _("Andijan"), "bukhara": _("Bukhara"), "fergana": _("Fergana"), "jizzakh": _("Jizzakh"),
    "karakalpakstan": _("Karakalpakstan"), "kashkadarya": _("Kashkadarya"), "khorezm": _("Khorezm"),
    "namangan": _("Namangan"), "navoi": _("Navoi"), "samarkand": _("Samarkand"), "sirdarya": _("Sirdarya"),
    "surkhandarya": _("Surkhandarya"), "tashkent": _("Tashkent"),
}  # fmt: skip
