"""Nothing typed is lost: the session ends, somebody else signs in, the network is cut, the page is left or reloaded.

What the database holds is compared with what was typed, character by character.
"""

import json
import os
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from axes.models import Answer, Entry, TextBlock
from bail_dabord.models import Household
from tests import oidc_provider
from tests.e2e.conftest import cell, edit, save
from tests.e2e.test_keyboard import until
from tests.e2e.test_partner_answers import Bilan, box, field, wait_saved
from tests.e2e.test_signing_in import plug_key
from tests.factories import MembershipFactory
from tests.factories.bail_dabord import HouseholdFactory, RegisterFactory

pytestmark = pytest.mark.once

PASSWORD = "toit-dabord-2023"
#: Three thousand characters, of those that a wire loves to break.
LONG = "".join(
    f"{n}. Œuvrer à l'insertion 🏠👩‍👧 (« 100 % »), l’été : <b>&amp;</b> ñ 漢字. " for n in range(60)
).strip()
#: Whether a draft of the browser holds this text.
KEPT = """text => Object.values(localStorage).some(
  (draft) => JSON.parse(draft).content.some(([, , value]) => value === text))"""
PASTE = """(element, length) => {
  const data = new DataTransfer();
  data.setData("text/plain", "a".repeat(length));
  element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
STORED = [
    "() => JSON.stringify([{...localStorage}, {...sessionStorage}])",
    "async () => JSON.stringify(await indexedDB.databases())",
]


def shot(page, name):
    """Kept for whoever looks at the pages, wide and narrow: SHOTS=<folder>."""
    if folder := os.environ.get("SHOTS"):
        wide = page.viewport_size
        for width in (390, wide["width"]):
            page.set_viewport_size({"width": width, "height": wide["height"]})
            page.screenshot(path=Path(folder) / f"nothing-lost-{name}-{width}.png")


def assert_stores_nothing(page):
    """Once loaded: htmx notes the address of each page, that of the frame too, until app.js takes it away."""
    for frame in page.frames:
        frame.wait_for_load_state()
    assert [page.evaluate(script) for script in STORED] == ["[{},{}]", "[]"]


def plain(stored):
    """The words of a stored text of one paragraph."""
    assert stored.startswith("<p>")
    return stored[3:-4].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def insert(page, text):
    """Types at once what would take minutes key by key."""
    page.keyboard.insert_text(text)


def history_of(exercise):
    rows = TextBlock.history.filter(line_id=exercise.first.pk).order_by("history_id")
    return [plain(row.content) for row in rows]


def drafts(page):
    return page.evaluate(
        "() => Object.keys(localStorage).filter((key) => key.startsWith('brouillon:')).length"
    )


def codes_of(user):
    """Registers an application of codes; gives the codes of the window in which several are good."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return [
        format_hotp_value(hotp_value(secret, counter)) for counter in sorted(yield_hotp_counters_from_time())
    ]


def fill_sign_in(page, user):
    """The first step, within the dialog; gives both."""
    dialog = page.get_by_role("dialog")
    frame = dialog.frame_locator("iframe")
    frame.get_by_label("Courriel").fill(user.email)
    frame.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    frame.get_by_role("button", name="Se connecter").click()
    return dialog, frame


def sign_in_place(page, user, code=None):
    """Signs in within the dialog, through both steps."""
    dialog, frame = fill_sign_in(page, user)
    if code:
        frame.get_by_label("Code").fill(code)
        shot(page, "second-step")
        frame.get_by_role("button", name="Se connecter").click()
    dialog.wait_for(state="detached")


@pytest.fixture
def pen(lead, exercise):
    """The lead, in the editor of a cell."""
    lead.expected_errors += [
        "401",
        "403",
        "ERR_INTERNET_DISCONNECTED",
        "ERR_FAILED",
        "htmx:sendError",
        "htmx:afterRequest",
    ]
    exercise.lead.emailaddress_set.create(email=exercise.lead.email, verified=True, primary=True)
    lead.goto(exercise.axis_url())
    lead.writing = edit(place_of(lead, exercise))
    return lead


def place_of(page, exercise):
    return cell(page, exercise.first, exercise.indicators)


def wait_read(page, exercise):
    place_of(page, exercise).get_by_text("Enregistré", exact=True).wait_for()


