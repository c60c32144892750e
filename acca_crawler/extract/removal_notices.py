"""Detect removal notices served with status 200, as opposed to articles about something that was removed."""

from __future__ import annotations

import re

MAX_NOTICE = 40
"""Maximum words of a notice. A longer text is an article, whatever it is about."""

_NOTICES = {
    "en": (
        r"(?:error )?404(?: error)?(?: |$)",
        r"(?:oops\W+)?(?:(?:this|that|the) )?page "
        r"(?:was |could |can['’]?t |cannot |can not )?(?:be |not be )?(?:not )?found",
        r"(?:page|content|article|post) not found",
        r"nothing (?:was )?found",
        r"(?:this|the) (?:page|article|material|post|story|publication) (?:has been|was|is) "
        r"(?:removed|deleted|withdrawn|taken down|unpublished|no longer available)",
    ),
    "ru": (
        r"(?:ошибка )?404",
        r"(?:запрашиваемая |эта |такая |данная )?страница (?:не найдена|не существует|была удалена|удалена)",
        r"ничего не найдено",
        r"(?:этот |данный )?материал (?:был )?(?:удал[её]н|снят с публикации|недоступен|больше не доступен|не найден)",
        r"(?:эта |данная )?(?:статья|новость|публикация|запись) (?:была )?"
        r"(?:удалена|снята с публикации|недоступна|больше не доступна|не найдена)",
    ),
    "kk": (
        r"(?:бет|парақ|парақша) (?:табылмады|жойылған|жойылды|өшірілген|өшірілді)",
        r"(?:мақала|материал|жаңалық|жазба) (?:табылмады|өшірілді|өшірілген|жойылды|жойылған|алынып тасталды)",
    ),
    "ky": (
        r"(?:бет|барак|баракча) (?:табылган жок|табылбады|өчүрүлгөн|өчүрүлдү)",
        r"(?:макала|материал|жаңылык|кабар) (?:табылган жок|табылбады|өчүрүлгөн|өчүрүлдү|алынып салынган|"
        r"алынып салынды)",
    ),
    "tg": (
        r"саҳифа (?:ёфт|пайдо) нашуд",
        r"саҳифа (?:нест карда|ҳазф) шуд(?:ааст)?",
        r"(?:мақола|мавод|хабар|матлаб) (?:ёфт нашуд|нест карда шуд|ҳазф карда шуд|ҳазф шуд|бардошта шуд)(?:ааст)?",
    ),
    "uz": (
        r"sahifa (?:topilmadi|mavjud emas|o['ʻ‘’ʼ]chirilgan)",
        r"(?:maqola|material|yangilik|xabar) "
        r"(?:topilmadi|o['ʻ‘’ʼ]chirildi|o['ʻ‘’ʼ]chirilgan|olib tashlandi|olib tashlangan)",
        r"саҳифа (?:топилмади|мавжуд эмас|ўчирилган)",
        r"(?:мақола|материал|янгилик|хабар) (?:топилмади|ўчирилди|ўчирилган|олиб ташланди|олиб ташланган)",
    ),
    "tk": (
        r"sahypa tapylmady",
        r"(?:makala|material|habar|täzelik) (?:tapylmady|aýryldy|pozuldy|öçürildi|öçürilen)",
    ),
}  # fmt: skip
_NOTICE = re.compile(rf"\W*(?:{'|'.join(pattern for one in _NOTICES.values() for pattern in one)})", re.IGNORECASE)
_AFTER_NOTICE = re.compile(r"\s*(?:$|[.!…|–—«·•(-])")


def says_gone(title: str, text: str) -> str | None:
    """Return the notice that the article was removed, or None if the page has none.

    The notice is the title, or the start of a text of a few words: an article about a removed video has a different
    title and a longer text.
    """
    if len(text.split(maxsplit=MAX_NOTICE)) > MAX_NOTICE:
        return None
    return _notice(title) or _notice(text)


def _notice(text: str) -> str | None:
    folded = " ".join(text.split())
    match = _NOTICE.match(folded)
    if match is None or not _AFTER_NOTICE.match(folded, match.end()):
        return None
    return match[0].strip()
