import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from axes.models import Entry, Indicator, Year
from tests.factories import (
    ActionFactory,
    AxisFactory,
    EntryFactory,
    IndicatorFactory,
    MembershipFactory,
    OrganisationFactory,
    TargetFactory,
    YearFactory,
)

pytestmark = pytest.mark.postgresql

SPACE, THIN = "\u00a0", "\u202f"


@pytest.fixture
def year(db):
    return YearFactory(number=2023)


@pytest.fixture
def before(year):
    return YearFactory(agreement=year.agreement, number=2022)


@pytest.fixture
def indicator(year):
    return IndicatorFactory(
        territory=year.territory, code="A3-06", label="Ménages entrés dans un logement", unit="ménages"
    )


@pytest.fixture
def share(year):
    return IndicatorFactory(
        territory=year.territory, code="A3-17", kind="rate", unit="%", base="56 personnes entrées"
    )


@pytest.fixture
def log_in(client, year):
    """`log_in("reader")`: the client becomes somebody with that role in the territory (or in `territory`)."""

    def log_in(role, **fields):
        membership = MembershipFactory(**{role: True, "territory": year.territory} | fields)
        client.force_login(membership.user)
        return membership

    return log_in


@pytest.fixture
def lead(log_in):
    return log_in("lead").user


def url(name, year, *args):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, *args])


def labels(response):
    return [row.indicator.label for row in response.context["table"].data]


def words(response):
    return re.sub(r"[ \n]+", " ", response.content.decode())


# --- The list ---


def test_list_shows_each_figure_with_the_year_before_the_change_and_the_target(
    client, lead, year, before, indicator
):
    EntryFactory(indicator=indicator, year=before, number=107, is_fictive=True)
    EntryFactory(indicator=indicator, year=year, number=142)
    TargetFactory(indicator=indicator, year=year, number=150)
    response = client.get(url("indicators", year))
    row = response.context["table"].rows[0]
    cells = [str(row.get_cell(name)) for name in ("before", "before", "value", "change", "target", "act")]
    shown = ["107", "fictive", "142", f"+35{SPACE}(+33{SPACE}%)", f"150{SPACE}ménages", "Corriger"]
    assert [cell for word, cell in zip(shown, cells, strict=True) if word not in cell] == []


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        (None, "pas encore reçu"),
        ({"unavailable": True}, "non disponible"),
        ({"not_applicable": True}, "sans objet"),
        ({"number": 0}, ">0<"),
    ],
)
def test_list_tells_the_four_blanks_apart(client, lead, year, indicator, entry, shown):
    if entry:
        EntryFactory(indicator=indicator, year=year, **entry)
    cell = client.get(url("indicators", year)).context["table"].rows[0].get_cell("value")
    assert shown in cell


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_whatever_its_length(
    client, lead, year, before, count, django_assert_num_queries
):
    for _ in range(count):
        entry = EntryFactory(
            year=year, indicator__action=ActionFactory(), indicator__supplier=OrganisationFactory()
        )
        EntryFactory(indicator=entry.indicator, year=before)
        TargetFactory(indicator=entry.indicator, year=year)
    with django_assert_num_queries(11):
        response = client.get(url("indicators", year))
    assert len(labels(response)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_filtered_list_takes_one_query_more(client, lead, year, count, django_assert_num_queries):
    for _ in range(count):
        EntryFactory(year=year)
    with django_assert_num_queries(13):
        response = client.get(
            url("indicators", year), {"valeur": "filled", "texte": "indicateur", "type": "headcount"}
        )
    assert len(labels(response)) == count


@pytest.fixture
def three(year):
    """An indicator of axis 1, one of axis 2 that is not available, and one of no axis that is pending."""
    first, second = (
        ActionFactory(axis=AxisFactory(agreement=year.agreement, number=n, position=n)) for n in (1, 2)
    )
    common = {"territory": year.territory}
    EntryFactory(
        year=year,
        number=4,
        indicator=IndicatorFactory(
            **common, label="Hébergés", code="A1", action=first, source_detail="Insee", position=1
        ),
    )
    EntryFactory(
        year=year,
        unavailable=True,
        indicator=IndicatorFactory(
            **common, label="Loyers", code="A2", action=second, kind="amount", position=2
        ),
    )
    IndicatorFactory(**common, label="Demandes", code="P1", definition="Au 31 décembre, l’année", position=3)
    return {"first": first, "second": second}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("texte", "HEBERGES", ["Hébergés"]),
        ("texte", "a2", ["Loyers"]),
        ("texte", "decembre l'annee", ["Demandes"]),
        ("texte", "hébergés loyers", []),
        ("type", "amount", ["Loyers"]),
        ("source", "Insee", ["Hébergés"]),
        ("valeur", "filled", ["Hébergés"]),
        ("valeur", "unavailable", ["Loyers"]),
        ("valeur", "pending", ["Demandes"]),
        ("valeur", "not_applicable", []),
        ("axe", "null", ["Demandes"]),
        ("axe", lambda three: three["second"].axis_id, ["Loyers"]),
        ("action", lambda three: three["first"].pk, ["Hébergés"]),
    ],
)
def test_list_filters(client, lead, year, three, name, value, expected):
    value = value(three) if callable(value) else value
    assert labels(client.get(url("indicators", year), {name: value})) == expected


