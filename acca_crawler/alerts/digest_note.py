"""A digest's note on the previous one: revisions and decisions since, and the status of its own stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from acca_crawler.alerts.decisions import decided_between, reviewed, standing_at
from acca_crawler.alerts.followed import followed_in
from acca_crawler.alerts.message import Decided, DigestChange, DigestNote, revised_title
from acca_crawler.config.alerts import Channel
from acca_crawler.config.loading import Config
from storage.alerts import entries, messages
from storage.alerts.entries import Entry
from storage.alerts.messages import Composed
from storage.schema.kinds import ArchiveDb


def digest_note(db: ArchiveDb, config: Config, channel: Channel, digest: Composed) -> DigestNote:
    """Return a digest's note; for the first digest, only the status of its own stories."""
    before = messages.previous_digest(db, digest)
    sent = entries.entries_of(db, digest.id)
    own = frozenset(entry.story for entry in sent)
    second = config.web.second_reviewer
    with reviewed(config) as people:
        standing = standing_at(people, own, digest.composed_at, second)
        matched = followed_in(people, [entry.article_id for entry in sent], names=channel.withhold == "none")
        if before is None:
            return DigestNote(
                digest.rule, channel.timezone, None, frozenset(), (), standing=standing, followed=matched
            )  # fmt: skip
        stories = messages.stories_sent(db, digest)
        everything = decided_between(people, before.composed_at, digest.composed_at, second)
    changed = [(story, status) for story, status in everything if story in stories - own]
    decisions = Counter(status for _, status in everything)
    earlier = messages.sent_before(db, digest, [story for story, _ in changed])
    shown = {entry.article_id for entry in sent}  # with their diff, where they changed
    previous = entries.entries_of(db, before.id)
    changes = tuple(
        DigestChange(
            revised_title(revised.title, revised.text, _of_article(previous, revised.article_id), channel),
            revised.change,
            _review_url(config, revised.article_id),
        )
        for revised in messages.revised_between(db, before, digest)
        if revised.article_id not in shown
    )
    decided = tuple(
        Decided(
            story, revised_title(earlier[story].title, earlier[story].text, [earlier[story]], channel), status,
            _review_url(config, earlier[story].article_id),
        )
        for story, status in changed
    )  # fmt: skip
    return DigestNote(
        digest.rule, channel.timezone, before.composed_at, stories, changes, standing, decided,
        tuple(decisions.most_common()), matched,
    )  # fmt: skip


def _review_url(config: Config, article_id: int) -> str | None:
    return f"{config.web.url}/reports/{article_id}" if config.web.url else None


def _of_article(entries_sent: Sequence[Entry], article_id: int) -> list[Entry]:
    return [entry for entry in entries_sent if entry.article_id == article_id]
