"""Odd parameters of Datasette's own pages are the reader's mistake, and what was typed stays out of the log."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.web.conftest import Browser

ODD = (
    "/acca.csv",
    "/acca/articles?_sort=x",
    "/acca/articles?_sort_desc=x",
    "/acca/articles?_sort=id&_sort_desc=id",
    "/acca/articles?_through={}",
    "/acca/articles?_through=[1]",
    "/acca/articles?_through=x",
    '/acca/articles?_through={"table":"x","column":"y","value":"z"}',
    "/acca/articles?_size=x",
    "/acca/articles?_size=-1",
    "/acca/articles?_next=x",
    "/acca/articles?_next=%00",
    "/acca/articles?_facet=x",
    "/acca/articles?_facet_array=x",
    "/acca/articles?_facet_size=x",
    "/acca/articles?_where=x+y+z",
    "/acca/articles?_col=x",
    "/acca/articles?_nocol=x",
    "/acca/articles?x__exact=1",
    "/acca/articles?id__x=1",
    "/acca/articles?_search=%22",
    "/acca/articles?_filter_column=x&_filter_op=y&_filter_value=z",
    "/acca/articles?_ttl=x",
    "/acca/articles?_trace=1",
    "/acca/articles.json?_shape=x",
    "/acca/articles.json?_shape=object",
    "/acca/articles.json?_json=x",
    "/acca/articles.csv?_stream=on&_size=max&_sort=x",
    "/acca/articles.csv?_stream=on&_facet=outlet",
    "/acca/articles.x",
    "/acca/articles/x",
    "/acca/articles/1,2",
    "/acca/articles/1.json?_extras=x",
    "/acca/nothing",
    "/acca/no%2Fthing/1",
    "/acca?sql=select+:a",
    "/acca?sql=select+*+from",
    "/acca?sql=delete+from+articles",
    "/acca?sql=select+1&_timelimit=x",
    "/acca.json?sql=select+1&_shape=object",
    "/acca.json?sql=select+%00",
    "/acca/-/query?x=y",
    "/nothing/here",
    "/-/threads",
    "/-/nothing",
)


@pytest.mark.parametrize("address", ODD)
def test_an_odd_parameter_is_no_fault_of_the_server(monitor: Browser, address: str) -> None:
    assert monitor.get(address).status_code < 500


def test_typed_sql_is_not_logged(monitor: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select invented_name from nowhere where a = 'Азамат'"
    assert monitor.get(f"/acca?{urlencode({'sql': sql})}").status_code == 400
    assert monitor.get(f"/acca/articles?{urlencode({'_where': sql})}").status_code == 400
    printed = "".join(capsys.readouterr())
    assert "invented_name" not in printed
    assert "Азамат" not in printed


def test_a_query_that_needs_too_much_memory_ends_and_the_pages_go_on(monitor: Browser) -> None:
    sql = (
        "with recursive c(n) as (select 1 union all select n + 1 from c limit 40), "
        "m as materialized (select n, zeroblob(60000000) as b from c) select max(length(b)), count(*) from m, m as o"
    )
    answer = monitor.get(f"/acca.json?{urlencode({'sql': sql})}")
    assert answer.status_code == 400
    assert monitor.get("/queue").status_code == 200
