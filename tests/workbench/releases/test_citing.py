"""A citation is the same number for ever, or an error that says why not."""

from __future__ import annotations

import pytest

from woda_lib.records import CitationError, cite
from woda_lib.workbench.releases import withdraw_release


@pytest.fixture
def signed(hub):
    hub.release()
    hub.signed()
    return hub


def test_a_citation_gives_exactly_the_number_its_interval_unit_and_standing(signed):
    cited = cite("tiny@1.0/doubled", signed.settings)
    assert (cited.value, cited.low, cited.high, cited.unit) == (6.0, 5.0, 7.0, "days")
    assert (cited.state, cited.synthetic) == ("signed", True)
    assert cited.signers == ("Anna Price (Analytical lead)", "Ben Shah (Caldicott Guardian)")
    assert cited.sha256 == signed.standing().sha256
    assert str(cited) == "6.0 days (5.0 to 7.0)"


def test_it_stays_the_same_when_the_run_is_gone_and_there_are_later_releases(signed):
    before = cite("tiny@1.0/doubled", signed.settings)
    signed.another_run("2030-01-01T06-00-00-ab12", 7.0)
    signed.release()
    for run in (signed.settings.outputs_folder / "tiny").iterdir():
        run.rename(signed.bench.root / run.name)
    assert cite("tiny@1.0/doubled", signed.settings) == before


MISTAKES = [
    ("tiny@1.0", r"must read <pilot>@<version>/<value>"),
    ("tiny/1.0@doubled", r"must read <pilot>@<version>/<value>"),
    ("tinny@1.0/doubled", r"Nothing of 'tinny' is released\. Did you mean 'tiny'\?"),
    ("tiny@1.1/doubled", r"tiny has no release 1\.1\. Did you mean '1\.0'\?"),
    ("tiny@1.0/dubled", r"tiny 1\.0 has no value 'dubled'\. Did you mean 'doubled'\?"),
]


@pytest.mark.parametrize(("reference", "words"), MISTAKES)
def test_a_mistaken_citation_is_met_with_the_nearest(signed, reference, words):
    with pytest.raises(CitationError, match=words) as error:
        cite(reference, signed.settings)
    assert error.value.exit_code == 2


def test_where_nothing_is_released_nothing_is_cited(hub):
    with pytest.raises(CitationError, match="and of no other pilot either"):
        cite("tiny@1.0/doubled", hub.settings)


def test_a_release_that_awaits_signatures_is_cited_only_if_asked(hub):
    hub.release()
    hub.sign("anna_price")
    with pytest.raises(CitationError, match=r"tiny 1\.0 awaits signatures \(1 of 2 so far\)"):
        cite("tiny@1.0/doubled", hub.settings)
    assert cite("tiny@1.0/doubled", hub.settings, unsigned=True).state == "awaiting"


@pytest.mark.parametrize("unsigned", [True, False])
def test_a_void_release_is_never_cited(signed, unsigned):
    signed.folder().sums.unlink()
    with pytest.raises(CitationError, match=r"tiny 1\.0 is void .* SHA256SUMS is missing"):
        cite("tiny@1.0/doubled", signed.settings, unsigned=unsigned)


def test_a_withdrawn_release_is_never_cited(signed):
    withdraw_release("tiny", "1.0", reason="A mistake.", settings=signed.settings)
    with pytest.raises(CitationError, match="was withdrawn and must not be cited: A mistake"):
        cite("tiny@1.0/doubled", signed.settings, unsigned=True)


def test_a_number_that_was_withheld_is_not_cited(hub):
    def withheld(record):
        none = {"value": None, "low": None, "high": None}
        return {"values": tuple(v.model_copy(update=none) for v in record.values)}

    hub.change_run(step=withheld)
    hub.release(allow_dirty=True)
    with pytest.raises(CitationError, match="has no number: it was withheld"):
        cite("tiny@1.0/doubled", hub.settings, unsigned=True)
