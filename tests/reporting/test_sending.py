"""Who is told that a report was sent, and what they find behind the link."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError

from logement.models import Message
from tests.factories import MembershipFactory, TargetFactory
from tests.factories.reporting import VersionFileFactory
from tests.reporting.exercise import Exercise
from tests.reporting.test_inquiries import url, words


@pytest.fixture
def exercise(db):
    return Exercise()


def member(exercise, **fields):
    return MembershipFactory(territory=exercise.territory, **fields).user


def test_the_state_and_those_whom_the_lead_names_are_told_once(client, exercise):
    ddets, dihal = member(exercise, ddets=True), member(exercise, dihal=True)
    named, other = member(exercise, reader=True), member(exercise, partner=True)
    gone = member(exercise, ddets=True, over=True)
    client.force_login(exercise.lead)

    page = words(client.get(url("versions", exercise)))
    client.post(url("transmit", exercise), {"told": [named.pk]})
    client.post(url("transmit", exercise), {"told": [named.pk]})

    assert f'value="{other.pk}"' in page
    assert f'value="{ddets.pk}"' not in page
    told = list(Message.objects.values_list("recipient", flat=True))
    assert sorted(told) == sorted([ddets.pk, dihal.pk, named.pk])
    assert gone.pk not in told


def test_nobody_is_told_of_what_was_not_sent(exercise):
    member(exercise, ddets=True)
    exercise.add_line("Sans état", state=None)

    with pytest.raises(ValidationError, match="Une action n'a pas d'état"):
        exercise.transmit()

    assert Message.objects.count() == 0


def test_a_person_who_does_not_read_the_reports_of_the_territory_is_not_named(client, exercise):
    stranger = MembershipFactory(reader=True).user
    client.force_login(exercise.lead)

    page = words(client.post(url("transmit", exercise), {"told": [stranger.pk]}, follow=True))

    assert "Une des personnes choisies ne lit plus ce rapport." in page
    assert (exercise.state(), Message.objects.count()) == ("review", 0)


def test_the_link_of_the_message_opens_the_version_with_its_file(client, exercise):
    officer = member(exercise, ddets=True)
    version = exercise.transmit()
    VersionFileFactory(version=version, format="pdf", label="PDF")
    message = Message.objects.get()
    client.force_login(officer)

    link = next(line for line in message.text.splitlines() if line.startswith("http"))
    page = words(client.get(urlsplit(link).path))

    assert "Version 1, transmise le" in page
    assert "par Camille Ferrand" in page
    assert "Télécharger le rapport (PDF" in page
    assert url("version_figures", exercise, 1) in page


def test_the_figures_say_what_each_is_read_against_as_it_was_that_day(client, exercise):
    Exercise(number=2022, before=exercise)
    target = TargetFactory(indicator=exercise.indicator, year=exercise.year, number=120)
    exercise.transmit()
    target.number = 999
    target.save()
    client.force_login(member(exercise, ddets=True))

    page = words(client.get(url("version_figures", exercise, 1)))

    cells = re.findall(r'data-label="([^"]+)">\s*(.*?)\s*<', page.replace("<strong>", ""))
    assert cells[:3] == [
        ("2023", "100\u00a0personnes"),
        ("Année d'avant", "100\u00a0personnes"),
        ("Cible", "120\u00a0personnes"),
    ]
    assert "Comment le savez-vous ?" in page
