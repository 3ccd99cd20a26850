"""What is true of a made-up county: written apart from its extracts, and asked for by one function.

Nothing that loads extracts can reach these tables. A section of a notebook that measures how well
something was done (*synthetic only*) asks `known_truth`; with real extracts it refuses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

import numpy as np
import pandas as pd

from woda_lib.disclosure import write_canaries
from woda_lib.errors import WodaError
from woda_lib.partners.datasets.residents import RESIDENTS
from woda_lib.records import read_plain_table
from woda_lib.synthetic.canaries import CANARIES
from woda_lib.synthetic.county import COUNCILS, TRUSTS, County
from woda_lib.synthetic.deliveries import KEYS
from woda_lib.synthetic.domestic_abuse.truth import (
    effect_on_records,
    incidents_known,
    persons_known,
)
from woda_lib.synthetic.draws import ages_on, as_days
from woda_lib.synthetic.profiles import Profile

if TYPE_CHECKING:  # making a county needs no notebook
    from woda_lib.notebook import Run

Table = Literal[
    "people",
    "referral_spells",
    "outcomes",
    "planted_faults",
    "da_incidents",
    "da_flags",
    "sv_homes",
    "sv_households",
    "sv_places",
    "cd_risks",
    "cd_steps",
    "am_buildings",
    "am_colocated",
    "am_gaps",
    "am_hot_spots",
    "am_land",
    "br_records",
    "br_enterprises",
    "br_sites",
    "br_workforce",
    "ar_people",
]
TABLES: tuple[Table, ...] = get_args(Table)
EFFECT = "effect"
# What a person's local number is called in each dataset.
_DATASET_NUMBERS = {
    "hospital_spells": "patient_id",
    "social_care_clients": "client_id",
    "police_persons": "nominal_id",
    "social_care_involvements": "care_person_id",
    "front_door_contacts": "care_person_id",
    "exploitation_referrals": "care_person_id",
    "housing_tenancies": "tenant_id",
    "health_flags": "attender_id",
    "probation_orders": "supervisee_id",
    "school_roll": "pupil_id",
    "refuge_referrals": "survivor_id",
    "marac_cases": "marac_case_id",
    **{contract.dataset: contract.handles[-1] for contract in RESIDENTS},
}
# Other numbers of partners: the column, the field that it is a value of, and whose number it is.
_NUMBERS = (
    ("referral_id", "referral_id", "partner"),
    ("spell_id", "spell_id", "hospital"),
    ("incident_id", "incident_id", "partner"),
    ("duplicate_of", "incident_id", "partner"),
    ("assistance_id", "assistance_id", "partner"),
)


class TruthUnknown(WodaError):
    """The truth was asked for where there is none: the extracts are real, or it was not kept."""


def write_truth(
    county: County,
    profile: Profile,
    faults: pd.DataFrame,
    places: list[pd.DataFrame],
    more: Mapping[str, pd.DataFrame],
    folder: Path,
) -> None:
    """Write the truth of a county into `folder`, which exists.

    Tables, each a Parquet file:

    ``people``
        ``partner, dataset, local_id, person_id``, a row a partner's number of a person (in
        ``marac_cases`` the case's, a stroke and the role), with the person's true
        ``ethnic_group``, ``age`` (whole years at the window's end) and ``sex``.
    ``referral_spells``
        ``partner`` (the council), ``referral_id, hospital`` (the trust), ``spell_id``, a row a
        referral from hospital.
    ``outcomes``
        The same four of each stay's first referral, with ``started_on, days_without, days_with``:
        whole days of waiting without the new pathway and with it, before any death; ``dies_after``,
        the days of waiting after which the person would die in hospital; and ``pathway``.
    ``planted_faults``
        ``partner, dataset, file, line, fault``.
    ``da_incidents``
        ``partner, incident_id, victim, perpetrator`` (person_id), ``relationship`` (what the latter
        is to the former), ``occurred_at``, ``duplicate_of`` (incident_id of the same event entered
        before, else missing), ``roles_swapped`` (as it stands), ``withdrawn, held_back`` (its texts
        are of the wordings that no writer of rules has seen), ``delivered_on``, a row an entry
        that was delivered in the window.
    ``da_flags``
        ``partner, incident_id, text, flag, state, template, held_back``: what texts say.
    ``sv_homes``
        ``person_id, uprn, starts, ends`` (NaT while it goes on), a row a person and a property of
        Worcestershire that they live at, up to the window's end.
    ``sv_households``
        ``person_id, household, uprn, kind`` (see `woda_lib.synthetic.single_view.homes.KINDS`) of
        everybody who lives in Worcestershire on the window's last day.
    ``sv_places``
        ``partner, dataset, row_id, uprn``, a row a row of the single view's datasets that gives an
        address: the property that it means.
    ``cd_risks``
        ``unit`` (a household's number), ``uprn, index_date``; ``recorded_*`` and ``needed_*`` with
        the name of each service, its true yearly rate on that day, of steps that are recorded and
        of steps that are needed; ``risk, risk_of_need``, the chance of two services or more in a
        year at these rates; and ``services_recorded, services_needed``, how many truly began anew
        in the year after it (missing where that is not over): a row a household of a private home
        and an index date.
    ``cd_steps``
        ``unit, uprn, service, started_on, ended_on, recorded``, a row a statutory step that was
        needed in the window, and whether the service took it and wrote it down.
    ``br_records``
        ``partner, dataset, row_id, enterprise_id, site_id``, a row a record of `companies`,
        `business_rates`, `food_hygiene` and `workforce`: whose it is, and of which of its sites (of
        a company the registered office, of a firm's figures its head office; missing for premises
        that stand empty, whose owner's it is).
    ``br_enterprises``
        ``enterprise_id, name, trading_name, kind`` (company, group_member, branch_firm, phoenix,
        charity, sole_trader, partnership, public), ``legal_form, company_number, group_name,
        predecessor_id`` (of a phoenix), ``born_on, died_on`` (NaT for whoever lives at the window's
        end), ``sic, section``.
    ``br_sites``
        ``site_id, enterprise_id, uprn`` (missing outside the county), ``easting, northing``
        (metres), ``district, area, place`` (premises, home, outside), ``is_registered_office,
        started_on, ended_on``.
    ``br_workforce``
        ``enterprise_id, year, employees, turnover`` (thousand pounds), ``grew_by_employees,
        grew_by_turnover, is_scale_up`` (over the three years to 31 March of the year; missing where
        it did not live so long): a row a year in which an enterprise lived on 31 March.
    ``am_buildings``, ``am_colocated``, ``am_gaps``, ``am_hot_spots``, ``am_land``
        See `woda_lib.synthetic.estate.whole.Estate.truth`.
    ``ar_people``
        ``partner, assistance_id, person_id, uprn``, a row an entry of the assistance register: who
        it is, and where they truly live on the window's last day (missing for who died or left).

    ``effect.json`` holds ``days_saved``, the difference of restricted means among the treated, also
    by ``pathway``; under ``balancing`` what the pathway truly did to what must not get worse; and
    under ``domestic_abuse`` what was planted and what came of it.
    ``canaries.json`` holds the residents whose names must never be published.
    """
    outcomes = _outcomes(county)
    tables = {
        "people": _people(county, profile, profile.as_of),
        "referral_spells": _links(county, county.referrals.loc[county.referrals["stay"].ge(0)]),
        "outcomes": outcomes,
        "planted_faults": faults,
        **incidents_known(county.police, profile.as_of),
        **county.single_view.truth(),
        "sv_places": pd.concat(places, ignore_index=True),
        **more,
    }
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    effect = {
        "days_saved": days_saved(outcomes, profile),
        "horizon_days": profile.horizon_days,
        "go_live": profile.go_live,
        "planted": profile.planted_days,
        "pathway": {
            str(pathway): days_saved(outcomes[outcomes["pathway"] == pathway], profile)
            for pathway in (1, 2, 3)
        },
        "balancing": {
            # Later stays, and those of people who were not referred, know nothing of the pathway.
            "readmission": 0.0,
            "death_in_hospital": deaths_changed(outcomes, profile),
            "stay_of_others": 0.0,
        },
        "domestic_abuse": effect_on_records(county.police, profile) | county.known.effect(),
    }
    (folder / f"{EFFECT}.json").write_text(json.dumps(effect, indent=2) + "\n", encoding="utf-8")
    write_canaries(CANARIES, folder)


def write_known(
    county: County, profile: Profile, until: np.datetime64, folder: Path, *, whole: bool = True
) -> None:
    """Write anew what more is true once police have delivered up to a day after the window.

    Without `whole`, who is who is written of domestic abuse's partners alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people = _people(county, profile, until, whole=whole)
    for name, table in {"people": people, **incidents_known(county.police, until)}.items():
        hidden = folder / f".{name}.part"
        table.to_parquet(hidden, index=False)
        hidden.replace(folder / f"{name}.parquet")


def days_saved(outcomes: pd.DataFrame, profile: Profile) -> float:
    """Restricted mean days saved by the pathway among the treated's referrals from go-live on."""
    treated = _treated(outcomes, profile)
    days = treated[["days_without", "days_with"]].clip(upper=profile.horizon_days)
    return float((days["days_without"] - days["days_with"]).mean())


def deaths_changed(outcomes: pd.DataFrame, profile: Profile, *, within: int = 28) -> float:
    """Percentage points by which the pathway changes deaths in hospital among the treated.

    Deaths up to so many days of waiting count. Nobody's risk a day is changed: who leaves sooner
    has fewer days on which to die in hospital, so that there are fewer such deaths.
    """
    treated = _treated(outcomes, profile)
    after = treated["dies_after"]
    died = [after.le(within) & after.lt(treated[days]) for days in ("days_with", "days_without")]
    return float(100 * (died[0].mean() - died[1].mean()))


def _treated(outcomes: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    return outcomes.loc[
        outcomes["hospital"].eq(TRUSTS["worcestershire"])
        & outcomes["started_on"].ge(pd.Timestamp(profile.go_live))
    ]


def _people(
    county: County, profile: Profile, until: np.datetime64, *, whole: bool = True
) -> pd.DataFrame:
    parts = [persons_known(county.police, until), county.known_people]
    if whole:
        parts += [county.single_view.known_people(), *_registered(county)]
    table = pd.concat(parts, ignore_index=True)
    person = county.residents.iloc[table["person_id"].to_numpy()]
    age = np.floor(ages_on(as_days(person["born"]), profile.as_of)).astype(np.int64)
    table = table.assign(
        ethnic_group=person["ethnic_group"].to_numpy(),
        age=age,
        sex=np.where(person["female"], "F", "M"),
    )
    columns = ["partner", "dataset", "local_id", "person_id", "ethnic_group", "age", "sex"]
    return table[columns].sort_values(["partner", "local_id"], ignore_index=True)


def _registered(county: County) -> Iterator[pd.DataFrame]:
    """Yield who is who in the registers of trusts and councils."""
    for partners, dataset in ((TRUSTS, "hospital_spells"), (COUNCILS, "social_care_clients")):
        for partner in partners.values():
            people = county.registers[partner].people[["local_id", "person_id"]]
            yield people.assign(partner=partner, dataset=dataset)


def _links(county: County, referrals: pd.DataFrame) -> pd.DataFrame:
    """The stay that each of some referrals from hospital belongs to."""
    return pd.DataFrame(
        {
            "partner": referrals["county"].map(COUNCILS),
            "referral_id": referrals["referral_id"],
            "hospital": referrals["county"].map(TRUSTS),
            "spell_id": county.stays["spell_id"].to_numpy()[referrals["stay"]],
        }
    ).reset_index(drop=True)


def _outcomes(county: County) -> pd.DataFrame:
    first = county.referrals["first"].to_numpy(dtype=bool)
    stay = county.referrals.loc[first, "stay"].to_numpy()
    clock = county.waits.table.iloc[county.stays["clock"].to_numpy()[stay]]
    return _links(county, county.referrals.loc[first]).assign(
        started_on=pd.to_datetime(as_days(clock["started_on"])),
        days_without=clock["days_without"].to_numpy(),
        days_with=clock["days_with"].to_numpy(),
        dies_after=clock["dies_after"].to_numpy(),
        pathway=clock["pathway"].to_numpy(),
    )


@overload
def known_truth(run: Run, table: Table) -> pd.DataFrame:
    """Return a table."""


@overload
def known_truth(run: Run, table: Literal["effect"]) -> dict[str, Any]:
    """Return the planted effect."""


def known_truth(run: Run, table: str) -> pd.DataFrame | dict[str, Any]:
    """Return what is true of the made-up county that a run reads.

    Parameters
    ----------
    run
        The run; the file is recorded as one of its inputs.
    table : {"people", "referral_spells", "outcomes", "planted_faults", "da_incidents", "da_flags",
            "sv_homes", "sv_households", "sv_places", "cd_risks", "cd_steps", "br_records",
            "br_enterprises", "br_sites", "br_workforce", "am_buildings", "am_colocated",
            "am_gaps", "am_hot_spots", "am_land", "ar_people", "effect"}
        See `write_truth`; ``effect`` is a dictionary.

    Raises
    ------
    TruthUnknown
        If the extracts are real, the truth is not there, or there is no such table.
    """
    path = _noted(run, table)
    if table == EFFECT:
        effect: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return effect
    return _read(path, run, None)


def known_later(
    run: Run, table: Table, *, dataset: str | None = None
) -> Callable[[], pd.DataFrame]:
    """Record a table as an input now, and return what reads it, for a call that is made beside.

    `run` and `table` are as for `known_truth`, and refused likewise; of a `dataset` that is named
    only its rows are read.
    """
    return partial(_read, _noted(run, table), run, dataset)


def _noted(run: Run, table: str) -> Path:
    """Return the file of a table, recorded as one of the run's inputs."""
    if table not in (*TABLES, EFFECT):
        known = ", ".join((*TABLES, EFFECT))
        raise TruthUnknown(f"There is no truth called {table!r}. Ask for one of {known}.")
    if not run.synthetic or run.truth_folder is None:
        raise TruthUnknown(
            "These extracts are real, and nobody knows their truth. Put what needs it into a "
            "section marked 'synthetic only' that runs where run.synthetic is true."
        )
    path = run.truth_folder / (f"{EFFECT}.json" if table == EFFECT else f"{table}.parquet")
    if not path.is_file():
        raise TruthUnknown(
            f"{path} is not there, though the extracts are made up. "
            "Make the county again: woda extracts make --force."
        )
    run.record_input(path, f"truth:{table}")
    return path


def _read(path: Path, run: Run, dataset: str | None) -> pd.DataFrame:
    truth = read_plain_table(path)
    if dataset is not None:
        truth = truth[truth["dataset"] == dataset].reset_index(drop=True)
    return _as_the_notebook_knows(truth, run)


def _by_dataset(truth: pd.DataFrame, column: str, fields: Mapping[str, str], run: Run) -> pd.Series:
    """Return a column whose numbers are of a field of each row's dataset."""
    parts = []
    for dataset, own in truth.groupby("dataset", sort=False):
        # The two people of a case at a conference have its number, and after a stroke the role.
        number: pd.Series = own[column]
        role: pd.Series | str = ""
        if dataset == "marac_cases":
            split = number.str.partition("/")
            number, role = split[0], split[1] + split[2]
        field = fields[str(dataset)]
        parts.append(run.pseudonymise(number, field=field, partners=own["partner"]) + role)
    return pd.concat(parts).reindex(truth.index) if parts else truth[column]


def _as_the_notebook_knows(truth: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Put partners' numbers under the agreement's key, as they are in what the run loads."""
    for column, fields in (("local_id", _DATASET_NUMBERS), ("row_id", KEYS)):
        if column in truth:
            truth[column] = _by_dataset(truth, column, fields, run)
    for column, field, whose in _NUMBERS:
        if column in truth:
            given = truth[column].notna()
            truth.loc[given, column] = run.pseudonymise(
                truth.loc[given, column], field=field, partners=truth.loc[given, whose]
            )
    return truth
