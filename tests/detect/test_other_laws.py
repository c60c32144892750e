"""An article of the Constitution, a convention or another code is no charge of a crime."""

from __future__ import annotations

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.facts import facts_of

BISHKEK = {
    "ru": "Он живёт в Бишкеке.", "en": "He lives in Bishkek.", "kk": "Ол Бішкекте тұрады.", "ky": "Ал Бишкекте жашайт.",
    "tg": "Ӯ дар Бишкек зиндагӣ мекунад.", "uz": "U Bishkekda yashaydi.", "uz-Cyrl": "У Бишкекда яшайди.",
    "tk": "Ol Bişkekde ýaşaýar.",
}  # fmt: skip
"""Facts are only read in a text that names a place or says what an alert may say."""


def cited(text: str, language: str, country: str | None = None) -> dict[str, str]:
    """Return the numbers of the articles that a text is found to cite, each with its meaning."""
    annotated = annotate(f"{text} {BISHKEK[language]}", "", language)
    assert annotated.sentences
    found = facts_of(annotated, country)
    return {fact.value: fact.detail for fact in found if fact.kind == "legal_article"}


OTHER = [
    ("ru", "Адвокат сослался на статьи 70, 71 и 72 Конституции."),
    ("ru", "Это нарушает часть 2 статьи 14-й действующей Конституции Республики."),
    ("ru", "Поправка в статью 90 (сроки полномочий) Конституции принята."),
    ("ru", "Конституция (ст. 26) гарантирует собственность."),
    ("ru", "Статья 7 Международного пакта о гражданских правах запрещает пытки."),
    ("ru", "По статье 3 Конвенции против пыток его нельзя выдавать."),
    ("ru", "Согласно ст. 5 Закона «О мирных собраниях» разрешение не нужно."),
    ("ru", "Статья 5 Всеобщей декларации прав человека известна всем."),
    ("ru", "Его оштрафовали по статье 505 Кодекса об административных нарушениях."),
    ("ru", "Протокол составлен по ст. 434 КоАП."),
    ("ru", "Суд сослался на статью 921, пункт 3 ГК."),
    ("ru", "Согласно статье 645 Уголовно-процессуального кодекса, суд отложен."),
    ("ru", "По статье 98 УПК подозреваемый помещён в изолятор."),
    ("ru", "Привлекать к работам предлагают по 9 статьям."),
    ("en", "Article 14 of the Constitution bans torture, and so does article 7 of the International Covenant."),
    ("en", "He was fined under Administrative Code Article 490, Part 3."),
    ("en", "He was fined under Article 200 of the Code of Administrative Offences."),
    ("en", "Under Article 5 of Kazakhstan's law on peaceful assembly no permit is needed."),
    ("en", "The judge cited Article 98 of the Criminal Procedure Code."),
    ("en", "Article 3 of the UN Convention against Torture forbids extradition."),
    ("en", "ARTICLE 19 said the blogger must be released."),
    ("en", "Article 19, a rights group, condemned the attack."),
    ("ru", "Организация «Статья 19» осудила нападение, ARTICLE 19 ведёт список."),
    ("kk", "«19-бап» ұйымы мұны айыптады."),
    ("tg", "Созмони «Моддаи 19» инро маҳкум кард."),
    ("uz", "“19-modda” tashkiloti buni qoraladi."),
    ("kk", "Бұл Конституцияның 70, 71 және 72-баптарына қайшы."),
    ("kk", "«Бейбіт жиналыстар туралы» Заңның 5-бабы бойынша рұқсат керек емес."),
    ("kk", "Оған Әкімшілік құқық бұзушылық туралы кодекстің 434-бабы бойынша айыппұл салынды."),
    ("kk", "Азаматтық кодекстің 143-бабы бойынша сотқа берді."),
    ("kk", "Қылмыстық-процестік кодекстің 131-бабы бойынша ұсталды."),
    ("kk", "ҚПК-нің 131-бабы бойынша ұсталды."),
    ("kk", "Азаптауға қарсы конвенцияның 3-бабы мұны тыяды."),
    ("ky", "Бул Конституциянын 70, 71 жана 72-беренелерине каршы."),
    ("ky", "Баш мыйзамдын 14-беренеси кыйноого тыюу салат."),
    ("ky", "«Тынч чогулуштар жөнүндө» мыйзамдын 5-беренеси боюнча уруксат керек эмес."),
    ("ky", "Укук бузуулар жөнүндө кодекстин 126-беренеси менен айып салынды."),
    ("ky", "Жарандык кодекстин 204-беренесине өзгөртүү киргизилди."),
    ("ky", "Кылмыш-процессуалдык кодексинин 98-беренесине ылайык кармалды."),
    ("ky", "Рим статутунун 15-беренесинен пайдаланышты."),
    ("tg", "Ин хилофи моддаи 18 Конститутсияи Ҷумҳурии Тоҷикистон аст."),
    ("tg", "Моддаҳои 70, 71 ва 72-и Конститутсия тағйир ёфтанд."),
    ("tg", "Тибқи моддаи 5 Қонуни ҶТ иҷозат лозим нест."),
    ("tg", "Ӯро бо моддаи 460 Кодекси ҳуқуқвайронкунии маъмурӣ ҷарима карданд."),
    ("tg", "Тибқи моддаи 92 Кодекси мурофиавии ҷиноятӣ ӯ боздошт шуд."),
    ("tg", "Моддаи 171 Кодекси граждании кишвар дар ин бора аст."),
    ("uz", "Bu Konstitutsiyaning 70, 71 va 72-moddalariga zid."),
    ("uz", "Unga Maʼmuriy javobgarlik toʻgʻrisidagi kodeksning 41-moddasi boʻyicha jarima solindi."),
    ("uz", "Unga MJtKning 183-moddasi boʻyicha jarima solindi."),
    ("uz", "Fuqarolik kodeksining 100-moddasi boʻyicha sudga berdi."),
    ("uz", "Jinoyat-protsessual kodeksining 221-moddasi asosida ushlandi."),
    ("uz", "Qiynoqlarga qarshi konvensiyaning 3-moddasi buni taqiqlaydi."),
    ("uz", "«Ommaviy axborot toʻgʻrisida»gi qonunning 5-moddasi buzildi."),
    ("uz-Cyrl", "Бу Конституциянинг 70, 71 ва 72-моддаларига зид."),
    ("uz-Cyrl", "Унга Маъмурий жавобгарлик тўғрисидаги кодекснинг 41-моддаси бўйича жарима солинди."),
    ("uz-Cyrl", "Жиноят-процессуал кодексининг 221-моддаси асосида ушланди."),
    ("uz-Cyrl", "Қонуннинг 5-моддаси бузилди."),
    ("tk", "Bu Konstitusiýanyň 70, 71 we 72-nji maddalaryna ters gelýär."),
    ("tk", "Oňa Administratiw hukuk bozulmalary hakyndaky kodeksiniň 58-nji maddasy boýunça jerime salyndy."),
    ("tk", "Raýat kodeksiniň 100-nji maddasy boýunça kazyýete berdi."),
    ("tk", "Kanunyň 5-nji maddasy bozuldy."),
]


