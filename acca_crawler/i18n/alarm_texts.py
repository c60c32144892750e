"""Texts of alarms: what is wrong, and what to try."""

from __future__ import annotations

from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.labels import _
from acca_crawler.i18n.outlet_messages import outlet_message
from storage.alerts.alarms import Alarm

WHAT = {
    "blocked": _("{subject} has blocked us in {runs} runs in a row"),
    "failing": _("{subject} has failed in {runs} runs in a row: {reason}"),
    "silent": _("{subject} has published nothing for {days} days; its longest pause was {usual} days"),
    "empty": _("{subject} has not given a single article in {days} days, though its crawls end well"),
    "moved": _("{subject} leads to another host: {host}"),
    "refused": _("all {count} requests for articles of {subject} were refused: {reason}"),
    "layout": _("the layout of {subject} seems to have changed: {complaint}"),
    "volume": _("{subject} published {count} articles on {day}; {least} to {most} are usual on that weekday"),
    "overdue": _("{count} outlets are overdue for a crawl, {outlet} the longest"),
    "disk": _("the archive's disk has {free} GB left, enough for {days} days"),
    "unusable": _("nothing is sent to channel {subject}, as it can't be used: {error}"),
    "undelivered": _("channel {subject} has not taken a message in {tries} tries: {error}"),
    "parked": _("{count} messages of channel {subject} could not be delivered: {error}"),
    "undated": _("{subject} has given no time-stamp for more than {days} days: {error}"),
    "uncopied": _("{subject} has made none of the copies asked for in more than {days} days: {error}"),
    "chain": _("the manifest of run {run} does not fit the chain before it"),
}
"""By kind of alarm. `{subject}` is the outlet or channel."""

ADVICE = {
    "blocked": _("Write to the outlet. If it has a mirror, name it in acca.toml: outlets.{subject}.mirrors."),
    "failing": _("Open the site in a browser; then run `acca outlet verify {subject}`."),
    "silent": _("Open the site in a browser. If it has newer articles, run `acca outlet verify {subject}`."),
    "empty": _("Compare its address and rules in acca.toml with the site: `acca outlet verify {subject}`."),
    "moved": _("If the outlet has moved there, set outlets.{subject}.home in acca.toml."),
    "refused": _("Look at the outlet's robots.txt, then run `acca outlet verify {subject}`."),
    "layout": _("Run `acca extract` with the address of a recent article and compare it with the page."),
    "volume": _("Compare with the site's own list: `acca completeness {subject}`."),
    "overdue": _("See whether `acca run` starts (`acca schedule`), and raise operations.run_minutes if it runs out."),
    "disk": _("Free some space, move the archive to a larger disk, or try `acca prune --dry-run`."),
    "unusable": _("Give `acca run` the secret, also under cron, and try `acca doctor`; what waits is sent by itself."),
    "undelivered": _("Try `acca alerts test {subject}`; when it works, what waits is sent by itself."),
    "parked": _("Try `acca alerts test {subject}`; when it works, run `acca alerts send --retry-parked`."),
    "undated": _("Look at its certificate and address in acca.toml, or name another; what waits is asked for again."),
    "uncopied": _("Try `acca elsewhere`; if it refuses, give it a key, or turn it off in acca.toml under [evidence]."),
    "chain": _("Run `acca verify` and change nothing: keep the archive and compare it with a backup."),
}
"""What to try, by kind of alarm."""


def what(alarm: Alarm, say: Language) -> str:
    """Return what is wrong, in a language."""
    details = {name: _translated(value, say) for name, value in alarm.details.items()}
    return say.text(WHAT[alarm.kind], subject=alarm.subject, **details)


def _translated(value: object, say: Language) -> object:
    """Return what a run wrote down in a language; anything else as it is."""
    return (outlet_message(value, say) or value) if isinstance(value, str) else value


def advice(alarm: Alarm, say: Language) -> str:
    """Return what to try, in a language."""
    return say.text(ADVICE[alarm.kind], subject=alarm.subject)
