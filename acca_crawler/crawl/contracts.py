"""The contract for `scrapy check`: compares an outlet's declaration with its saved pages, without network access."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.contracts import Contract
from scrapy.exceptions import ContractFail

from acca_crawler.outlet_tools.checks import mistakes

if TYPE_CHECKING:
    from acca_crawler.crawl.spider import OutletSpider


class OutletContract(Contract):
    """`@outlet DIRECTORY`: the declaration is valid, and the pages saved in the directory give the expected results."""

    name = "outlet"

    def __init__(self, method: Callable[..., Any], *args: Any) -> None:
        super().__init__(method, *args)
        self._spider: type[OutletSpider] = type(method.__self__)  # type: ignore[attr-defined]

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """Use a `data:` URL: a contract needs a request, but this one must not reach the network."""
        return {**args, "url": "data:text/html,"}

    def post_process(self, output: list[Any]) -> None:
        """Raises `ContractFail`, which lists all mistakes."""
        found = mistakes(self._spider, Path(self.args[0]) if self.args else None)
        if found:
            raise ContractFail("; ".join(found))