@pytest.mark.parametrize(
    "query", [{"axe": "999"}, {"texte": "\0"}, {"sort": "rien"}, {"page": "99"}, {"type": "x"}]
)
def test_list_survives_a_nonsense_query(client, lead, year, three, query):
    response = client.get(url("indicators", year), query)
    assert response.status_code == 200
    assert len(labels(response)) == 3


def test_empty_list_says_what_to_do(client, lead, year, three):
    assert "Aucun indicateur ne correspond à ces filtres" in words(
        client.get(url("indicators", year), {"texte": "zzz"})
    )


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("label", ["Demandes", "Hébergés", "Loyers"]),
        ("-value", ["Hébergés", "Loyers", "Demandes"]),
        ("place", ["Demandes", "Hébergés", "Loyers"]),
    ],
)
def test_list_sorts(client, lead, year, three, sort, expected):
    assert labels(client.get(url("indicators", year), {"sort": sort})) == expected


def test_list_is_cut_in_pages_of_fifty(client, lead, year):
    IndicatorFactory.create_batch(51, territory=year.territory)
    response = client.get(url("indicators", year), {"page": 2})
    assert [len(response.context["table"].page), response.context["pending"]] == [1, 51]


def test_list_leaves_out_the_indicators_of_an_action_that_has_no_line(client, lead, year, three):
    IndicatorFactory(territory=year.territory, action=three["first"], label="Oublié")
    assert labels(client.get(url("indicators", year))) == ["Hébergés", "Loyers", "Demandes"]


def test_list_has_no_column_for_a_year_before_or_targets_that_do_not_exist(client, lead, year, indicator):
    names = [column.name for column in client.get(url("indicators", year)).context["table"].columns]
    assert names == ["place", "label", "unit", "value", "source", "act"]


# --- Who sees what ---


@pytest.mark.parametrize(
    ("role", "listed", "page", "entry"),
    [
        ("lead", 200, 200, 200),
        ("reader", 200, 200, 403),
        ("partner", 200, 404, 403),
        ("ddets", 404, 404, 404),
        ("dihal", 404, 404, 404),
        ("administrator", 404, 404, 404),
    ],
)
def test_each_role_opens_its_pages(client, log_in, year, indicator, role, listed, page, entry):
    log_in(role)
    assert client.get(url("indicators", year)).status_code == listed
    assert client.get(url("indicator", year, indicator.code)).status_code == page
    assert client.get(url("enter_value", year, indicator.code)).status_code == entry
    data = {"answer": "given", "number": "1", "qualifier": "exact"}
    sent = client.post(url("enter_value", year, indicator.code), data)
    assert sent.status_code == (302 if role == "lead" else entry)


@pytest.mark.parametrize("name", ["indicators", "indicator", "enter_value"])
def test_a_stranger_meets_the_404_of_an_unknown_address(client, log_in, year, indicator, name):
    log_in("lead", territory=YearFactory().territory)
    args = [] if name == "indicators" else [indicator.code]
    assert client.get(url(name, year, *args)).status_code == 404


@pytest.mark.parametrize("name", ["indicators", "indicator", "enter_value"])
def test_an_anonymous_visitor_is_sent_to_sign_in(client, year, indicator, name):
    args = [] if name == "indicators" else [indicator.code]
    assert client.get(url(name, year, *args)).status_code == 302


