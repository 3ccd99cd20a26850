"""A gazetteer of a few streets, as a table that tests can be read beside."""

from __future__ import annotations

import pandas as pd

NAMES = (
    "uprn parent_uprn logical_status class_code sub_building building street locality town postcode"
).split()

TABLE = """
100 |     | 1 | PP   |                   | 12                  | Mill Lane     |         | Malvern   | WR14 2AB
101 | 100 | 1 | RD06 | Flat 1            | 12                  | Mill Lane     |         | Malvern   | WR14 2AB
103 | 100 | 1 | RD06 | Flat 3            | 12                  | Mill Lane     |         | Malvern   | WR14 2AB
104 |     | 1 | RD04 |                   | 14                  | Mill Lane     |         | Malvern   | WR14 2AB
105 |     | 1 | RD04 |                   | 14A                 | Mill Lane     |         | Malvern   | WR14 2AB
106 |     | 1 | RD02 |                   | Rose Cottage        | Mill Lane     | Colwall | Malvern   | WR14 2AC
107 |     | 1 | RI01 |                   | Ivy Lodge Care Home | Church Street |         | Malvern   | WR14 2AD
108 |     | 1 | RD04 |                   | 12                  | Church Street |         | Worcester | WR1 2AD
109 |     | 1 | RD04 |                   | 12                  | Church Street |         | Malvern   | WR14 2AD
109 |     | 8 | RD04 |                   | 12                  | Gas Lane      |         | Malvern   | WR14 2AD
110 | 120 | 1 | RD06 | Flat 14           | Maple Court         | Fir Lane      |         | Malvern   | WR14 2AE
111 | 120 | 1 | RD06 | Flat 15           | Maple Court         | Fir Lane      |         | Malvern   | WR14 2AE
112 | 121 | 1 | RD01 | Pitch 7           | Severn Caravan Park | Ferry Road    |         | Upton     | WR8 2AE
113 |     | 1 | RD04 |                   | 20-22               | Ferry Road    |         | Upton     | WR8 2AE
114 | 125 | 1 | RD06 | Ground Floor Flat | 30                  | Ferry Road    |         | Upton     | WR8 2AE
115 | 125 | 1 | RD06 | First Floor Flat  | 30                  | Ferry Road    |         | Upton     | WR8 2AE
125 |     | 1 | PP   |                   | 30                  | Ferry Road    |         | Upton     | WR8 2AE
125 |     | 3 | PP   |                   | Severn House        | Ferry Road    |         | Upton     | WR8 2AE
130 |     | 1 | RD04 |                   | 2                   | Mill Walk     |         | Malvern   | WR14 2AF
"""  # noqa: E501


def gazetteer() -> pd.DataFrame:
    """Return the table with the columns of the contract."""
    rows = [
        [cell.strip() or None for cell in line.split("|")] for line in TABLE.strip().split("\n")
    ]
    return pd.DataFrame(rows, columns=NAMES)
