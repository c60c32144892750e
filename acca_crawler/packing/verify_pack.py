#!/usr/bin/env python3
"""Checks an evidence pack offline. Needs Python 3.8 or newer and nothing else; uses the program `openssl` if present.

Run it inside the unpacked pack: python3 verify.py. It exits with 0 only if everything that the pack states is true, and
says in plain words what that proves and what it does not. It reads only files of the pack and writes none.
"""

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]  # this folder: a file `json.py` in it would be taken for Python's own module

import gzip
import hashlib
import io
import json
import re
import shutil
import struct
import subprocess
import zipfile
import zlib
from datetime import datetime, timezone
from html import escape
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple
from urllib.parse import quote, urlsplit

UNLISTED = {"pack.json"}
READ_BY_PEOPLE = {"README.txt", "verify.py", "cover.html", "cover.pdf"}
PROOFS = {
    "proof/captures.jsonl", "proof/revisions.jsonl", "proof/blocks.jsonl", "proof/manifests.jsonl",
    "proof/decisions.jsonl", "proof/journal.jsonl", "proof/stamps.jsonl",
}  # fmt: skip
WACZ_PARTS = {"indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl"}
WACZ_LABELS = {"datapackage.json", "datapackage-digest.json"}
URL_SAFE = "".join(chr(code) for code in range(33, 127) if chr(code) not in "<>")
INDEX_HEAD = '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
PAGES_HEAD = '{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}'
ABOUT = {"format", "made_at", "software", "archive", "language", "reports", "head", "files"}
PACKAGE = {"profile", "resources", "wacz_version", "title", "software", "created"}
RESOURCE = {"name", "path", "hash", "bytes"}
TITLE = {"en": "Evidence pack", "ru": "Пакет доказательств"}
VERSION = {"en": "Version {number}", "ru": "Версия {number}"}
README_SHA256 = "775c79786d3c1cab280764cbcf626944c1865d10b54c316c2e972a0cc16dd831"
STYLE = """
body { font: 16px/1.5 "PT Sans", "Noto Sans", sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; margin-top: 2.5rem; border-top: 1px solid #999; padding-top: 1rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.2rem 1rem; }
dt { font-weight: bold; } dd { margin: 0; overflow-wrap: anywhere; }
del { color: #a00; } ins { color: #060; } p { white-space: pre-line; overflow-wrap: anywhere; }
@media print { h2 { break-before: page; } }
"""
ROWS_HASHED_SINCE = 3
"""The format of manifests from which on a line of a block of captures is the hash of a row."""
MAX_SHOWN = 20

CAPTURE_COLUMNS = (
    "id", "run_id", "outlet", "url", "kind", "route", "fetched_at", "status", "ip_address", "payload_sha256",
    "payload_bytes", "warc_file", "warc_offset", "warc_length", "revisit_of", "record_bytes", "record_sha256",
)  # fmt: skip


class PackReport:
    """What was checked, what failed, and what is not proved."""

    def __init__(self) -> None:
        self.failures: List[str] = []
        self.proved: List[str] = []
        self.unproved: List[str] = []
        self.reports: List[str] = []

    def check(self, holds: bool, what: str) -> bool:
        """Record a failure unless `holds`; returns it."""
        if not holds:
            self.failures.append(what)
        return holds


class Pack:
    """The files of an unpacked pack, as far as they are parsed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about: Dict[str, Any] = parsed(self.bytes("pack.json").decode("utf-8"))
        self.manifests = self.lines("proof/manifests.jsonl")
        self.blocks = self.lines("proof/blocks.jsonl")
        self.captures = self.lines("proof/captures.jsonl")
        self.revisions = self.lines("proof/revisions.jsonl")
        self.by_run = {one["run_id"]: one for one in self.manifests}
        self.bodies = {one["run_id"]: parsed(one["body"]) for one in self.manifests}
        self.urls = {one["row"][0]: one["row"][CAPTURE_COLUMNS.index("url")] for one in self.captures}

    def bytes(self, name: str) -> bytes:
        """Return a file of the pack. Raises `ValueError` if it is outside the pack."""
        path = (self.folder / name).resolve()
        if self.folder.resolve() not in path.parents:
            raise ValueError(f"{name} is outside the pack")
        return path.read_bytes()

    def lines(self, name: str) -> List[Any]:
        """Return the values of a JSON Lines file; none if the pack has no such file."""
        if not (self.folder / name).is_file():
            return []
        return [parsed(line) for line in self.bytes(name).decode("utf-8").split("\n") if line]

    def versions(self, report: int) -> List[Dict[str, Any]]:
        """Return the columns of a report's versions, oldest first."""
        found = [one["columns"] for one in self.revisions if one["columns"]["article_id"] == report]
        return sorted(found, key=lambda columns: columns["number"])


def parsed(text: str) -> Any:
    """Parse JSON. Raises `ValueError` for a name that comes twice: programs differ in which of them they read."""
    return json.loads(text, object_pairs_hook=_unique)


def _unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a JSON object has a name twice")
    return names