def is_save(message):
    return getattr(message, "request", message).method == "POST"


@contextmanager
def cut(page):
    """No save reaches the server meanwhile: the first is left without answer, the next ones fail; gives them all."""
    tries = []

    def lose(route):
        if not is_save(route):
            route.continue_()
            return
        tries.append(route)
        if len(tries) > 1:
            route.abort()

    page.route("**/*", lose)
    yield tries
    page.unroute("**/*")


# --- The session ---


def test_the_session_ends_in_mid_edit_and_the_text_is_saved_after_signing_in_in_place(pen, exercise, axe):
    codes = codes_of(exercise.lead)
    pen.writing.focus()
    insert(pen, LONG)
    Session.objects.all().delete()

    place_of(pen, exercise).get_by_role("button", name="Enregistrer").click()
    dialog = pen.get_by_role("dialog", name="Votre session est terminée")
    dialog.frame_locator("iframe").get_by_label("Courriel").wait_for()
    axe(pen)
    shot(pen, "session-ended")
    pen.keyboard.press("Escape")  # put off: the text stays, and so does the way back
    assert plain(pen.writing.inner_html()).replace('<br class="ProseMirror-trailingBreak">', "") == LONG
    place_of(pen, exercise).get_by_role("button", name="Se connecter").click()
    sign_in_place(pen, exercise.lead, codes[1])
    wait_read(pen, exercise)

    assert history_of(exercise) == [LONG]
    assert pen.url.endswith(exercise.axis_url())
    assert drafts(pen) == 0


def test_a_security_key_is_asked_for_within_the_dialog(pen, exercise, axe):
    plug_key(pen)
    pen.goto(reverse("mfa_add_webauthn"))
    pen.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    pen.get_by_role("button", name="Confirmer").click()
    pen.get_by_label("Nom de la clé").fill("Clé du bureau")
    pen.get_by_role("button", name="Enregistrer la clé").click()
    pen.get_by_role("heading", name="Codes de secours").wait_for()
    pen.goto(exercise.axis_url())
    place = place_of(pen, exercise)
    edit(place).focus()
    insert(pen, LONG)
    Session.objects.all().delete()

    place.get_by_role("button", name="Enregistrer").click()
    _, frame = fill_sign_in(pen, exercise.lead)
    key = frame.get_by_role("button", name="Utiliser la clé")
    key.wait_for()
    axe(pen)
    shot(pen, "security-key")
    key.click()
    wait_read(pen, exercise)

    assert history_of(exercise) == [LONG]
    assert pen.url.endswith(exercise.axis_url())


def test_proconnect_opens_a_tab_and_the_page_goes_on(pen, exercise, settings, live_server, axe):
    with oidc_provider.running() as provider:
        settings.SITE_URL = live_server.url
        settings.SOCIALACCOUNT_PROVIDERS = oidc_provider.providers(provider)
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        followed = {"form-action": [*policy["form-action"], provider]}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | followed}
        pen.expected_errors.append(f"request outside: {provider}")
        pen.writing.focus()
        insert(pen, LONG)
        Session.objects.all().delete()

        place_of(pen, exercise).get_by_role("button", name="Enregistrer").click()
        frame = pen.get_by_role("dialog").frame_locator("iframe")
        button = frame.get_by_role("button", name="S'identifier avec ProConnect")
        button.wait_for()
        axe(pen)
        shot(pen, "proconnect")
        with pen.context.expect_page() as opened:
            button.click()
        theirs = opened.value
        theirs.get_by_label("Person").fill(json.dumps({"sub": "8f14e45f", "email": exercise.lead.email}))
        theirs.get_by_role("button", name="Sign in").click()
        theirs.get_by_role("heading", name="Connexion rétablie").wait_for()
        wait_read(pen, exercise)

    assert history_of(exercise) == [LONG]
    assert pen.url.endswith(exercise.axis_url())


