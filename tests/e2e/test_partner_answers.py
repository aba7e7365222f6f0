"""A partner fills its questionnaire: with the keyboard, through a cut of the network, in two tabs, without script."""

import os
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest

from axes.models import Answer, Document, Sending, Submission
from axes.submissions import guests, moves
from axes.submissions.answers import save_answer
from tests.e2e.test_keyboard import tab_to, until
from tests.factories import EntryFactory, IndicatorFactory, MembershipFactory, YearFactory
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory

pytestmark = pytest.mark.once

PDF = b"%PDF-1.7\n" + b"x" * 64
SAVED = re.compile("^Enregistré à")


class Bilan:
    """What « Le Toit » is asked for 2023: persons and two parts of them, a rate, a text, documents."""

    def __init__(self, exercise):
        self.exercise = exercise
        before = YearFactory(agreement=exercise.year.agreement, number=2022, state="closed")
        campaign = CampaignFactory(year=exercise.year, opened=True, instructions="Comptez au 31 décembre.")
        self.submission = SubmissionFactory(campaign=campaign, organisation=exercise.association)
        action = exercise.first.action
        common = {"territory": exercise.territory, "source": "submitted", "action": action}
        self.persons = self.ask(
            **common,
            label="Personnes entrées",
            unit="personnes",
            definition="Adultes et enfants entrés dans un logement dans l'année.",
        )
        whole = self.persons.indicator
        self.adults = self.ask(**common, label="Adultes", unit="personnes", whole=whole)
        self.children = self.ask(**common, label="Enfants", unit="personnes", whole=whole)
        self.rate = self.ask(
            **common, label="Ménages venus de la rue", unit="%", kind="rate", base="personnes entrées"
        )
        EntryFactory(indicator=whole, year=before, number=1234, created_by=exercise.lead)
        self.text = QuestionFactory(
            submission=self.submission, kind="highlights", indicator=None, action=None, position=8
        )
        self.files = QuestionFactory(
            submission=self.submission, kind="documents", indicator=None, action=None, position=9
        )
        self.referent = MembershipFactory(
            partner=True,
            territory=exercise.territory,
            organisation=exercise.association,
            user__full_name="Nadia Roux",
            user__email="nadia@le-toit.example",
            user__password="toit-dabord-2023",
        ).user
        self.figures = [self.persons, self.adults, self.children, self.rate]

    def ask(self, **fields):
        return QuestionFactory(
            submission=self.submission,
            indicator=IndicatorFactory(**fields),
            position=self.submission.questions.count() + 1,
        )

    def url(self, name="axes:fill", *args):
        return self.exercise.url(name, self.submission.pk, *args)

    def number(self, question):
        return Answer.objects.values_list("number", flat=True).filter(question=question).first()

    def answer_all(self):
        for question, number in ((self.persons, 56), (self.adults, 45), (self.children, 11)):
            save_answer(question=question, version=0, by=self.referent, number=Decimal(number))
        save_answer(
            question=self.rate,
            version=0,
            by=self.referent,
            numerator=Decimal(40),
            denominator=Decimal(56),
        )


@pytest.fixture
def bilan(exercise):
    return Bilan(exercise)


@pytest.fixture
def form(bilan, page, log_in):
    """The form, open in the browser of the referent."""
    return open_form(page, bilan, log_in)


def open_form(page, bilan, log_in):
    log_in(page, bilan.referent)
    page.goto(bilan.url())
    return page


def box(page, question):
    return page.locator(f"#q{question.pk}")


def field(page, question, name="number"):
    return page.locator(f"[name=q{question.pk}-{name}]")


def wait_saved(page, question):
    box(page, question).locator(".save-status", has_text=SAVED).wait_for()


