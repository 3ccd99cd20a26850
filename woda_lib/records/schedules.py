"""When a pilot runs by itself: a cron expression in a time zone, and the moments it names.

A moment is called a slot. Expressions mean what Debian's cron makes of them (`cronsim` follows it),
also when clocks change: a slot in the hour that spring leaves out comes as soon as that hour is
over, and one in the hour that autumn repeats comes once, the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, field_validator

_LONGEST_CHANGE = timedelta(hours=3)
"""More than any clock change: looking back starts this much later, past a repeated hour."""


class Schedule(BaseModel):
    """When a pilot runs by itself, and how often a slot that failed is tried again.

    Attributes
    ----------
    cron : str
        Five fields: minute, hour, day of month, month, day of week.
    time_zone : str
        A name of the IANA database, such as ``Europe/London``.
    retries : int
        How many more times a failed slot is tried.
    retry_minutes : int
        How long to wait before the first of these; each further wait is twice as long.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cron: str
    time_zone: str = "Europe/London"
    retries: int = Field(default=2, ge=0, le=10)
    retry_minutes: int = Field(default=15, ge=1, le=24 * 60)

    @field_validator("cron")
    @classmethod
    def _cron_can_be_read(cls, cron: str) -> str:
        wanted = 'five fields such as "0 6 * * *" (06:00 every day) are expected'
        if len(cron.split()) != 5:
            raise ValueError(f"{cron!r} has {len(cron.split())} fields; {wanted}")
        try:
            next(CronSim(cron, datetime.now(UTC)))
        except CronSimError as error:
            raise ValueError(f"{cron!r} is no cron expression ({error}); {wanted}") from None
        except StopIteration:
            raise ValueError(f"{cron!r} names a day that never comes") from None
        return " ".join(cron.split())

    @field_validator("time_zone")
    @classmethod
    def _time_zone_is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(
                f"{name!r} is no time zone that is known here; names look like 'Europe/London'"
            ) from None
        return name

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.time_zone)

    @property
    def words(self) -> str:
        """The expression as a person would say it: "At 06:00 every day"."""
        return CronSim(self.cron, datetime.now(UTC)).explain()

    def last_slot(self, now: datetime) -> datetime | None:
        """Return the last slot that is not after `now`, in UTC; None if there never was one."""
        later = now.astimezone(self.zone) + _LONGEST_CHANGE
        for slot in CronSim(self.cron, later, reverse=True):
            if (instant := slot.astimezone(UTC)) <= now:
                return instant
        return None

    def slots_after(self, now: datetime) -> Iterator[datetime]:
        """Give the slots after `now`, the nearest first, in UTC."""
        for slot in CronSim(self.cron, now.astimezone(self.zone)):
            if (instant := slot.astimezone(UTC)) > now:
                yield instant

    def next_slot(self, now: datetime) -> datetime | None:
        """Return the first slot after `now`, in UTC; None if there is none in fifty years."""
        return next(self.slots_after(now), None)

    def missed(self, since: datetime, until: datetime, most: int = 1000) -> int:
        """Count the slots after `since` up to `until`; at most `most`."""
        return sum(1 for slot in islice(self.slots_after(since), most) if slot <= until)

    def wait_after(self, attempts: int) -> timedelta:
        """How long to wait before trying again what has failed `attempts` times."""
        return timedelta(minutes=self.retry_minutes * 2 ** (attempts - 1))

    def say(self, slot: datetime) -> str:
        """Return a slot as its zone's clocks show it: Thu 26 November 2026, 06:00 GMT."""
        local = slot.astimezone(self.zone)
        return f"{local:%a} {local.day} {local:%B %Y}, {local:%H:%M} {local.tzname()}"
