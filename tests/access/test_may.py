"""Who may do what: every kind of actor, every action, every place, against a table written here anew."""

from __future__ import annotations

import itertools

import pytest

from chalicelib.access.model import ANYTHING, Action, Grant, Handler, Member, Role, Staff, Thing
from chalicelib.access.rules import GRANTS, may, require
from chalicelib.kernel import Actor, ForbiddenError, System, Visitor

# Read this as the office's own rule. A new action fails here until somebody has decided about it.
ALLOWED: dict[Action, set[str]] = {
    Action.JOIN: {"member"},
    Action.OPEN_POLICY: {"underwriter"},
    Action.ADD_SEATS: {"underwriter", "finance"},
    Action.PROMOTE_WAITING: {"system", "underwriter", "finance"},
    Action.RESEND_MESSAGE: {"underwriter", "finance", "clerk"},
    Action.READ_SUGGESTIONS: {"underwriter", "finance", "clerk"},
    Action.READ_OFFICE_CHECKS: {"underwriter", "clerk"},
    Action.MANAGE_STAFF: {"administrator"},
    Action.TURN_KEYS: {"administrator"},
    Action.VERIFY_AUDIT: {"administrator"},
    Action.REDRIVE_UPLOADS: {"administrator"},
    Action.READ_ROSTER: {"handler", "underwriter", "clerk"},
    Action.READ_UNIT_DOCUMENT: {"handler", "underwriter", "clerk"},
    Action.READ_CLAIM_PHOTO: {"member", "clerk"},
    Action.READ_BANK_FILE: {"finance"},
}
OWNED = {Action.READ_CLAIM_PHOTO}  # by members: of what is their own alone

CITY = ("zhoukou", "henan")  # a region and all it lies in
DISTRICT = ("chuanhui", "zhoukou", "henan")
ELSEWHERE = ("luoyang", "henan")
THINGS = {
    "of nobody": ANYTHING,
    "of a city": Thing(regions=(CITY,)),
    "of a district": Thing(regions=(DISTRICT,)),
    "of another city": Thing(regions=(ELSEWHERE,)),
    "of two cities": Thing(regions=(CITY, ELSEWHERE)),
    "of a unit there": Thing(regions=(CITY,), unit_id="unit-1"),
    "of a member there": Thing(regions=(CITY,), member="m"),
}
# Which things lie wholly inside the region a member of staff works for; "" is the whole office.
INSIDE = {
    "": set(THINGS),
    "henan": set(THINGS) - {"of nobody"},
    "zhoukou": {"of a city", "of a district", "of a unit there", "of a member there"},
    "chuanhui": {"of a district"},
    "luoyang": {"of another city"},
    "hebei": set(),
    "zhou": set(),  # a beginning of a code is no region
}


def staff(*roles: Role, region: str = "") -> Staff:
    return Staff("staff#1", "staff#1", frozenset(roles), region)


def test_every_action_has_a_grant_and_a_line_in_this_table() -> None:
    """Guard: none to remove; whoever adds an action decides here who may."""
    assert set(GRANTS) == set(Action) == set(ALLOWED)


PEOPLE: dict[str, Actor] = {
    "visitor": Visitor(source_ip="203.0.113.7"),
    "unknown": Actor("x", "x"),
    "member": Member("m"),
    "member of no mobile": Member(""),
    "handler": Handler("h", "h", unit_id="unit-1"),
    "handler of no unit": Handler("h", "h"),
    "system": System(),
    "no role": staff(),
}


@pytest.mark.parametrize("action", Action)
def test_who_is_not_staff_may_what_the_table_says_wherever_it_is(action: Action) -> None:
    for kind, thing in itertools.product(PEOPLE, THINGS):
        expected = kind.partition(" of no ")[0] in ALLOWED[action]
        if kind.startswith("handler"):
            expected &= (kind, thing) == ("handler", "of a unit there")
        if kind.startswith("member") and action in OWNED:
            expected &= (kind, thing) == ("member", "of a member there")
        assert may(PEOPLE[kind], action, THINGS[thing]) == expected, (kind, thing)


@pytest.mark.parametrize("action", Action)
def test_staff_may_what_one_of_their_roles_may_inside_their_region(action: Action) -> None:
    for role, region, thing in itertools.product(Role, INSIDE, THINGS):
        expected = role.value in ALLOWED[action] and thing in INSIDE[region]
        assert may(staff(role, region=region), action, THINGS[thing]) == expected, (role, region, thing)


@pytest.mark.parametrize("action", Action)
def test_several_roles_may_what_any_of_them_may_and_no_more(action: Action) -> None:
    for roles in itertools.combinations(Role, 2):
        expected = bool({role.value for role in roles} & ALLOWED[action])
        assert may(staff(*roles), action, ANYTHING) == expected


@pytest.mark.parametrize(
    ("unit", "thing", "expected"),
    [("unit-1", "unit-1", True), ("unit-1", "unit-2", False), ("unit-1", "", False), ("", "", False)],
)
def test_a_handler_acts_for_their_own_unit_alone(
    monkeypatch: pytest.MonkeyPatch, unit: str, thing: str, expected: bool
) -> None:
    monkeypatch.setitem(GRANTS, Action.ADD_SEATS, Grant(handlers=True))
    assert may(Handler("h", "h", unit_id=unit), Action.ADD_SEATS, Thing(unit_id=thing)) is expected


@pytest.mark.parametrize(
    ("member", "thing", "expected"), [("m", "m", True), ("m", "n", False), ("m", "", False), ("", "", False)]
)
def test_an_owner_is_the_very_member_whose_thing_it_is(
    monkeypatch: pytest.MonkeyPatch, member: str, thing: str, expected: bool
) -> None:
    monkeypatch.setitem(GRANTS, Action.ADD_SEATS, Grant(owners=True))
    assert may(Member(member), Action.ADD_SEATS, Thing(member=thing)) is expected


def test_a_grant_to_one_kind_is_no_grant_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    thing = Thing(regions=(CITY,), unit_id="unit-1", member="m")
    for grant, allowed in (
        (Grant(members=True), {"member", "member of no mobile"}),
        (Grant(owners=True), {"member"}),
        (Grant(handlers=True), {"handler"}),
        (Grant(system=True), {"system"}),
        (Grant(), set()),
    ):
        monkeypatch.setitem(GRANTS, Action.ADD_SEATS, grant)
        assert {kind for kind, actor in PEOPLE.items() if may(actor, Action.ADD_SEATS, thing)} == allowed
        assert not may(staff(*Role), Action.ADD_SEATS, thing)


def test_what_may_not_be_done_is_refused_with_a_sentence() -> None:
    require(Member("m"), Action.JOIN, ANYTHING)
    with pytest.raises(ForbiddenError) as refused:
        require(Visitor(), Action.JOIN, ANYTHING)
    assert refused.value.code == "access.not_allowed"
    assert refused.value.detail.endswith("。")