def canonical(value: object) -> str:
    """Serialise as the archive does: sorted keys, no white space, letters not escaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(data: bytes) -> str:
    """Return the SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return sha256(text.encode("utf-8", "surrogatepass"))


def check_files(pack: Pack, report: PackReport) -> None:
    """Every file is listed in pack.json with its size and hash, and none is missing or added."""
    listed = {one["path"]: one for one in pack.about["files"]}
    everything = list(pack.folder.rglob("*"))
    there = {path.relative_to(pack.folder).as_posix() for path in everything if path.is_file()}
    for path in sorted(path for path in everything if path.is_symlink()):
        report.check(False, f"{path.relative_to(pack.folder).as_posix()}: is a link to another place")
    written = json.dumps(pack.about, ensure_ascii=False, indent=2) + "\n"
    report.check(pack.bytes("pack.json") == written.encode("utf-8"), "pack.json: is cut off, or written by others")
    report.check(pack.about.keys() == ABOUT, "pack.json: has other entries than a pack")
    report.check(len(listed) == len(pack.about["files"]), "pack.json: lists a file twice")
    for name in sorted(there - listed.keys() - UNLISTED):
        report.check(False, f"{name}: is not a file of this pack")
    for name, one in sorted(listed.items()):
        if report.check(name in there, f"{name}: is missing"):
            data = pack.bytes(name)
            same = (len(data), sha256(data)) == (one["bytes"], one["sha256"])
            report.check(same, f"{name}: size or SHA-256 is not the one in pack.json")
    same = sha256(pack.bytes("README.txt")) == README_SHA256
    report.check(same, "README.txt: is not the one that belongs to this verify.py")
    for name in sorted(listed.keys() - expected_names(pack)):
        report.check(False, f"{name}: is listed in pack.json, but is not part of a pack of these reports")
    report.proved.append(f"{len(listed)} files have the sizes and hashes that pack.json lists.")


def expected_names(pack: Pack) -> Set[str]:
    """Return the names that files of this pack can have, from what its proofs are about."""
    names = READ_BY_PEOPLE | PROOFS | {"captures.wacz"}
    names |= {text_name(one["columns"]) for one in pack.revisions}
    names |= {f"texts/{one['columns']['article_id']}.html" for one in pack.revisions}
    names |= {f"screenshots/{one['row'][0]}.png" for one in pack.captures}
    for one in pack.lines("proof/stamps.jsonl"):
        names |= {one["file"], f"proof/stamps/run-{one['run_id']}.json"} if is_token(one) else set()
        names |= {one["certificate"]} if re.fullmatch(CERTIFICATE, one["certificate"] or "") else set()
    return names


CERTIFICATE = r"proof/stamps/authority-[0-9a-f]{12}\.pem"


def is_token(stamp: Dict[str, Any]) -> bool:
    """Return False if a time-stamp's file has not the name that it must have."""
    ending = {"rfc3161": "tsr", "opentimestamps": "ots"}.get(stamp["kind"], "")
    return re.fullmatch(rf"proof/stamps/run-{stamp['run_id']}-\d+\.{ending}", stamp["file"]) is not None


def text_name(columns: Dict[str, Any]) -> str:
    """Return the name of the file with a version's text."""
    return f"texts/{columns['article_id']}-version-{columns['number']}.txt"


def check_chain(pack: Pack, report: PackReport) -> None:
    """The manifests form a chain without a gap, from the report's first run to the head that pack.json names."""
    previous: Optional[Dict[str, Any]] = None
    for one in pack.manifests:
        name, body = f"manifest of run {one['run_id']}", pack.bodies[one["run_id"]]
        report.check(text_sha256(one["body"]) == one["sha256"], f"{name}: its body does not have its hash")
        report.check(body["run"]["id"] == one["run_id"], f"{name}: its body is of another run")
        if previous is not None:
            follows = body["previous"] == previous["sha256"] and one["run_id"] > previous["run_id"]
            report.check(follows, f"{name}: does not follow on the manifest before it")
        previous = one
    head = pack.about["head"]
    if report.check(previous is not None, "the pack has no manifest") and previous is not None:
        ends = (previous["run_id"], previous["sha256"]) == (head["run_id"], head["sha256"])
        report.check(ends, "the chain does not end at the head that pack.json names")
        first = pack.manifests[0]["run_id"]
        report.proved.append(
            f"{len(pack.manifests)} manifests form an unbroken chain from run {first} to run {head['run_id']}, "
            f"head {head['sha256']}."
        )


def check_blocks(pack: Pack, report: PackReport) -> Dict[Tuple[str, int], List[str]]:
    """Each block of lines has the hash that its run's manifest gives; returns the proved lines by table and run."""
    proved: Dict[Tuple[str, int], List[str]] = {}
    for block in pack.blocks:
        name = f"block {block['first']}-{block['last']} of {block['table']} of run {block['run_id']}"
        body = pack.bodies.get(block["run_id"])
        if not report.check(body is not None, f"{name}: its run has no manifest in the pack") or body is None:
            continue
        digest = text_sha256("".join(f"{line}\n" for line in block["lines"]))
        entry = {
            "count": len(block["lines"]), "first": block["first"], "last": block["last"], "sha256": digest
        }  # fmt: skip
        if report.check(entry in body[block["table"]]["blocks"], f"{name}: is not in the manifest"):
            proved.setdefault((block["table"], block["run_id"]), []).extend(block["lines"])
    return proved


