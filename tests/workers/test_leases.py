"""Only one process at a time may send requests to a site, whatever happens to the others."""

from __future__ import annotations

import time

import pytest
from redis import Redis

from acca_crawler.workers.leases import SITES, WORK, Leases

pytestmark = pytest.mark.redis


@pytest.fixture
def redis(server: Redis) -> Redis:
    """The same, with two outlets of one site and one of another to fetch."""
    server.flushall()
    for outlet, site in (("paper", "paper.example"), ("channel", "paper.example"), ("other", "other.example")):
        server.hset(SITES, outlet, site)
        server.zadd(WORK, {outlet: 0})
        server.zadd(f"acca:{outlet}:requests", {"request": 0})
    return server


def test_a_site_has_one_holder_and_outlets_of_one_site_are_not_leased_together(redis: Redis) -> None:
    first, second = Leases(redis, "first"), Leases(redis, "second")
    taken = [first.take(), second.take(), second.take()]
    assert {lease.site for lease in taken if lease} == {"paper.example", "other.example"}
    assert taken[2] is None
    assert second.hold("paper", "paper.example") is None


def test_after_a_lease_the_site_has_its_pause(redis: Redis) -> None:
    leases = Leases(redis, "first")
    lease = leases.hold("other", "other.example")
    assert lease is not None
    leases.release(lease, delay=3600)
    assert not lease.valid
    assert leases.hold("other", "other.example") is None
    assert 3500 < redis.ttl("acca:pause:other.example") <= 3600


def test_a_lease_that_ran_out_can_neither_be_renewed_nor_be_given_back(redis: Redis) -> None:
    late, other = Leases(redis, "late", 0.05), Leases(redis, "other")
    lease = late.hold("other", "other.example")
    assert lease is not None
    while redis.exists("acca:lease:other.example"):
        time.sleep(0.01)
    taken = other.hold("other", "other.example")
    assert taken is not None
    assert not late.renew(lease, 0)
    assert not lease.valid
    late.release(lease, 0)
    assert redis.get("acca:lease:other.example") == b"other"


def test_a_renewed_lease_also_lasts_through_the_present_delay(redis: Redis) -> None:
    leases = Leases(redis, "first", 30)
    lease = leases.hold("other", "other.example")
    assert lease is not None
    assert leases.renew(lease, delay=300)
    assert 320 < redis.ttl("acca:lease:other.example") <= 330


def test_the_outlet_that_has_waited_longest_is_next_and_one_without_requests_is_passed_over(redis: Redis) -> None:
    leases = Leases(redis, "first")
    redis.delete("acca:channel:requests")
    turns = []
    for _ in range(4):
        lease = leases.take()
        assert lease is not None
        turns.append(lease.outlet)
        leases.release(lease, 0)
    assert turns in (["other", "paper"] * 2, ["paper", "other"] * 2)
