"""Invented reports, some of which belong to one story."""

from __future__ import annotations

from tests.support.newsstand import Sample

TEXT = (
    "В следственном изоляторе Нарына умер тридцатилетний Азамат Токошев. Служба исполнения наказаний сообщила, что его "
    "нашли мёртвым в одиночной камере; родные в самоубийство не верят.\n\n"
    "«За день до этого он звонил и просил привезти тёплые носки и книгу», — рассказала сестра погибшего Айнура.\n\n"
    "На теле, по её словам, гематомы на груди. Семья требует независимой экспертизы.\n\n"
    "Токошев проходил по делу о драке на рынке и ждал суда четвёртый месяц, защитника у него не было."
)
REPORT = Sample("first", "В изоляторе Нарына умер заключённый", TEXT)
COPY = Sample("second", "Умер заключённый нарынского изолятора", TEXT, published="2026-11-19T15:00:00Z")
EXCERPT = Sample(
    "third", "Нарын: умер заключённый", "\n\n".join(TEXT.split("\n\n")[:2]), published="2026-11-19T16:00:00Z"
)
RETELLING = Sample(
    "third",
    "Милиция Нарына отрицает вину в смерти заключённого",
    TEXT.replace("защитника у него не было.", "защитника у него не было. Задержал его следователь Руслан Эшимов.")
    + "\n\nВ милиции Нарына отрицают, что Токошева избивали. Адвокат Чолпон Бекова подала жалобу на пытки.",
    published="2026-11-19T18:00:00Z",
)
ENGLISH = Sample(
    "first",
    "Kyrgyzstan: inmate dies in Naryn remand prison",
    "Azamat Tokoshev, 30, has died in the remand prison of Naryn. The prison service said that he had been found dead "
    "in a solitary cell; his relatives do not believe that he killed himself.\n\n“The day before, he called and asked "
    "for warm socks,” his sister Ainura says. There are bruises on his chest. The family demands an examination.",
    language="en",
    published="2026-11-19T09:00:00Z",
)
FLASHES = tuple(
    Sample(
        outlet,
        f"В {where} задержали {who} мужчин",
        f"В {where} сотрудники милиции задержали {who} мужчин, сообщила пресс-служба. Их избили и поместили в изолятор "
        "временного содержания, следствие продолжается.",
        published=published,
    )
    for outlet, where, who, published in (
        ("first", "Токмоке", "троих", "2026-11-19T10:00:00Z"),
        ("second", "Нарыне", "троих", "2026-11-19T10:30:00Z"),
        ("third", "Токмоке", "пятерых", "2026-11-19T11:00:00Z"),
        ("first", "Караколе", "троих", "2026-11-19T12:00:00Z"),
    )
)
