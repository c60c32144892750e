"""The archive's schema, as small steps in order. Never edit a step that has been released: add one."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("acca")


@migrations()
def m001_ledger(db: Database) -> None:
    """Runs, what they counted, the ways of discovery they tried, and every address ever seen."""
    db.executescript(
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('crawl', 'import', 'reprocess')),
            started_at TEXT NOT NULL,
            finished_at TEXT,
            status TEXT NOT NULL CHECK (status IN ('running', 'ok', 'failed', 'killed')),
            arguments TEXT NOT NULL,
            version TEXT NOT NULL
        ) STRICT;

        CREATE TABLE outlets (
            name TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            home TEXT NOT NULL,
            kind TEXT NOT NULL,
            countries TEXT NOT NULL,
            languages TEXT NOT NULL
        ) STRICT;

        CREATE TABLE run_counts (
            run_id INTEGER NOT NULL REFERENCES runs(id),
            outlet TEXT NOT NULL,
            name TEXT NOT NULL,
            value INTEGER NOT NULL,
            PRIMARY KEY (run_id, outlet, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_outlets (
            run_id INTEGER NOT NULL REFERENCES runs(id),
            outlet TEXT NOT NULL REFERENCES outlets(name),
            status TEXT NOT NULL CHECK (status IN ('running', 'ok', 'failed', 'blocked', 'killed')),
            way TEXT,
            message TEXT,
            PRIMARY KEY (run_id, outlet)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE way_attempts (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs(id),
            outlet TEXT NOT NULL REFERENCES outlets(name),
            way TEXT NOT NULL,
            url TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'silent', 'failed', 'blocked')),
            reason TEXT,
            found INTEGER NOT NULL,
            newest TEXT,
            total INTEGER,
            attempted_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX way_attempts_outlet ON way_attempts(outlet, run_id);

        CREATE TABLE captures (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs(id),
            outlet TEXT NOT NULL,
            url TEXT NOT NULL,
            kind TEXT NOT NULL,
            route TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            status INTEGER NOT NULL,
            ip_address TEXT,
            payload_sha256 TEXT NOT NULL,
            payload_bytes INTEGER NOT NULL,
            warc_file TEXT NOT NULL,
            warc_offset INTEGER NOT NULL,
            warc_length INTEGER NOT NULL,
            revisit_of INTEGER REFERENCES captures(id)
        ) STRICT;
        CREATE INDEX captures_url ON captures(url, id);
        CREATE INDEX captures_run ON captures(run_id);
        CREATE INDEX captures_payload ON captures(payload_sha256);

        CREATE TABLE manifests (
            run_id INTEGER PRIMARY KEY REFERENCES runs(id),
            closed_at TEXT NOT NULL,
            previous_sha256 TEXT,
            body TEXT NOT NULL,
            sha256 TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m002_articles(db: Database) -> None:
    """Articles, their addresses and revisions, what was stripped, and the flags raised on each revision."""
    db.executescript(
        """
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            outlet TEXT NOT NULL REFERENCES outlets(name),
            identity TEXT NOT NULL,
            url TEXT NOT NULL,
            first_run_id INTEGER NOT NULL REFERENCES runs(id),
            first_seen_at TEXT NOT NULL,
            last_seen_at TEXT NOT NULL,
            revision_id INTEGER REFERENCES revisions(id),
            missing_since TEXT,
            missing_tries INTEGER NOT NULL DEFAULT 0,
            removed_at TEXT,
            removed_run_id INTEGER REFERENCES runs(id),
            next_visit_at TEXT,
            UNIQUE (outlet, identity)
        ) STRICT;
        CREATE INDEX articles_next_visit ON articles(outlet, next_visit_at);

        CREATE TABLE addresses (
            id INTEGER PRIMARY KEY,
            outlet TEXT NOT NULL REFERENCES outlets(name),
            url TEXT NOT NULL,
            listed_url TEXT NOT NULL,
            identity TEXT,
            article_id INTEGER REFERENCES articles(id),
            status TEXT NOT NULL CHECK (status IN (
                'pending', 'stored', 'duplicate', 'not_article', 'missing', 'removed',
                'blocked', 'refused', 'failed'
            )),
            reason TEXT,
            way TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            last_listed_at TEXT NOT NULL,
            listed_modified_at TEXT,
            listed_published_at TEXT,
            fetched_modified_at TEXT,
            listed_title TEXT,
            listed_html TEXT,
            status_at TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            etag TEXT,
            last_modified TEXT,
            UNIQUE (outlet, url)
        ) STRICT;
        CREATE INDEX addresses_status ON addresses(outlet, status, listed_modified_at);
        CREATE INDEX addresses_way ON addresses(outlet, way, last_listed_at);
        CREATE INDEX addresses_identity ON addresses(outlet, identity);
        CREATE INDEX addresses_article ON addresses(article_id);

        CREATE TABLE revisions (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id),
            number INTEGER NOT NULL,
            run_id INTEGER NOT NULL REFERENCES runs(id),
            capture_id INTEGER REFERENCES captures(id),
            stored_at TEXT NOT NULL,
            title TEXT NOT NULL,
            lead TEXT NOT NULL,
            text TEXT NOT NULL,
            authors TEXT NOT NULL,
            categories TEXT NOT NULL,
            tags TEXT NOT NULL,
            captions TEXT NOT NULL,
            alternates TEXT NOT NULL,
            language TEXT,
            image TEXT,
            published_at TEXT,
            published_source TEXT,
            published_certainty TEXT,
            modified_at TEXT,
            modified_source TEXT,
            modified_certainty TEXT,
            printed_date TEXT,
            extraction_method TEXT NOT NULL,
            rest_agreement REAL,
            change TEXT NOT NULL,
            content_sha256 TEXT NOT NULL,
            row_sha256 TEXT NOT NULL,
            UNIQUE (article_id, number)
        ) STRICT;
        CREATE INDEX revisions_run ON revisions(run_id);
        CREATE INDEX revisions_content ON revisions(content_sha256);
        CREATE INDEX revisions_published ON revisions(published_at);

        CREATE TABLE stripped (
            revision_id INTEGER NOT NULL REFERENCES revisions(id),
            position INTEGER NOT NULL,
            rule TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (revision_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE flags (
            id INTEGER PRIMARY KEY,
            revision_id INTEGER NOT NULL REFERENCES revisions(id),
            run_id INTEGER NOT NULL REFERENCES runs(id),
            level TEXT NOT NULL CHECK (level IN ('alert', 'digest', 'ignore')),
            country TEXT,
            score REAL NOT NULL,
            categories TEXT NOT NULL,
            reasons TEXT NOT NULL,
            detector TEXT NOT NULL,
            current INTEGER NOT NULL DEFAULT 1
        ) STRICT;
        CREATE UNIQUE INDEX flags_current ON flags(revision_id) WHERE current = 1;
        CREATE INDEX flags_level ON flags(level, revision_id);

        CREATE TABLE flag_spans (
            flag_id INTEGER NOT NULL REFERENCES flags(id),
            position INTEGER NOT NULL,
            side TEXT NOT NULL CHECK (side IN ('for', 'against')),
            field TEXT NOT NULL CHECK (field IN ('title', 'text')),
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            quote TEXT NOT NULL,
            rule TEXT NOT NULL,
            gloss TEXT NOT NULL,
            PRIMARY KEY (flag_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE flag_facts (
            flag_id INTEGER NOT NULL REFERENCES flags(id),
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            detail TEXT NOT NULL,
            field TEXT NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            quote TEXT NOT NULL,
            sentence TEXT NOT NULL,
            PRIMARY KEY (flag_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE visits (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id),
            run_id INTEGER NOT NULL REFERENCES runs(id),
            capture_id INTEGER REFERENCES captures(id),
            visited_at TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN (
                'unchanged', 'changed', 'gone', 'blocked', 'failed'
            )),
            reason TEXT
        ) STRICT;
        CREATE INDEX visits_article ON visits(article_id, id);
        CREATE INDEX visits_run ON visits(run_id);

        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN (
                'new', 'update', 'edited', 'softened', 'removed', 'reappeared'
            )),
            article_id INTEGER NOT NULL REFERENCES articles(id),
            revision_id INTEGER NOT NULL REFERENCES revisions(id),
            flag_id INTEGER NOT NULL REFERENCES flags(id),
            run_id INTEGER NOT NULL REFERENCES runs(id),
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX alerts_run ON alerts(run_id);
        CREATE INDEX alerts_article ON alerts(article_id);
        """
    )


@migrations()
def m003_evidence(db: Database) -> None:
    """What accounts for every byte of the WARC files, and for the files that retention took away."""
    db.executescript(
        """
        ALTER TABLE captures ADD COLUMN record_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE captures ADD COLUMN record_sha256 TEXT NOT NULL DEFAULT '';
        CREATE UNIQUE INDEX captures_place ON captures(warc_file, warc_offset);
        CREATE INDEX captures_original ON captures(payload_sha256, url) WHERE revisit_of IS NULL;
        CREATE INDEX captures_revisit ON captures(revisit_of) WHERE revisit_of IS NOT NULL;

        CREATE TABLE warc_files (
            path TEXT PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs(id),
            opened_at TEXT NOT NULL,
            head_bytes INTEGER NOT NULL,
            head_sha256 TEXT NOT NULL,
            closed_at TEXT,
            bytes INTEGER,
            sha256 TEXT
        ) STRICT;
        CREATE INDEX warc_files_run ON warc_files(run_id);
        CREATE INDEX warc_files_open ON warc_files(path) WHERE sha256 IS NULL;

        CREATE TABLE pruned (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE REFERENCES warc_files(path),
            pruned_at TEXT NOT NULL,
            rule TEXT NOT NULL,
            captures INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            sha256 TEXT NOT NULL
        ) STRICT;
        """
    )
