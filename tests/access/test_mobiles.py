import pytest

from chalicelib.access.mobiles import RESELLER_RANGES, read_mobile
from chalicelib.kernel import InvalidRequestError
from infra.people import demo_person

# Not a mainland mobile. The first group is P02's own list.
REFUSED = [
    "+85251234567",
    "+881612345678",
    "01012345678",
    "13800138000;ext=1",
    "138001380001",
    "1380013800",
    "+8613800138000;ext=1",
    "+86+8613800138000",
    "008613800138000",
    "8613800138000",
    "12012345678",
    "11012345678",
    "13800138000 转 1",
    "138.0013.8000",
    "tel:13800138000",
    "95588",
    "",
    " ",
]


@pytest.mark.parametrize("typed", REFUSED)
def test_anything_but_a_mainland_mobile_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(InvalidRequestError) as refusal:
        read_mobile(typed)
    assert refusal.value.code == "sign_in.mobile"
    assert set(refusal.value.fields) == {"mobile"}


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "+8613800138000",
        "138 0013 8000",
        " +86 138-0013-8000 ",
        "１３８００１３８０００",
        "13800138000\n",
    ],
)
def test_a_mobile_reads_the_same_however_it_was_pasted(typed: str) -> None:
    mobile = read_mobile(typed)
    assert mobile.number.reveal() == "13800138000"
    assert mobile.masked == "138****8000"
    assert not mobile.reseller


@pytest.mark.parametrize("start", RESELLER_RANGES)
def test_a_resellers_mobile_is_taken_and_known_as_one(start: str) -> None:
    assert read_mobile(f"{start}12345678").reseller


@pytest.mark.parametrize("seed", [0, 1, 99_999, 9_999_999])
def test_made_up_people_have_mobiles_that_read(seed: int) -> None:
    assert read_mobile(demo_person(seed).mobile).number.reveal() == demo_person(seed).mobile
