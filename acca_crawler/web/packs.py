"""The evidence pack of a report as a download."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.exceptions import ReadersError
from acca_crawler.i18n.catalogue import Language
from acca_crawler.packing.build import FinishedPack, make_pack
from acca_crawler.packing.contents import collect
from acca_crawler.web import download_journal
from acca_crawler.web.pages import language_of, not_found, render, signed_in
from acca_crawler.web.site import Site, site_of
from storage.exceptions import CaptureError, NoProof, NoSuchArticle, RunOpen
from storage.schema.kinds import ReviewDb


async def download_pack(request: Request, datasette: Any) -> Response:
    """Make the pack of one report and serve it; says why if it can't be made."""
    site, say = site_of(datasette), language_of(request)
    article_id = int(request.url_vars["article_id"])
    try:
        pack = await site.store.run(_pack, site, article_id, say)
    except (NoSuchArticle, OverflowError):
        return await not_found(datasette, request)
    except (ReadersError, NoProof, CaptureError) as error:
        message = say.text("The evidence pack can't be made: {why}", why=_why(error, say))
        return await render(datasette, request, "problem", status=409, message=message)
    await site.store.run(
        download_journal.note, signed_in(request), "pack", {"reports": [article_id]}, pack.data, site.stamp()
    )
    name = f"acca-pack-{article_id}-{site.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pack.data, headers=headers, content_type="application/zip")


def _why(error: ReadersError | NoProof | CaptureError, say: Language) -> str:
    """Return what is wrong in the reader's language; what only an operator can mend is quoted."""
    if isinstance(error, ReadersError):
        return say.text(error.message, **error.values)
    if isinstance(error, RunOpen):
        return say.text("the run that stored it has not ended; try again then")
    found = getattr(error, "strerror", None) or str(error)
    return say.text(
        "the evidence is not as it was stored; tell the operator to run `acca verify` ({found})", found=found
    )


def _pack(db: ReviewDb, site: Site, article_id: int, say: Language) -> FinishedPack:
    return make_pack(collect(db, site.config.warc_directory, [article_id]), site.stamp(), say)
