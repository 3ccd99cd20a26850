"""Who inside an incident's area asked to be helped first, by name: opened for one incident.

Nobody is named by a notebook, a report or a list of premises. Names are opened here alone, once
somebody in charge has said so: with a reason, the incident's reference, who authorised it, and an
area. The opening stands in the audit log before anything is handed over; what is handed over holds
those inside and nobody else, and says until when it may be kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
from shapely.geometry.base import BaseGeometry

from woda_lib.errors import WodaError
from woda_lib.partners import Door, load_agreement, synthetic_marker
from woda_lib.partners.fleeting import until
from woda_lib.partners.opening import HOURS, LONGEST_HOURS, clear_expired
from woda_lib.partners.openings import openings
from woda_lib.pilots.business_register.incident.area import Area
from woda_lib.pilots.business_register.incident.located import Located
from woda_lib.pilots.business_register.incident.people_page import NEEDED_FIRST, people_page
from woda_lib.pilots.business_register.incident.placing import on_the_register, place_people
from woda_lib.pilots.business_register.incident.points import postcode_points
from woda_lib.pilots.business_register.incident.reading import read_area
from woda_lib.places import boundaries
from woda_lib.records import DRAFT, AuditHead, Pilot, RunFolder
from woda_lib.settings import Settings

PURPOSE, STEP, REGISTER = "emergency", "3_resilience", "assistance_register"
FIELDS = (
    "assistance_id", "forename", "surname", "telephone", "uprn", "address", "postcode", "need",
    "started_on", "ended_on",
)  # fmt: skip
"""What is opened of the register; nothing else asks for a name or a telephone number of it."""

_PLACES = (
    "uprn", "parent_uprn", "logical_status", "class_code", "sub_building", "building", "street",
    "locality", "town", "postcode", "easting", "northing", "started_on", "ended_on",
)  # fmt: skip
LARGEST_FOR_NAMES = 50.0
"""Square kilometres: a circle of four kilometres, or a river's flood through half the county. A
report counts in larger areas; names of more people than anybody can go to are not opened at once,
but part by part, each on the record."""

_REFERENCE = re.compile(r"^(?=.*\d)[A-Za-z0-9][A-Za-z0-9/-]{2,39}$")
"""Letters, digits, - and /, a digit among them: no form of a person's name and home."""

_FEWEST_WORDS = {"authoriser": 2, "reason": 3}


class GlassNotBroken(WodaError):
    """Names were asked for without what must be said first; nothing was opened."""

    exit_code = 2


@dataclass(frozen=True)
class Request:
    """What must be said before anybody is named.

    Attributes
    ----------
    incident
        The incident's reference, as the control room has it: ``WM-2025-0331-17``.
    authoriser
        Office, and name if there is one, of who decided that names are needed.
    reason
        What they are needed for, in a sentence that names nobody.
    area
        See `reading.read_area`.
    hours
        For how long what is handed over may be kept.
    """

    incident: str
    authoriser: str
    reason: str
    area: str
    hours: int = HOURS

    def missing(self) -> str:
        """Return, in a sentence, what is not said; nothing if all is."""
        if not _REFERENCE.match(self.incident.strip()):
            return (
                "An incident reference is needed, as the control room has it: three characters or "
                "more, letters, digits, - and / alone, a digit among them, and nobody's name: "
                "--incident WM-2025-0331-17."
            )
        if len(self.authoriser.split()) < _FEWEST_WORDS["authoriser"]:
            return (
                "An authoriser is needed: the office, and the name if you have it, of whoever "
                'decided that names are needed: --authoriser "Duty fire commander, Group '
                'Manager Ash".'
            )
        if len(self.reason.split()) < _FEWEST_WORDS["reason"]:
            return (
                "A reason is needed, in a sentence that names nobody: --reason "
                '"Flood water rises, homes are evacuated".'
            )
        if not self.area.strip():
            return 'An area is needed: --area "SO 850 550 / 800 m".'
        if not 1 <= self.hours <= LONGEST_HOURS:
            return f"Names are kept for 1 to {LONGEST_HOURS} hours: --hours {HOURS}."
        return ""


@dataclass(frozen=True)
class Opening:
    """What was opened.

    Attributes
    ----------
    area : Area
    people : DataFrame
        Those inside, whom it helps to reach first at the head: `FIELDS` with ``how`` (see
        `placing.HOW`).
    nowhere : int
        Entries of the register whose home nobody can place, and rows of it that broke its contract
        and were refused: they may be inside.
    head : AuditHead
        Of the record in the audit log.
    times : int
        How often names were opened for this incident, this opening included.
    made, destroy_by : datetime
    """

    request: Request
    area: Area
    people: pd.DataFrame
    nowhere: int
    head: AuditHead
    times: int
    made: datetime
    destroy_by: datetime