def test_a_partner_sees_its_own_figures_and_nothing_of_the_others(client, log_in, year, indicator):
    membership = log_in("partner")
    own = IndicatorFactory(
        territory=year.territory, supplier=membership.organisation, whole=indicator, label="À nous"
    )
    IndicatorFactory(
        territory=year.territory, whole=own, label="Part des autres", source_detail="Registre secret"
    )
    EntryFactory(indicator=own, year=year, number=12)
    listed = client.get(url("indicators", year))
    page = client.get(url("indicator", year, own.code))
    assert labels(listed) == ["À nous"]
    assert "Registre secret" not in words(listed)
    assert [indicator.label in words(page), "Part des autres" in words(page), "Saisir" in words(page)] == [
        False
    ] * 3


def test_a_reader_has_no_link_to_enter(client, log_in, year, indicator):
    log_in("reader")
    assert url("enter_value", year, indicator.code) not in words(client.get(url("indicators", year)))
    assert url("enter_value", year, indicator.code) not in words(
        client.get(url("indicator", year, indicator.code))
    )


# --- The page of an indicator ---


def test_page_shows_the_definition_the_series_and_the_history(client, lead, year, before, indicator):
    EntryFactory(indicator=indicator, year=before, number=107, is_fictive=True)
    first = EntryFactory(indicator=indicator, year=year, number=140, note="Relevé de janvier")
    EntryFactory(indicator=indicator, year=year, number=142, corrects=first, reason="Deux ménages oubliés")
    response = client.get(url("indicator", year, indicator.code))
    series = [
        (other.number, value.figure, change and change.display)
        for other, value, change in response.context["series"]
    ]
    history = [(value.figure, is_replaced) for _, value, is_replaced in response.context["history"]]
    assert series == [(2023, "142", f"+35{SPACE}(+33{SPACE}%)"), (2022, "107", None)]
    assert history == [("140", True), ("142", False)]
    shown = [
        "Motif : Deux ménages oubliés",
        "Remarque : Relevé de janvier",
        "valeur fictive",
        "remplacée",
        "en vigueur",
    ]
    assert [word for word in shown if word not in words(response)] == []


def test_page_without_value_says_so(client, lead, year, indicator):
    text = words(client.get(url("indicator", year, indicator.code)))
    assert "Aucune valeur n'a encore été saisie pour 2023." in text


def test_page_shows_the_whole_and_the_parts(client, lead, year, indicator):
    whole = EntryFactory(year=year, number=273, indicator__label="Personnes").indicator
    Indicator.objects.filter(pk=indicator.pk).update(whole=whole)
    part = EntryFactory(
        year=year, number=96, indicator__label="Enfants", indicator__whole=indicator
    ).indicator
    response = client.get(url("indicator", year, indicator.code))
    assert response.context["whole"].indicator == whole
    assert [row.indicator for row in response.context["parts"]] == [part]


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_whatever_its_parts(
    client, lead, year, before, indicator, count, django_assert_num_queries
):
    for _ in range(count):
        EntryFactory(year=year, indicator__whole=indicator)
    with django_assert_num_queries(17):
        client.get(url("indicator", year, indicator.code))


# --- Entering and correcting ---


@pytest.fixture
def send(client, lead, year):
    """Sends the form of a value; `send(indicator, number="…")`."""

    def send(indicator, **data):
        return client.post(
            url("enter_value", year, indicator.code), {"answer": "given", "qualifier": "exact"} | data
        )

    return send


def test_entering_a_number_typed_in_french(client, send, lead, year, indicator):
    response = send(indicator, number=f"1{THIN}234,5", qualifier="around", note="Au 3 janvier")
    entry = Entry.objects.get()
    assert (entry.number, entry.qualifier, entry.note, entry.created_by) == (
        Decimal("1234.5"),
        "around",
        "Au 3 janvier",
        lead,
    )
    assert (entry.starts_on, entry.ends_on, entry.corrects) == (date(2023, 1, 1), date(2023, 12, 31), None)
    assert response.url == url("indicator", year, indicator.code)
    message = f"La valeur 2023 est enregistrée : environ 1{THIN}234,5{SPACE}ménages."
    assert message in client.get(response.url).content.decode()


def test_entering_a_rate_confirms_its_percentage(client, send, share):
    response = send(share, numerator="40", denominator="56")
    entry = Entry.objects.get()
    assert (entry.number, entry.numerator, entry.denominator) == (None, 40, 56)
    assert f"est enregistrée : 71{SPACE}% (40 sur 56)." in client.get(response.url).content.decode()


