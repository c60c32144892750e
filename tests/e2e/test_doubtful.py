"""Articles that may not be read well: counted by `acca status`, and read again alone."""

from __future__ import annotations

from pathlib import Path

from tests.support.desk import Desk
from tests.support.neeon import BODY, page

OLD_READING = "What an older release made of the page."


def test_only_doubtful_articles_are_read_again(tmp_path: Path) -> None:
    moved = "".join(f"<p>{text}</p>" for text in BODY * 4)
    changed = page(["Read this week's number."]).replace("</body>", f"<div class='new-body'>{moved}</div></body>")
    desk = Desk(tmp_path)
    desk.configure("")
    for name, html in {"well-read-report": page(), "badly-read-report": changed}.items():
        (tmp_path / f"{name}.html").write_text(html.replace("three-guards/", f"{name}/"), encoding="utf-8")
    desk.acca("import", "well-read-report.html", "badly-read-report.html")
    assert "`acca reprocess --doubtful` reads them again" in desk.acca("status")
    doubtful = desk.value("SELECT article_id FROM revisions JOIN doubts ON doubts.revision_id = revisions.id")

    desk.execute("UPDATE revisions SET text = ?", OLD_READING)
    assert desk.acca("reprocess", "--doubtful", "--dry-run", "--jobs", "1").splitlines()[-1].startswith("1 article:")
    assert "1 were read differently (text 1)" in desk.acca("reprocess", "--doubtful", "--jobs", "1")
    current = "SELECT articles.id, text FROM articles JOIN revisions ON revisions.id = revision_id"
    assert [id for id, text in desk.tuples(current) if text != OLD_READING] == [doubtful]
