"""Leases of sites: only their holder sends requests to a site, and after it the site has its pause.

So a site sees one crawler with its usual delay, however many workers there are. A worker that dies keeps its sites
until their leases run out.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from redis import Redis

LEASE_SECONDS = 30.0
"""How long a lease lasts that is not renewed."""

RENEWALS = 3
"""Renewals within the duration of a lease."""

MARGIN = 0.2
"""Share of a lease in which its holder, not having renewed it, sends nothing any more."""

WORK, SITES = "acca:work", "acca:sites"
"""Outlets with addresses to fetch, by the time they were last leased; and the site of each."""

_TAKE = """
for _, outlet in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local site = redis.call('HGET', KEYS[2], outlet)
  if site and redis.call('EXISTS', 'acca:lease:' .. site, 'acca:pause:' .. site) == 0
      and redis.call('EXISTS', 'acca:' .. outlet .. ':requests') == 1 then
    redis.call('SET', 'acca:lease:' .. site, ARGV[1], 'PX', ARGV[2])
    local time = redis.call('TIME')
    redis.call('ZADD', KEYS[1], time[1] .. '.' .. string.format('%06d', time[2]), outlet)
    return {outlet, site}
  end
end
return false
"""
_HOLD = """
if redis.call('EXISTS', KEYS[1], KEYS[2]) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RENEW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
return 1
"""


@dataclass(slots=True)
class Lease:
    """The right to send requests to a site, for one of its outlets, until `valid_until` (a time of `monotonic`)."""

    outlet: str
    site: str
    holder: str
    valid_until: float

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @property
    def valid(self) -> bool:
        """Whether a request may be sent now."""
        return monotonic() < self.valid_until


class Leases:
    """Takes, renews and releases the leases of one holder."""

    def __init__(self, redis: Redis, holder: str, seconds: float = LEASE_SECONDS) -> None:
        self._redis, self._holder, self.seconds = redis, holder, seconds

    def take(self) -> Lease | None:
        """Take the site that has waited longest among those with something to fetch; None if there is none."""
        at = monotonic()
        found = self._redis.eval(_TAKE, 2, WORK, SITES, self._holder, _milliseconds(self.seconds))
        if not found:
            return None
        outlet, site = (value.decode() for value in found)
        return Lease(outlet, site, self._holder, self._end(at, self.seconds))

    def hold(self, outlet: str, site: str) -> Lease | None:
        """Take a certain site; None if somebody has it, or it has its pause."""
        at = monotonic()
        keys = (f"acca:lease:{site}", f"acca:pause:{site}")
        held = self._redis.eval(_HOLD, 2, *keys, self._holder, _milliseconds(self.seconds))
        return Lease(outlet, site, self._holder, self._end(at, self.seconds)) if held else None

    def renew(self, lease: Lease, delay: float) -> bool:
        """Extend a lease by its duration and the site's present delay (seconds); False if it has run out."""
        at, seconds = monotonic(), self.seconds + delay
        if not self._redis.eval(_RENEW, 1, f"acca:lease:{lease.site}", self._holder, _milliseconds(seconds)):
            lease.valid_until = 0.0
            return False
        lease.valid_until = self._end(at, seconds)
        return True

    def release(self, lease: Lease, delay: float) -> None:
        """Give a site back; nobody may take it before `delay` (seconds) is over."""
        keys = (f"acca:lease:{lease.site}", f"acca:pause:{lease.site}")
        self._redis.eval(_RELEASE, 2, *keys, self._holder, _milliseconds(delay))
        lease.valid_until = 0.0

    def _end(self, at: float, seconds: float) -> float:
        return at + seconds - self.seconds * MARGIN


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
