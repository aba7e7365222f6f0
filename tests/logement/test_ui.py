"""French formats, states, filters and the shared pieces of the screens."""

import datetime
from decimal import Decimal

import django_filters
import django_tables2
import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import reverse
from pytest_django.asserts import assertInHTML

from logement.models import Event, Job
from logement.templatetags import ui

PARIS_NOON = datetime.datetime(2024, 3, 12, 11, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (34500, "34\u202f500"),
        (1234567, "1\u202f234\u202f567"),
        (Decimal("5.8000"), "5,8"),
        (Decimal("0.00004"), "0"),
        (Decimal("0.00005"), "0,0001"),
        (0, "0"),
        (100, "100"),
        (Decimal("1E+5"), "100\u202f000"),
        (-12.5, "\u221212,5"),
        (Decimal("-0.00001"), "0"),
        ("27", "27"),
        (None, ""),
        ("", ""),
        ("non disponible", ""),
        (True, ""),
        (Decimal("NaN"), ""),
    ],
)
def test_number_is_french(value, text):
    assert ui.number(value) == text


def test_number_rounds_half_up_to_the_places_asked():
    assert (ui.number(Decimal("2.25"), 1), ui.number(Decimal("2.5"), 0), ui.number("96.04", 1)) == (
        "2,3",
        "3",
        "96",
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2770, "2\u202f770\u00a0€"),
        (0, "0\u00a0€"),
        (Decimal("12.5"), "12,50\u00a0€"),
        (Decimal("2770.00"), "2\u202f770\u00a0€"),
        (Decimal("0.995"), "1\u00a0€"),
        (Decimal("-5"), "\u22125\u00a0€"),
        (None, ""),
    ],
)
def test_money_shows_cents_only_when_there_are_some(value, text):
    assert ui.money(value) == text


def test_percent_takes_hundredths_and_leaves_a_blank_blank():
    assert (ui.percent(Decimal("96.25")), ui.percent(71), ui.percent(0), ui.percent(None)) == (
        "96,3\u00a0%",
        "71\u00a0%",
        "0\u00a0%",
        "",
    )


def test_dates_are_written_out():
    assert ui.date_fr(datetime.date(2024, 3, 1)) == "1er\u00a0mars 2024"
    assert ui.date_fr(datetime.date(2024, 8, 12)) == "12\u00a0août 2024"
    assert ui.date_fr(None) == ""


def test_moments_are_shown_in_paris_time():
    assert ui.datetime_fr(PARIS_NOON) == "12\u00a0mars 2024 à 12\u00a0h\u00a005"
    assert ui.date_fr(datetime.datetime(2024, 3, 31, 22, 30, tzinfo=datetime.UTC)) == "1er\u00a0avril 2024"
    assert ui.datetime_fr(None) == ""


def test_state_badge_says_the_word_and_hides_the_shape_from_screen_readers():
    badge = ui.state_badge("Réalisé", "done")
    assert badge.startswith('<span class="badge-state is-good"><svg')
    assert badge.endswith("</svg>Réalisé</span>")
    assert 'aria-hidden="true"' in badge
    assert "style=" not in badge


def test_state_badge_takes_a_member_of_choices():
    assert "is-bad" in ui.state_badge(Job.State.FAILED)
    assert ui.state_badge(Job.State.FAILED).endswith("En échec</span>")


def test_state_badge_of_an_unknown_code_or_of_no_word_still_says_something():
    assert ui.state_badge("Suspendue", "other").endswith("Suspendue</span>")
    assert ui.state_badge("").endswith("À renseigner</span>")


def test_state_badge_escapes_the_word():
    assert "&lt;b&gt;" in ui.state_badge("<b>", "done")


def test_every_badge_has_a_shape():
    assert {shape for _, shape in ui.BADGES.values()} <= set(ui.SHAPES)


class EventFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Rechercher")
    state = django_filters.MultipleChoiceFilter(
        label="État",
        choices=[("done", "Réalisée"), ("Autres", [("ongoing", "En cours")])],
        widget=forms.SelectMultiple,
    )
    at = django_filters.DateFromToRangeFilter(label="Période")

    class Meta:
        model = Event
        fields = []


def filters(query):
    return EventFilter(QueryDict(query), queryset=Event.objects.none())


def test_active_filters_name_each_value_and_how_to_remove_it():
    assert ui.active_filters(filters("q=bail&state=done&state=ongoing&page=3&sort=-at")) == [
        {"label": "Rechercher", "value": "bail", "url": "?state=done&state=ongoing&sort=-at"},
        {"label": "État", "value": "Réalisée", "url": "?q=bail&state=ongoing&sort=-at"},
        {"label": "État", "value": "En cours", "url": "?q=bail&state=done&sort=-at"},
    ]


def test_active_filters_see_both_ends_of_a_range():
    assert [
        chip["value"] for chip in ui.active_filters(filters("at_after=2024-01-01&at_before=2024-12-31"))
    ] == [
        "2024-01-01",
        "2024-12-31",
    ]


def test_active_filters_of_an_unbound_list_are_none():
    assert ui.active_filters(EventFilter(None, queryset=Event.objects.none())) == []


