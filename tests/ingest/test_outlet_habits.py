"""An outlet's daily reports after one pattern are stories of their own."""

from __future__ import annotations

from itertools import product

from acca_crawler.dedup.habits import is_told_again
from acca_crawler.dedup.profile import profile_of
from acca_crawler.dedup.words import read
from tests.support.newsstand import Newsstand, Sample

MEETING = (
    "Очередное заседание кабинета министров пройдёт завтра в резиденции под председательством премьера. Обсудят {}."
)
SUBJECTS = [
    f"{what} {where}"
    for what, where in product(
        (
            "ремонт дорог",
            "запуск котельных",
            "набор студентов",
            "вывоз мусора",
            "посевную кампанию",
            "уборку снега",
            "приём пшеницы",
            "выпуск облигаций",
        ),
        ("в Нарыне", "в Таласе", "в Оше", "в Баткене", "в Токмоке", "в Караколе"),
    )
]
RECEPTION, AGAIN = "Премьер-министр принял в резиденции посла {}.", "В резиденции премьер-министр принял посла {}."
GUESTS = [f"{first}{last}" for first, last in product(("Аль", "Бер", "Гар", "Дор", "Кам"), ("монта", "винии", "тасии"))]
FAIR = "В Таласе открылась ярмарка мёда, пасечники привезли сорок сортов, победителя выберут покупатели."


def _stories(newsstand: Newsstand, texts: list[str]) -> list[int]:
    stored = [newsstand.store(Sample("first", "", text, identity=f"n{n}")) for n, text in enumerate(texts)]
    return [newsstand.story(one).id for one in stored]


def _filler(count: int) -> list[str]:
    return [f"Премьер-министр подписал распоряжение номер {number}." for number in range(100, 100 + count)]


def test_weekly_notices_of_a_cabinet_are_stories_of_their_own(newsstand: Newsstand) -> None:
    stories = _stories(newsstand, [*_filler(60), *(MEETING.format(subject) for subject in SUBJECTS)])
    notices = stories[60:]
    later = notices[len(notices) // 2 :]
    assert len(set(later)) == len(later), "a few have to appear before they are the outlet's habit"


def test_an_ambassador_received_again_is_another_story(newsstand: Newsstand) -> None:
    first, second = ([pattern.format(guest) for guest in GUESTS] for pattern in (RECEPTION, AGAIN))
    stories = _stories(newsstand, [*first, *_filler(120), *second])
    assert set(stories[: len(GUESTS)]).isdisjoint(stories[-len(GUESTS) :])


def test_what_an_outlet_tells_twice_in_its_own_words_is_one_story(newsstand: Newsstand) -> None:
    again = FAIR.replace("открылась", "проходит").replace("сорок сортов", "сорок сортов из всех долин")
    stories = _stories(newsstand, [*_filler(60), FAIR, *_filler(75)[60:], again])
    assert stories[60] == stories[-1]


def test_few_reports_make_no_habit() -> None:
    one, other = (profile_of(read("", text, "ru")) for text in (FAIR, FAIR.replace("сорок", "много")))
    assert is_told_again("copy", one, other, [one.stems] * 5, 0)
    assert not is_told_again("copy", one, other, [one.stems] * 150, 0)