def check_captures(pack: Pack, report: PackReport, proved: Dict[Tuple[str, int], List[str]]) -> None:
    """Each capture's row is in its run's manifest, and its records have the hash and content that the row gives."""
    lines = {key: set(found) for key, found in proved.items()}
    packed = pack.bytes("captures.wacz")
    with zipfile.ZipFile(io.BytesIO(packed)) as wacz:
        names = wacz.namelist()
        report.check(is_plain_zip(packed, wacz), "captures.wacz: has bytes or headers that programs read differently")
        files = {name: wacz.read(name) for name in names}
    for name in sorted({name for name in names if names.count(name) > 1}):
        report.check(False, f"captures.wacz: contains {name} more than once")
    check_wacz(files, pack, report)
    covered: Dict[str, List[Tuple[int, int]]] = {}
    count = 0
    for one in pack.captures:
        row = dict(zip(CAPTURE_COLUMNS, one["row"]))
        name = f"capture {row['id']}"
        line = canonical(one["row"])
        if pack.bodies.get(row["run_id"], {}).get("format", 1) >= ROWS_HASHED_SINCE:
            line = text_sha256(line)
        vouched = line in lines.get(("captures", row["run_id"]), set())
        report.check(vouched, f"{name}: its row is not in the manifest of run {row['run_id']}")
        if one["file"] is None:
            report.unproved.append(
                f"{name} ({row['url']}): the pack has only its hashes, since retention removed its file, it says."
            )
            continue
        if not report.check(one["file"] == f"archive/{row['warc_file']}", f"{name}: its records are in another file"):
            continue
        count += 1
        warc = files.get(one["file"], b"")
        data = warc[one["offset"] : one["offset"] + row["record_bytes"]]
        covered.setdefault(one["file"], []).append((one["offset"], row["record_bytes"]))
        if report.check(sha256(data) == row["record_sha256"], f"{name}: its records are not those that were stored"):
            for problem in record_problems(row, data):
                report.check(False, f"{name}: {problem}")
    check_heads(files, covered, pack, report)
    hashes = {one["row"][0]: one["row"][CAPTURE_COLUMNS.index("payload_sha256")] for one in pack.captures}
    for path in sorted((pack.folder / "screenshots").glob("*.png")):
        name = f"screenshots/{path.name}"
        same = path.stem.isdigit() and hashes.get(int(path.stem)) == sha256(pack.bytes(name))
        report.check(same, f"{name}: is not the payload of that capture")
    report.proved.append(
        f"{count} captures are byte for byte those whose hashes the manifests contain: address, time, IP address, "
        "status, headers and payload of each."
    )


def is_plain_zip(data: bytes, archive: zipfile.ZipFile) -> bool:
    """Return True if a ZIP is one entry after the other and the directory, and both say the same of each entry."""
    end, directory = 0, 0
    for one in archive.infolist():
        if one.header_offset != end or one.extra or one.comment:
            return False
        local = struct.unpack("<4s5H3I2H", data[end : end + 30])
        name, size = one.orig_filename.encode("utf-8"), (one.CRC, one.compress_size, one.file_size)
        said = (b"PK\x03\x04", one.extract_version, one.flag_bits, one.compress_type)
        if local[:4] != said or local[6:] != (*size, len(name), 0) or data[end + 30 : end + 30 + len(name)] != name:
            return False
        end += 30 + len(name) + one.compress_size
        directory += 46 + len(name)
    return archive.start_dir == end and len(data) == end + directory + 22 and not archive.comment


def check_heads(
    files: Dict[str, bytes], covered: Dict[str, List[Tuple[int, int]]], pack: Pack, report: PackReport
) -> None:
    """Nothing else is in the WARC files but the first record of the archive's own file."""
    entries = {one["path"]: one for body in pack.bodies.values() for one in body["files"]}
    for name in sorted(name for name in files if name.startswith("archive/")):
        entry = entries.get(name[len("archive/") :])
        if not report.check(entry is not None, f"{name}: is in no manifest") or entry is None:
            continue
        head = files[name][: entry["head_bytes"]]
        report.check(sha256(head) == entry["head_sha256"], f"{name}: its first record is not the one that was stored")
        end = entry["head_bytes"]
        for offset, size in sorted(covered.get(name, [])):
            report.check(offset == end, f"{name}: has bytes at {end} that no capture accounts for")
            end = offset + size
        report.check(end == len(files[name]), f"{name}: has bytes at {end} that no capture accounts for")