def test_entering_a_published_percentage_or_its_two_counts(send, year):
    poverty = IndicatorFactory(territory=year.territory, kind="context", unit="%")
    assert send(poverty, number="19").status_code == 302
    assert (
        send(
            poverty, number="19", numerator="1", denominator="5", reason="x", corrects=Entry.objects.get().pk
        ).status_code
        == 422
    )
    assert (
        send(poverty, numerator="1", denominator="5", reason="x", corrects=Entry.objects.get().pk).status_code
        == 302
    )
    assert list(Entry.objects.order_by("pk").values_list("number", "numerator")) == [(19, None), (None, 1)]


@pytest.mark.parametrize("typed", ["2023-05-24", "24/05/2023"])
def test_entering_a_figure_that_is_a_date(send, year, typed):
    night = IndicatorFactory(territory=year.territory, kind="event", unit="date", temporality="dated")
    assert send(night, day=typed).status_code == 302
    assert Entry.objects.get().day == date(2023, 5, 24)


@pytest.mark.parametrize("blank", ["unavailable", "not_applicable"])
def test_entering_why_there_is_none(send, indicator, blank):
    assert send(indicator, answer=blank, number="").status_code == 302
    assert Entry.objects.get().blank == blank


def test_a_stock_is_counted_on_a_day(client, send, year):
    stock = IndicatorFactory(territory=year.territory, temporality="stock")
    form = client.get(url("enter_value", year, stock.code)).context["form"]
    assert form["counted_on"].value() == date(2023, 12, 31)
    send(stock, number="60", counted_on="2023-11-30")
    assert Entry.objects.values_list("starts_on", "ends_on").get() == (None, date(2023, 11, 30))


def test_correcting_a_dated_figure_keeps_its_month(send, year):
    dated = IndicatorFactory(territory=year.territory, temporality="dated")
    first = EntryFactory(indicator=dated, year=year, starts_on=date(2023, 5, 1), ends_on=date(2023, 5, 31))
    send(dated, number="3", reason="Oubli", corrects=first.pk)
    assert Entry.objects.current().values_list("starts_on", "ends_on").get() == (
        first.starts_on,
        first.ends_on,
    )


def test_a_share_wants_a_percentage_or_both_its_counts(send, year):
    poverty = IndicatorFactory(territory=year.territory, kind="context", unit="%")
    refused = [{}, {"numerator": "1"}, {"denominator": "5"}, {"number": "19", "denominator": "5"}]
    errors = [list(send(poverty, **data).context["form"].errors) for data in refused]
    assert errors == [["number"], ["denominator"], ["numerator"], ["number"]]


def test_correcting_keeps_both_values_and_the_period_read(client, send, year, indicator):
    first = EntryFactory(indicator=indicator, year=year, number=34500, starts_on=date(2023, 3, 1))
    form = client.get(url("enter_value", year, indicator.code)).context["form"]
    assert f'value="34{THIN}500"' in str(form["number"])
    response = send(indicator, number="142", reason="Zéro de trop", corrects=first.pk)
    second = Entry.objects.current().get()
    assert response.status_code == 302
    assert (second.number, second.corrects, second.reason, second.starts_on) == (
        142,
        first,
        "Zéro de trop",
        date(2023, 3, 1),
    )


@pytest.mark.parametrize("reason", ["", "   ", "\u0007"])
def test_correcting_asks_a_reason_and_keeps_what_was_typed(send, year, indicator, reason):
    first = EntryFactory(indicator=indicator, year=year)
    response = send(indicator, number="12 abc", note="À garder", reason=reason, corrects=first.pk)
    assert response.status_code == 422
    text = response.content.decode()
    assert "Dites en une phrase pourquoi la valeur change." in text or "caractères" in text
    assert ["12 abc" in text, "À garder" in text] == [True, True]
    assert list(Entry.objects.all()) == [first]


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        (
            {"number": "douze"},
            "number",
            "« douze » n'est pas un nombre : écrivez les chiffres seuls, par exemple 1 234,5.",
        ),
        ({"number": ""}, "number", "Écrivez la valeur (zéro compte)"),
        (
            {"number": "-3"},
            "number",
            "Un nombre négatif est impossible ici (type : effectif). Écrivez zéro ou plus.",
        ),
        ({"number": "9" * 40}, "number", "Ce nombre est trop grand"),
        ({"number": "1,23456"}, "number", "Gardez au plus 4 chiffres après la virgule."),
        ({"number": "1", "answer": "unavailable"}, "answer", "gardez l'un des deux"),
        ({"number": "1", "answer": ""}, "answer", "Dites s'il y a une valeur"),
        ({"number": "1", "note": "x" * 501}, "note", "500 caractères"),
        ({"number": "1", "qualifier": "à peu près"}, "qualifier", "choix valide"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_loses_nothing(send, indicator, data, field, sentence):
    response = send(indicator, **data)
    form = response.context["form"]
    assert response.status_code == 422
    assert sentence in " ".join(form.errors[field])
    assert {name: form[name].value() for name in data} == data
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"numerator": "40"}, "denominator", "Écrivez le dénominateur"),
        ({"denominator": "56"}, "numerator", "Écrivez le numérateur"),
        ({"numerator": "40", "denominator": "0"}, "denominator", "supérieur à zéro"),
        ({"numerator": "-1", "denominator": "5"}, "numerator", "ne peut pas être négatif"),
    ],
)
def test_a_rate_wants_its_two_numbers(send, share, data, field, sentence):
    response = send(share, **data)
    assert (response.status_code, sentence in response.context["form"].errors[field][0]) == (422, True)


