"""The archive's schema, as small ordered migrations. Never edit a released migration: add a new one.

`storage.schema.views` defines the views; a change of one comes with a migration here that does nothing else.
"""

from __future__ import annotations

import uuid

from storage.schema.sqlite_utils_alone import Database, Migrations

migrations = Migrations("acca")


@migrations()
def m001_ledger(db: Database) -> None:
    """Runs, their counts, the ways of discovery they tried, and every URL ever seen."""
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
    """Articles, their addresses and revisions, the stripped text, and the flags raised on each revision."""
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
    """What accounts for every byte of the WARC files, and for the files removed by retention."""
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


@migrations()
def m004_discovery_memory(db: Database) -> None:
    """State kept between runs: the pages that list articles, robots.txt, and when an outlet is due."""
    db.executescript(
        """
        CREATE TABLE discovery_pages (
            outlet TEXT NOT NULL REFERENCES outlets(name),
            url TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            body_sha256 TEXT NOT NULL,
            read_at TEXT NOT NULL,
            unchanged_at TEXT,
            lies INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (outlet, url)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE backfill_pages (
            outlet TEXT NOT NULL REFERENCES outlets(name),
            way TEXT NOT NULL,
            url TEXT NOT NULL,
            passed_at TEXT NOT NULL,
            PRIMARY KEY (outlet, way, url)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE polls (
            outlet TEXT PRIMARY KEY REFERENCES outlets(name),
            polled_at TEXT NOT NULL,
            interval_minutes REAL NOT NULL,
            due_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE robots (
            origin TEXT PRIMARY KEY,
            body BLOB NOT NULL,
            fetched_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m005_search(db: Database) -> None:
    """The full-text index over the current revisions, and what filters its results without reading the texts.

    `search` contains only index words, by revision; they are made in Python and written a few articles later, for
    several revisions at once. Triggers keep `search_documents` in sync, whichever program writes: it contains only
    the current revision of each article, so a search never finds an earlier one; `analyser` is 0 or less until the
    revision is indexed.
    """
    db.executescript(
        """
        CREATE TABLE search_documents (
            revision_id INTEGER PRIMARY KEY REFERENCES revisions(id),
            article_id INTEGER NOT NULL UNIQUE REFERENCES articles(id),
            outlet TEXT NOT NULL,
            language TEXT,
            published_at TEXT,
            first_seen_at TEXT NOT NULL,
            analyser INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX search_documents_analyser ON search_documents(analyser);

        CREATE VIRTUAL TABLE search USING fts5(
            title_stems, body_stems, title_folds, body_folds, content = '', tokenize = 'ascii'
        );

        CREATE TRIGGER search_documents_superseded AFTER UPDATE OF revision_id ON articles
        WHEN NEW.revision_id IS NOT OLD.revision_id BEGIN
            DELETE FROM search_documents WHERE article_id = NEW.id;
            INSERT INTO search_documents (revision_id, article_id, outlet, language, published_at, first_seen_at)
            SELECT id, NEW.id, NEW.outlet, language, published_at, NEW.first_seen_at
            FROM revisions WHERE id = NEW.revision_id;
        END;
        CREATE TRIGGER search_documents_added AFTER INSERT ON articles WHEN NEW.revision_id IS NOT NULL BEGIN
            INSERT INTO search_documents (revision_id, article_id, outlet, language, published_at, first_seen_at)
            SELECT id, NEW.id, NEW.outlet, language, published_at, NEW.first_seen_at
            FROM revisions WHERE id = NEW.revision_id;
        END;
        CREATE TRIGGER search_documents_deleted BEFORE DELETE ON articles BEGIN
            DELETE FROM search_documents WHERE article_id = OLD.id;
        END;

        INSERT INTO search_documents (revision_id, article_id, outlet, language, published_at, first_seen_at)
        SELECT revisions.id, articles.id, outlet, language, published_at, first_seen_at
        FROM articles JOIN revisions ON revisions.id = articles.revision_id ORDER BY revisions.id;
        """
    )


@migrations()
def m006_outbox(db: Database) -> None:
    """What to report to people, created together with the report, and its delivery on every channel.

    Triggers fill the outbox in the transaction that stores the report, so that code that writes an alert can't forget
    it. An article's first revision at level digest is added too: digests include it although it raises no alert.
    """
    db.executescript(
        """
        CREATE TABLE archive_identity (uuid TEXT PRIMARY KEY) STRICT;

        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            level TEXT NOT NULL CHECK (level IN ('alert', 'digest')),
            alert_id INTEGER REFERENCES alerts(id),
            article_id INTEGER NOT NULL REFERENCES articles(id),
            revision_id INTEGER NOT NULL REFERENCES revisions(id),
            flag_id INTEGER NOT NULL REFERENCES flags(id),
            run_id INTEGER NOT NULL REFERENCES runs(id),
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX outbox_article ON outbox(article_id);

        INSERT INTO outbox (kind, level, alert_id, article_id, revision_id, flag_id, run_id, created_at)
        SELECT kind, 'alert', id, article_id, revision_id, flag_id, run_id, created_at FROM alerts ORDER BY id;

        CREATE TRIGGER outbox_alert AFTER INSERT ON alerts BEGIN
            INSERT INTO outbox (kind, level, alert_id, article_id, revision_id, flag_id, run_id, created_at)
            VALUES (NEW.kind, 'alert', NEW.id, NEW.article_id, NEW.revision_id, NEW.flag_id, NEW.run_id,
                    NEW.created_at);
        END;
        CREATE TRIGGER outbox_digest AFTER INSERT ON flags
        WHEN NEW.level = 'digest' AND NEW.current = 1
             AND (SELECT number FROM revisions WHERE id = NEW.revision_id) = 1
             AND (SELECT count(*) FROM flags WHERE revision_id = NEW.revision_id) = 1 BEGIN
            INSERT INTO outbox (kind, level, article_id, revision_id, flag_id, run_id, created_at)
            SELECT 'new', 'digest', article_id, id, NEW.id, NEW.run_id, stored_at
            FROM revisions WHERE id = NEW.revision_id;
        END;

        CREATE TABLE channels (
            name TEXT PRIMARY KEY,
            entry_id INTEGER NOT NULL,
            since TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            channel TEXT NOT NULL REFERENCES channels(name),
            rule TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('report', 'bundle', 'digest')),
            composed_at TEXT NOT NULL,
            revision_id INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX messages_channel ON messages(channel, composed_at);

        CREATE TABLE routes (
            channel TEXT NOT NULL REFERENCES channels(name),
            entry_id INTEGER NOT NULL REFERENCES outbox(id),
            rule TEXT NOT NULL,
            held TEXT,
            message_id INTEGER REFERENCES messages(id),
            PRIMARY KEY (channel, entry_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX routes_waiting ON routes(channel, rule) WHERE message_id IS NULL AND held IS NULL;
        CREATE INDEX routes_message ON routes(message_id);

        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER NOT NULL REFERENCES messages(id),
            target TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'parked')),
            tries INTEGER NOT NULL DEFAULT 0,
            next_try_at TEXT NOT NULL,
            error TEXT,
            sent_at TEXT,
            UNIQUE (message_id, target)
        ) STRICT;
        CREATE INDEX deliveries_open ON deliveries(status, next_try_at) WHERE status != 'sent';
        """
    )
    db.execute("INSERT INTO archive_identity (uuid) VALUES (?)", [str(uuid.uuid4())])


@migrations()
def m007_reprocess(db: Database) -> None:
    """Progress of a reprocessing of the captures, so that an interrupted one can resume."""
    db.executescript(
        """
        CREATE TABLE reprocess_progress (
            run_id INTEGER PRIMARY KEY REFERENCES runs(id),
            last_article_id INTEGER NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m008_analysts_views(db: Database) -> None:
    """The views for analysts: names and columns that stay the same when the underlying tables change."""
    db.executescript(
        """
        CREATE VIEW v_articles AS
        SELECT articles.id AS article_id, articles.outlet, outlets.kind AS outlet_kind, articles.url,
               revisions.title, revisions.lead, revisions.text, revisions.authors, revisions.language,
               revisions.published_at, revisions.published_certainty,
               substr(coalesce(revisions.published_at, articles.first_seen_at), 1, 10) AS date,
               articles.first_seen_at, articles.last_seen_at, revisions.number AS revision,
               coalesce(flags.level, 'ignore') AS level,
               coalesce(flags.country, CASE WHEN json_array_length(outlets.countries) = 1
                                       THEN json_extract(outlets.countries, '$[0]') END) AS country,
               coalesce(flags.categories, '[]') AS categories, flags.score,
               articles.missing_since, articles.removed_at, revisions.content_sha256
        FROM articles
        JOIN outlets ON outlets.name = articles.outlet
        JOIN revisions ON revisions.id = articles.revision_id
        LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1;

        CREATE VIEW v_reports AS
        SELECT articles.id AS article_id, flags.level,
               coalesce(flags.country, CASE WHEN json_array_length(outlets.countries) = 1
                                       THEN json_extract(outlets.countries, '$[0]') END) AS country,
               substr(coalesce(revisions.published_at, articles.first_seen_at), 1, 10) AS date,
               revisions.published_at, articles.outlet, outlets.kind AS outlet_kind, revisions.title, articles.url,
               revisions.language, flags.categories, flags.score,
               (SELECT group_concat(quote, '; ') FROM (SELECT DISTINCT quote FROM flag_spans
                WHERE flag_id = flags.id AND side = 'for' ORDER BY position)) AS words,
               (SELECT group_concat(value, '; ') FROM (SELECT DISTINCT value FROM flag_facts
                WHERE flag_id = flags.id AND kind = 'person' ORDER BY position)) AS persons,
               (SELECT group_concat(value, '; ') FROM (SELECT DISTINCT value FROM flag_facts
                WHERE flag_id = flags.id AND kind = 'agency' ORDER BY position)) AS agencies,
               articles.first_seen_at, revisions.number AS revision, articles.missing_since, articles.removed_at
        FROM flags
        JOIN revisions ON revisions.id = flags.revision_id
        JOIN articles ON articles.id = revisions.article_id AND articles.revision_id = revisions.id
        JOIN outlets ON outlets.name = articles.outlet
        WHERE flags.current = 1 AND flags.level IN ('alert', 'digest');

        CREATE VIEW v_report_categories AS
        SELECT v_reports.article_id, json_each.value AS category, level, country, date, outlet, language
        FROM v_reports, json_each(v_reports.categories);

        CREATE VIEW v_facts AS
        SELECT v_articles.article_id, v_articles.level, v_articles.country, v_articles.date, v_articles.outlet,
               v_articles.language, flag_facts.kind, flag_facts.value, flag_facts.detail, flag_facts.quote,
               flag_facts.sentence
        FROM v_articles
        JOIN articles ON articles.id = v_articles.article_id
        JOIN flags ON flags.revision_id = articles.revision_id AND flags.current = 1
        JOIN flag_facts ON flag_facts.flag_id = flags.id;

        CREATE VIEW v_alerts AS
        SELECT alerts.id AS alert_id, alerts.kind, alerts.created_at, substr(alerts.created_at, 1, 10) AS date,
               alerts.run_id, alerts.article_id, articles.outlet, revisions.title, articles.url, revisions.language,
               flags.level, coalesce(flags.country, CASE WHEN json_array_length(outlets.countries) = 1
                                     THEN json_extract(outlets.countries, '$[0]') END) AS country,
               flags.categories
        FROM alerts
        JOIN articles ON articles.id = alerts.article_id
        JOIN outlets ON outlets.name = articles.outlet
        JOIN revisions ON revisions.id = alerts.revision_id
        JOIN flags ON flags.id = alerts.flag_id;

        CREATE VIEW v_revisions AS
        SELECT revisions.article_id, revisions.number AS revision, articles.outlet, revisions.stored_at,
               substr(revisions.stored_at, 1, 10) AS date, revisions.change, revisions.title, revisions.text,
               revisions.language, revisions.published_at, flags.level, flags.country, revisions.run_id,
               revisions.capture_id, revisions.content_sha256
        FROM revisions
        JOIN articles ON articles.id = revisions.article_id
        LEFT JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1;

        CREATE VIEW v_timeline AS
        SELECT events.at, substr(events.at, 1, 10) AS date, events.event, events.detail, events.article_id,
               articles.outlet, revisions.title, articles.url, events.run_id
        FROM (
            SELECT stored_at AS at, CASE number WHEN 1 THEN 'stored' ELSE 'revised' END AS event, change AS detail,
                   article_id, run_id FROM revisions
            UNION ALL
            SELECT visited_at, 'visited', outcome || coalesce(': ' || reason, ''), article_id, run_id
            FROM visits WHERE outcome != 'changed'
            UNION ALL
            SELECT created_at, 'alert', kind, article_id, run_id FROM alerts
            UNION ALL
            SELECT removed_at, 'removed', missing_tries || ' tries since ' || missing_since, id, removed_run_id
            FROM articles WHERE removed_at IS NOT NULL
        ) AS events
        JOIN articles ON articles.id = events.article_id
        JOIN revisions ON revisions.id = articles.revision_id;

        CREATE VIEW v_outlets AS
        SELECT outlets.name AS outlet, outlets.title, outlets.kind AS outlet_kind, outlets.home, outlets.countries,
               outlets.languages,
               (SELECT count(*) FROM articles WHERE outlet = outlets.name) AS articles,
               (SELECT count(*) FROM v_reports WHERE outlet = outlets.name AND level = 'alert') AS alerts,
               (SELECT count(*) FROM v_reports WHERE outlet = outlets.name AND level = 'digest') AS digests,
               (SELECT count(*) FROM articles WHERE outlet = outlets.name AND removed_at IS NOT NULL) AS removed,
               (SELECT max(first_seen_at) FROM articles WHERE outlet = outlets.name) AS last_new_at,
               run_outlets.run_id AS last_run_id, run_outlets.status AS last_status, run_outlets.way AS last_way
        FROM outlets
        LEFT JOIN run_outlets ON run_outlets.outlet = outlets.name AND run_outlets.run_id =
             (SELECT max(run_id) FROM run_outlets WHERE outlet = outlets.name);

        CREATE VIEW v_addresses AS
        SELECT outlet, url, status, reason, way, article_id, first_seen_at, last_listed_at, status_at,
               substr(first_seen_at, 1, 10) AS date, tries
        FROM addresses;

        CREATE VIEW v_evidence AS
        SELECT revisions.article_id, revisions.number AS revision, articles.outlet, captures.fetched_at,
               substr(captures.fetched_at, 1, 10) AS date, captures.url, captures.status, captures.route,
               captures.ip_address, captures.payload_sha256, captures.warc_file, captures.warc_offset,
               captures.warc_length, captures.run_id
        FROM captures
        JOIN revisions ON revisions.capture_id = captures.id
        JOIN articles ON articles.id = revisions.article_id;
        """
    )


@migrations()
def m009_outlet_checks(db: Database) -> None:
    """When an outlet's declaration was last checked against its live site."""
    db.executescript(
        """
        CREATE TABLE outlet_checks (
            id INTEGER PRIMARY KEY,
            outlet TEXT NOT NULL REFERENCES outlets(name),
            checked_at TEXT NOT NULL,
            corrections TEXT NOT NULL
        ) STRICT;
        CREATE INDEX outlet_checks_outlet ON outlet_checks(outlet, id);
        """
    )


@migrations(name="m008_stories")  # the name in existing archives: two migrations once had the number 8
def m009_stories(db: Database) -> None:
    """Which articles belong to one story, and the index for finding its next member.

    A story has the number of its first stored member. `story_keys` contains the index keys of texts, `story_names`
    those of names and figures by day, for translations; articles stored by an older release wait in `story_backlog`.
    """
    db.executescript(
        """
        CREATE TABLE stories (
            id INTEGER PRIMARY KEY,
            first_article_id INTEGER NOT NULL REFERENCES articles(id)
        ) STRICT;

        CREATE TABLE story_members (
            article_id INTEGER PRIMARY KEY REFERENCES articles(id),
            story_id INTEGER NOT NULL REFERENCES stories(id),
            relation TEXT NOT NULL CHECK (relation IN (
                'first', 'same', 'copy', 'excerpt', 'rewrite', 'translation'
            )),
            similarity REAL NOT NULL,
            related_to INTEGER NOT NULL REFERENCES articles(id),
            joined_run_id INTEGER NOT NULL REFERENCES runs(id),
            sentences INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX story_members_story ON story_members(story_id);

        CREATE TABLE story_news (
            article_id INTEGER NOT NULL REFERENCES articles(id),
            position INTEGER NOT NULL,
            revision_id INTEGER NOT NULL REFERENCES revisions(id),
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            detail TEXT NOT NULL,
            quote TEXT NOT NULL,
            sentence TEXT NOT NULL,
            PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE story_keys (
            key INTEGER NOT NULL,
            article_id INTEGER NOT NULL,
            PRIMARY KEY (key, article_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE story_names (
            key INTEGER NOT NULL,
            day TEXT NOT NULL,
            article_id INTEGER NOT NULL,
            language TEXT NOT NULL,
            PRIMARY KEY (key, day, article_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE story_alternates (
            url TEXT NOT NULL,
            article_id INTEGER NOT NULL,
            PRIMARY KEY (url, article_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE story_backlog (article_id INTEGER PRIMARY KEY REFERENCES articles(id)) STRICT;
        INSERT INTO story_backlog SELECT id FROM articles WHERE revision_id IS NOT NULL;
        """
    )


@migrations()
def m010_indexes_for_a_large_archive(db: Database) -> None:
    """Indexes for a crawl's frequent queries, so that they don't read every URL or article of an outlet."""
    db.executescript(
        """
        CREATE INDEX addresses_waiting ON addresses(outlet, id) WHERE status IN ('pending', 'blocked', 'failed');
        CREATE INDEX addresses_published ON addresses(outlet, way, listed_published_at) WHERE status = 'stored';
        CREATE INDEX articles_first_run ON articles(first_run_id);
        CREATE INDEX run_outlets_running ON run_outlets(run_id) WHERE status = 'running';
        """
    )


@migrations()
def m011_story_moves(db: Database) -> None:
    """Which articles changed their story after they were stored, so that data derived from stories can follow."""
    db.executescript(
        """
        CREATE TABLE story_moves (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id)
        ) STRICT;
        CREATE TRIGGER story_members_moved AFTER UPDATE OF story_id ON story_members
            WHEN old.story_id != new.story_id BEGIN
            INSERT INTO story_moves (article_id) VALUES (new.article_id);
        END;
        CREATE TRIGGER story_members_placed_late AFTER INSERT ON story_members
            WHEN new.article_id < (SELECT max(id) FROM articles) BEGIN
            INSERT INTO story_moves (article_id) VALUES (new.article_id);
        END;
        """
    )


@migrations()
def m012_mirror_comparisons(db: Database) -> None:
    """How closely a mirror's text of an article agrees with the origin's, where both answered."""
    db.executescript(
        """
        CREATE TABLE mirror_comparisons (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs(id),
            outlet TEXT NOT NULL REFERENCES outlets(name),
            url TEXT NOT NULL,
            mirror TEXT NOT NULL,
            agreement REAL NOT NULL,
            capture_id INTEGER REFERENCES captures(id),
            twin_capture_id INTEGER REFERENCES captures(id),
            compared_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX mirror_comparisons_outlet ON mirror_comparisons(outlet, mirror, run_id);
        """
    )


@migrations()
def m013_search_by_quarter(db: Database) -> None:
    """An index of the quarters that exist, since a search queries one quarter after another."""
    db.execute(
        "CREATE INDEX search_documents_month ON search_documents(substr(coalesce(published_at, first_seen_at), 1, 7))"
    )


@migrations()
def m014_capture_of_what_was_listed(db: Database) -> None:
    """The capture with the text of an article from a REST interface or a feed, whether or not its page had it."""
    db.execute("ALTER TABLE addresses ADD COLUMN listed_capture_id INTEGER REFERENCES captures(id)")


@migrations()
def m015_flags_by_run(db: Database) -> None:
    """An index for finding the reports that a reprocessing flagged without reading every flag."""
    db.execute("CREATE INDEX flags_run ON flags(run_id)")


@migrations()
def m016_story_evidence(db: Database) -> None:
    """Why an article belongs to its story, which stories it only mentions, and the data for comparing its text.

    `reasons` is a JSON list of (kind, value) pairs. A revision without a row in `revision_profiles` gets one when it is
    first compared.
    """
    db.executescript(
        """
        CREATE TABLE story_members_with_reasons (
            article_id INTEGER PRIMARY KEY REFERENCES articles(id),
            story_id INTEGER NOT NULL REFERENCES stories(id),
            relation TEXT NOT NULL CHECK (relation IN (
                'first', 'same', 'copy', 'excerpt', 'rewrite', 'translation', 'same event', 'follow-up'
            )),
            similarity REAL NOT NULL,
            related_to INTEGER NOT NULL REFERENCES articles(id),
            joined_run_id INTEGER NOT NULL REFERENCES runs(id),
            sentences INTEGER NOT NULL,
            reasons TEXT NOT NULL DEFAULT '[]'
        ) STRICT;
        INSERT INTO story_members_with_reasons
            SELECT article_id, story_id, relation, similarity, related_to, joined_run_id, sentences, '[]'
            FROM story_members;
        PRAGMA legacy_alter_table = ON;
        DROP TABLE story_members;
        ALTER TABLE story_members_with_reasons RENAME TO story_members;
        PRAGMA legacy_alter_table = OFF;
        CREATE INDEX story_members_story ON story_members(story_id);
        CREATE TRIGGER story_members_moved AFTER UPDATE OF story_id ON story_members
            WHEN old.story_id != new.story_id BEGIN
            INSERT INTO story_moves (article_id) VALUES (new.article_id);
        END;
        CREATE TRIGGER story_members_placed_late AFTER INSERT ON story_members
            WHEN new.article_id < (SELECT max(id) FROM articles) BEGIN
            INSERT INTO story_moves (article_id) VALUES (new.article_id);
        END;

        CREATE TABLE story_mentions (
            article_id INTEGER NOT NULL REFERENCES articles(id),
            mentioned_id INTEGER NOT NULL REFERENCES articles(id),
            similarity REAL NOT NULL,
            reasons TEXT NOT NULL,
            PRIMARY KEY (article_id, mentioned_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX story_mentions_mentioned ON story_mentions(mentioned_id);

        CREATE TABLE revision_profiles (
            revision_id INTEGER PRIMARY KEY REFERENCES revisions(id),
            profile BLOB NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m017_posts(db: Database) -> None:
    """Details of a messenger's posts apart from their text, what they point to, and a hash of a text as listed.

    A post's details are those of the last time it was seen: a view count is not a revision. `post_links` has every web
    address that a post's text or preview links to, in the canonical form of `addresses.url`.
    """
    db.executescript(
        """
        ALTER TABLE addresses ADD COLUMN listed_digest TEXT;

        CREATE TABLE posts (
            article_id INTEGER PRIMARY KEY REFERENCES articles(id),
            forwarded_from TEXT NOT NULL,
            forwarded_url TEXT,
            reply_to TEXT,
            views INTEGER,
            is_edited INTEGER NOT NULL,
            media TEXT NOT NULL,
            seen_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE post_links (
            article_id INTEGER NOT NULL REFERENCES articles(id),
            position INTEGER NOT NULL,
            url TEXT NOT NULL,
            PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX post_links_url ON post_links(url);
        """
    )


@migrations()
def m018_parts(db: Database) -> None:
    """The further parts of articles on several pages, so that the captures of all of them stay evidence.

    `parts` is null for an article on one page, else a JSON list of objects with `number` (from 2), `url`, `capture_id`
    (null if missing) and `missing` (why, or empty).
    """
    db.execute("ALTER TABLE revisions ADD COLUMN parts TEXT")
    db.execute("CREATE INDEX revisions_parts ON revisions(article_id, id) WHERE parts IS NOT NULL")


@migrations()
def m019_site_of_a_channel(db: Database) -> None:
    """The outlet whose channel a post is from, so that a post that leads to its article joins that article's story."""
    db.execute("ALTER TABLE posts ADD COLUMN site TEXT NOT NULL DEFAULT ''")


@migrations()
def m020_alarms(db: Database) -> None:
    """Alarms about the operation itself, each once from the time it is raised until it is resolved, and their messages.

    `details` is a JSON object with the values of the alarm's text. Messages may have the kind `alarm` now, and SQLite
    can change a CHECK only with a new table.
    """
    db.executescript(
        """
        CREATE TABLE messages_before AS SELECT * FROM messages;
        CREATE TABLE routes_before AS SELECT * FROM routes;
        CREATE TABLE deliveries_before AS SELECT * FROM deliveries;
        DROP TABLE deliveries;
        DROP TABLE routes;
        DROP TABLE messages;

        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            channel TEXT NOT NULL REFERENCES channels(name),
            rule TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('report', 'bundle', 'digest', 'alarm')),
            composed_at TEXT NOT NULL,
            revision_id INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX messages_channel ON messages(channel, composed_at);

        CREATE TABLE routes (
            channel TEXT NOT NULL REFERENCES channels(name),
            entry_id INTEGER NOT NULL REFERENCES outbox(id),
            rule TEXT NOT NULL,
            held TEXT,
            message_id INTEGER REFERENCES messages(id),
            PRIMARY KEY (channel, entry_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX routes_waiting ON routes(channel, rule) WHERE message_id IS NULL AND held IS NULL;
        CREATE INDEX routes_message ON routes(message_id);

        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER NOT NULL REFERENCES messages(id),
            target TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'parked')),
            tries INTEGER NOT NULL DEFAULT 0,
            next_try_at TEXT NOT NULL,
            error TEXT,
            sent_at TEXT,
            UNIQUE (message_id, target)
        ) STRICT;
        CREATE INDEX deliveries_open ON deliveries(status, next_try_at) WHERE status != 'sent';

        INSERT INTO messages (id, key, channel, rule, kind, composed_at, revision_id)
        SELECT id, key, channel, rule, kind, composed_at, revision_id FROM messages_before;
        INSERT INTO routes (channel, entry_id, rule, held, message_id)
        SELECT channel, entry_id, rule, held, message_id FROM routes_before;
        INSERT INTO deliveries (id, message_id, target, status, tries, next_try_at, error, sent_at)
        SELECT id, message_id, target, status, tries, next_try_at, error, sent_at FROM deliveries_before;
        DROP TABLE deliveries_before;
        DROP TABLE routes_before;
        DROP TABLE messages_before;

        CREATE TABLE alarms (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            details TEXT NOT NULL,
            since TEXT NOT NULL,
            raised_at TEXT NOT NULL,
            resolved_at TEXT
        ) STRICT;
        CREATE UNIQUE INDEX alarms_open ON alarms(kind, subject) WHERE resolved_at IS NULL;

        CREATE TABLE alarm_notices (
            channel TEXT NOT NULL REFERENCES channels(name),
            alarm_id INTEGER NOT NULL REFERENCES alarms(id),
            event TEXT NOT NULL CHECK (event IN ('raised', 'resolved')),
            message_id INTEGER NOT NULL REFERENCES messages(id),
            PRIMARY KEY (channel, alarm_id, event)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX alarm_notices_message ON alarm_notices(message_id);
        """
    )


@migrations()
def m021_story_corrections(db: Database) -> None:
    """People's corrections of stories that were applied, and what they demand of the assignment of articles.

    `id` and `created_at` are those in the review database. A constraint is stored in both directions.
    """
    db.executescript(
        """
        CREATE TABLE applied_corrections (
            id INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('split', 'merge', 'undo')),
            applied_at TEXT NOT NULL,
            PRIMARY KEY (id, created_at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE story_constraints (
            article_id INTEGER NOT NULL REFERENCES articles(id),
            other_id INTEGER NOT NULL REFERENCES articles(id),
            together INTEGER NOT NULL CHECK (together IN (0, 1)),
            PRIMARY KEY (article_id, other_id)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m022_timestamps(db: Database) -> None:
    """Outside time-stamps of the manifests: what is still to be asked for, and the tokens that came back.

    `kind` is rfc3161 (then `token` is the authority's whole response) or opentimestamps (`token` is the proof file).
    `status` is waiting (nothing came back yet), pending (a calendar's promise) or complete. `certificate` has the
    operator's PEM certificates of an authority, `stamped_at` its time; a complete proof names its `block` instead.
    """
    db.executescript(
        """
        CREATE TABLE timestamps (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES manifests(run_id),
            manifest_sha256 TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('rfc3161', 'opentimestamps')),
            authority TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'pending', 'complete')),
            token BLOB,
            certificate TEXT,
            stamped_at TEXT,
            block INTEGER,
            tries INTEGER NOT NULL DEFAULT 0,
            tried_at TEXT,
            error TEXT,
            UNIQUE (run_id, authority)
        ) STRICT;
        CREATE INDEX timestamps_open ON timestamps(status) WHERE status != 'complete';
        """
    )


@migrations()
def m023_web_archives(db: Database) -> None:
    """What web archives list of an outlet, how far their indexes were read, and what came of each capture."""
    db.executescript(
        """
        CREATE TABLE archive_indexes (
            outlet TEXT NOT NULL REFERENCES outlets(name),
            archive TEXT NOT NULL,
            host TEXT NOT NULL,
            next_key TEXT NOT NULL,
            is_complete INTEGER NOT NULL,
            read_at TEXT NOT NULL,
            PRIMARY KEY (outlet, archive, host)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE archive_captures (
            id INTEGER PRIMARY KEY,
            outlet TEXT NOT NULL REFERENCES outlets(name),
            archive TEXT NOT NULL,
            url TEXT NOT NULL,
            identity TEXT NOT NULL,
            captured_at TEXT NOT NULL,
            status INTEGER,
            mime TEXT NOT NULL,
            digest TEXT NOT NULL,
            file TEXT NOT NULL,
            "offset" INTEGER NOT NULL,
            length INTEGER NOT NULL,
            outcome TEXT,
            reason TEXT,
            tried_at TEXT,
            UNIQUE (outlet, archive, url, captured_at)
        ) STRICT;
        CREATE INDEX archive_captures_identity ON archive_captures(outlet, archive, identity);
        CREATE INDEX archive_captures_untried ON archive_captures(outlet, archive, identity) WHERE outcome IS NULL;
        """
    )


@migrations()
def m024_doubts(db: Database) -> None:
    """Reasons to doubt the text of a revision, for showing how many there are and reading their pages again."""
    db.executescript(
        """
        CREATE TABLE doubts (
            revision_id INTEGER NOT NULL REFERENCES revisions(id),
            kind TEXT NOT NULL CHECK (kind IN ('little_text', 'readings_differ', 'rest_differs', 'template_unfit')),
            detail TEXT NOT NULL,
            PRIMARY KEY (revision_id, kind)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m025_warc_imports(db: Database) -> None:
    """How far large WARC files were imported; a file is known by its name and size."""
    db.execute(
        """
        CREATE TABLE warc_imports (
            file TEXT NOT NULL,
            size INTEGER NOT NULL,
            "offset" INTEGER NOT NULL,
            imported_at TEXT NOT NULL,
            PRIMARY KEY (file, size)
        ) STRICT, WITHOUT ROWID
        """
    )


@migrations()
def m026_elsewhere(db: Database) -> None:
    """Copies of flagged reports in other web archives: those that we asked for, and earlier ones of removed pages.

    `status` is waiting, saved, found (it was there already) or given_up; `address` is where the copy is.
    `elsewhere_searches` has when an archive was last asked for earlier captures of an article.
    """
    db.executescript(
        """
        CREATE TABLE elsewhere (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id),
            revision_id INTEGER REFERENCES revisions(id),
            service TEXT NOT NULL,
            url TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'saved', 'found', 'given_up')),
            address TEXT,
            captured_at TEXT,
            tries INTEGER NOT NULL DEFAULT 0,
            tried_at TEXT,
            error TEXT
        ) STRICT;
        CREATE UNIQUE INDEX elsewhere_asked ON elsewhere(revision_id, service) WHERE revision_id IS NOT NULL;
        CREATE UNIQUE INDEX elsewhere_found ON elsewhere(article_id, address) WHERE status = 'found';
        CREATE INDEX elsewhere_article ON elsewhere(article_id);
        CREATE INDEX elsewhere_waiting ON elsewhere(service) WHERE status = 'waiting';

        CREATE TABLE elsewhere_searches (
            article_id INTEGER PRIMARY KEY REFERENCES articles(id),
            searched_at TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m027_templates(db: Database) -> None:
    """Places in the markup of outlets' pages that never hold an article's text, and each time they were learned."""
    db.executescript(
        """
        CREATE TABLE templates (
            outlet TEXT NOT NULL,
            run_id INTEGER NOT NULL REFERENCES runs(id),
            learned_at TEXT NOT NULL,
            pages INTEGER NOT NULL,
            added INTEGER NOT NULL,
            gone INTEGER NOT NULL,
            PRIMARY KEY (outlet, run_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE template_places (
            outlet TEXT NOT NULL,
            path TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason IN ('repeated', 'headlines')),
            pages INTEGER NOT NULL,
            example TEXT NOT NULL,
            PRIMARY KEY (outlet, path)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m028_indexes_for_years_of_runs(db: Database) -> None:
    """Indexes for the status of an outlet, so that it does not read every run of every outlet since the first."""
    db.executescript(
        """
        CREATE INDEX run_outlets_outlet ON run_outlets(outlet, run_id);
        CREATE INDEX run_counts_outlet ON run_counts(outlet, name, run_id, value);
        CREATE INDEX articles_outlet ON articles(outlet);
        """
    )


@migrations()
def m029_report_positions(db: Database) -> None:
    """How far the reports of workers are stored, by the stream that they came through."""
    db.executescript(
        """
        CREATE TABLE report_positions (
            stream TEXT PRIMARY KEY,
            entry TEXT NOT NULL,
            stored_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m030_statements(db: Database) -> None:
    """What a revision reports, as later reports of its story are compared with: saved when first needed.

    `statements` is a JSON list of (kind, value) pairs, `found_by` hashes of the lexicons and patterns that found them.
    """
    db.executescript(
        """
        CREATE TABLE revision_statements (
            revision_id INTEGER PRIMARY KEY REFERENCES revisions(id),
            found_by TEXT NOT NULL,
            statements TEXT NOT NULL
        ) STRICT;
        """
    )


@migrations()
def m031_failed_searches_elsewhere(db: Database) -> None:
    """Searches for earlier captures that failed: `error` says why; they are repeated at the next opportunity."""
    db.executescript("ALTER TABLE elsewhere_searches ADD COLUMN error TEXT;")


@migrations()
def m032_views_of_single_countries(db: Database) -> None:
    """Views changed: those of an earlier release are replaced when the archive is next opened, also for reading.

    Without a migration, `acca verify` would call them changed until the next crawl.
    """


@migrations()
def m033_flags_of_a_revision(db: Database) -> None:
    """An index for all flags of a revision: without it, each digest report that was stored read every flag there is."""
    db.executescript("CREATE INDEX flags_revision ON flags(revision_id);")


@migrations()
def m034_rules_of_what_was_read(db: Database) -> None:
    """Marks that something was read hold only for the outlet's rules at that time: `rules` is their hash.

    Earlier marks have none: such pages and files are read once more. How far a WARC file was imported is known by
    outlet; what was looked for in files that earlier releases read is not known.
    """
    db.executescript(
        """
        DROP TABLE warc_imports;
        CREATE TABLE warc_imports (
            file TEXT NOT NULL,
            size INTEGER NOT NULL,
            outlet TEXT NOT NULL,
            rules TEXT NOT NULL,
            "offset" INTEGER NOT NULL,
            imported_at TEXT NOT NULL,
            PRIMARY KEY (file, size, outlet, rules)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE discovery_pages ADD COLUMN rules TEXT NOT NULL DEFAULT '';
        ALTER TABLE backfill_pages ADD COLUMN rules TEXT NOT NULL DEFAULT '';
        ALTER TABLE archive_indexes ADD COLUMN rules TEXT NOT NULL DEFAULT '';
        """
    )


@migrations()
def m035_rules_of_unread_captures(db: Database) -> None:
    """A capture of a web archive that could not be read is tried again after the outlet's rules changed."""
    db.executescript("ALTER TABLE archive_captures ADD COLUMN rules TEXT NOT NULL DEFAULT '';")


@migrations()
def m036_rules_of_what_was_no_article(db: Database) -> None:
    """Which of an outlet's rules an address was tried with: what was no article by other rules may be one by these."""
    db.executescript("ALTER TABLE addresses ADD COLUMN rules TEXT NOT NULL DEFAULT '';")


@migrations()
def m037_channels_that_cannot_be_used(db: Database) -> None:
    """Why a channel could not be used at the last try, and since when: a missing secret left no trace here."""
    db.executescript(
        "ALTER TABLE channels ADD COLUMN problem TEXT; ALTER TABLE channels ADD COLUMN problem_since TEXT;"
    )


@migrations()
def m038_copies_that_fail(db: Database) -> None:
    """Since when a request for a copy has failed: an archive that refuses everything for days is to be noticed."""
    db.executescript("ALTER TABLE elsewhere ADD COLUMN failing_since TEXT;")