def test_what_one_person_typed_is_not_sent_when_another_signs_in(pen, exercise, log_in, axe):
    other = MembershipFactory(lead=True, territory=exercise.territory, user__full_name="Denis Aubert").user
    pen.writing.focus()
    insert(pen, LONG)
    log_in(pen, other)

    place_of(pen, exercise).get_by_role("button", name="Enregistrer").click()
    dialog = pen.get_by_role("dialog", name="Une autre personne s'est connectée")
    dialog.get_by_text("Denis Aubert").wait_for()
    axe(pen)
    shot(pen, "another-person")
    assert exercise.content() is None
    dialog.get_by_role("button", name="Me reconnecter sous mon nom").click()
    sign_in_place(pen, exercise.lead)
    wait_read(pen, exercise)

    assert history_of(exercise) == [LONG]
    assert TextBlock.objects.get(line=exercise.first).updated_by == exercise.lead


def test_a_session_about_to_end_says_so_and_is_prolonged(lead, exercise, axe):
    lead.goto("/")
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))

    lead.goto(exercise.axis_url())
    warning = lead.get_by_role("status").filter(has_text="Votre session se termine à")
    warning.wait_for()
    axe(lead)
    shot(lead, "warning")
    assert Session.objects.get().expire_date < timezone.now() + timedelta(minutes=6)
    warning.get_by_role("button", name="Prolonger la session").click()
    lead.get_by_role("status").filter(has_text="Session prolongée jusqu'à").wait_for()
    axe(lead)

    assert Session.objects.get().expire_date > timezone.now() + timedelta(hours=7)


# --- The network ---


def test_a_cut_of_the_network_is_told_and_what_was_typed_meanwhile_follows_once_in_order(pen, exercise, axe):
    place = place_of(pen, exercise)
    pen.writing.focus()
    insert(pen, LONG)
    place.get_by_text("Non enregistré (brouillon gardé dans ce navigateur)").wait_for()
    pen.context.set_offline(True)
    place.get_by_text("Non enregistré : le réseau est coupé").wait_for()
    place.get_by_role("button", name="Enregistrer").click()
    place.get_by_text("Non enregistré, nouvelle tentative").wait_for()
    axe(pen)
    shot(pen, "network-cut")
    pen.writing.focus()
    pen.keyboard.press("Control+End")
    insert(pen, " Écrit sans réseau.")
    pen.context.set_offline(False)
    wait_read(pen, exercise)

    assert history_of(exercise) == [LONG, f"{LONG} Écrit sans réseau."]


def test_by_the_clock_of_the_page_a_cut_is_told_in_two_seconds_and_saved_in_five_of_its_end(lead, exercise):
    """The clock stands still but for `run_for`: how loaded the machine is changes nothing.

    No event tells the page that the network left or is back: a save stays without answer, then the tries fail.
    """
    lead.expected_errors += ["ERR_FAILED", "htmx:sendError", "htmx:afterRequest"]
    lead.clock.install()
    block = f"#bloc-{exercise.block.pk}"
    places = {exercise.axis_url(): place_of(lead, exercise)}
    places[exercise.url("axes:chapter", exercise.preamble.pk)] = lead.locator(block)
    for count, (address, place) in enumerate(places.items(), start=1):
        lead.goto(address)
        edit(place)
        version = place.locator("[name='version']")
        before = version.input_value()
        lead.clock.pause_at(timezone.now() + timedelta(minutes=5 * count))
        retry = place.get_by_role("button", name="Réessayer")
        with cut(lead) as tries:
            insert(lead, "Dix places.")
            place.get_by_role("button", name="Enregistrer").click()
            lead.clock.run_for(2000)
            place.get_by_text("Non enregistré : le serveur tarde à répondre").wait_for()
            tries[0].abort()
            retry.wait_for()
            insert(lead, " Écrit sans réseau.")
            for pause in (500, 1000, 2000, 4000):
                retry.evaluate("button => button.classList.add('before')")
                lead.clock.run_for(pause)
                place.locator("button:not(.before)", has_text="Réessayer").wait_for()
            assert len(tries) == 5
        with lead.expect_response(is_save):
            lead.clock.run_for(4000)
        expect(version).not_to_have_value(before)
        with lead.expect_response(is_save):
            lead.clock.run_for(1000)
        lead.clock.resume()
        place.get_by_text("Enregistré", exact=True).wait_for()

    texts = ["Dix places.", "Dix places. Écrit sans réseau."]
    assert history_of(exercise) == texts
    rows = TextBlock.history.filter(block_id=exercise.block.pk).order_by("history_id")
    assert [plain(row.content) for row in rows] == texts