def record_problems(row: Dict[str, Any], data: bytes) -> Iterator[str]:
    """Compare a capture's response record with its row."""
    try:
        headers, block = warc_record(data[: row["warc_length"]])
    except (ValueError, zlib.error, EOFError, OSError) as error:
        yield f"its record can't be read: {error}"
        return
    said = {
        "run_id": headers.get("acca-run"), "outlet": headers.get("acca-outlet"), "kind": headers.get("acca-kind"),
        "route": headers.get("acca-route"), "fetched_at": headers.get("warc-date"),
        "payload_sha256": headers.get("warc-payload-digest", "").replace("sha256:", ""),
    }  # fmt: skip
    for column, value in said.items():
        if str(row[column]) != value:
            yield f"{column} is {row[column]!r}, its record says {value!r}"
    if headers.get("warc-target-uri", "").strip("<>") != target_uri(row["url"]):
        yield "the address is not that of its record"
    if (row["ip_address"] or None) != headers.get("warc-ip-address"):
        yield "the IP address is not that of its record"
    if headers.get("warc-block-digest") != f"sha256:{sha256(block)}":
        yield "the block of its record does not have its digest"
    payload = block if headers.get("warc-type") == "resource" else block.partition(b"\r\n\r\n")[2]
    if row["revisit_of"] is None and sha256(payload) != row["payload_sha256"]:
        yield "its payload does not have its hash"