class Glass:
    """The pane: what stands between an incident and the names of the assistance register.

    Parameters
    ----------
    pilot : Pilot
        The business register.
    settings : Settings
    outlines : mapping of str to geometry or Path, optional
        See `reading.read_area`.
    """

    def __init__(
        self,
        pilot: Pilot,
        settings: Settings,
        outlines: Mapping[str, BaseGeometry | Path] | None = None,
    ) -> None:
        self._pilot = pilot
        self._settings = settings
        self._outlines = outlines or {}
        agreement = load_agreement(pilot.agreement, settings.agreements_folder)
        self._agreement = agreement
        self._door = Door(agreement, PURPOSE, settings, run=f"{pilot.pilot}/{DRAFT}/{STEP}")
        self._on = pd.Timestamp(agreement.clock(settings.extracts_folder))

    def break_for(self, request: Request) -> Opening:
        """Open the names of those inside; recorded before it returns.

        Raises
        ------
        GlassNotBroken
            If something is not said that must be, the area is too large for names, or reference
            or reason name somebody of the register, wherever they live; recorded.
        IncidentError
            If the area is none. No name has been loaded then.
        AgreementError, KeyStoreError, AuditError, ExtractError
            If the agreement does not permit it today, or it cannot be recorded.
        """
        clear_expired(self._settings)
        if why := request.missing():
            raise self._refused(why)
        self._door.reidentifying(REGISTER)
        gazetteer = self._door.load("gazetteer", list(_PLACES)).frame
        area = self._area(request, gazetteer)
        if area.square_km > LARGEST_FOR_NAMES:
            raise self._refused(
                f"The area is {area.square_km:,.0f} km² large, and names are opened for "
                f"{LARGEST_FOR_NAMES:,.0f} km² at most. Open its parts one by one, where help is "
                "needed first."
            )
        loaded = self._door.load(REGISTER, list(FIELDS))
        self._refuse_names(request, loaded.frame)
        register = on_the_register(loaded.frame, self._on)
        placed = place_people(register, gazetteer)
        inside = Located.of(placed).within(area.geometry).drop_duplicates("assistance_id")
        how = inside.set_index("assistance_id")["how"]
        people = register[register["assistance_id"].isin(how.index)]
        people = people.assign(how=people["assistance_id"].map(how))
        times = self._times(request.incident) + 1
        made = datetime.now(UTC).replace(microsecond=0)
        destroy_by = made + timedelta(hours=request.hours)
        head = self._door.look_up(
            people,
            REGISTER,
            reason=f"{_detail(request, area, destroy_by)} Opening {times} for this incident.",
            kind="break_glass",
        )
        people = self._door.reidentify(people, REGISTER)
        nowhere = placed.loc[placed["how"].eq("nowhere"), "assistance_id"].nunique()
        nowhere += loaded.counts.quarantined
        ordered = _by_urgency(people)
        return Opening(request, area, ordered, int(nowhere), head, times, made, destroy_by)

    def keep(self, opening: Opening) -> str:
        """Keep an opening as one encrypted page, and return what it is called.

        It is opened as every restricted page is, for the purpose emergency alone, and removed by
        the first command after its time.
        """
        reference = re.sub(r"[^a-z0-9]+", "_", opening.request.incident.lower()).strip("_")
        name = until(f"people_{reference}_{opening.head.number}", opening.destroy_by)
        path = RunFolder(self._settings.outputs_folder / self._pilot.pilot / DRAFT).document(
            STEP, name
        )
        html = people_page(
            opening,
            agreement=self._agreement.id,
            exempt=self._door.opt_outs_in_words,
            why=(self._agreement.purposes[PURPOSE].may_reidentify or "").strip(),
            synthetic=synthetic_marker(self._settings.extracts_folder) is not None,
        )
        self._door.save_document(path, f"{self._pilot.pilot}/{STEP}:{name}", html)
        return name

    def _area(self, request: Request, gazetteer: pd.DataFrame) -> Area:
        county = boundaries("district", folder=self._settings.places_folder).union_all()
        postcodes = postcode_points(gazetteer)
        return read_area(request.area, postcodes=postcodes, county=county, outlines=self._outlines)

    def _refuse_names(self, request: Request, register: pd.DataFrame) -> None:
        """Refuse a reference or a reason that names anybody of the whole register."""
        for what, text in (("reference", request.incident), ("reason", request.reason)):
            if _names_somebody(text, register):
                raise self._refused(
                    f"The {what} names somebody of the register. It stays in the audit log for "
                    "good: say what happens, and not to whom."
                )

    def _times(self, incident: str) -> int:
        """Return how often names were opened for an incident before."""
        begins = _of_incident(incident).casefold()
        before = openings(self._settings, purpose=PURPOSE)
        return sum((record.detail or "").casefold().startswith(begins) for record in before)

    def _refused(self, why: str) -> GlassNotBroken:
        self._door.note("denial", dataset=REGISTER, detail=f"Names were not opened. {why}")
        return GlassNotBroken(why)


def _detail(request: Request, area: Area, destroy_by: datetime) -> str:
    """Return what the audit log says of an opening; it holds nothing of anybody who is named."""
    return (
        f"{_of_incident(request.incident)} {request.authoriser.strip()}: "
        f"{request.reason.strip().rstrip('.')}. Area {area.words}, SHA-256 {area.sha256}. To be "
        f"destroyed by {destroy_by:%Y-%m-%d %H:%M} UTC."
    )


def _of_incident(incident: str) -> str:
    """Return how the log's record of an opening begins."""
    return f"Incident {incident.strip()}, authorised by"


def _names_somebody(text: str, people: pd.DataFrame) -> bool:
    """Whether a text holds the whole name, the number or the postcode of somebody."""
    low = text.casefold()
    words = {*re.findall(r"[\w'-]+", low), *re.findall(r"[\w']+", low), *re.findall(r"\w+", low)}
    closed = re.sub(r"\s+", "", low)
    named = [
        str(first).casefold() in words and str(last).casefold() in words
        for first, last in zip(people["forename"], people["surname"], strict=True)
    ]
    marks = pd.concat([people["assistance_id"], people["telephone"], people["postcode"]]).dropna()
    return any(named) or any(re.sub(r"\s+", "", mark.casefold()) in closed for mark in marks)


def _by_urgency(people: pd.DataFrame) -> pd.DataFrame:
    rank = people["need"].astype(object).map({need: at for at, need in enumerate(NEEDED_FIRST)})
    ordered = people.assign(rank=rank).sort_values(["rank", "postcode", "address"], kind="stable")
    return ordered.drop(columns="rank").reset_index(drop=True)
