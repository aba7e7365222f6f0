"""The doors of the views: `requires`, and `year_page` which stands on it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from axes.doors import check_still_open, year_page
from logement.access import requires
from logement.roles import Permission as P
from tests.factories import MembershipFactory, TerritoryFactory, YearFactory

pytestmark = pytest.mark.django_db


def answer(request, place, *args, **kwargs):
    return HttpResponse(str(place))


@pytest.fixture
def enter(rf):
    """`enter(view, user, **address)`: what the view answers to this person: its text, or the exception's class."""

    def enter(view, user, **address):
        request = rf.get("/")
        request.user = user
        try:
            return view(request, **address).content.decode()
        except (Http404, PermissionDenied) as refusal:
            return type(refusal)

    return enter


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("lead", "Montpellier"),
        ("reader", PermissionDenied),
        ("administrator", Http404),
        ("stranger", Http404),
    ],
)
def test_requires_hides_refuses_or_opens(enter, role, expected):
    territory = TerritoryFactory(code="montpellier", name="Montpellier")
    trait = {"lead": True} if role == "stranger" else {role: True, "territory": territory}
    view = requires(P.EDIT_PLAN, sees=P.VIEW_LINES)(answer)

    assert enter(view, MembershipFactory(**trait).user, territory="montpellier") == expected


def test_requires_without_sees_hides_from_whoever_may_not(enter):
    reader = MembershipFactory(reader=True)

    assert enter(requires(P.EDIT_PLAN)(answer), reader.user, territory=reader.territory.code) == Http404


def test_requires_is_content_with_one_of_several_permissions(enter):
    partner = MembershipFactory(partner=True, territory__name="Ici")
    view = requires((P.VIEW_LINES, P.VIEW_OWN_LINES))(answer)

    assert enter(view, partner.user, territory=partner.territory.code) == "Ici"


def test_whoever_may_act_sees_even_when_sees_does_not_say_it(enter):
    lead = MembershipFactory(lead=True, territory__name="Ici")
    view = requires(P.EDIT_PLAN, sees=P.VIEW_OWN_LINES)(answer)

    assert enter(view, lead.user, territory=lead.territory.code) == "Ici"


def test_requires_knows_a_territory_by_its_code_alone(enter):
    lead = MembershipFactory(lead=True)
    view = requires(P.EDIT_PLAN)(answer)

    assert enter(view, lead.user, territory=str(lead.territory.pk)) == Http404


def test_requires_says_what_it_asks():
    assert requires((P.EDIT_PLAN, P.VIEW_LINES))(answer).permissions == (P.EDIT_PLAN, P.VIEW_LINES)


def test_year_page_gives_the_exercise_with_its_territory_and_convention(enter, django_assert_num_queries):
    lead = MembershipFactory(lead=True)
    year = YearFactory(agreement__territory=lead.territory, number=2023)

    def view(request, year):
        return HttpResponse(f"{year.territory.code}, {year.agreement.title}")

    with django_assert_num_queries(3):  # the memberships, the territory, the exercise
        found = enter(year_page(P.EDIT_PLAN)(view), lead.user, territory=lead.territory.code, number=2023)

    assert found == f"{lead.territory.code}, {year.agreement.title}"


def test_year_page_takes_the_exercise_of_its_own_territory(enter):
    lead = MembershipFactory(lead=True)
    YearFactory(number=2023)

    assert (
        enter(year_page(P.EDIT_PLAN)(answer), lead.user, territory=lead.territory.code, number=2023)
        == Http404
    )


@pytest.mark.parametrize("state", ["preparation", "collection", "writing", "review"])
def test_an_exercise_that_was_not_sent_is_open(state):
    assert check_still_open(YearFactory(state=state)) is None


@pytest.mark.parametrize("state", ["sent", "closed"])
def test_an_exercise_that_was_sent_refuses_every_form(state):
    with pytest.raises(PermissionDenied, match="a été transmis"):
        check_still_open(YearFactory(state=state))
