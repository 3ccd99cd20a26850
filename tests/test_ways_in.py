"""There is one way for data to come in, and it is under an agreement that asks for no more."""

import re
from pathlib import Path

import nbformat
import pytest

from woda_lib.partners import NO_AGREEMENT, load_agreement, load_agreements
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.other_ways import other_ways
from woda_lib.pilots.business_register.incident.breaking_glass import FIELDS as OPENED_BY_COMMAND
from woda_lib.pilots.business_register.incident.breaking_glass import REGISTER
from woda_lib.records import read_pilots

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "woda_lib"
AGREEMENTS = ROOT / "parameters" / "agreements"
PILOTS = read_pilots(ROOT / "parameters")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
# The rooms that may open data files: the door, the workbench's own files, and of places what is
# nobody's: boundaries, those that were derived before, and public tables of the places folder.
MAY_READ = (
    *("partners", "records"),
    *(f"places/{name}" for name in ("boundaries", "derived.py", "partner_tables.py")),
)
MODULES = [
    path
    for path in sorted(LIBRARY.rglob("*.py"))
    if not path.relative_to(LIBRARY).as_posix().startswith(MAY_READ)
]
each_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix()
)
each_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def code(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


@each_module
def test_no_room_but_the_door_reads_data(path):
    assert other_ways(path.read_text(encoding="utf-8")) == []


@each_module
def test_no_room_goes_round_the_door(path):
    """What hands out rows without asking is the door room's own business."""
    inner = (
        r"partners\.(?:loading|holding|reading|restricted|documents|opt_outs|linked_choices|"
        r"people_index|key_store)\b|\baccept\("
    )
    assert not re.search(inner, path.read_text(encoding="utf-8"))


@each_notebook
def test_no_notebook_reads_data_but_through_its_run(path):
    assert [way for cell in code(path) for way in other_ways(cell, may_open=False)] == []
    source = "\n".join(code(path))
    assert re.search(r"^run = begin\(", source, re.MULTILINE)
    assert "woda_lib.partners" not in source
    assert "run._" not in source


@each_notebook
def test_every_notebook_has_an_agreement_and_a_purpose_of_it(path):
    pilot = PILOTS[path.parent.name]
    agreement = load_agreement(pilot.agreement, AGREEMENTS)
    assert pilot.step(path.stem).purpose in agreement.purposes


@each_notebook
def test_a_notebook_loads_nothing_but_what_its_step_declares(path):
    """That it loads all of it too is seen in a run (`reports_of_a_run.py`)."""
    loads = re.findall(r'run\.load\("(\w+)"', "\n".join(code(path)))
    assert set(loads) <= set(PILOTS[path.parent.name].step(path.stem).datasets)


@each_notebook
def test_a_step_that_links_people_spreads_their_opt_outs(path):
    """A step that reads names links people, unless it acts on named people."""
    pilot = PILOTS[path.parent.name]
    agreement = load_agreement(pilot.agreement, AGREEMENTS)
    step = pilot.step(path.stem)
    shared = agreement.datasets
    named = any(
        shared.get(name, {}).get(field) == "identifier"
        for name, fields in step.datasets.items()
        for field in fields
    )
    purpose = agreement.purposes[step.purpose]
    # A step that honours no opt-out and hands nothing on has no choice to spread.
    handed_on = any(step.name in other.needs for other in pilot.steps)
    acts = purpose.may_reidentify or (purpose.exempt_from_opt_outs and not handed_on)
    # Records that bear nobody's number, such as a company's, lead to nobody's choice.
    numbered = any(CONTRACTS[name].handles for name in step.datasets)
    if pilot.agreement != NO_AGREEMENT and named and numbered and not acts:
        assert "run.spread_opt_outs(" in "\n".join(code(path))


@pytest.mark.parametrize("name", load_agreements(AGREEMENTS))
def test_an_agreement_grants_no_field_that_no_notebook_uses(name):
    agreement = load_agreement(name, AGREEMENTS)
    using = [pilot for pilot in PILOTS.values() if pilot.agreement == name]
    asked = {
        (dataset, field)
        for pilot in using
        for step in pilot.steps
        for dataset, fields in step.datasets.items()
        for field in fields
    }
    if name == "business_register":  # names are opened by a command, and by no step
        asked |= {(REGISTER, field) for field in OPENED_BY_COMMAND}
    granted = {(d, field) for d, fields in agreement.datasets.items() for field in fields}
    assert granted - asked == set(), "granted, and asked for by no step"


@pytest.mark.parametrize("pilot", PILOTS)
def test_a_step_asks_for_no_field_that_its_code_does_not_name(pilot):
    """Fields are named in the pilot's rules, written or coded, its notebooks or its linkage."""
    places = [
        *sorted((LIBRARY / "pilots").glob(f"{pilot}/**/*.py")),
        *sorted((LIBRARY / "pilots").glob("patient_flow/people.py")),
        *sorted((LIBRARY / "pilots").glob("single_view/registers.py")),
        *sorted((ROOT / "parameters" / "linkage").glob("*.yaml")),
        *sorted((ROOT / "parameters" / pilot).glob("*.yaml")),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    text += "\n".join("\n".join(code(p)) for p in NOTEBOOKS if p.parent.name == pilot)
    for step in PILOTS[pilot].steps:
        for dataset, fields in step.datasets.items():
            assert fields, f"{step.name}: name the fields of {dataset} that it needs"
            # A case has two sides, whose columns are put together from a side and a name.
            named = {field: re.sub("^(victim|perpetrator)_", "", field) for field in fields}
            # Rows of every dataset alike are told apart by its key, as its contract calls it.
            if "CONTRACTS[dataset].key" in text:
                named.pop(CONTRACTS[dataset].key, None)
            unused = [field for field, name in named.items() if not re.search(rf"\b{name}\b", text)]
            assert unused == [], f"{step.name} asks for fields of {dataset} that nothing names"


@pytest.mark.parametrize(
    ("source", "reader"),
    [
        ("import pandas as pd\nframe = pd.read_csv('x.csv')", "read_csv"),
        ("from pandas import read_parquet as quietly", "read_parquet"),
        ("reader = getattr(pd, 'x') or pd.read_excel", "read_excel"),
        ("import pyarrow.parquet as pq\npq.ParquetFile('x').read()", "ParquetFile"),
        ("con.sql(\"SELECT * FROM 'data/x.parquet'\")", "a reader inside SQL"),
        ("duckdb.sql('select * from read_csv_auto(\"x\")')", "a reader inside SQL"),
        ("np.load('x.npy')", "np.load"),
        ("!cat data/extracts/demo/x.csv", "!cat"),
        ("%run other.py", "%run"),
        ("rows = open('x.csv').read()", "open"),
        ("Path('x.csv').read_text()", "read_text"),
    ],
)
def test_other_ways_are_known_when_they_are_seen(source, reader):
    found = other_ways(source, may_open=False)
    assert reader in [way.reader for way in found]
    assert found[0].line == source[: source.rfind("\n") + 1].count("\n") + 1


@pytest.mark.parametrize(
    "source",
    [
        "stays = run.load('hospital_spells')",
        "run.show(stays, caption='read_csv, in words')",
    ],
)
def test_ordinary_cells_pass(source):
    assert other_ways(source, may_open=False) == []