def test_a_save_whose_answer_was_lost_neither_doubles_nor_conflicts_with_itself(pen, exercise):
    lost = []

    def lose_first(route):
        if lost or route.request.method == "GET":
            route.continue_()
            return
        lost.append(route.fetch().status)
        pen.keyboard.press("Control+End")
        insert(pen, " Et deux.")
        route.abort()

    pen.route(f"**{exercise.cell_url()}", lose_first)
    pen.writing.focus()
    insert(pen, "Dix places.")
    pen.writing.evaluate("editor => editor.closest('form').requestSubmit()")
    wait_read(pen, exercise)

    assert lost == [200]
    assert history_of(exercise) == ["Dix places.", "Dix places. Et deux."]


# --- Leaving, coming back, two tabs ---


def test_a_draft_outlives_the_page_until_it_is_saved_given_up_or_signed_out(pen, exercise, axe):
    place = place_of(pen, exercise)
    pen.writing.focus()
    insert(pen, LONG)
    place.get_by_text("brouillon gardé").wait_for()
    pen.reload()
    writing = edit(place)
    place.get_by_text("retrouvé dans ce navigateur").wait_for()
    assert plain(writing.inner_html()) == LONG
    axe(pen)
    shot(pen, "draft")
    place.get_by_role("button", name="Revenir au texte enregistré").click()
    assert writing.inner_text().strip() == ""
    assert drafts(pen) == 0

    writing.focus()
    insert(pen, "Dix places.")
    pen.goto(exercise.url("axes:axes"))
    pen.go_back()
    edit(place)
    place.get_by_text("retrouvé dans ce navigateur").wait_for()
    save(place)
    assert history_of(exercise) == ["Dix places."]
    assert drafts(pen) == 0

    # A plain form: the value of an indicator.
    address = exercise.url("axes:enter_value", exercise.indicator.code)
    pen.goto(address)
    pen.get_by_label("Valeur (places)").fill("1 234,5")
    pen.get_by_text("brouillon gardé").wait_for()
    pen.reload()
    assert pen.get_by_label("Valeur (places)").input_value() == "1 234,5"
    axe(pen)
    pen.get_by_role("button", name="Enregistrer").click()
    pen.get_by_text("La valeur 2023 est enregistrée").wait_for()
    assert Entry.objects.get().number == 1234.5
    assert drafts(pen) == 0

    edit_title = exercise.url("axes:edit_title", exercise.first.pk)
    pen.goto(edit_title)
    pen.get_by_label("Intitulé de l'action").fill("Ouvrir vingt places")
    pen.get_by_text("brouillon gardé").wait_for()
    asked = []
    pen.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    pen.locator(".user-menu summary").click()
    pen.get_by_role("button", name="Se déconnecter").click()
    pen.get_by_label("Courriel").wait_for()
    assert "Un brouillon n'est pas enregistré" in asked[0]
    assert drafts(pen) == 0


def test_a_draft_typed_upon_an_older_text_shows_both_when_it_is_saved(pen, exercise, open_page):
    """Two tabs of one browser: the draft of one is found by the other, and overwrites nothing that came after it."""
    pen.expected_errors.append("409")
    place = place_of(pen, exercise)
    pen.writing.focus()
    insert(pen, "Douze places.")
    place.get_by_text("brouillon gardé").wait_for()
    text = TextBlock(
        year=exercise.year, line=exercise.first, column=exercise.indicators, content="<p>Dix places.</p>"
    )
    text.updated_by, text.updated_at = exercise.lead, timezone.now()
    text.save()

    second = pen.context.new_page()
    second.goto(exercise.axis_url())
    there = place_of(second, exercise)
    edit(there)
    there.get_by_role("button", name="Enregistrer").click()
    there.get_by_text("Ce texte a été modifié pendant que vous l'écriviez").wait_for()
    assert there.locator("blockquote").inner_text() == "Dix places."
    assert there.locator(".ProseMirror").inner_text().strip() == "Douze places."
    there.get_by_role("button", name="Enregistrer ma version").click()
    wait_read(second, exercise)

    assert exercise.content() == "<p>Douze places.</p>"
    assert drafts(second) == 0