@pytest.mark.parametrize(("language", "text"), OTHER)
def test_an_article_of_another_law_is_no_charge(language: str, text: str) -> None:
    assert cited(text, language) == {}


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("ru", "Его судят по статье 278 за нарушение закона о митингах.", "278"),
        ("ru", "Его судят по части 2 статьи 159 (посягательство на Конституцию) УК.", "159"),
        ("ru", "Вопреки Конституции его судят по статье 330 Уголовного кодекса.", "330"),
        ("ru", "Обвинён по ст. 110 УК, хотя статья 14 Конституции это запрещает.", "110"),
        ("ru", "Вину по 146 статье он не признал.", "146"),
        ("ru", "Наказание по статье 109-1 кодекса смягчено.", "109-1"),
        ("en", "He was charged under Article 330 of the Criminal Code for breaking the law.", "330"),
        ("en", "He broke the law and the Constitution, says Article 330 of the 2021 Criminal Code.", "330"),
        ("kk", "Конституцияға қарамай оны Қылмыстық кодекстің 174-бабы бойынша айыптады.", "174"),
        ("ky", "Конституцияга карабай ага Кылмыш-жаза кодексинин 209-беренеси менен иш козголду.", "209"),
        ("ky", "Ага Жазык кодексинин 209-беренеси (Алдамчылык) жана мыйзамга каршы аракет тагылды.", "209"),
        ("tg", "Ӯро бо моддаи 189 Кодекси ҷиноятии Ҷумҳурии Тоҷикистон айбдор карданд.", "189"),
        ("tg", "Бо моддаи 307 КҶ ва хилофи Конститутсия маҳкум шуд.", "307"),
        ("uz", "Konstitutsiyaga qaramay unga Jinoyat kodeksining 235-moddasi bilan ayb qoʻyildi.", "235"),
        ("uz", "U JKning 159-moddasi bilan sudlandi.", "159"),
        ("uz-Cyrl", "Унга Жиноят кодексининг 235-моддаси билан айб қўйилди.", "235"),
        ("tk", "Oňa Jenaýat kodeksiniň 275-nji maddasy boýunça aýyp bildirildi.", "275"),
    ],
)
def test_a_charge_stays_one_beside_other_laws(language: str, text: str, number: str) -> None:
    assert list(cited(text, language)) == [number]


def test_an_administrative_article_against_assemblies_keeps_its_meaning() -> None:
    text = "Активиста арестовали по статье 488 КоАП, а по статье 146 КоАП оштрафовали."
    assert cited(text, "ru", "KZ") == {"488": "punitive: нарушение порядка мирных собраний"}
    assert cited("Активиста судят по статье 146 УК.", "ru", "KZ")["146"].startswith("torture: ")
