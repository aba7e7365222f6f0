"""The pages in the states that the matrix does not make: empty, in error with what was typed, in conflict, in place.

As each person finds them at each step of an exercise, they are looked at by test_access.py.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from axes import workflow
from axes.models import Line
from logement.models import Job
from logement.text import MAX_RICH
from tests.e2e.conftest import cell, edit
from tests.factories import EntryFactory, MembershipFactory, TargetFactory, YearFactory
from tests.looking import WIDER, check, look, too_wide

pytestmark = pytest.mark.once

#: {address: what of the exercise it needs}. Each is looked at while the exercise is empty.
PAGES = {
    "home": None,
    "axes:dashboard": (),
    "axes:axes": (),
    "axes:axis": ("axis",),
    "axes:line_history": ("first",),
    "axes:chapters": (),
    "axes:key_figures": (),
    "axes:chapter": ("preamble",),
    "axes:chapter_history": ("preamble",),
    "axes:indicators": (),
    "axes:indicator": ("code",),
    "reporting:report": (),
    "job": None,
}

#: The forms: looked at as they open, then in error or in conflict.
FORMS = {
    "axes:add_line": ("axis",),
    "axes:edit_title": ("first",),
    "axes:edit_state": ("first",),
    "axes:edit_people": ("first",),
    "axes:edit_cell": ("first", "indicators"),
    "axes:edit_block": ("block",),
    "axes:remove_line": ("first",),
    "axes:enter_value": ("code",),
}

#: {form: what is typed in its fields that is refused}.
ERRORS = {
    "axes:add_line": {"title": ""},
    "axes:edit_title": {"title": ""},
    "axes:edit_state": {"state": "Reportée"},
    "axes:edit_cell": {"markup": "mot " * (MAX_RICH // 4 + 1)},
    "axes:edit_block": {"markup": "mot " * (MAX_RICH // 4 + 1)},
    "axes:enter_value": {"number": "douze"},
}

#: {form: what is typed in its fields, too late}.
CONFLICTS = {
    "axes:edit_title": {"title": "Ouvrir douze places"},
    "axes:edit_state": {"state": "Réalisée"},
    "axes:edit_people": {"lead": ""},
    "axes:edit_cell": {"markup": "Douze places."},
    "axes:edit_block": {"markup": "Notre plan."},
    "axes:remove_line": {},
    "axes:enter_value": {"number": "30", "reason": "Recompté"},
}

#: The pages of the account, signed out then signed in.
SIGNED_OUT = ["account_login", "account_reset_password", "account_reset_password_done", "account_signup"]
SIGNED_OUT += ["account_inactive", "account_reset_password_from_key_done"]
SIGNED_IN = ["account_logout", "account_change_password", "mfa_index", "mfa_activate_totp"]


def path_of(exercise, name):
    if name == "job":
        return reverse("job", args=[Job.objects.get().pk])
    needs = (PAGES | FORMS)[name]
    if needs is None:
        return reverse(name)
    parts = [exercise.indicator.code if need == "code" else getattr(exercise, need).pk for need in needs]
    return exercise.url(name, *parts)


def add_job(exercise, **fields):
    return Job.objects.create(
        kind="report",
        territory=exercise.territory,
        created_by=exercise.lead,
        message="Mise en page",
        **fields,
    )


def fill(exercise):
    """All that the pages can show: texts, values with their history, an earlier exercise, a file that is ready."""
    exercise.write()
    exercise.enter()
    before = YearFactory(agreement=exercise.year.agreement, number=2022, state="closed")
    EntryFactory(indicator=exercise.indicator, year=before, number=10)
    TargetFactory(indicator=exercise.indicator, year=exercise.year)
    exercise.first.lead = exercise.metropole
    exercise.first.save()
    exercise.first.partners.add(exercise.association)
    workflow.save_title(
        line=Line.objects.get(pk=exercise.first.pk), version=1, title="Ouvrir onze places", by=exercise.lead
    )
    workflow.save_text(
        text=exercise.block.text, version=1, content="<p>Le plan, <em>en bref</em>.</p>", by=exercise.lead
    )
    entry = exercise.indicator.entries.get(year=exercise.year)
    EntryFactory(indicator=entry.indicator, year=exercise.year, number=11, corrects=entry, reason="Recompté")
    add_job(exercise, state="done", percent=100, finished_at=timezone.now(), file_name="rapport.pdf")


def visit(page, path, axe, problems):
    """Opens a page, looks at it, and at whether it fits."""
    response = page.goto(path)
    assert (path, response.status) == (path, 200)
    look(page, axe, problems, path)
    problems += [f"{path} {found}" for found in too_wide(page)]


def test_each_page_of_an_exercise_that_begins_is_accessible(lead, exercise, axe):
    add_job(exercise)
    problems = []
    paths = [path_of(exercise, name) for name in PAGES]
    paths.append(exercise.url("axes:axis", exercise.empty_axis.pk))
    paths.append(exercise.url("axes:chapter", exercise.section.pk))
    paths.append(exercise.url("axes:indicators") + "?texte=introuvable")

    for path in paths:
        visit(lead, path, axe, problems)

    check(problems)


def test_an_exercise_that_is_written_is_accessible(lead, exercise, axe):
    """What nobody wrote in the world of the matrix: a number that is no figure yet, what is done, words that stress."""
    fill(exercise)
    problems = []

    for name in ("axes:axes", "axes:axis", "axes:chapter", "reporting:report"):
        visit(lead, path_of(exercise, name), axe, problems)

    check(problems)


def type_in(page, fields):
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def send_form(page, status):
    """The page itself asks first whether somebody is there, then leaves."""
    with page.expect_navigation() as answer:
        page.locator("main form button[type=submit]").last.click()
    assert answer.value.status == status, page.url


def test_each_form_in_error_is_accessible_and_says_what_to_do(lead, exercise, axe):
    lead.expected_errors.append("422")
    problems = []

    for name, fields in ERRORS.items():
        lead.goto(path_of(exercise, name))
        type_in(lead, fields)
        send_form(lead, 422)
        assert lead.locator(".error-summary").inner_text().strip() != ""
        look(lead, axe, problems, f"{name} in error")
        for field, value in fields.items():
            if name != "axes:edit_state":
                assert lead.locator(f"main [name={field}]").input_value().strip() == value.strip()

    check(problems)


def touch(exercise, name):
    """Somebody else saves the same thing meanwhile."""
    other = MembershipFactory(lead=True, territory=exercise.territory).user
    if name == "axes:enter_value":
        current = exercise.indicator.entries.filter(year=exercise.year).current().get()
        EntryFactory(
            indicator=current.indicator, year=exercise.year, number=20, corrects=current, reason="Erreur"
        )
    elif name in {"axes:edit_cell", "axes:edit_block"}:
        text = exercise.block.text if name == "axes:edit_block" else exercise.first.texts.first()
        text.refresh_from_db()
        workflow.save_text(text=text, version=text.version, content=f"<p>{text.version}</p>", by=other)
    else:
        line = Line.objects.get(pk=exercise.first.pk)
        workflow.save_state(
            line=line,
            version=line.version,
            state=exercise.late,
            inflection="fs",
            reason=f"Motif {line.version}",
            by=other,
        )


def test_each_form_in_conflict_is_accessible_and_shows_both(lead, exercise, axe):
    lead.expected_errors.append("409")
    fill(exercise)
    problems = []

    for name, fields in CONFLICTS.items():
        lead.goto(path_of(exercise, name))
        type_in(lead, fields)
        touch(exercise, name)
        send_form(lead, 409)
        assert lead.locator("main").get_by_role("alert").first.is_visible()
        look(lead, axe, problems, f"{name} in conflict")

    check(problems)


def test_what_is_edited_in_place_is_accessible(lead, exercise, axe):
    """Every cell of a line open at once, its menu too, then one of them in error, then saved."""
    lead.expected_errors.append("422")
    exercise.write()
    problems = []
    lead.goto(exercise.axis_url())

    row = lead.locator(f"#action-{exercise.first.pk}")
    row.get_by_text("Plus").click()
    for column in ("indicators", "observations"):
        edit(cell(lead, exercise.first, getattr(exercise, column)))
    for column in ("title", "state"):
        place = row.locator(f".col-{column} .cell-edit")
        place.get_by_role("link", name="Modifier").click()
        place.get_by_role("button", name="Enregistrer").wait_for()
    look(lead, axe, problems, "editing")

    state = row.locator(".col-state .cell-edit")
    state.get_by_label("État").select_option("Reportée")
    state.get_by_role("button", name="Enregistrer").click()
    state.get_by_text("demande un motif").first.wait_for()
    look(lead, axe, problems, "in error")

    place = cell(lead, exercise.first, exercise.indicators)
    place.get_by_role("button", name="Note de bas de page").click()
    lead.get_by_role("dialog").wait_for()
    look(lead, axe, problems, "the dialog of a note")
    lead.get_by_role("dialog").get_by_role("button", name="Annuler").click()

    place.get_by_role("button", name="Enregistrer").click()
    place.get_by_text("Enregistré", exact=True).wait_for()
    look(lead, axe, problems, "saved")

    check(problems)


def test_the_pages_of_the_account_are_accessible(page, exercise, axe, log_in):
    page.expected_errors += ["403", "404"]
    problems = []

    for name in SIGNED_OUT:
        visit(page, reverse(name), axe, problems)
    page.goto(reverse("account_login"))
    page.get_by_label("Courriel").fill("inconnue@metropole.example")
    page.get_by_label("Mot de passe", exact=True).fill("faux")
    page.get_by_role("button", name="Se connecter").click()
    page.locator(".error-summary").wait_for()
    look(page, axe, problems, "account_login in error")
    page.goto(reverse("account_reset_password"))
    page.get_by_label("Courriel").fill("inconnue")
    page.locator("main form button[type=submit]").click()
    look(page, axe, problems, "account_reset_password in error")

    log_in(page, exercise.lead)
    for name in SIGNED_IN:
        visit(page, reverse(name), axe, problems)
    page.goto(reverse("account_change_password"))
    page.get_by_label("Mot de passe actuel").fill("faux")
    page.locator("main form button[type=submit]").click()
    look(page, axe, problems, "account_change_password in error")
    page.goto("/nulle-part/2023/")
    look(page, axe, problems, "404")
    type(exercise.year).objects.update(state="sent")
    page.goto(path_of(exercise, "axes:edit_title"))
    look(page, axe, problems, "403")

    check(problems)


def test_a_cell_is_written_on_a_phone(phone, exercise, log_in, axe):
    log_in(phone, exercise.lead)
    phone.goto(exercise.axis_url())
    place = cell(phone, exercise.first, exercise.indicators)

    edit(place).press_sequentially("Dix places.")
    axe(phone)
    assert phone.evaluate(WIDER) == []
    place.get_by_role("button", name="Enregistrer").click()
    place.get_by_text("Enregistré", exact=True).wait_for()

    assert exercise.content() == "<p>Dix places.</p>"