def shot(page, name):
    """Kept for whoever looks at the pages: SHOTS=<folder>."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def check_width(page):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"


def test_the_whole_journey_with_the_keyboard(page, bilan):
    bilan.referent.emailaddress_set.create(email=bilan.referent.email, verified=True, primary=True)
    page.goto("/")
    if page.evaluate("document.activeElement.type") != "email":
        tab_to(page, "Courriel")
    page.keyboard.type(bilan.referent.email)
    tab_to(page, "Mot de passe")
    page.keyboard.type("toit-dabord-2023")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Nadia Roux").wait_for()
    tab_to(page, "Remplir")
    shot(page, "home")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{bilan.url()}")

    tab_to(page, "Valeur (personnes)")
    page.keyboard.type("56")
    tab_to(page, "Valeur (personnes)")
    page.keyboard.type("45")
    tab_to(page, "Valeur (personnes)")
    page.keyboard.type("11")
    tab_to(page, "Numérateur")
    page.keyboard.type("40")
    tab_to(page, "Dénominateur")
    page.keyboard.type("56")
    tab_to(page, "Faits marquants")
    page.keyboard.type("Une belle année.")
    for question in (*bilan.figures, bilan.text):
        wait_saved(page, question)
    page.get_by_text("Le compte est bon.").wait_for()
    page.get_by_text("4 réponses sur 4").wait_for()
    assert "soit 71" in box(page, bilan.rate).inner_text()
    shot(page, "filled")
    tab_to(page, "Vérifier et transmettre")
    page.keyboard.press("Enter")
    page.wait_for_url("**/transmettre/")
    shot(page, "send")
    tab_to(page, "Transmettre à la métropole")
    page.keyboard.press("Enter")
    page.wait_for_url("**/envois/1/")

    assert Sending.objects.get().fingerprint in page.locator("main").inner_text()
    assert bilan.number(bilan.persons) == 56
    shot(page, "sending")


def test_a_cut_of_the_network_is_told_and_nothing_is_lost_doubled_or_reordered(form, bilan):
    form.expected_errors += ["ERR_INTERNET_DISCONNECTED"]
    field(form, bilan.persons).fill("5")
    wait_saved(form, bilan.persons)
    form.context.set_offline(True)
    field(form, bilan.persons).press_sequentially("6", delay=10)
    field(form, bilan.text, "text").fill("Écrit sans réseau.")
    cut = time.monotonic()
    box(form, bilan.text).get_by_text("Non enregistré").first.wait_for()
    assert time.monotonic() - cut < 2
    form.get_by_text("nouvelle tentative").first.wait_for()
    field(form, bilan.persons).fill("57")
    form.wait_for_timeout(1500)
    assert bilan.number(bilan.persons) == 5

    form.context.set_offline(False)
    back = time.monotonic()
    form.get_by_text("Tout est enregistré").wait_for()

    assert time.monotonic() - back < 5
    assert bilan.number(bilan.persons) == 57
    assert Answer.objects.get(question=bilan.text).text == "Écrit sans réseau."
    history = Answer.history.filter(question=bilan.persons).order_by("history_id")
    assert [row.number for row in history] == [5, 56, 57]
    assert Answer.history.filter(question=bilan.text).count() == 1


def test_a_save_whose_answer_was_lost_conflicts_with_nobody(form, bilan):
    """The server saved, the page does not know it: what is typed meanwhile goes on top, once, in order."""
    form.expected_errors += ["ERR_FAILED"]
    lost = []

    def lose_first(route):
        if lost:
            route.continue_()
            return
        route.fetch()
        lost.append(route.request.url)
        field(form, bilan.persons).press_sequentially("6")
        route.abort()

    form.route("**/reponse/*/", lose_first)
    field(form, bilan.persons).fill("5")
    wait_saved(form, bilan.persons)

    assert lost
    assert bilan.number(bilan.persons) == 56
    history = Answer.history.filter(question=bilan.persons).order_by("history_id")
    assert [row.number for row in history] == [5, 56]


def test_two_tabs_show_both_answers_and_let_choose(bilan, open_page, log_in, axe):
    first, second = (open_form(open_page(), bilan, log_in) for _ in range(2))
    second.expected_errors.append("409")
    field(first, bilan.persons).fill("56")
    wait_saved(first, bilan.persons)

    field(second, bilan.persons).fill("65")
    notice = box(second, bilan.persons).get_by_role("alert")
    notice.wait_for()
    assert "Vous avez enregistré une autre réponse dans un autre onglet" in notice.inner_text()
    assert "56" in notice.locator("blockquote").inner_text()
    assert field(second, bilan.persons).input_value() == "65"
    axe(second)
    shot(second, "conflict")
    notice.get_by_role("button", name="Garder ma saisie").click()
    wait_saved(second, bilan.persons)
    assert bilan.number(bilan.persons) == 65

    first.expected_errors.append("409")
    field(first, bilan.persons).fill("66")
    box(first, bilan.persons).get_by_role("button", name="Reprendre l'autre").click()
    until(first, f"() => document.querySelector('[name=q{bilan.persons.pk}-number]').value === '65'")
    field(first, bilan.persons).fill("67")
    wait_saved(first, bilan.persons)
    assert bilan.number(bilan.persons) == 67


def test_a_wrong_number_is_told_at_its_field_stays_and_holds_the_sending(form, bilan, axe):
    form.expected_errors.append("422")
    field(form, bilan.persons).fill("beaucoup")
    box(form, bilan.persons).get_by_text("« beaucoup » n'est pas un nombre").wait_for()
    axe(form)
    shot(form, "error")

    form.get_by_role("button", name="Vérifier et transmettre").click()
    form.get_by_text("Une réponse n'est pas enregistrée").wait_for()
    assert form.url.endswith(bilan.url())
    assert field(form, bilan.persons).input_value() == "beaucoup"
    asked = []
    form.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form.reload()
    assert asked == ["beforeunload"]


def test_a_blank_is_one_click_and_gives_the_number_back(form, bilan):
    field(form, bilan.persons).fill("12")
    wait_saved(form, bilan.persons)
    box(form, bilan.persons).get_by_label("Non disponible").check()
    form.wait_for_timeout(300)
    until(
        form,
        f"() => /Enregistré/.test(document.querySelector('#q{bilan.persons.pk} .save-status').textContent)",
    )
    assert Answer.objects.get().blank == "unavailable"
    box(form, bilan.persons).get_by_label("Chiffre").check()
    assert field(form, bilan.persons).input_value() == "12"
    form.get_by_text("Tout est enregistré").wait_for()
    until(form, "() => document.querySelector('#avancement').textContent.includes('1 réponse sur 4')")
    assert bilan.number(bilan.persons) == 12


def test_a_file_is_joined_refused_and_taken_out_in_place(form, bilan):
    form.expected_errors.append("422")
    chosen = field(form, bilan.files, "file")
    chosen.set_input_files({"name": "note.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 300})
    box(form, bilan.files).get_by_text("n'est pas d'un type accepté").wait_for()
    chosen.set_input_files({"name": "note.pdf", "mimeType": "application/pdf", "buffer": PDF})
    box(form, bilan.files).get_by_role("link", name="note.pdf").wait_for()
    assert Document.objects.get().size == len(PDF)
    box(form, bilan.files).get_by_role("button", name="Retirer").click()
    box(form, bilan.files).get_by_text("Aucun fichier joint.").wait_for()
    assert Document.objects.get().removed_at


def test_without_javascript_one_button_saves_and_keeps_what_is_wrong(nojs, bilan, log_in):
    nojs.expected_errors.append("422")
    page = open_form(nojs, bilan, log_in)
    field(page, bilan.persons).fill("1 234")
    field(page, bilan.adults).fill("mille")
    page.get_by_label("Faits marquants").fill("Sans script.")
    field(page, bilan.files, "file").set_input_files(
        {"name": "note.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()

    summary = page.locator(".error-summary")
    assert "Adultes : « mille » n'est pas un nombre" in summary.inner_text()
    assert field(page, bilan.adults).input_value() == "mille"
    assert bilan.number(bilan.persons) == 1234
    shot(page, "nojs-error")
    field(page, bilan.adults).fill("1 000")
    field(page, bilan.adults).press("Enter")
    assert bilan.number(bilan.adults) == 1000
    assert Document.objects.get().removed_at is None
    box(page, bilan.children).get_by_label("Sans objet").check()
    field(page, bilan.rate, "numerator").fill("40")
    field(page, bilan.rate, "denominator").fill("56")
    page.get_by_role("button", name="Vérifier et transmettre").click()
    page.get_by_role("button", name="Transmettre à la métropole").click()

    assert Submission.objects.get(pk=bilan.submission.pk).state == "sent"
    assert "Sans script." in page.locator("main").inner_text()


def test_a_guest_link_opens_the_form_on_a_phone(phone, bilan, axe):
    link = guests.invite_guest(
        submission=bilan.submission, email="invitee@asso.example", by=bilan.exercise.lead
    )
    phone.expected_errors.append("404")
    phone.goto(guests.path_of(link))
    axe(phone)
    check_width(phone)
    shot(phone, "guest")
    phone.get_by_role("button", name="Ouvrir le questionnaire").click()
    field(phone, bilan.persons).fill("56")
    wait_saved(phone, bilan.persons)
    axe(phone)
    check_width(phone)
    shot(phone, "phone")
    assert Answer.objects.get().updated_by == link.user

    phone.goto(guests.path_of(link)[:-5] + "xxxx/")
    phone.get_by_text("Ce lien n'ouvre rien").wait_for()
    axe(phone)


def test_each_page_of_a_partner_is_accessible_and_fits_a_phone(phone, bilan, log_in, axe):
    log_in(phone, bilan.referent)
    office = bilan.exercise.metropole
    year = bilan.exercise.url("axes:submissions")

    def look(*paths):
        for path in paths:
            assert phone.goto(path).status == 200
            axe(phone)
            check_width(phone)
            shot(phone, f"phone-{re.sub('[^a-z0-9]+', '-', path)}-{state()}")

    def state():
        return Submission.objects.get(pk=bilan.submission.pk).state

    look(year, "/", bilan.url(), bilan.url("axes:send"))
    bilan.answer_all()
    save_answer(question=bilan.children, version=1, by=bilan.referent, number=Decimal(20))
    look(bilan.url(), bilan.url("axes:send"))
    sent = {"submission": bilan.submission, "by": bilan.referent}
    moves.send(**sent, organisation=bilan.exercise.association)
    moves.propose(
        question=bilan.persons, reason="Doublons", source="SIAO", by=bilan.exercise.lead, number=Decimal(54)
    )
    look(year, bilan.url(), bilan.url("axes:sending", 1))
    moves.request_correction(
        submission=bilan.submission,
        comment="Enfants ?",
        remarks={bilan.children.pk: "20 ou 11 ?"},
        by=bilan.exercise.lead,
        organisation=office,
    )
    look(bilan.url(), bilan.url("axes:sending", 1))
