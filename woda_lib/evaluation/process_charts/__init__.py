"""Process charts (*plot the dots*): is this month different, or the ordinary coming and going?

Every process varies. A process chart draws limits within which it varies by itself, and names the
patterns that chance alone rarely makes. When the process is known to have changed, limits are
worked out afresh from that month on, because limits of the old process say nothing about the new.
The words, rules and icons are those of NHS England's Making Data Count.

Nothing here knows of patient flow: `process_chart` and `process_table` take any tidy table.
"""

from __future__ import annotations

from woda_lib.evaluation.process_charts.build import process_chart
from woda_lib.evaluation.process_charts.chart import ProcessChart
from woda_lib.evaluation.process_charts.errors import ProcessChartError
from woda_lib.evaluation.process_charts.icons import icon_svg
from woda_lib.evaluation.process_charts.table import ProcessTable, process_table
from woda_lib.evaluation.process_charts.verdicts import MEANING, Verdict

__all__ = [
    "MEANING",
    "ProcessChart",
    "ProcessChartError",
    "ProcessTable",
    "Verdict",
    "icon_svg",
    "process_chart",
    "process_table",
]