def test_filter_form_labels_its_fields_and_shows_its_chips():
    template = Template('{% include "tables/_filters.html" with filter=filter only %}')
    html = template.render(Context({"filter": filters("q=bail")}))
    assert '<label for="id_q">Rechercher</label>' in html
    assert "Retirer le filtre" in html
    assert 'href="?">Effacer les filtres</a>' in html


class ActionTable(django_tables2.Table):
    caption = "Actions de l'exercice"
    title = django_tables2.Column(verbose_name="Action")
    amount = django_tables2.Column(
        verbose_name="Crédits", orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )


def rendered(rf, rows, query=""):
    request = rf.get(f"/actions/?{query}")
    table = ActionTable([{"title": f"Action {row}", "amount": 34500} for row in range(rows)])
    django_tables2.RequestConfig(request, paginate={"per_page": 2}).configure(table)
    template = Template("{% load django_tables2 %}{% render_table table %}")
    return template.render(Context({"table": table, "request": request}))


def test_table_has_caption_count_and_named_scrolling_region(rf):
    html = rendered(rf, 1)
    region = " ".join(html.split())
    assert 'role="region" aria-label="Actions de l&#x27;exercice" tabindex="0"' in region
    assert "<caption>" in html
    assert "1 résultat<" in html
    assert 'scope="col"' in html
    assert "Pages de la liste" not in html


def test_table_says_its_order_and_the_next_one_and_goes_back_to_the_first_page(rf):
    html = rendered(rf, 5, "sort=title&page=2")
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-title"' in html
    assert "ordre décroissant" in html


def test_table_pages_are_a_french_landmark(rf):
    html = rendered(rf, 5, "page=2")
    assert "5 résultats<" in html
    assert 'aria-label="Pages de la liste : Actions de l&#x27;exercice"' in html
    assert '<span aria-current="page">' in html
    assert ("Précédente" in html, "Suivante" in html) == (True, True)


def test_empty_table_says_what_to_do(rf):
    html = rendered(rf, 0)
    assert "0 résultat<" in html
    assert "Élargissez les filtres" in html


class ReasonForm(forms.Form):
    state = forms.CharField(label="État")
    reason = forms.CharField(label="Motif", required=False, help_text="En une phrase.")
    kind = forms.ChoiceField(label="Accord", choices=[("f", "féminin")], widget=forms.RadioSelect)


def test_form_errors_are_listed_on_top_and_lead_to_the_fields():
    html = str(ReasonForm({}))
    assert html.index('class="error-summary"') < html.index('<label for="id_state">')
    assert '<a href="#id_state">État : Ce champ est obligatoire.</a>' in html
    assert '<a href="#id_kind_0">Accord : Ce champ est obligatoire.</a>' in html


def test_form_fields_have_label_help_and_say_when_they_are_optional():
    html = str(ReasonForm())
    assert "error-summary" not in html
    assertInHTML('<div class="helptext" id="id_reason_helptext">En une phrase.</div>', html)
    assert html.count("(facultatif)") == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_login", "Se connecter"),
        ("account_reset_password", "Recevoir le lien"),
        ("account_reset_password_done", "Consultez votre messagerie"),
        ("account_reset_password_from_key_done", "Mot de passe changé"),
        ("account_signup", "Comptes sur invitation"),
        ("account_inactive", "Compte inactif"),
    ],
)
@pytest.mark.django_db
def test_account_page_is_ours_and_in_french(client, name, words):
    html = client.get(reverse(name)).content.decode()
    assert words in html
    assert '<html lang="fr">' in html
    assert " style=" not in html
    assert "<style" not in html


@pytest.mark.django_db
def test_password_reset_mail_is_in_french_and_reveals_nothing(client, django_user_model):
    django_user_model.objects.create_user("anne@example.org", "une-phrase-longue", full_name="Anne")
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in ("anne@example.org", "personne@example.org")
    ]
    assert [answer.headers["Location"] for answer in answers] == [reverse("account_reset_password_done")] * 2
    assert [message.subject for message in mail.outbox] == [
        "Suivi Logement d'abord : choisir un nouveau mot de passe",
        "Suivi Logement d'abord : aucun compte à cette adresse",
    ]
    assert all(message.body.startswith("Bonjour,") for message in mail.outbox)


@pytest.mark.django_db
def test_unknown_address_gives_our_page(client):
    answer = client.get("/cette-adresse-n-existe-pas/")
    assert (answer.status_code, "Page introuvable" in answer.content.decode()) == (404, True)


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "429.html"])
def test_error_page_renders_for_a_stranger(rf, name):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert "<h1>" in render_to_string(name, request=request)


def test_server_error_page_needs_no_context():
    assert "Le serveur a rencontré une erreur" in render_to_string("500.html")


def test_a_guillemet_stays_on_the_line_of_its_word_and_nothing_is_escaped_twice():
    held = Template("{% load ui %}{{ typed|quotes_held }} {{ kept|safe|quotes_held }}")

    shown = held.render(Context({"typed": "Voir « A & B ».", "kept": "<b>« C »</b>"}))

    assert shown == "Voir «\u00a0A &amp; B\u00a0». <b>«\u00a0C\u00a0»</b>"
