"""The grid of docs/rgaa.md is whole; the declaration says what it says; what it calls contrasted is."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from logement.rgaa import grid
from logement.templatetags.ui import percent
from tests.factories import MembershipFactory

#: How many criteria each theme of RGAA 4.1 has.
CRITERIA = {1: 9, 2: 2, 3: 3, 4: 13, 5: 8, 6: 2, 7: 5, 8: 10, 9: 4, 10: 14, 11: 13, 12: 11, 13: 12}
PLAIN = {"\u00a0": " ", "\u202f": " ", "’": "'"}


def test_each_of_the_106_criteria_is_answered_with_a_reason():
    expected = [f"{theme}.{rank}" for theme, most in CRITERIA.items() for rank in range(1, most + 1)]

    assert len(expected) == 106
    assert list(grid().answers) == expected
    assert len(grid().pages) == 10
    assert all(len(why) > 5 for _, _, why in grid().answers.values())


def test_the_tests_that_the_grid_names_are_there():
    text = (settings.BASE_DIR / "docs/rgaa.md").read_text(encoding="utf-8")
    names = {found.rpartition("/")[2] for found in re.findall(r"`([\w/]+\.py)`", text)}

    assert names - {path.name for path in (settings.BASE_DIR / "tests").rglob("*.py")} == set()


@pytest.mark.django_db
def test_the_declaration_says_what_the_grid_says_and_to_whom_one_writes(client, settings):
    settings.SITE_OWNER, settings.ACCESSIBILITY_CONTACT = "Métropole d'Ici", "acces@ici.example"
    held = MembershipFactory(partner=True, territory__contact="aide@ici.example")
    client.force_login(held.user)

    page = said(client.get(reverse("accessibility")))
    anonymous = said(Client().get(reverse("accessibility")))

    assert f"{grid().met} sont respectés, {grid().unmet} ne le sont pas" in anonymous
    assert f"Le taux est de {said_of(percent(grid().rate, 0))}" in anonymous
    assert all(said_of(reason) in anonymous for reason in grid().reasons)
    for words in (
        "Métropole d'Ici s'engage",
        "acces@ici.example",
        "Libre réponse 71120",
        "Défenseur des droits",
    ):
        assert words in anonymous
    assert "aide@ici.example" in page
    assert "aide@ici.example" not in anonymous


@pytest.mark.django_db
def test_without_an_address_the_declaration_says_so(client):
    assert "n'a pas encore indiqué ici d'adresse" in said(client.get(reverse("accessibility")))


def said(response):
    return said_of(response.content.decode())


def said_of(text):
    text = text.replace("&#x27;", "'")
    for sign, plain in PLAIN.items():
        text = text.replace(sign, plain)
    return " ".join(text.split())


# --- Contrasts (criterion 3.3) ---


def colours():
    """{name: "#rrggbb"} of the variables of the theme."""
    theme = (settings.BASE_DIR / "static/css/theme.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): (#\w{6});", theme.replace("#fff;", "#ffffff;")))


def contrast(one, other):
    """Between 1 and 21, as WCAG computes it."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("name", ["edge", "accent", "good", "warn", "bad", "muted"])
def test_edges_of_fields_marks_and_focus_stand_out(name):
    for ground in ("paper", "tint"):
        assert contrast(colours()[name], colours()[ground]) >= 3, ground
