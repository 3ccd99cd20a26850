"""A hand-made executed notebook with every kind of output, and with what nobody should have sent.

The fragments are written out as the verbs of `woda_lib.notebook` write them, so that these tests
say what the report relies on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import nbformat

from woda_lib.records import (
    Input,
    Manifest,
    Parameter,
    Pilot,
    RowCounts,
    Shown,
    Step,
    StepRecord,
    Value,
)

QUESTION = "How many days did the new discharge pathway save?"
ALT = "The mean wait was 8.5 days before October 2023 and 5.9 days after."
DAYS = Value(name="days_saved", value=2.7, low=2.1, high=3.3, unit="days")
POUNDS = Value(
    name="cost_avoided_per_month", value=153e3, low=119e3, high=187e3, unit="pounds", decimals=-3
)
SHARE = Value(name="linkage_rate", value=93.1, low=92.6, high=93.5, unit="%")
ANSWER = (
    "The pathway saved <strong>2.7 days</strong> (95% interval 2.1 to 3.3) for each person who "
    "left hospital through it. That is worth <strong>£153,000</strong> a month at average cost.",
    "So what: it frees beds &amp; shortens the wait for the next person, more than it saves money.",
)

PILOT = Pilot(
    pilot="patient_flow",
    title="Patient flow",
    question=QUESTION,
    owner="Hospital discharge board",
    agreement="patient_flow_2026",
    answered_by="2_evaluate",
    steps=(
        Step(
            name="1_link",
            question="Which council referral belongs to which hospital stay?",
            purpose="service_evaluation",
        ),
        Step(
            name="2_evaluate",
            question=QUESTION,
            needs=("1_link",),
            parameters=("bed_day_cost", "go_live"),
            purpose="service_evaluation",
        ),
        Step(
            name="3_flow_board",
            question="Who is waiting, where, and for what?",
            needs=("1_link",),
            purpose="direct_care",
        ),
    ),
    parameters={
        "bed_day_cost": Parameter(
            type="float", value=306.0, unit="£ a bed-day", description="Average cost, 2015/16."
        ),
        "go_live": Parameter(
            type="date", value=date(2023, 10, 1), description="First day of the new pathway."
        ),
    },
)


def fact(label: str, number: str, interval: str) -> str:
    """A headline value, as `run.value` displays it."""
    return (
        f'<dl class="facts"><div><dt>{label}</dt><dd><span class="v">{number}</span> '
        f"95% interval {interval}</dd></div></dl>"
    )


def hostile_table() -> str:
    """A table, as `run.show` displays it, whose second label is an attack."""
    rows = (
        ("Bromsgrove", "335", "6.0", "10.9 to 13.9"),
        ("&lt;script&gt;alert(&#x27;cell&#x27;)&lt;/script&gt;", "250", "6.3", "10.0 to 14.6"),
        ("Redditch", "1,210", "−0.4", "−1.0 to 0.2"),
        ("Wyre Forest", "[c]", "[c]", "[c]"),
    )
    body = "".join(
        f'<tr><th scope="row">{label}</th><td class="n">{people}</td><td class="n">{days}</td>'
        f"<td>{interval}</td></tr>"
        for label, people, days, interval in rows
    )
    return (
        '<div class="scroll" role="region" tabindex="0" aria-labelledby="t-days_by_district">'
        '<table data-sort><caption id="t-days_by_district"><span class="cap">'
        '<a class="dl" href="shown/2_evaluate/days_by_district.csv" download>CSV'
        '<span class="vh"> of table 1</span></a><b>Table 1.</b> Days from referral to discharge, '
        "by district of home &amp; hospital</span></caption><thead><tr>"
        '<th scope="col">District</th>'
        '<th scope="col" class="n">People</th><th scope="col" class="n">Days saved</th>'
        f'<th scope="col">95% interval</th></tr></thead><tbody>{body}</tbody></table></div>'
        '<p class="tnote">[c] withheld: fewer than 5 people, or a figure that rests on them.</p>'
    )


def figure() -> str:
    """A figure in two widths, as the verbs of the notebook write it."""

    def drawing(width: int) -> str:
        right = width - 120
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="fig" viewBox="0 0 {width} 240" '
            f'role="img" aria-label="{ALT}"><g style="font: 13px var(--sans)">'
            f'<path d="M0 200H{right}" style="stroke: var(--edge, #85808a)"/>'
            f'<path d="M0 60H{right // 2}V130H{right}" '
            'style="fill: none; stroke: var(--ink, #1d1a21); stroke-width: 2.4"/>'
            f'<path d="M{right // 2} 60H{right}" style="fill: none; '
            'stroke: var(--plum, #74214f); stroke-width: 2.4; stroke-dasharray: 7 4"/>'
            f'<text x="{right + 8}" y="64" style="fill: var(--plum, #74214f)">without: 8.6</text>'
            f'<text x="{right + 8}" y="134" style="fill: var(--ink, #1d1a21)">with: 5.9</text>'
            "</g></svg>"
        )

    return (
        '<figure class="picture" aria-labelledby="f-days_by_month">'
        '<figcaption id="f-days_by_month">'
        '<a class="dl" href="shown/2_evaluate/days_by_month.csv" download>CSV'
        '<span class="vh"> of figure 1</span></a><b>Figure 1.</b> The wait fell by 2.7 days in the '
        f'month the pathway opened, and stayed down</figcaption><div class="wide">{drawing(730)}'
        f'</div><div class="narrow" style="display:none">{drawing(300)}</div></figure>'
    )


def answer(drawing: str = "") -> str:
    """The answer, as `run.answer` fills it."""
    first, rest = ANSWER
    return f'<section class="answer"><p class="say">{first}</p><p>{rest}</p>{drawing}</section>'


def made(kind: str, name: str, html: str) -> nbformat.NotebookNode:
    """An output as one of the run's verbs displays it."""
    return nbformat.v4.new_output(
        "display_data",
        data={"text/html": html, "text/plain": name},
        metadata={"woda": {"kind": kind, "name": name}},
    )


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook of some cells."""
    return nbformat.v4.new_notebook(cells=list(cells))


def code(source: str, *outputs: nbformat.NotebookNode, tags: tuple[str, ...] = ()) -> Any:
    """A code cell that has run."""
    return nbformat.v4.new_code_cell(
        source, outputs=list(outputs), metadata={"tags": list(tags)}, execution_count=1
    )


def text(source: str) -> nbformat.NotebookNode:
    """A markdown cell."""
    return nbformat.v4.new_markdown_cell(source)


def whole_notebook() -> nbformat.NotebookNode:
    """Every kind of output in the order of a real one, hostile and foreign content between."""
    foreign = [
        nbformat.v4.new_output("stream", text="FOREIGN stream"),
        nbformat.v4.new_output(
            "execute_result", data={"text/html": "<p>FOREIGN result</p>"}, execution_count=1
        ),
        nbformat.v4.new_output("display_data", data={"text/html": "<p>FOREIGN display</p>"}),
    ]
    days = fact("Days saved", "2.7 <small>days</small>", "2.1 to 3.3")
    pounds = fact("Cost avoided per month", "£153,000", "£119,000 to £187,000")
    share = fact("Linkage rate", "93.1 <small>%</small>", "92.6 to 93.5")
    begun = made("answer", "2_evaluate", answer(figure()))
    return notebook(
        text(f"# {QUESTION}\n\nEveryone aged 18 or over whom the hospital referred to adult care."),
        code("bed_day_cost: float = 306.0  # £ a bed-day", tags=("parameters",)),
        code("bed_day_cost = 350.0", tags=("injected-parameters",)),
        code('run = begin("patient_flow", "2_evaluate")', begun),
        text(
            "## What we loaded\n\nRows <script>alert('prose')</script> came from two partners, "
            "<img src=x onerror=alert(1)> see [the standard](https://example.org/standard), "
            "<https://example.org/plain>, [the linkage](1_link.ipynb#how) and "
            "[this](javascript:alert(1)).\n\n"
            "![a remote picture](http://example.org/picture.png)\n\n"
            "- one\n- two\n\n| Stage | Days |\n|:--|--:|\n| decision | 2 |\n"
        ),
        code("spells = run.load('hospital_spells')  # https://example.org/contract", *foreign),
        text("## The primary result\n\nThe step is the answer."),
        code("run.value('days_saved', 2.7)", made("value", "days_saved", days)),
        code("run.value('cost', 153e3)", made("value", "cost_avoided_per_month", pounds)),
        code("run.show(chart)", made("figure", "days_by_month", figure())),
        text("## Who gained\n\nEvery district gained.\n\n### By district\n\nRead them as one."),
        code("run.show(districts)", made("table", "days_by_district", hostile_table())),
        code("run.value('linkage_rate', 93.1)", made("value", "linkage_rate", share)),
        text("## Who gained\n\nThe same heading again.\n\n# A second title\n\nis a section."),
        code("run.finish()", made("provenance", "2_evaluate", "<p>FOOTER of the notebook</p>")),
    )


def step_record(step: str = "2_evaluate", *, synthetic: bool = True) -> StepRecord:
    """What `run.finish` wrote down for a step."""
    files = tuple(
        Input(
            name="hospital_spells",
            path=f"worcestershire_acute/hospital_spells_2024-{month:02}.csv",
            sha256=f"{month:064x}",
            bytes=120_000,
        )
        for month in range(1, 13)
    )
    table = Input(
        name="patient_flow/1_link:referral_spells",
        path="restricted/1_link/referral_spells.parquet",
        sha256="ab12" * 16,
        bytes=90_000,
    )
    return StepRecord(
        pilot="patient_flow",
        step=step,
        question=PILOT.step(step).question,
        parameters={"bed_day_cost": 350.0, "go_live": "2023-10-01"} if step == "2_evaluate" else {},
        seed=20260101,
        as_of=date(2025, 3, 31),
        synthetic=synthetic,
        agreement="patient_flow_2026",
        purpose="service_evaluation",
        started=datetime(2026, 11, 18, 6, 0, 2, tzinfo=UTC),
        finished=datetime(2026, 11, 18, 6, 1, 5, tzinfo=UTC),
        answer="\n\n".join(ANSWER),
        values=(DAYS, POUNDS, SHARE),
        inputs=(*files, table),
        rows={
            "hospital_spells": RowCounts(
                delivered=61_204, kept=60_700, quarantined=312, superseded=180, duplicates=12
            )
        },
        shown=(
            Shown(
                name="days_by_district",
                kind="table",
                caption="Days by district",
                files=("shown/2_evaluate/days_by_district.csv",),
                withheld_cells=2,
            ),
        ),
        saved=(),
    )


def manifest(run_id: str, *records: StepRecord) -> Manifest:
    """The manifest of a run of these steps."""
    return Manifest(
        pilot="patient_flow",
        run_id=run_id,
        started=records[0].started,
        finished=records[-1].finished,
        commit="4f2c91e" + "0" * 33,
        dirty=False,
        lock_sha256="7be1" * 16,
        packages={},
        workbench="0.1.0",
        extracts="demo",
        parameters={},
        answer=records[-1].answer,
        steps=records,
    )


def write_notebook(path: Path, content: nbformat.NotebookNode) -> Path:
    """Write an executed notebook where a run keeps it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(content, path)
    return path