@pytest.mark.parametrize("typed", ["31/02/2023", "hier", "0203-01-01", "2999-01-01", ""])
def test_a_wrong_date_is_refused(send, year, typed):
    night = IndicatorFactory(territory=year.territory, unit="date", temporality="dated")
    response = send(night, day=typed)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["day"])


def test_two_people_entering_at_once_the_second_sees_both_values(send, year, indicator):
    theirs = EntryFactory(indicator=indicator, year=year, number=140)
    response = send(indicator, number=f"1{THIN}142", note="Mon relevé")
    form = response.context["form"]
    assert response.status_code == 409
    assert [f"140{SPACE}ménages" in words(response), f"1{THIN}142{SPACE}ménages" in words(response)] == [
        True,
        True,
    ]
    assert (form["number"].value(), form["note"].value(), form["corrects"].value()) == (
        f"1{THIN}142",
        "Mon relevé",
        theirs.pk,
    )
    assert list(Entry.objects.all()) == [theirs]


def test_two_people_correcting_at_once_the_second_may_replace_with_a_reason(send, year, indicator):
    first = EntryFactory(indicator=indicator, year=year, number=1)
    theirs = EntryFactory(indicator=indicator, year=year, number=2, corrects=first, reason="Doublon")
    response = send(indicator, number="3", reason="Oubli", corrects=first.pk)
    assert response.status_code == 409
    assert "Doublon" in words(response)
    assert send(indicator, number="3", reason="Oubli", corrects=theirs.pk).status_code == 302
    assert Entry.objects.current().get().number == 3


def test_a_form_sent_twice_writes_once(send, year, indicator):
    answers = [send(indicator, number="12").status_code for _ in range(2)]
    assert (answers, Entry.objects.count()) == ([302, 302], 1)


@pytest.mark.parametrize("corrects", ["999", "abc", "9" * 400, "-1", "٣"])
def test_a_forged_correction_is_not_found(send, indicator, corrects):
    assert send(indicator, number="1", reason="x", corrects=corrects).status_code == 404


def test_a_correction_of_another_indicator_is_not_found(send, year, indicator):
    other = EntryFactory(year=year)
    assert send(indicator, number="1", reason="x", corrects=other.pk).status_code == 404


@pytest.mark.parametrize("state", Year.SENT)
def test_a_sent_exercise_is_closed_to_figures(client, send, year, indicator, state):
    Year.objects.filter(pk=year.pk).update(state=state)
    assert client.get(url("enter_value", year, indicator.code)).status_code == 403
    assert send(indicator, number="1").status_code == 403
    assert url("enter_value", year, indicator.code) not in words(client.get(url("indicators", year)))
    assert not Entry.objects.exists()


def test_a_doubtful_value_is_kept_with_a_warning(client, send, year, indicator):
    whole = EntryFactory(year=year, number=150, indicator__label="Personnes").indicator
    Indicator.objects.filter(pk=indicator.pk).update(whole=whole)
    response = send(indicator, number="177")
    assert "dont il est une partie : vérifiez." in client.get(response.url).content.decode()
    assert Entry.objects.get(indicator=indicator).number == 177


def test_reading_writes_nothing(client, lead, year, indicator):
    for address in (
        url("indicators", year),
        url("indicator", year, indicator.code),
        url("enter_value", year, indicator.code),
    ):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
        assert client.put(address).status_code == 405
    assert not Entry.objects.exists()
