"""`scrapy check`: one contract, which holds an outlet's declaration against its frozen pages. No site is asked."""

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
    """`@outlet DIRECTORY`: the declaration is sound, and what lies frozen in the directory is read exactly."""

    name = "outlet"

    def __init__(self, method: Callable[..., Any], *args: Any) -> None:
        super().__init__(method, *args)
        self._spider: type[OutletSpider] = type(method.__self__)  # type: ignore[attr-defined]

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """A contract needs a request; this one goes nowhere."""
        return {**args, "url": "data:text/html,"}

    def post_process(self, output: list[Any]) -> None:
        """Raises `ContractFail` with everything that is wrong."""
        found = mistakes(self._spider, Path(self.args[0]) if self.args else None)
        if found:
            raise ContractFail("; ".join(found))
