"""Builds the ZIP of an evidence pack. The same reports give the same bytes, but for the date that the caller passes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as package_files

from acca_crawler import __version__
from acca_crawler.i18n.catalogue import Language
from acca_crawler.packing.contents import PackContents
from acca_crawler.packing.cover import make_cover
from acca_crawler.packing.cover_html import cover_html
from acca_crawler.packing.cover_pdf import cover_pdf
from acca_crawler.packing.verify_pack import text_name, text_page
from acca_crawler.packing.wacz import Wacz, WaczPage, make_wacz, zipped
from storage.evidence.manifest import canonical, capture_values
from storage.evidence.proof import RevisionRow
from storage.evidence.records import first_record, payload_of
from storage.evidence.timestamps import Timestamp

FORMAT = "acca-pack/3"
"""In format 1 all blocks of captures were rows; since 2 those of manifests since format 3 are rows' hashes. Since 3 the
pack names its language, and verify.py makes the pages of texts again."""


@dataclass(frozen=True, slots=True)
class FinishedPack:
    """A finished pack: the ZIP and its SHA-256."""

    data: bytes
    sha256: str


def make_pack(contents: PackContents, made_at: str, say: Language) -> FinishedPack:
    """Return the pack of these contents, dated `made_at` (UTC stamp). Raises `EvidenceExtraMissing`."""
    wacz = make_wacz(contents.heads, contents.captures, _pages(contents), title=_title(contents, say), made_at=made_at)
    cover = make_cover(contents, made_at, say)
    ours = package_files("acca_crawler.packing")
    files = {
        "README.txt": ours.joinpath("README.txt").read_bytes(),
        "verify.py": ours.joinpath("verify_pack.py").read_bytes(),
        "cover.html": cover_html(cover, say),
        "cover.pdf": cover_pdf(cover, made_at),
        "captures.wacz": wacz.data,
        "proof/captures.jsonl": _lines(_captures(contents, wacz)),
        "proof/revisions.jsonl": _lines(_revisions(contents)),
        "proof/blocks.jsonl": _lines(_blocks(contents)),
        "proof/manifests.jsonl": _lines(
            {"run_id": one.run_id, "sha256": one.sha256, "body": one.body} for one in contents.chain
        ),
    }
    if contents.decisions:
        files["proof/decisions.jsonl"] = _lines(_decisions(contents))
        files["proof/journal.jsonl"] = _lines(
            {"id": one.id, "content_sha256": one.content_sha256, "entry_sha256": one.entry_sha256}
            for one in contents.journal
        )
    if contents.stamps:
        files["proof/stamps.jsonl"] = _lines(_stamps(contents))
        bodies = {one.run_id: one.body for one in contents.chain}
        for stamp in contents.stamps:
            files[_stamp_name(stamp)] = stamp.token or b""
            files[f"proof/stamps/run-{stamp.run_id}.json"] = bodies[stamp.run_id].encode("utf-8", "surrogatepass")
            if stamp.certificate:
                files[_certificate_name(stamp)] = stamp.certificate.encode()
    shown = {one.row.id for report in contents.reports for one in report.captures if "screenshot" in one.roles}
    for capture in contents.captures:
        if capture.row.id in shown:
            files[f"screenshots/{capture.row.id}.png"] = payload_of(first_record(capture.data)[0])
    urls = {one.row.id: one.row.url for report in contents.reports for one in report.captures}
    for report in contents.reports:
        versions = [revision.columns for revision in report.revisions]
        files[f"texts/{report.record.id}.html"] = text_page(versions, urls, say.code)
        for revision in report.revisions:
            files[text_name(revision.columns)] = _text(revision)
    files["pack.json"] = _about(contents, files, made_at, say.code)
    data = zipped(dict(sorted(files.items())))
    return FinishedPack(data, hashlib.sha256(data).hexdigest())


def _title(contents: PackContents, say: Language) -> str:
    first = contents.reports[0].record
    more = f" (+{len(contents.reports) - 1})" if len(contents.reports) > 1 else ""
    return f"{say.text('Evidence pack')}: #{first.id} {first.title}{more}"


def _pages(contents: PackContents) -> Iterator[WaczPage]:
    """Yield the pages that a reader can open, of articles and of a channel's posts, each with its report's title."""
    titles = {
        source.row.id: report.record.title
        for report in contents.reports
        for source in report.captures
        if source.row.kind == "article" or (source.row.kind == "posts" and "page" in source.roles)
    }
    for capture in contents.captures:
        if capture.row.id in titles:
            yield WaczPage(capture.row.url, capture.row.fetched_at, titles[capture.row.id])


def _captures(contents: PackContents, wacz: Wacz) -> Iterator[dict[str, object]]:
    rows = {source.row.id: source.row for report in contents.reports for source in report.captures}
    for number, row in sorted(rows.items()):
        kept = number in wacz.offsets
        yield {
            "row": capture_values(row),
            "file": f"archive/{row.warc_file}" if kept else None,
            "offset": wacz.offsets[number] if kept else None,
        }


def _revisions(contents: PackContents) -> Iterator[dict[str, object]]:
    for report in contents.reports:
        for revision in report.revisions:
            yield {
                "id": revision.id,
                "row_sha256": revision.row_sha256,
                "file": text_name(revision.columns),
                "columns": revision.columns,
            }


def _blocks(contents: PackContents) -> Iterator[dict[str, object]]:
    for block in contents.blocks:
        yield {
            "run_id": block.run_id,
            "table": block.table,
            "first": block.first,
            "last": block.last,
            "lines": list(block.lines),
        }


def _decisions(contents: PackContents) -> Iterator[dict[str, object]]:
    for decision in contents.decisions:
        yield {"review": list(decision.values), "content": decision.entry.content, "entry": decision.entry.id}


def _stamps(contents: PackContents) -> Iterator[dict[str, object]]:
    for stamp in contents.stamps:
        yield {
            "run_id": stamp.run_id,
            "kind": stamp.kind,
            "authority": stamp.authority,
            "file": _stamp_name(stamp),
            "certificate": _certificate_name(stamp) if stamp.certificate else None,
        }


def _stamp_name(stamp: Timestamp) -> str:
    """Return the token's file; its name is what the tools of each kind expect."""
    ending = "tsr" if stamp.kind == "rfc3161" else "ots"
    return f"proof/stamps/run-{stamp.run_id}-{stamp.id}.{ending}"


def _certificate_name(stamp: Timestamp) -> str:
    return f"proof/stamps/authority-{hashlib.sha256((stamp.certificate or '').encode()).hexdigest()[:12]}.pem"


def _text(revision: RevisionRow) -> bytes:
    return f"{revision.columns['title']}\n\n{revision.columns['text']}\n".encode("utf-8", "surrogatepass")


def _lines(values: Iterator[dict[str, object]]) -> bytes:
    return "".join(f"{canonical(value)}\n" for value in values).encode("utf-8", "surrogatepass")


def _about(contents: PackContents, files: dict[str, bytes], made_at: str, language: str) -> bytes:
    head = contents.head
    about = {
        "format": FORMAT,
        "made_at": made_at,
        "software": f"acca-crawler {__version__}",
        "archive": contents.archive,
        "language": language,
        "reports": [report.record.id for report in contents.reports],
        "head": {"run_id": head.run_id, "closed_at": head.closed_at, "sha256": head.sha256},
        "files": [
            {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        ],
    }
    return f"{json.dumps(about, ensure_ascii=False, indent=2)}\n".encode()
