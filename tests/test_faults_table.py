"""The command that tries the faults of the machine: every test it names is there, and its report is read right."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from benchmarks.faults import FAULTS, ROOT, read_report

REPORT = """<testsuite><testcase name="a"><properties><property name="kills" value="4"/>
<property name="working" value="3"/></properties></testcase><testcase name="b"/>{}</testsuite>"""


@pytest.mark.parametrize("test", [test for fault in FAULTS for test in fault.tests])
def test_what_the_table_names_is_there(test: str) -> None:
    file, _, function = test.partition("::")
    assert f"def {function.partition('[')[0] or 'test_'}" in (ROOT / file).read_text()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "4 kills, 3 of them while it worked, all as promised"),
        ('<testcase name="c"><failure/></testcase>', "**FAILED**: c"),
        ('<testcase name="c"><skipped/></testcase>', "1 left out"),
    ],
)
def test_a_report_is_summed_up_in_a_cell(more: str, expected: str) -> None:
    assert expected in str(read_report(ElementTree.fromstring(REPORT.format(more)).iter("testcase")))
    assert str(read_report([])) == "**not tried**"


def test_why_a_test_failed_is_told() -> None:
    failed = REPORT.format('<testcase name="c"><failure>kill 7: an article was lost</failure></testcase>')
    assert read_report(ElementTree.fromstring(failed).iter("testcase")).why == ["kill 7: an article was lost"]


def test_every_row_of_the_printed_table_is_in_the_documents() -> None:
    document = (ROOT / "docs" / "reliability.md").read_text()
    for fault in FAULTS:
        assert re.search(
            rf"\| {re.escape(fault.name)} \| {re.escape(fault.promise)} \| [^|]+ \| {fault.files} \|", document
        )
