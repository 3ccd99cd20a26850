"""How a model goes to disk and comes back: as the tables do that it was trained on.

A model cannot be blanked as a table can. Where a purpose is not shown a field of which one of its
features was made, the purpose is not handed the model at all; nor can an opt-out be taken out of
it. Who opts out is left out when it is trained again, which the planner sees to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4

from woda_lib.partners.hidden import clause_that_hides
from woda_lib.partners.lineage import Lineage, as_text, inferred, of_text
from woda_lib.partners.packages import read_package, write_package
from woda_lib.partners.reidentifying import Reidentifying
from woda_lib.partners.retention_dates import made_on

LINEAGE, MADE, RULES = "lineage", "made", "rules"
"""The notes of a saved table or model: where its columns stem from, by which execution it was
saved, and by which rules made."""


class Packing(Reidentifying):
    """The part of a door that models pass.

    Attributes
    ----------
    made : dict of str to str
        By table or model that was loaded, a mark that those of one execution of a step share.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.made: dict[str, str] = {}
        self._handed_out: dict[str, set[str]] = {}
        self._mark = uuid4().hex

    def save_package(
        self, path: Path, name: str, files: Mapping[str, bytes], *, features: Iterable[str]
    ) -> None:
        """Keep the files of a model, encrypted, and record that they are kept.

        Parameters
        ----------
        path : Path
        name : str
            How records name it.
        files : mapping of str to bytes
        features : iterable of str
            What it is told: columns of tables that this door has loaded.

        Raises
        ------
        AgreementError
            If the purpose is not, or no longer, agreed.
        KeyStoreError, AuditError
        """
        self._ask(self._purpose, name)
        features = list(features)
        lineage = inferred(features, self._handed_out)
        self.note("save", dataset=name, fields=features, detail="A model.")
        notes = {LINEAGE: as_text(lineage), MADE: self._mark}
        write_package(path, files, self.key, notes)

    def load_package(self, path: Path, reference: str) -> dict[str, bytes]:
        """Return the files of a model that `save_package` kept.

        Raises
        ------
        AgreementError
            If the purpose is not agreed today, or is not shown a field that the model knows of, or
            the model is past its retention.
        TableNotFound, RestrictedTableError, KeyStoreError
        """
        self._ask(self._purpose, reference)
        files, notes = read_package(path, reference, self.key)
        self._refuse_expired([(reference, made_on(path))], "results_months", reference)
        lineage = of_text(notes.get(LINEAGE, ""))
        self._refuse_hidden(lineage, reference)
        self.made[reference] = notes.get(MADE, "")
        self.note("load", dataset=reference, fields=lineage, detail="A model.")
        return files

    def _refuse_hidden(self, lineage: Lineage, reference: str) -> None:
        for feature, stems in lineage.items():
            for stem in sorted(stems):
                dataset, _, field = stem.partition(".")
                if clause := clause_that_hides(self.agreement, self.purpose, dataset, field):
                    raise self._denied(
                        self.agreement.denial(
                            clause.removeprefix(f"{self.agreement.id}."),
                            f"does not show {dataset}.{field} to the purpose {self.purpose}, and "
                            f"{reference} knows it by its feature {feature}. A model cannot be "
                            "blanked, so that it is not handed over at all",
                        ),
                        reference,
                    )