def warc_record(member: bytes) -> Tuple[Dict[str, str], bytes]:
    """Return the headers (lower-case names) and the block of a compressed WARC record, else raise `ValueError`."""
    data = gzip.decompress(member)
    head, separator, rest = data.partition(b"\r\n\r\n")
    if not separator or not head.startswith(b"WARC/"):
        raise ValueError("no WARC record")
    pairs = (line.partition(":") for line in head.decode("utf-8").split("\r\n")[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return headers, rest[: int(headers["content-length"])]


def check_wacz(files: Dict[str, bytes], pack: Pack, report: PackReport) -> None:
    """The hashes in the WACZ hold, and its index leads to every capture of the pack."""
    package = parsed(files["datapackage.json"].decode("utf-8"))
    digest = parsed(files["datapackage-digest.json"].decode("utf-8"))
    report.check(
        digest == {"path": "datapackage.json", "hash": f"sha256:{sha256(files['datapackage.json'])}"},
        "captures.wacz: datapackage.json does not have its digest",
    )
    first, more = pack.about["reports"][0], len(pack.about["reports"]) - 1
    titles = {
        f"{TITLE.get(pack.about['language'])}: #{first} {columns['title']}{f' (+{more})' if more else ''}"
        for columns in pack.versions(first)
    }
    plain = package.keys() == PACKAGE and all(one.keys() == RESOURCE for one in package["resources"])
    report.check(plain, "captures.wacz: datapackage.json has other entries than a pack")
    report.check(package["title"] in titles, "captures.wacz: its title is not that of the reports")
    listed = {one["path"]: one for one in package["resources"]}
    warcs = {one["file"] for one in pack.captures if one["file"] is not None}
    for name in sorted((files.keys() | listed.keys()) - warcs - WACZ_PARTS - WACZ_LABELS):
        report.check(False, f"captures.wacz: {name} is not part of a pack of these captures")
    for name in sorted(files.keys() - listed.keys() - WACZ_LABELS):
        report.check(False, f"captures.wacz: {name} is not listed in its datapackage.json")
    for name, one in sorted(listed.items()):
        same = name in files and one["hash"] == f"sha256:{sha256(files[name])}" and one["bytes"] == len(files[name])
        report.check(same, f"captures.wacz: {name} is missing or does not have its hash")
    index = gzip.decompress(files["indexes/index.cdx.gz"]).decode("utf-8")
    indexed = []
    for line in index.splitlines():
        key, moment, rest = line.split(" ", 2)
        indexed.append((key, moment, parsed(rest)))
    expected, pages = [], set()
    for one in pack.captures:
        if one["file"] is not None:
            row = dict(zip(CAPTURE_COLUMNS, one["row"]))
            moment = "".join(letter for letter in row["fetched_at"] if letter.isdigit())[:14]
            url = target_uri(row["url"])
            warc = files.get(one["file"], b"")
            entry = {
                "url": url,
                "mime": media_type(row, warc[one["offset"] : one["offset"] + row["warc_length"]]),
                "filename": row["warc_file"],
                "offset": str(one["offset"]),
                "length": str(row["warc_length"]),
                "digest": f"sha256:{row['payload_sha256']}",
            }
            entry.update({"status": str(row["status"])} if row["status"] else {})
            expected.append((surt(url), moment, entry))
            pages.add((url, row["fetched_at"]))
    exact = sorted(indexed, key=repr) == sorted(expected, key=repr)
    report.check(exact, "captures.wacz: its index does not lead to exactly the captures of the pack")
    check_summary(files, report)
    check_pages(files["pages/pages.jsonl"].decode("utf-8").splitlines(), pages, pack, report)
    report.proved.append(f"The index of captures.wacz leads to each of the {len(expected)} captures by its address.")


def media_type(row: Dict[str, Any], member: bytes) -> str:
    """Return the type that the index gives for a record: that of its Content-Type, without parameters."""
    if row["revisit_of"] is not None:
        return "warc/revisit"
    try:
        headers, block = warc_record(member)
    except (ValueError, zlib.error, EOFError, OSError):
        return "unk"
    found = headers.get("content-type", "")
    if headers.get("warc-type") != "resource":
        lines = block.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        found = next((value for name, _, value in pairs if name.strip().lower() == "content-type"), "")
    return found.partition(";")[0].strip().lower() or "unk"


def check_pages(lines: List[str], pages: Set[Tuple[str, str]], pack: Pack, report: PackReport) -> None:
    """The list of pages names captures, each under a title of a report that was read from that address."""
    titles: Dict[int, Set[str]] = {}
    reports: Dict[str, Set[int]] = {}
    for one in pack.revisions:
        columns = one["columns"]
        titles.setdefault(columns["article_id"], set()).add(columns["title"])
        sources = [columns["capture_id"], *(part.get("capture_id") for part in parsed(columns.get("parts") or "[]"))]
        for number in (number for number in sources if number in pack.urls):
            reports.setdefault(target_uri(pack.urls[number]), set()).add(columns["article_id"])
    report.check(lines[:1] == [PAGES_HEAD], "captures.wacz: its list of pages has another first line")
    for line in lines[1:]:
        page = parsed(line)
        name = f"captures.wacz: its list of pages has {page['url']} of {page['ts']}"
        report.check((page["url"], page["ts"]) in pages, f"{name}, which is not a capture")
        known = {title for number in reports.get(page["url"], titles) for title in titles[number]}
        same = page["title"] in known and page.keys() == {"id", "url", "title", "ts"}
        report.check(same, f"{name} under a title that no version has")


def check_summary(files: Dict[str, bytes], report: PackReport) -> None:
    """The summary of the WACZ's index names its blocks, one after the other, each with its first line."""
    index, end = files["indexes/index.cdx.gz"], 0
    head, *lines = files["indexes/index.idx"].decode("utf-8").splitlines()
    report.check(head == INDEX_HEAD, "captures.wacz: indexes/index.idx has another first line")
    for line in lines:
        key, moment, rest = line.split(" ", 2)
        place = parsed(rest)
        block = index[end : end + place["length"]]
        first = gzip.decompress(block).decode("utf-8").split(" ", 2)[:2]
        same = (place["offset"], place["digest"], first) == (end, f"sha256:{sha256(block)}", [key, moment])
        report.check(
            same and place["filename"] == "index.cdx.gz", f"captures.wacz: indexes/index.idx is wrong at {key}"
        )
        end += place["length"]
    report.check(end == len(index), "captures.wacz: indexes/index.idx leaves out a part of the index")


def target_uri(url: str) -> str:
    """Return an address as it is written in a record: anything but printable ASCII is escaped."""
    return quote(url, safe=URL_SAFE, errors="replace")


def surt(url: str) -> str:
    """Return the URL's sort key in the index: host reversed, `www.` dropped, query sorted."""
    if not url.lower().startswith(("http:", "https:")):
        return url
    parts = urlsplit(url.lower())
    labels = (parts.hostname or "").split(".")
    if len(labels) > 1 and re.fullmatch(r"www\d*", labels[0]):
        labels = labels[1:]
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme] else ""
    query = "&".join(sorted(parts.query.split("&"), key=lambda pair: pair.partition("=")[0]))
    return f"{','.join(reversed(labels))}{port}){parts.path or '/'}{f'?{query}' if query else ''}"


def check_revisions(pack: Pack, report: PackReport, proved: Dict[Tuple[str, int], List[str]]) -> None:
    """Each version has the hash that its run's manifest contains, and the text files are those versions."""
    captures = {one["row"][0] for one in pack.captures}
    numbers: Dict[int, List[int]] = {number: [] for number in pack.about["reports"]}
    for one in pack.revisions:
        numbers.setdefault(one["columns"]["article_id"], []).append(one["columns"]["number"])
    for number, versions in sorted(numbers.items()):
        report.check(number in pack.about["reports"], f"report {number}: is not in pack.json")
        whole = sorted(versions) == list(range(1, len(versions) + 1)) and bool(versions)
        report.check(whole, f"report {number}: a version is missing, or is there twice")
        page = text_page(pack.versions(number), pack.urls, pack.about["language"])
        same = pack.bytes(f"texts/{number}.html") == page
        report.check(same, f"texts/{number}.html: does not show the text of the versions")
    for one in pack.revisions:
        name = f"version {one['columns']['number']} of report {one['columns']['article_id']}"
        report.check(text_sha256(canonical(one["columns"])) == one["row_sha256"], f"{name}: does not have its hash")
        line = canonical([one["id"], one["row_sha256"]])
        vouched = line in proved.get(("revisions", one["columns"]["run_id"]), [])
        report.check(vouched, f"{name}: is not in the manifest of run {one['columns']['run_id']}")
        if one["columns"]["capture_id"] is not None:
            report.check(one["columns"]["capture_id"] in captures, f"{name}: the capture it was read from is missing")
        text = f"{one['columns']['title']}\n\n{one['columns']['text']}\n".encode("utf-8", "surrogatepass")
        report.check(one["file"] == text_name(one["columns"]), f"{name}: its text is in {one['file']}")
        report.check(pack.bytes(one["file"]) == text, f"{one['file']}: is not the text of {name}")
        report.reports.append(summary(pack, one))
    report.proved.append(
        f"Text, title and dates of {_counted(len(pack.revisions), 'version')} of "
        f"{_counted(len(pack.about['reports']), 'report')} are as they were stored when their runs ended."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def text_page(versions: List[Dict[str, Any]], urls: Dict[int, str], language: str) -> bytes:
    """Return the page that shows a report's versions, newest first; `urls` are the captures' addresses."""
    parts = [f"<h1>#{versions[-1]['article_id']}</h1>"]
    for row in reversed(versions):
        number = VERSION[language].format(number=row["number"])
        source = urls.get(row["capture_id"], "")
        parts += [f"<h2>{escape(number)}, {escape(row['stored_at'])}</h2>", f"<p>{escape(source)}</p>"]
        parts += [f'<article lang="{escape(row["language"] or "")}" dir="auto">', f"<h3>{escape(row['title'])}</h3>"]
        parts += [f"<p>{escape(paragraph)}</p>" for paragraph in row["text"].split("\n\n")]
        parts += ["</article>"]
    return html_page(versions[-1]["title"], parts, language)


def html_page(title: str, parts: List[str], language: str) -> bytes:
    """Return a page without scripts or requests to anywhere."""
    head = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n"
    )
    return (head + "\n".join(parts) + "\n</body></html>\n").encode("utf-8", "surrogatepass")


def summary(pack: Pack, revision: Dict[str, Any]) -> str:
    """Say in one line what a version is: its number, title, and the capture that it was read from."""
    columns = revision["columns"]
    said = f"report {columns['article_id']}, version {columns['number']}: “{columns['title']}”"
    row = next((one["row"] for one in pack.captures if one["row"][0] == columns["capture_id"]), None)
    if row is None:
        return f"{said}, without a capture"
    capture = dict(zip(CAPTURE_COLUMNS, row))
    where = capture["ip_address"] or "an unknown IP address"
    return f"{said}, from {capture['url']}, fetched {capture['fetched_at']} from {where}, capture {capture['id']}"


def check_decisions(pack: Pack, report: PackReport) -> None:
    """Each decision is in the journal, and the journal leads to the entry that the newest manifest contains."""
    links = {one["id"]: one for one in pack.lines("proof/journal.jsonl")}
    previous: Optional[Dict[str, Any]] = None
    for number, link in sorted(links.items()):
        if previous is not None or number == 1:
            chained = text_sha256((previous["entry_sha256"] if previous else "") + link["content_sha256"])
            unbroken = chained == link["entry_sha256"] and (previous is None or previous["id"] == number - 1)
            report.check(unbroken, f"journal entry {number}: does not follow on the entry before it")
        previous = link
    anchor = pack.bodies[pack.about["head"]["run_id"]].get("journal") or {"count": 0, "sha256": None}
    if previous is not None:
        leads = (previous["id"], previous["entry_sha256"]) == (anchor["count"], anchor["sha256"])
        report.check(leads, "the journal does not lead to the entry that the newest manifest contains")
    proved = 0
    for one in pack.lines("proof/decisions.jsonl"):
        name = f"decision {one['review'][0]} by {one['review'][10]} of {one['review'][11]}"
        number, at, who, action, subject, row_sha256, _ = parsed(one["content"])
        same = (number, at, who, action) == (one["entry"], one["review"][11], one["review"][10], "review")
        same = same and parsed(subject)["review"] == one["review"][0]
        same = same and text_sha256(canonical(one["review"])) == row_sha256
        report.check(same, f"{name}: is not the one in its journal entry")
        if number > anchor["count"]:
            report.unproved.append(f"{name}: was made after the newest run; the chain does not contain it yet.")
        else:
            link = links.get(number, {})
            vouched = number == 1 or number - 1 in links  # else nothing ties the content to the entry's hash
            vouched = vouched and link.get("content_sha256") == text_sha256(one["content"])
            proved += report.check(vouched, f"{name}: is not in the journal")
    if proved:
        report.proved.append(f"{proved} decisions are those that were stored before the newest run ended.")


def check_stamps(pack: Pack, report: PackReport) -> None:
    """Each time-stamp is of a manifest of the chain; with `openssl`, its signature is checked too."""
    stamps = pack.lines("proof/stamps.jsonl")
    for one in stamps:
        name = f"time-stamp of run {one['run_id']} by {one['authority']}"
        manifest = pack.by_run.get(one["run_id"])
        if not report.check(manifest is not None, f"{name}: is of a run without a manifest here") or manifest is None:
            continue
        if not report.check(is_token(one), f"{name}: {one['file']} is not the name of its file"):
            continue
        token, digest = pack.bytes(one["file"]), manifest["sha256"]
        body = pack.bytes(f"proof/stamps/run-{one['run_id']}.json")
        report.check(sha256(body) == digest, f"proof/stamps/run-{one['run_id']}.json: is not the manifest of that run")
        try:
            if one["kind"] == "opentimestamps":
                check_calendar_proof(name, one["run_id"], token, digest, report)
            else:
                check_authority_token(name, one, token, digest, pack, report)
        except (ValueError, IndexError) as error:
            report.check(False, f"{name}: can't be read: {error}")
    if not stamps:
        report.unproved.append(
            "When this existed: the pack has no outside time-stamp. Compare the head of the chain with one that the "
            "operator published, if there is one; the dates are those of the operator's clock."
        )


def check_authority_token(
    name: str, one: Dict[str, Any], token: bytes, digest: str, pack: Pack, report: PackReport
) -> None:
    """Check an RFC 3161 response: the hash and time in it, and its signature if `openssl` is there."""
    imprint, moment = token_content(token)
    if not report.check(imprint == digest, f"{name}: is of another hash"):
        return
    said = moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    openssl = shutil.which("openssl")
    if openssl is None or one["certificate"] is None:
        report.unproved.append(
            f"{name}: says {said}. Its signature was NOT checked, since the program openssl is missing. To check it: "
            f"openssl ts -verify -digest {digest} -in {one['file']} -CAfile {one['certificate']}"
        )
        return
    expected = f"proof/stamps/authority-{sha256(pack.bytes(one['certificate']))[:12]}.pem"
    report.check(one["certificate"] == expected, f"{name}: {one['certificate']} is not the name of that certificate")
    certificate = str(pack.folder / one["certificate"])
    command = [
        openssl, "ts", "-verify", "-digest", digest, "-in", str(pack.folder / one["file"]), "-CAfile", certificate,
        "-untrusted", certificate, "-attime", str(int(moment.timestamp())),
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    if report.check(done.returncode == 0, f"{name}: its signature is not valid below {one['certificate']}"):
        fingerprint = sha256(pack.bytes(one["certificate"]))
        report.proved.append(f"Run {one['run_id']} and all before it existed on {said}, signed by {one['authority']}.")
        report.unproved.append(
            f"That {one['certificate']} (SHA-256 of the file {fingerprint}) is the certificate of {one['authority']}: "
            "get it from the authority and compare."
        )


def token_content(token: bytes) -> Tuple[str, datetime]:
    """Return the SHA-256 (hex) and time that an RFC 3161 response states. Raises `ValueError`."""
    # By their places, since only the token is signed: the status before it could hold bytes that look like another.
    response = element(token, 0, SEQUENCE)
    _, _, after_status = der(response, 0)
    content = element(response, after_status, SEQUENCE)
    _, _, at = der(content, 0)  # the type: signed data
    signed = element(element(content, at, EXPLICIT), 0, SEQUENCE)
    _, _, at = der(signed, 0)  # version
    _, _, at = der(signed, at)  # digest algorithms
    encapsulated = element(signed, at, SEQUENCE)
    if not encapsulated.startswith(TST_INFO):
        raise ValueError("no time-stamp token")
    info = element(element(element(encapsulated, len(TST_INFO), EXPLICIT), 0, OCTETS), 0, SEQUENCE)
    _, _, at = der(info, 0)  # version
    _, _, at = der(info, at)  # policy
    _, imprint, at = der(info, at)
    _, algorithm, after = der(imprint, 0)
    _, digest, _ = der(imprint, after)
    _, _, at = der(info, at)  # serial number
    tag, moment, _ = der(info, at)
    if SHA256_OID not in algorithm or tag != 0x18:
        raise ValueError("not a SHA-256 with a time")
    text = moment.decode("ascii").rstrip("Z").partition(".")[0]
    return digest.hex(), datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)


TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
SHA256_OID = bytes.fromhex("0609608648016503040201")
OCTETS, SEQUENCE, EXPLICIT = 0x04, 0x30, 0xA0


def element(data: bytes, at: int, tag: int) -> bytes:
    """Return the content of the DER element at an offset, which must have this tag. Raises `ValueError`."""
    found, content, _ = der(data, at)
    if found != tag:
        raise ValueError("not a time-stamp response in DER")
    return content


def der(data: bytes, at: int) -> Tuple[int, bytes, int]:
    """Return tag, content and end of the DER element at an offset. Raises `ValueError` and `IndexError`."""
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[at : at + count], "big"), at + count
    if at + size > len(data):
        raise ValueError("cut off")
    return tag, data[at : at + size], at + size


