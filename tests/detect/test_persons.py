"""Who is named, and as what: the words beside a name tell, those of a verb's object do not."""

from __future__ import annotations

import pytest

from acca_crawler.detect import detect


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ulan Toktobaev, told a judge of the Osh court that officers beat him.", "Ulan Toktobaev", "victim"),
        ("Officers beat the man, said Aibek Asanov, deputy prosecutor of Osh.", "Aibek Asanov", "official"),
        ("Officers in Osh beat a man. Nurgul Mamyrova, his lawyer, said so.", "Nurgul Mamyrova", "lawyer"),
        ("Officers in Osh beat a man. Dinara Asanova, the mother of the man, said so.", "Dinara Asanova", "relative"),
    ],
)
def test_a_title_behind_a_name_tells_the_role(text: str, name: str, role: str) -> None:
    persons = {fact.value: fact.detail for fact in detect(text, language="en").facts if fact.kind == "person"}
    assert persons[name] == role
