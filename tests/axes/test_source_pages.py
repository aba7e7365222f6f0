"""The pages that list what the registers count, and what they announce: flat in queries."""

from datetime import date

import pytest
from django.urls import reverse

from axes.figures import FIGURES
from logement.models import RetentionNotice
from tests.factories import MembershipFactory, YearFactory
from tests.factories.bail_dabord import RegisterFactory, TenancyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "args", "queries"),
    [
        ("axes:sources", [2023], 6 + len(FIGURES)),
        ("axes:figure_rows", [2023, "bail_dabord.households_entered"], 8),
        ("announced", [], 11),
    ],
)
def test_a_list_takes_the_same_queries_whatever_its_length(
    client, name, args, queries, count, django_assert_num_queries
):
    territory = YearFactory(number=2023).territory
    partner = MembershipFactory(partner=True, territory=territory)
    register = RegisterFactory(territory=territory, organisation=partner.organisation)
    for tenancy in TenancyFactory.create_batch(count, household__register=register, ended=True):
        RetentionNotice.objects.create(
            register="bail_dabord.households",
            row=tenancy.household_id,
            territory=territory,
            organisation=partner.organisation,
            announced_on=date(2025, 6, 1),
            due_on=date(2025, 7, 1),
        )
    client.force_login(partner.user)

    with django_assert_num_queries(queries):
        client.get(reverse(name, args=[territory.code, *args]))