def check_calendar_proof(name: str, run_id: int, token: bytes, digest: str, report: PackReport) -> None:
    """Check an OpenTimestamps proof: it begins at the hash, and its steps lead to what it states."""
    found = list(ProofReader(token, digest).attestations())
    blocks = sorted(found for found in found if found[0] is not None)
    if not report.check(bool(found), f"{name}: states nothing"):
        return
    for height, root in blocks[:1]:
        report.unproved.append(
            f"{name}: leads to Bitcoin block {height}. This proves that run {run_id} existed before that block, if "
            f"its merkle root is {root}: look it up with any Bitcoin node or block explorer."
        )
    if not blocks:
        report.unproved.append(f"{name}: is a calendar's promise that was not complete when the pack was made.")


class ProofReader:
    """Reads an OpenTimestamps proof file (version 1) of a SHA-256. Raises `ValueError` and `IndexError`."""

    MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
    BITCOIN = bytes.fromhex("0588960d73d71901")

    def __init__(self, data: bytes, digest: str) -> None:
        if not data.startswith(self.MAGIC) or data[len(self.MAGIC) : len(self.MAGIC) + 32].hex() != digest:
            raise ValueError("not a proof of this hash")
        self._data, self._at, self._start = data, len(self.MAGIC) + 32, bytes.fromhex(digest)

    def attestations(self) -> Iterator[Tuple[Optional[int], str]]:
        """Yield the Bitcoin block (None for a promise) and the merkle root of each branch."""
        return self._branch(self._start, 0)

    def _branch(self, message: bytes, depth: int) -> Iterator[Tuple[Optional[int], str]]:
        if depth > 256:
            raise ValueError("nested too deeply")
        tag = self._byte()
        while tag == 0xFF:
            yield from self._step(self._byte(), message, depth)
            tag = self._byte()
        yield from self._step(tag, message, depth)

    def _step(self, tag: int, message: bytes, depth: int) -> Iterator[Tuple[Optional[int], str]]:
        if tag == 0x00:
            kind, payload = self._take(8), self._take(self._number())
            height = ProofReader.number(payload) if kind == self.BITCOIN else None
            yield height, message[::-1].hex()
            return
        if tag in (0xF0, 0xF1):
            more = self._take(self._number())
            message = message + more if tag == 0xF0 else more + message
        elif tag in (0x02, 0x03, 0x08):
            message = hashlib.new({0x02: "sha1", 0x03: "ripemd160", 0x08: "sha256"}[tag], message).digest()
        elif tag in (0xF2, 0xF3):
            message = message[::-1] if tag == 0xF2 else message.hex().encode()
        else:
            raise ValueError(f"unknown step {tag:#x}")
        yield from self._branch(message, depth + 1)

    @staticmethod
    def number(data: bytes) -> int:
        """Return a variable-length number: seven bits a byte, the lowest first."""
        return sum((byte & 0x7F) << (7 * place) for place, byte in enumerate(data))

    def _number(self) -> int:
        start = self._at
        while self._byte() & 0x80:
            pass
        return self.number(self._data[start : self._at])

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise ValueError("cut off")
        self._at += size
        return self._data[self._at - size : self._at]


