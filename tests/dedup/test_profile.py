"""Profiles as they are kept."""

from __future__ import annotations

import zlib

from acca_crawler.dedup.document import Document
from acca_crawler.dedup.profile import Profile, stems_in
from acca_crawler.dedup.relation import relation

TEXT = (
    "В Оше задержали Бакыта Турдалиева, 34 года. Адвокат Айгуль Сатарова сообщила о пытках в ИВС.\n"
    "Суд продлил арест на 2 месяца. Милиция обвинения отрицает."
)


def test_a_packed_profile_is_the_one_that_is_read_back() -> None:
    report = Document("Задержан житель Оша", TEXT, "ru")
    assert relation(report, Document("", f"{TEXT} Дело передано в суд.", "ru"))  # fills what is computed once
    profile = report.profile
    packed, read_back = profile.packed_up(), Profile.from_bytes(profile.to_bytes())
    assert packed == read_back
    assert packed.whole == read_back.whole == profile.whole
    assert packed.to_bytes() == profile.to_bytes()
    assert packed.stem_weights == read_back.stem_weights and packed.names.names == read_back.names.names


def test_the_stems_of_a_kept_profile_are_read_without_the_rest() -> None:
    profile = Document("Задержан житель Оша", TEXT, "ru").profile
    assert stems_in(profile.to_bytes()) == profile.stems
    assert stems_in(zlib.compress(b'[1, "stem", "ru"]')) == stems_in(b"no profile") == frozenset()