def test_the_answers_of_a_partner_outlive_a_browser_that_stops_without_network(exercise, page, log_in):
    bilan = Bilan(exercise)
    page.expected_errors += ["ERR_INTERNET_DISCONNECTED"]
    log_in(page, bilan.referent)
    page.goto(bilan.url())
    page.context.set_offline(True)
    field(page, bilan.text, "text").fill(LONG)
    box(page, bilan.text).get_by_text("nouvelle tentative").wait_for()
    until(page, f"() => ({KEPT})({json.dumps(LONG)})")
    page.close()

    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(bilan.url())
    wait_saved(again, bilan.text)

    assert Answer.objects.get().text == LONG
    assert Answer.history.count() == 1
    again.get_by_text("Tout est enregistré").wait_for()
    assert drafts(again) == 0


# --- Plain forms, registers, what is too long ---


def test_a_register_never_enters_the_storage_of_the_browser_and_loses_nothing_either(
    live_server, page, log_in, axe
):
    member = MembershipFactory(partner=True, user__password=PASSWORD, user__email="asso@toit.example")
    user = member.user
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    household = HouseholdFactory(
        register=RegisterFactory(territory=member.territory, organisation=member.organisation)
    )
    page.expected_errors += ["401"]
    log_in(page, user)
    page.goto(reverse("bail_dabord:correct", args=[member.territory.code, household.code]))
    page.get_by_label("Adultes").fill("3")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".brand").click()
    assert asked == ["beforeunload"]

    Session.objects.all().delete()
    page.locator("main form [type=submit]").first.click()
    dialog = page.get_by_role("dialog", name="Votre session est terminée")
    dialog.frame_locator("iframe").get_by_label("Courriel").wait_for()
    assert_stores_nothing(page)
    axe(page)
    sign_in_place(page, user)
    page.wait_for_url("**/menages/*/")

    assert Household.objects.get().adults == 3
    assert_stores_nothing(page)


def test_fifty_megabytes_are_refused_before_they_leave_and_stay_in_the_field(pen, exercise, axe):
    sent = []
    pen.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    pen.writing.focus()
    insert(pen, "Dix places.")
    pen.writing.evaluate(PASTE, 50_000_000)
    place_of(pen, exercise).get_by_text("Collage refusé").wait_for()
    assert pen.writing.inner_text().strip() == "Dix places."
    axe(pen)

    pen.goto(exercise.cell_url())
    text = pen.get_by_label("Texte", exact=True)
    text.fill(LONG)
    text.evaluate(PASTE, 50_000_000)
    pen.get_by_text("Collage refusé").wait_for()
    assert text.input_value() == LONG

    # What came otherwise than by a paste: still refused before it leaves.
    text.evaluate("""(field) => {
      field.value = `${"a".repeat(99)}\\n`.repeat(25_000);
      field.form.requestSubmit();
    }""")
    pen.get_by_text("ce texte est beaucoup trop long").wait_for()
    assert text.evaluate("(field) => field.value.length") == 2_500_000
    assert sent == []
    assert exercise.content() is None


# --- Without JavaScript ---


def test_without_javascript_what_was_sent_too_late_comes_back_and_is_sent_again(nojs, exercise, log_in, axe):
    nojs.expected_errors += ["401", "403"]
    exercise.lead.emailaddress_set.create(email=exercise.lead.email, verified=True, primary=True)
    log_in(nojs, exercise.lead)
    nojs.goto(exercise.cell_url())
    nojs.get_by_label("Texte").fill(LONG.replace("*", ""))
    Session.objects.all().delete()

    nojs.get_by_role("button", name="Enregistrer").click()
    nojs.get_by_role("heading", name="Rien n'est encore enregistré, rien n'est perdu").wait_for()
    shot(nojs, "without-javascript")
    with nojs.context.expect_page() as opened:
        nojs.get_by_role("link", name="connectez-vous dans un autre onglet").click()
    other = opened.value
    other.get_by_label("Courriel").fill(exercise.lead.email)
    other.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Se connecter").click()
    other.get_by_role("heading", name="Connexion rétablie").wait_for()
    other.close()
    nojs.get_by_role("button", name="Envoyer").click()
    nojs.get_by_text("Camille Ferrand").first.wait_for()  # the token changed: read again, sent by hand
    shot(nojs, "without-javascript-again")
    nojs.get_by_role("button", name="Envoyer").click()
    nojs.wait_for_url(f"**{exercise.axis_url()}*")

    assert history_of(exercise) == [LONG]
