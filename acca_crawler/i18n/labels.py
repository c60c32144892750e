"""Labels for the archive's codes, in English here and translated on display."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


def n_(one: str, many: str) -> tuple[str, str]:
    """Mark a text with its plural for the catalogues."""
    return one, many


COUNTRIES = {
    "KZ": _("Kazakhstan"), "KG": _("Kyrgyzstan"), "TJ": _("Tajikistan"), "TM": _("Turkmenistan"),
    "UZ": _("Uzbekistan"), "": _("country unknown"),
}  # fmt: skip
CATEGORIES = {
    "torture": _("Torture"), "ill_treatment": _("Ill-treatment"), "arbitrary_detention": _("Arbitrary detention"),
    "death_in_custody": _("Death in custody"), "enforced_disappearance": _("Enforced disappearance"),
    "punitive_psychiatry": _("Punitive psychiatry"), "attack_on_defender": _("Attack on a defender"),
    "forced_labour_custody_conditions": _("Forced labour, conditions in custody"),
    "transnational_repression": _("Transnational repression"), "accountability": _("Accountability"),
}  # fmt: skip
GRAVITY = (
    "death_in_custody", "enforced_disappearance", "torture", "punitive_psychiatry", "ill_treatment",
    "attack_on_defender", "transnational_repression", "arbitrary_detention", "forced_labour_custody_conditions",
    "accountability",
)  # fmt: skip
"""Categories, the gravest first."""
COUNTED = {
    "death_in_custody": n_("{n} death in custody", "{n} deaths in custody"),
    "enforced_disappearance": n_("{n} disappearance", "{n} disappearances"),
    "torture": n_("{n} torture", "{n} torture"),
    "punitive_psychiatry": n_("{n} punitive psychiatry", "{n} punitive psychiatry"),
    "ill_treatment": n_("{n} ill-treatment", "{n} ill-treatment"),
    "attack_on_defender": n_("{n} attack on a defender", "{n} attacks on defenders"),
    "transnational_repression": n_("{n} transnational repression", "{n} transnational repression"),
    "arbitrary_detention": n_("{n} detention", "{n} detentions"),
    "forced_labour_custody_conditions": n_("{n} custody conditions", "{n} custody conditions"),
    "accountability": n_("{n} accountability", "{n} accountability"),
    "": n_("{n} other alert", "{n} other alerts"),
}
"""Categories with a number, for the subject of a digest."""
SPOKEN = {
    "en": _("English"), "ru": _("Russian"), "kk": _("Kazakh"), "kk-Latn": _("Kazakh, Latin"), "ky": _("Kyrgyz"),
    "tg": _("Tajik"), "uz": _("Uzbek"),
    "uz-Cyrl": _("Uzbek, Cyrillic"), "uz-Latn": _("Uzbek, Latin"), "tk": _("Turkmen"), "": _("language unknown"),
}  # fmt: skip
CERTAINTIES = {"high": _("High"), "medium": _("Medium"), "low": _("Low")}
LEVELS = {"alert": _("Alert"), "digest": _("Digest"), "ignore": _("Not flagged")}
STATUSES = {
    "new": _("Not reviewed"), "reopened": _("Reopened"), "second": _("Needs second confirmation"),
    "watch": _("Watching"), "confirmed": _("Confirmed"), "false_alarm": _("False alarm"), "duplicate": _("Duplicate"),
}  # fmt: skip
VERDICTS = {
    "confirm": _("confirmed"), "false_alarm": _("marked as false alarm"),
    "duplicate_of": _("marked as duplicate"),
    "watch": _("put on watch"), "second_pair": _("asked for a second opinion"),
    "reopen": _("reopened"),
    "assign": _("assigned"), "note": _("added a note"), "undo": _("undid a decision"),
}  # fmt: skip
REASONS = {
    "not_about_this": _("not about torture, ill-treatment or detention"),
    "no_state_agent": _("no state agent involved: private or ordinary crime"),
    "abroad": _("abroad, no link to Central Asia"),
    "policy_only": _("statistics, law or policy, not a case"),
    "history": _("history or commemoration"),
    "fiction": _("fiction, metaphor or sport"),
    "copy_error": _("extraction error"),
    "other": _("other: see the note"),
}
ALERT_KINDS = {
    "new": _("new"), "update": _("new details"), "edited": _("edited"),
    "softened": _("softened since it was published"), "removed": _("removed by the outlet"),
    "reappeared": _("reappeared after removal"),
}  # fmt: skip
CHANGES = {
    "first": _("first version"), "none": _("unchanged"), "duplicate": _("same text as another article"),
    "cosmetic": _("cosmetic change"), "addition": _("extended"),
    "correction": _("corrected"), "softening": _("softened"), "reprocessed": _("re-read by a newer release"),
    "earlier": _("earlier version from a web archive"),
}  # fmt: skip
OUTLET_KINDS = {
    "media": _("media"), "ngo": _("NGO"), "un": _("UN"), "state": _("state (official)"),
}  # fmt: skip
FILTERS = {
    "country": _("Country"), "category": _("Category"), "language": _("Language"), "outlet": _("Outlet"),
    "level": _("Level"), "status": _("Status"), "since": _("From"), "until": _("To"),
}  # fmt: skip
FACTS = {
    "country": _("Country"), "region": _("Region"), "place": _("Place"), "person": _("Person"), "agency": _("Agency"),
    "count": _("Number"), "event_date": _("Date of the event"), "legal_article": _("Article of law"),
    "stage": _("Stage of the case"), "document": _("Document"), "act": _("What was done"), "outcome": _("Outcome"),
}  # fmt: skip
DETAILS = {
    "victim": _("victim"), "relative": _("relative"), "suspect": _("suspect"), "detainee": _("detainee"),
    "defender": _("rights defender"), "official": _("official"), "lawyer": _("lawyer"),
    "place of custody": _("place of custody"), "allegation": _("allegation"), "complaint": _("complaint"),
    "investigation": _("investigation"), "charge": _("charge"), "trial": _("trial"), "verdict": _("verdict"),
    "denial": _("denial"), "official_statistics": _("official statistics"),
}  # fmt: skip
"""Details of facts: a person's role, a stage of the case."""
ROLES = {"reader": _("reader"), "monitor": _("monitor"), "lead": _("lead")}
GROUPS = {
    "accountability": _("officials held to account"), "agent": _("state agent"),
    "allegation": _("a claim or complaint"),
    "beating": _("beating"), "case": _("a known case"), "charge": _("charge used against critics"),
    "conditions": _("conditions in custody"), "court": _("court"), "custody_place": _("place of custody"),
    "custody_status": _("in custody"), "death": _("death"), "denial": _("denial"), "detention": _("detention"),
    "disappearance": _("disappearance"), "elite": _("former official"), "forced_labour": _("forced labour"),
    "frame_policy": _("policy, not a case"), "frame_private": _("private matter"), "frame_release": _("release"),
    "ill_treatment": _("ill-treatment"), "institution": _("institution"), "interrogation": _("interrogation"),
    "known_person": _("a person from a known case"), "lawsuit": _("lawsuit"),
    "legal_text": _("text of a law"), "mask": _("another meaning"), "method": _("method of torture"),
    "opinion": _("opinion"), "ordinary_crime": _("ordinary crime"), "policy_event": _("policy event"),
    "pressure": _("pressure"), "prison_named": _("prison"), "psychiatric": _("psychiatry"), "relative": _("relative"),
    "sentence": _("sentence"), "soviet": _("Soviet past"), "speaker": _("speaker"), "torture": _("torture"),
    "transfer": _("transfer"), "victim_role": _("protected person"), "gazetteer": _("place"),
}  # fmt: skip
"""Lexicon groups, which explain a deciding word to people who don't read its language."""
PROBLEMS = (
    _("this story has changed since you opened it"), _("{who} changed this while you were reading"),
    _("choose a reason for the false alarm"), _("the note is empty"), _("decision not found"),
    _("this decision has already been undone"), _("that report is already part of this story"),
    _("enter the number of a report in the archive"), _("no reviewer has that name"),
    _("you asked for a second opinion: someone else has to decide, or undo your request first"),
    _("you have already confirmed this report"), _("choose a decision"), _("the form is incomplete: reload the page"),
    _("only a lead can undo another person's decision"),
    _("select a story first"), _("select at most {n} stories"),
    _("choose the reports to remove from the story"), _("these reports are not in one story"),
    _("a story needs at least one report: leave one in it"),
    _("undo the later correction of this story first"),
    _("choose reports that are confirmed in this case"), _("enter the number of another case"),
    _("enter the person's name"), _("choose the reports first"), _("no case has this number"),
    _("this case was merged into case {other}"), _("case {other} has decisions of its own: undo them first"),
    _("enter what to follow"), _("enter a given name and a surname"), _("you follow nothing with this number"),
    _("you follow too much already: stop following something first"),
    _("the day's budget of {n} second opinions is used up"),
    _("a second opinion is only asked about alerts and near misses"),
    _("a name has 1 to 64 printable characters"), _("this user name is taken"),
    _("no user has this name"), _("ask another lead to change your own account"),
)  # fmt: skip
"""Why a decision was not saved: error messages of `storage.review`."""
QUERY_PROBLEMS = (
    _("the query is longer than {n} characters"), _("a bracket is closed and not opened"),
    _("a bracket is opened and not closed"), _("a quotation mark is opened and not closed"),
    _("brackets are nested more than {n} deep"), _("{words} can't be understood"),
    _("there is nothing before {word}"), _("there is nothing after {word}"),
    _("NOT can't stand alone: add words to search for"), _("there is nothing to search for before {word}"),
    _("there is nothing to search for"), _("“{word}” has no word to search for"),
)  # fmt: skip
"""Why a search query can't be read: error messages of `search.query`."""
EXPORT_PROBLEMS = (
    _("more than {n} reports: narrow the filter, or use `acca export`"),
    _("{form} needs {package}: pip install 'acca-crawler[office]'"),
)
"""Why an export was not made: error messages of `reports.casebook`."""
PACK_PROBLEMS = (
    _("a pack has 1 to {most} reports, these are {n}"), _("{file}: the file is not in the index: run `acca verify`"),
    _("the archive has no manifest yet: the first is written when a run ends"),
    _("decision {id} is not in the journal: run `acca verify`"),
    _("evidence packs need fpdf2: pip install 'acca-crawler[evidence]'"),
)  # fmt: skip
"""Why an evidence pack was not made: error messages of `packing`."""
ASSISTANCE_OUTCOMES = {
    "asked": _("no answer yet"), "answered": _("answered"), "void": _("The answer was discarded"),
    "failed": _("The service failed"),
}  # fmt: skip
"""How a request to a translation or opinion service ended."""
VIEWS = {
    "v_reports": _("Flagged articles (alert or digest) in their current revision, one row each."),
    "v_report_categories": _("The categories of flagged articles, one row per article and category: for counting."),
    "v_articles": _("All articles in their current revision, one row each."),
    "v_facts": _("What articles state, one row for each fact of the current revision."),
    "v_alerts": _("Alerts as they were raised, one row each, with the revision that raised them."),
    "v_revisions": _("All revisions of all articles, one row each."),
    "v_timeline": _("What happened to each article and when: stored, revised, visited, alert, removed."),
    "v_outlets": _("Outlets that were ever crawled, one row each."),
    "v_addresses": _("Every address ever seen, with its current status."),
    "v_evidence": _("The capture behind each revision: file, offset and hash."),
}
"""What the analysts' views contain, as `storage.reports.view_columns` says."""
OUTLET_STATES = {
    "running": _("running"), "ok": _("ok"), "failed": _("failed"), "blocked": _("blocked"), "killed": _("killed"),
}  # fmt: skip
ADDRESS_STATES = {
    "pending": _("waiting"), "stored": _("stored"), "duplicate": _("duplicate"), "not_article": _("not an article"),
    "missing": _("missing"), "removed": _("removed"), "blocked": _("blocked"), "refused": _("refused"),
    "failed": _("failed"),
}  # fmt: skip
"""Current status of an address, as in `storage.ledger.addresses`."""
WAY_OUTCOMES = {
    "answered": _("answered"), "silent": _("silent"), "failed": _("failed"), "blocked": _("blocked"),
}  # fmt: skip
RELATIONS = {
    "same": _("same text"), "copy": _("copy"), "excerpt": _("excerpt"), "rewrite": _("rewrite"),
    "translation": _("translation"), "first": _("first reporter"), "same event": _("same event"),
    "follow-up": _("follow-up"),
}  # fmt: skip
EMPTY_VIEWS = {
    "new": _("Nothing to review."), "second": _("Nothing needs a second confirmation from you."),
    "mine": _("Nothing is assigned to you."), "followed": _("Nothing open matches what you follow."),
    "watch": _("Nothing is on watch."), "all": _("No report has raised an alert yet."),
}  # fmt: skip
"""What an empty view of the queue says."""

