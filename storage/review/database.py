"""The review database, `people.db`: users, sessions, reviews and the queue built from them.

It is separate from the archive for three reasons. Datasette opens the archive for analysts' SQL and has no access to
this file, so no query of theirs can reach a password or a verdict. Reviews can be written while a crawl has the
archive's write lock. And the archive remains what the machine found; people's judgements are kept apart.

Each connection attaches the archive read-only as `archive`: its tables can be named without a prefix.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage.exceptions import ArchiveError
from storage.review import journal
from storage.schema.database import BUSY_TIMEOUT_MS, open_read_only
from storage.schema.kinds import ReviewDb
from storage.schema.sqlite_utils_alone import Database, Migrations
from storage.schema.upgrading import apply_pending

FILE_NAME = "people.db"

migrations = Migrations("people")


@migrations()
def p001_users(db: Database) -> None:
    """Users who may sign in, and their sessions. Tokens are stored only as their SHA-256."""
    db.executescript(
        """
        CREATE TABLE users (
            name TEXT PRIMARY KEY COLLATE NOCASE,
            role TEXT NOT NULL CHECK (role IN ('reader', 'monitor', 'lead')),
            password_hash TEXT,
            language TEXT,
            created_at TEXT NOT NULL,
            disabled_at TEXT
        ) STRICT;

        CREATE TABLE sessions (
            token_sha256 TEXT PRIMARY KEY,
            user TEXT NOT NULL REFERENCES users(name) ON UPDATE CASCADE,
            created_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            expires_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessions_user ON sessions(user);

        CREATE TABLE sign_in_links (
            token_sha256 TEXT PRIMARY KEY,
            user TEXT NOT NULL REFERENCES users(name) ON UPDATE CASCADE,
            expires_at TEXT NOT NULL,
            used_at TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sign_in_attempts (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL COLLATE NOCASE,
            address TEXT NOT NULL,
            attempted_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX sign_in_attempts_time ON sign_in_attempts(attempted_at);

        CREATE TABLE keys (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        """
    )


@migrations()
def p002_reviews(db: Database) -> None:
    """Reviewers' decisions: append-only. The queue summarises them."""
    db.executescript(
        """
        CREATE TABLE reviews (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            article_id INTEGER NOT NULL,
            alert_id INTEGER NOT NULL,
            revision_id INTEGER NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN (
                'confirm', 'false_alarm', 'duplicate_of', 'watch', 'second_pair', 'reopen', 'assign', 'note', 'undo'
            )),
            reason TEXT,
            duplicate_of INTEGER,
            assignee TEXT,
            note TEXT NOT NULL DEFAULT '',
            undoes INTEGER REFERENCES reviews(id),
            reviewer TEXT NOT NULL,
            created_at TEXT NOT NULL,
            CHECK ((verdict = 'false_alarm') = (reason IS NOT NULL)),
            CHECK ((verdict = 'duplicate_of') = (duplicate_of IS NOT NULL)),
            CHECK ((verdict = 'undo') = (undoes IS NOT NULL)),
            CHECK (verdict = 'assign' OR assignee IS NULL),
            CHECK (verdict != 'note' OR note != '')
        ) STRICT;
        CREATE INDEX reviews_article ON reviews(article_id, id);
        CREATE INDEX reviews_created ON reviews(created_at);
        CREATE UNIQUE INDEX reviews_undoes ON reviews(undoes) WHERE undoes IS NOT NULL;
        CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews BEGIN SELECT raise(ABORT, 'reviews are only added'); END;
        CREATE TRIGGER reviews_last BEFORE DELETE ON reviews BEGIN SELECT raise(ABORT, 'reviews are only added'); END;

        CREATE TABLE queue (
            article_id INTEGER PRIMARY KEY,
            first_alert_id INTEGER NOT NULL,
            alert_id INTEGER NOT NULL,
            alerts INTEGER NOT NULL,
            kind TEXT NOT NULL,
            revision_id INTEGER NOT NULL,
            outlet TEXT NOT NULL,
            country TEXT NOT NULL,
            language TEXT NOT NULL,
            level TEXT NOT NULL,
            score REAL NOT NULL,
            day TEXT NOT NULL,
            raised_at TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'new' CHECK (status IN (
                'new', 'reopened', 'second', 'watch', 'confirmed', 'false_alarm', 'duplicate'
            )),
            open INTEGER GENERATED ALWAYS AS (status IN ('new', 'reopened', 'second')) STORED,
            assignee TEXT,
            review_id INTEGER NOT NULL DEFAULT 0,
            decided_at TEXT
        ) STRICT;
        CREATE INDEX queue_score ON queue(open, score, article_id);
        CREATE INDEX queue_age ON queue(open, raised_at, article_id);
        CREATE INDEX queue_by_score ON queue(score, article_id);
        CREATE INDEX queue_by_age ON queue(raised_at, article_id);
        CREATE INDEX queue_assignee ON queue(assignee, open) WHERE assignee IS NOT NULL;
        CREATE INDEX queue_groups ON queue(open, country, language, outlet, level);

        CREATE TABLE queue_categories (
            article_id INTEGER NOT NULL REFERENCES queue(article_id),
            category TEXT NOT NULL,
            PRIMARY KEY (article_id, category)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX queue_categories_category ON queue_categories(category, article_id);

        CREATE TABLE queue_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            alert_id INTEGER NOT NULL,
            revision_id INTEGER NOT NULL
        ) STRICT;
        INSERT INTO queue_state VALUES (1, 0, 0);
        """
    )


@migrations()
def p003_queue_of_stories(db: Database) -> None:
    """One row per story with alerts. `queue_articles` are the members that raised them, with the newest of each.

    A decision records the members it was about (`reported`), so that members joining the story later count as new.
    """
    db.executescript(
        """
        DROP TABLE queue_categories;
        DROP TABLE queue;
        DROP TABLE queue_state;
        ALTER TABLE reviews ADD COLUMN reported TEXT NOT NULL DEFAULT '[]';

        CREATE TABLE queue (
            story_id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL,
            news_article_id INTEGER NOT NULL,
            first_alert_id INTEGER NOT NULL,
            alert_id INTEGER NOT NULL,
            alerts INTEGER NOT NULL,
            kind TEXT NOT NULL,
            revision_id INTEGER NOT NULL,
            members INTEGER NOT NULL,
            outlets INTEGER NOT NULL,
            languages INTEGER NOT NULL,
            country TEXT NOT NULL,
            level TEXT NOT NULL,
            score REAL NOT NULL,
            day TEXT NOT NULL,
            raised_at TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'new' CHECK (status IN (
                'new', 'reopened', 'second', 'watch', 'confirmed', 'false_alarm', 'duplicate'
            )),
            open INTEGER GENERATED ALWAYS AS (status IN ('new', 'reopened', 'second')) STORED,
            assignee TEXT,
            review_id INTEGER NOT NULL DEFAULT 0,
            decided_at TEXT
        ) STRICT;
        CREATE INDEX queue_score ON queue(open, score, story_id);
        CREATE INDEX queue_age ON queue(open, raised_at, story_id);
        CREATE INDEX queue_by_score ON queue(score, story_id);
        CREATE INDEX queue_by_age ON queue(raised_at, story_id);
        CREATE INDEX queue_assignee ON queue(assignee, open) WHERE assignee IS NOT NULL;
        CREATE INDEX queue_groups ON queue(open, country, level);

        CREATE TABLE queue_values (
            story_id INTEGER NOT NULL,
            name TEXT NOT NULL CHECK (name IN ('category', 'language', 'outlet')),
            value TEXT NOT NULL,
            PRIMARY KEY (story_id, name, value)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX queue_values_value ON queue_values(name, value, story_id);

        CREATE TABLE queue_articles (
            article_id INTEGER PRIMARY KEY,
            story_id INTEGER NOT NULL,
            alert_id INTEGER NOT NULL,
            revision_id INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX queue_articles_story ON queue_articles(story_id);

        CREATE TABLE queue_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            alert_id INTEGER NOT NULL,
            flag_id INTEGER NOT NULL,
            move_id INTEGER NOT NULL
        ) STRICT;
        INSERT INTO queue_state VALUES (1, 0, 0, 0);
        """
    )


@migrations()
def p004_feed_tokens(db: Database) -> None:
    """A token for the user's feed reader, which can't sign in, as part of the feed URLs; one per user."""
    db.executescript(
        """
        CREATE TABLE feed_tokens (
            user TEXT PRIMARY KEY COLLATE NOCASE REFERENCES users(name) ON UPDATE CASCADE,
            token_sha256 TEXT NOT NULL UNIQUE,
            created_at TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def p005_desk(db: Database) -> None:
    """Who asked for a second confirmation, so that their own queue skips it; notes saved when a session expires."""
    db.executescript(
        """
        ALTER TABLE queue ADD COLUMN asked_by TEXT NOT NULL DEFAULT '[]';
        CREATE INDEX queue_status ON queue(status, score, story_id);
        CREATE TABLE drafts (
            user TEXT NOT NULL COLLATE NOCASE REFERENCES users(name) ON UPDATE CASCADE,
            article_id INTEGER NOT NULL,
            note TEXT NOT NULL,
            saved_at TEXT NOT NULL,
            PRIMARY KEY (user, article_id)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def p006_batches(db: Database) -> None:
    """Decisions made together: the entries of a batch refer to it, so that one undo reverts all of them."""
    db.executescript(
        """
        CREATE TABLE batches (
            id INTEGER PRIMARY KEY,
            reviewer TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        ALTER TABLE reviews ADD COLUMN batch_id INTEGER REFERENCES batches(id);
        CREATE INDEX reviews_batch ON reviews(batch_id) WHERE batch_id IS NOT NULL;
        CREATE INDEX reviews_reviewer ON reviews(reviewer, id);
        """
    )


@migrations()
def p007_journal(db: Database) -> None:
    """A hash chain over decisions and over what was exported, packed, copied, pruned or imported; see `journal`."""
    journal.create(db)


@migrations()
def p008_story_corrections(db: Database) -> None:
    """Corrections of stories: append-only, with the reports on each side at the time.

    `part` 1 are the reports that were taken out (split), or the members of the story of `article_id` (merge); `part` 2
    are the others.
    """
    db.executescript(
        """
        CREATE TABLE story_corrections (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('split', 'merge', 'undo')),
            article_id INTEGER NOT NULL,
            other_id INTEGER NOT NULL,
            undoes INTEGER REFERENCES story_corrections(id),
            note TEXT NOT NULL DEFAULT '',
            reviewer TEXT NOT NULL,
            created_at TEXT NOT NULL,
            CHECK ((kind = 'undo') = (undoes IS NOT NULL))
        ) STRICT;
        CREATE UNIQUE INDEX story_corrections_undoes ON story_corrections(undoes) WHERE undoes IS NOT NULL;
        CREATE TABLE story_correction_members (
            correction_id INTEGER NOT NULL REFERENCES story_corrections(id),
            article_id INTEGER NOT NULL,
            part INTEGER NOT NULL CHECK (part IN (1, 2)),
            PRIMARY KEY (correction_id, article_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX story_correction_members_article ON story_correction_members(article_id);
        CREATE TRIGGER story_corrections_stay BEFORE UPDATE ON story_corrections
            BEGIN SELECT raise(ABORT, 'corrections are only added'); END;
        CREATE TRIGGER story_corrections_last BEFORE DELETE ON story_corrections
            BEGIN SELECT raise(ABORT, 'corrections are only added'); END;
        """
    )


@migrations()
def p009_cases(db: Database) -> None:
    """Who and what flagged reports mention (derived), and cases: what people decided about who is the same person.

    Case entries are only added to. `case_entry_articles` are the reports that an entry is about.
    """
    db.executescript(
        """
        CREATE TABLE mentions (
            article_id INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('person', 'prison', 'place', 'region', 'agency')),
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            PRIMARY KEY (article_id, kind, key, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX mentions_key ON mentions(kind, key, article_id);
        CREATE TABLE mentions_state (id INTEGER PRIMARY KEY CHECK (id = 1), flag_id INTEGER NOT NULL) STRICT;
        INSERT INTO mentions_state VALUES (1, 0);

        CREATE TABLE cases (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
        CREATE TABLE case_entries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            case_id INTEGER NOT NULL REFERENCES cases(id),
            action TEXT NOT NULL CHECK (action IN (
                'open', 'confirm', 'reject', 'split', 'merge', 'rename', 'note', 'undo'
            )),
            other_case_id INTEGER REFERENCES cases(id),
            name TEXT NOT NULL DEFAULT '',
            note TEXT NOT NULL DEFAULT '',
            undoes INTEGER REFERENCES case_entries(id),
            reviewer TEXT NOT NULL,
            created_at TEXT NOT NULL,
            CHECK ((action IN ('split', 'merge')) = (other_case_id IS NOT NULL)),
            CHECK ((action = 'undo') = (undoes IS NOT NULL)),
            CHECK (action NOT IN ('open', 'rename') OR name != '')
        ) STRICT;
        CREATE INDEX case_entries_case ON case_entries(case_id, id);
        CREATE UNIQUE INDEX case_entries_undoes ON case_entries(undoes) WHERE undoes IS NOT NULL;
        CREATE TABLE case_entry_articles (
            entry_id INTEGER NOT NULL REFERENCES case_entries(id),
            article_id INTEGER NOT NULL,
            PRIMARY KEY (entry_id, article_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER case_entries_stay BEFORE UPDATE ON case_entries
            BEGIN SELECT raise(ABORT, 'case entries are only added'); END;
        CREATE TRIGGER case_entries_last BEFORE DELETE ON case_entries
            BEGIN SELECT raise(ABORT, 'case entries are only added'); END;
        """
    )


@migrations()
def p010_follows(db: Database) -> None:
    """What users follow, and the flagged reports that match. `is_new` is 0 for those of the first matching."""
    db.executescript(
        """
        CREATE TABLE follows (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user TEXT NOT NULL COLLATE NOCASE REFERENCES users(name) ON UPDATE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('person', 'prison', 'place', 'region', 'agency', 'search')),
            key TEXT NOT NULL,
            label TEXT NOT NULL,
            created_at TEXT NOT NULL,
            flag_id INTEGER NOT NULL,
            UNIQUE (user, kind, key)
        ) STRICT;
        CREATE TABLE follow_matches (
            follow_id INTEGER NOT NULL REFERENCES follows(id) ON DELETE CASCADE,
            article_id INTEGER NOT NULL,
            is_new INTEGER NOT NULL CHECK (is_new IN (0, 1)),
            PRIMARY KEY (follow_id, article_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX follow_matches_article ON follow_matches(article_id, follow_id);
        """
    )


@migrations()
def p011_visits(db: Database) -> None:
    """Each user's time zone, and when they last looked at the queue and ended the visit before."""
    db.executescript(
        """
        ALTER TABLE users ADD COLUMN time_zone TEXT;
        CREATE TABLE desk_visits (
            user TEXT PRIMARY KEY COLLATE NOCASE REFERENCES users(name) ON UPDATE CASCADE,
            seen_at TEXT NOT NULL,
            before_at TEXT
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def p012_assistance(db: Database) -> None:
    """Requests to translation and opinion services, with their answers; nothing in the queue depends on them."""
    db.executescript(
        """
        CREATE TABLE assistance (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('translation', 'opinion')),
            revision_id INTEGER NOT NULL,
            language TEXT NOT NULL,
            service TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt_sha256 TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('asked', 'answered', 'void', 'failed')),
            reason TEXT NOT NULL DEFAULT '',
            asked_by TEXT NOT NULL,
            asked_at TEXT NOT NULL,
            answered_at TEXT,
            answer TEXT
        ) STRICT;
        CREATE INDEX assistance_revision ON assistance(revision_id, kind);
        CREATE INDEX assistance_asked ON assistance(asked_at);
        """
    )


def prepare(path: Path, archive: Path) -> None:
    """Create or migrate the review database, readable only by its owner. Raises `ArchiveError`."""
    open_read_only(archive).close()
    try:
        path.touch(mode=0o600)
        db = Database(path, execute_plugins=False)
        db.enable_wal()
        apply_pending(db, migrations, path)
        db.close()
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{path}: the people's file can't be opened for writing: {error}") from error


def connect(path: Path, archive: Path) -> ReviewDb:
    """Connect to a prepared review database, for one thread at a time. Raises `ArchiveError`."""
    try:
        connection = sqlite3.connect(
            path.resolve().as_uri() + "?mode=rw",
            uri=True,
            timeout=BUSY_TIMEOUT_MS / 1000,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("ATTACH ? AS archive", [archive.resolve().as_uri() + "?mode=ro"])
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: the people's file can't be opened: {error}") from error
    return ReviewDb(connection)


def open_people(path: Path, archive: Path) -> ReviewDb:
    """Create, migrate and open the review database. Raises `ArchiveError`."""
    prepare(path, archive)
    return connect(path, archive)


def key(db: ReviewDb, name: str, fresh: str) -> str:
    """Return the stored secret with this name; if there is none yet, store and return `fresh`."""
    db.execute("INSERT OR IGNORE INTO keys (name, value) VALUES (?, ?)", [name, fresh])
    value: str = db.execute("SELECT value FROM keys WHERE name = ?", [name]).fetchone()[0]
    return value
