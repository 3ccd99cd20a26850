"""The Index of Multiple Deprivation 2025, by lower layer super output area of 2021.

England's 33,755 areas are ranked from the most deprived, 1, and cut into ten parts of equal size;
part 1 is the most deprived tenth. Published by the Ministry of Housing, Communities and Local
Government under the Open Government Licence.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from woda_lib.places.codes import read_code_column
from woda_lib.places.errors import PlacesError
from woda_lib.places.partner_tables import read_partner_table
from woda_lib.places.vintage import Joined, join_by_code

SOURCE = (
    "Ministry of Housing, Communities and Local Government, Index of Multiple Deprivation 2025, "
    "Open Government Licence"
)
TENTH = "IMD_decile"
"""The column of the tenth by the whole index."""


def deprivation(path: Path, areas: gpd.GeoDataFrame) -> Joined:
    """Join the index to boundaries of lower layer super output areas of 2021.

    Parameters
    ----------
    path : Path
        The table: a column of codes (``lsoa21_code``), ``IMD_decile``, ranks, scores and the seven
        domains'. It may cover all of England.
    areas : GeoDataFrame
        ``boundaries("lsoa")``.

    Returns
    -------
    Joined
        Deciles and ranks are whole numbers.

    Raises
    ------
    PlacesError
        If it has no column of codes or of the decile, or is of another vintage.
    """
    table = read_partner_table(path)
    columns = [read_code_column(str(name)) for name in table]
    found = [column.name for column in columns if column and column.level == "lsoa"]
    if not found or TENTH not in table:
        raise PlacesError(
            f"{path.name} is not the Index of Multiple Deprivation by area: it must have a column "
            f"of codes such as lsoa21_code, and {TENTH}. It has "
            f"{', '.join(map(str, table.columns[:10]))}."
        )
    for name in table.columns.difference(found):
        numbers = pd.to_numeric(table[name], errors="coerce")
        whole = str(name).lower().endswith(("decile", "rank"))
        table[name] = numbers.round().astype("Int64") if whole else numbers
    return join_by_code(areas, table, code=found[0], covers_more=True, what=path.name)
