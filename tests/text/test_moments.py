"""The one reader of dates: every form that was seen on pages, in feeds, sitemaps and REST answers."""

from __future__ import annotations

import pytest

from acca_crawler.exceptions import OutletError
from acca_crawler.text.moments import Moment, read_moment

SEEN = "2026-11-28T19:00:00Z"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-04-28 07:00:00Z", "2024-04-28T07:00:00Z"),
        ("2024-04-28T03:00:00-04:00", "2024-04-28T07:00:00Z"),
        ("2024-04-28T03:00:00.120+0500", "2024-04-27T22:00:00Z"),
        ("20240428", "2024-04-28"),
        ("20240428T070000Z", "2024-04-28T07:00:00Z"),
        ("2024-04-28+06:00", "2024-04-28"),
        ("Sun, 28 Apr 2024 07:00:00 GMT", "2024-04-28T07:00:00Z"),
        ("Sunday, 28 April 24 13:00:00 +06:00", "2024-04-28T07:00:00Z"),
        ("Thu, 19 Sept 2024 10:00:00 +0600", "2024-09-19T04:00:00Z"),
        ("Вс, 28 апр 2024 13:00:00 +0600", "2024-04-28T07:00:00Z"),
        ("Sun, 28 Apr 2024 10:00:00 MSK", "2024-04-28T07:00:00Z"),
        ("Sun, 28 Apr 2024 13:00:00 KGT", "2024-04-28T07:00:00Z"),
        ("28.01.2024 13:00 ALMT", "2024-01-28T07:00:00Z"),
        ("28.04.2024 12:00 ALMT", "2024-04-28T07:00:00Z"),
        ("Sun Apr 28 2024 13:00:00 GMT+0600 (Kyrgyzstan Time)", "2024-04-28T07:00:00Z"),
        ("Sun Apr 28 13:00:00 2024", "2024-04-28T07:00:00Z"),
        ("10:00 APR 28 2024", "2024-04-28T04:00:00Z"),
        ("2024-04-28 10:00 PM", "2024-04-28T16:00:00Z"),
        ("2024-04-28 12:30 a.m.", "2024-04-27T18:30:00Z"),
        ("2024/04/28 15:07:41", "2024-04-28T09:07:41Z"),
        ("08-04-2024 10:00", "2024-04-08T04:00:00Z"),
        ("4/28/2024 3:05 pm", "2024-04-28T09:05:00Z"),
        ("1714287600", "2024-04-28T07:00:00Z"),
        ("1714287600123", "2024-04-28T07:00:00Z"),
        ("28.04.2024 13.00", "2024-04-28T07:00:00Z"),
        ("04-28-2024", "2024-04-28"),
        ("/Date(1714287600123+0600)/", "2024-04-28T07:00:00Z"),
        ("20.08.2022", "2022-08-20"),
        ("10.12.21", "2021-12-10"),
        ("23.9.19", "2019-09-23"),
        ("22:00 / 18.04.2018", "2018-04-18T16:00:00Z"),
        ("28.04.2024-10:15", "2024-04-28T04:15:00Z"),
        ("April 28, 2024", "2024-04-28"),
        ("28 апреля 2024", "2024-04-28"),
        ("13:00, 28 апреля 2024 г.", "2024-04-28T07:00:00Z"),
        ("Опубликовано 3 мая 2024", "2024-05-03"),
        ("28 сәуір 2024", "2024-04-28"),
        ("2022 жылғы 28 қаңтар", "2022-01-28"),
        ("28-апрель, 2024", "2024-04-28"),
        ("28-апрель, 2024-жыл 13:00", "2024-04-28T07:00:00Z"),
        ("28 aprel 2024", "2024-04-28"),
        ("Oktyabr 27, 2019", "2019-10-27"),
        ("28 январи 2024", "2024-01-28"),
        ("28 ýanwar 2024", "2024-01-28"),
        ("28-nji oktýabr, 2016 ý.", "2016-10-28"),
        ("2016-njy ýylyň 28-nji oktýabry", "2016-10-28"),
        ("2024-04-28T99:00:00Z", "2024-04-28"),
        ("2024-04-28T10:00:00+25:00", "2024-04-28"),
    ],
)
def test_written_forms_in_the_zone_of_the_outlet(written: str, value: str) -> None:
    moment = read_moment(written, "Asia/Bishkek", SEEN)
    assert moment is not None
    assert moment.value == value


@pytest.mark.parametrize(
    "written",
    [
        *("", None, "Сегодня", "2 days ago", "вчера в 15:30", "2024", "32.13.2024", "тел. 0312 45 67 89"),
        *("0000-00-00 00:00:00", "0001-01-01T00:00:00+06:00", "9999-12-31T23:59:59-06:00", "1970-01-01T00:00:00Z"),
        *("1795-11-01", "2062-10-23T04:00:00Z", "99999999999999999999", "Sun, 28 Apr 2024 10:00:00 XYZ"),
    ],
)
def test_what_is_no_date_or_can_not_be_right_is_none(written: str | None) -> None:
    assert read_moment(written, "Asia/Bishkek", SEEN) is None


def test_a_time_some_hours_ahead_is_a_local_one_of_which_the_day_is_right() -> None:
    assert read_moment("2026-11-28T19:59:00Z", seen_at=SEEN) == Moment("2026-11-28T19:59:00Z", offset="+00:00")
    assert read_moment("2026-11-29T01:00:00Z", seen_at=SEEN) == Moment("2026-11-29", doubtful=True)
    assert read_moment("2026-11-30", seen_at=SEEN) is None


def test_without_any_zone_it_is_utc_and_less_sure() -> None:
    assert read_moment("2024-04-28 10:00") == Moment("2024-04-28T10:00:00Z", zoned=False)
    with pytest.raises(OutletError, match="Nowhere"):
        read_moment("2024-04-28 10:00", "Asia/Nowhere")