RELATION_REASONS = {
    "aligned": _("text in common"), "names": _("names"), "places": _("places"), "figures": _("numbers"),
    "words": _("rare words"), "days": _("days apart"), "hreflang": _("linked by the site as a translation"),
    "link": _("linked by the outlet's own post"), "reply": _("answers the same channel's post"),
    "decision": _("merged by a person"),
}  # fmt: skip
"""Why two reports belong to one story, as given by `dedup.relation`, `ingest.story_pointers` or a person's decision."""

CASE_STEPS = {
    "died": _("died"), "hunger_strike": _("hunger strike"), "acquittal": _("acquitted"), "release": _("released"),
    "verdict": _("sentenced"), "extended": _("detention extended"), "torture": _("torture alleged"),
    "disappeared": _("disappeared"), "psychiatry": _("psychiatric confinement"), "transfer": _("transferred"),
    "trial": _("on trial"), "charge": _("charged"), "detained": _("detained"), "denial": _("denied by officials"),
}  # fmt: skip
"""Steps of a person's case, as `acca_crawler.cases.steps` finds them in a report."""

CASE_ACTIONS = {
    "open": _("opened the case"), "confirm": _("confirmed"), "reject": _("rejected"),
    "split": _("moved reports to another case"), "merge": _("merged a case into this one"),
    "rename": _("renamed the case"), "note": _("added a note"), "undo": _("undid a decision"),
}  # fmt: skip
"""What a person did to a case, beside their name."""

MATCH_REASONS = {
    "person": _("another person"), "place": _("a place"), "region": _("region"), "law": _("article of law"),
    "patronymic": _("patronymic"), "age": _("age"),
}  # fmt: skip
"""What two reports about the same person have in common besides the name."""

ABOUT = {"prison": _("Prison"), "place": _("Place"), "region": _("Region"), "agency": _("Agency")}
"""Kinds of pages about something that reports mention."""

FOLLOWED = {
    "person": _("Person"), "prison": _("Prison"), "place": _("Place"), "region": _("Region"), "agency": _("Agency"),
    "search": _("Search"),
}  # fmt: skip
"""Kinds of what a user follows."""

CORRECTIONS = {
    "split": _("removed reports from the story"), "merge": _("merged two stories"),
    "undo": _("undid a correction of the story"),
}  # fmt: skip
"""What a person did to a story, beside their name."""

CORRECTED = {
    "split": _("The reports are now a separate story and will not be merged again automatically."),
    "merge": _("The two stories have been merged."), "undo": _("The correction of the story was undone."),
}  # fmt: skip
"""What the page says after a correction."""
