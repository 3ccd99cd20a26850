"""Residents whose names nobody has, known to the scan and to nothing else."""

from woda_lib.disclosure import names_canary, read_canaries, write_canaries
from woda_lib.synthetic.canaries import CANARIES
from woda_lib.synthetic.name_pools import PLACE_FIRST, PLACE_LAST
from woda_lib.synthetic.names import COMMUNITIES, _surname_pool


def test_nobody_else_bears_a_canarys_surname():
    surnames = {str(name) for community in COMMUNITIES for name in _surname_pool(community)[0]}
    surnames |= {first + last for first in PLACE_FIRST for last in PLACE_LAST}
    for canary in CANARIES:
        assert canary.surname not in surnames
        assert not names_canary(" ".join(sorted(surnames)), (canary,))


def test_they_are_listed_beside_the_truth(tmp_path):
    assert read_canaries(tmp_path) == ()
    write_canaries(CANARIES, tmp_path)
    assert read_canaries(tmp_path) == CANARIES


def test_a_canary_is_found_however_its_name_is_written():
    for text in ("QUILLFEATHERBY, Z.", "quill-feather-by", "Quíllfeatherby", "zquillfeatherby.csv"):
        assert names_canary(text, CANARIES)
    assert not names_canary("A quill and a feather by the bed", CANARIES)


def test_every_canary_is_among_the_records_of_a_hospital_or_a_council(county):
    listed = read_canaries(county.truth_folder)
    assert listed == CANARIES
    delivered = "".join(
        path.read_bytes().decode("latin-1")
        for dataset in ("hospital_spells", "social_care_clients")
        for path in county.extracts.glob(f"*/{dataset}_*.csv")
    )
    found = [canary for canary in listed if names_canary(delivered, (canary,))]
    assert found == list(listed)