CHECKS: List[Callable[[Pack, PackReport], None]] = [check_files, check_chain, check_decisions, check_stamps]


def verify(folder: Path) -> PackReport:
    """Check a pack and return what was found."""
    report = PackReport()
    try:
        pack = Pack(folder)
        for check in CHECKS:
            check(pack, report)
        proved = check_blocks(pack, report)
        check_captures(pack, report, proved)
        check_revisions(pack, report, proved)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, zlib.error,
            EOFError) as error:  # fmt: skip
        report.failures.append(f"the pack can't be read: {error!r}")
    return report


LIMITS = (
    "That nothing was left out: the maker of the pack chose the reports, and can have left out the newest versions, "
    "captures of failed visits, decisions and time-stamps.",
    "What cover.html and cover.pdf say: they are for reading, and only their hashes in pack.json were compared. "
    "Compare what matters with the list above, with proof/ and with texts/.",
    "That the server really sent this: TLS leaves no signature that could be shown later. The records are testimony "
    "of the person who ran the crawler.",
    "That what the outlet wrote is true, or that every visitor saw the same.",
    "That a version's text was read correctly from its capture: open captures.wacz in ReplayWeb.page and compare.",
    "That verify.py itself is genuine: compare its SHA-256 with the one published with the software, or write your own "
    "from docs/evidence.md.",
)


def say(text: str, end: str = "\n") -> None:
    """Print one line in any terminal: control characters become blanks, letters that it lacks become escapes."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(shown.encode(encoding, "backslashreplace").decode(encoding) + end)


def main() -> int:
    """Check the pack in the given folder, or the one that contains this file, and print the outcome."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    report = verify(folder)
    if report.failures:
        say("FAILED. This pack is damaged or was changed:", end="\n\n")
        for failure in report.failures[:MAX_SHOWN]:
            say(f"  - {failure}")
        if len(report.failures) > MAX_SHOWN:
            say(f"  and {len(report.failures) - MAX_SHOWN} more")
        say("Nothing is proved by it.")
        return 1
    say("EVERYTHING HOLDS.", end="\n\n")
    for heading, lines in (
        ("Proved:", report.proved),
        ("The reports, as proved:", report.reports),
        ("Not proved:", [*report.unproved, *LIMITS]),
    ):
        say(heading)
        for line in lines:
            say(f"  - {line}")
        say("")
    return 0


if __name__ == "__main__":
    sys.exit(main())
