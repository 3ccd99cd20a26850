"""A model as files: written from a run, checked byte by byte, and told of in two papers."""

from woda_lib.prediction.bundle.bundle import (
    Bundle,
    load_bundle,
    make_bundle,
    read_bundle,
    save_bundle,
)
from woda_lib.prediction.bundle.card import model_card
from woda_lib.prediction.bundle.known import NOT_ASSESSED, Assessed, Judged, Known
from woda_lib.prediction.bundle.noted import Registered
from woda_lib.prediction.bundle.paper import Entry, Exhibit, Paper, Section
from woda_lib.prediction.bundle.record import transparency_record
from woda_lib.prediction.bundle.render import as_html, as_markdown, paper_json
from woda_lib.prediction.bundle.standard import STANDARD, TEMPLATE

__all__ = [
    "NOT_ASSESSED",
    "STANDARD",
    "TEMPLATE",
    "Assessed",
    "Bundle",
    "Entry",
    "Exhibit",
    "Judged",
    "Known",
    "Paper",
    "Registered",
    "Section",
    "as_html",
    "as_markdown",
    "load_bundle",
    "make_bundle",
    "model_card",
    "paper_json",
    "read_bundle",
    "save_bundle",
    "transparency_record",
]
