"""The lead writes: in place, in the table that the report will print; and what a hurried hand does is no harm."""

import re

import pytest

from axes import workflow
from axes.models import Line, TextBlock
from tests.e2e.conftest import cell, edit, save

pytestmark = pytest.mark.once

# What Word 365 puts on the clipboard for a paragraph and a list of two items.
WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/Temp/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- @font-face {font-family:Wingdings;} p.MsoNormal {margin:0cm; mso-style-unhide:no;} --></style></head>
<body lang=FR style='tab-interval:35.4pt'><!--StartFragment-->
<p class=MsoNormal><b><span style='font-family:"Calibri",sans-serif;color:red'>Bilan</span></b><span
style='font-size:11.0pt'> : <i>142</i> ménages, le 3<sup>e</sup> en cinq ans</span><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Une aide au loyer<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Un accompagnement<o:p></o:p></p>
<!--EndFragment--></body></html>"""

PASTE = """(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "Bilan");
  element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_the_lead_writes_a_cell_with_the_editor(lead, exercise):
    lead.goto(exercise.axis_url())
    place = cell(lead, exercise.first, exercise.indicators)

    writing = edit(place)
    tools = place.get_by_role("toolbar", name="Mise en forme")
    tools.get_by_role("button", name="Gras").click()
    writing.press_sequentially("Dix")
    tools.get_by_role("button", name="Gras").click()
    writing.press_sequentially(" places, le 3")
    tools.get_by_role("button", name="Exposant").click()
    writing.press_sequentially("e")
    tools.get_by_role("button", name="Exposant").click()
    writing.press_sequentially(" lieu")
    tools.get_by_role("button", name="Note de bas de page").click()
    dialog = lead.get_by_role("dialog")
    dialog.get_by_label("Texte de la note").fill("Depuis novembre 2019.")
    dialog.get_by_role("button", name="Enregistrer la note").click()
    writing.press("End")
    writing.press("Enter")
    tools.get_by_role("button", name="Liste à puces").click()
    writing.press_sequentially("Une puce")
    writing.press("Enter")
    writing.press_sequentially("Une autre")
    save(place)

    assert exercise.content() == (
        "<p><strong>Dix</strong> places, le 3<sup>e</sup> lieu"
        '<span data-note="Depuis novembre 2019."></span></p>'
        "<ul><li><p>Une puce</p></li><li><p>Une autre</p></li></ul>"
    )
    assert place.locator(".prose strong").inner_text() == "Dix"
    assert lead.url.endswith(exercise.axis_url())


def test_a_paste_from_word_keeps_its_words_and_its_lists_and_nothing_else(lead, exercise):
    lead.goto(exercise.axis_url())
    place = cell(lead, exercise.first, exercise.indicators)

    edit(place).evaluate(PASTE, WORD)
    save(place)

    assert exercise.content() == (
        "<p><strong>Bilan</strong> : <em>142</em> ménages, le 3<sup>e</sup> en cinq ans</p>"
        "<ul><li><p>Une aide au loyer</p></li><li><p>Un accompagnement</p></li></ul>"
    )


def test_a_text_is_taken_up_again_as_it_was_left(lead, exercise):
    exercise.write()
    lead.goto(exercise.axis_url())
    place = cell(lead, exercise.first, exercise.indicators)

    writing = edit(place)
    writing.press_sequentially(" Et deux.")
    save(place)
    writing = edit(place)
    writing.press_sequentially(" Et trois.")
    save(place)

    assert exercise.content() == "<p>Dix <strong>places</strong>. Et deux. Et trois.</p>"


def test_cancelling_puts_the_text_back(lead, exercise):
    exercise.write()
    lead.goto(exercise.axis_url())
    place = cell(lead, exercise.first, exercise.indicators)

    edit(place).press_sequentially(" Perdu.")
    place.get_by_role("link", name="Annuler").click()
    place.get_by_role("link", name="Modifier").wait_for()

    assert place.locator(".prose").inner_text() == "Dix places."
    assert exercise.content() == "<p>Dix <strong>places</strong>.</p>"


def test_the_lead_carries_an_action_through(lead, exercise):
    """Adds it, writes its title and state, moves it, reads its history, removes it."""
    lead.goto(exercise.axis_url())
    lead.get_by_role("link", name="Ajouter une action").click()
    lead.get_by_label("Intitulé de l'action").fill("Créer un guichet")
    lead.get_by_role("button", name="Ajouter l'action").click()
    lead.wait_for_url(f"**{exercise.axis_url()}*")
    added = Line.objects.get(title="Créer un guichet")
    row = lead.locator(f"#action-{added.pk}")

    title = row.locator(".col-title .cell-edit")
    title.get_by_role("link", name="Modifier").click()
    title.get_by_label("Intitulé de l'action").fill("Créer deux guichets")
    save(title)
    state = row.locator(".col-state .cell-edit")
    state.get_by_role("link", name="Modifier").click()
    state.get_by_label("État").select_option("Reportée")
    state.get_by_label("Accord avec l'intitulé").select_option("masculin (Réalisé)")
    state.get_by_label("Motif").fill("Faute de locaux")
    save(state)
    assert "Reporté" in state.inner_text()
    assert "Reportée" not in state.inner_text()

    row.get_by_text("Plus").click()
    row.get_by_role("button", name="Monter d'un rang").click()
    lead.get_by_text("est remontée d'un rang").wait_for()
    assert lead.locator("tbody .action-title").all_inner_texts() == [
        "Ouvrir dix places",
        "Créer deux guichets",
        "Former les équipes",
    ]

    row.get_by_text("Plus").click()
    row.get_by_role("link", name="Historique").click()
    history = lead.locator(".timeline").inner_text()
    assert "Faute de locaux" in history
    assert lead.locator(".timeline del").all_inner_texts() == ["3", "un", "guichet"]
    assert lead.locator(".timeline ins").all_inner_texts()[-3:] == ["deux", "guichets", "Créer un guichet"]
    assert history.count("Camille Ferrand") == lead.locator(".timeline > li").count()

    lead.get_by_role("link", name="Revenir").click()
    row.get_by_text("Plus").click()
    row.get_by_role("link", name="Retirer l'action…").click()
    lead.get_by_role("button", name="Retirer l'action").click()
    lead.get_by_text("est retirée de l'exercice 2023").wait_for()
    assert lead.locator("tbody .action-title").all_inner_texts() == [
        "Ouvrir dix places",
        "Former les équipes",
    ]
    assert not Line.objects.filter(pk=added.pk).exists()


def test_the_lead_writes_the_preamble_in_place(lead, exercise):
    lead.goto(exercise.url("axes:chapter", exercise.preamble.pk))
    place = lead.locator(f"#bloc-{exercise.block.pk}")

    edit(place).press_sequentially("Le plan en bref.")
    save(place)

    assert TextBlock.objects.get(block=exercise.block).content == "<p>Le plan en bref.</p>"


def test_the_lead_corrects_a_value_with_a_reason(lead, exercise):
    exercise.enter(12)
    lead.goto(exercise.url("axes:indicator", "A1-01"))

    lead.get_by_role("link", name="Corriger la valeur 2023").click()
    lead.get_by_label("Valeur (places)").fill("1 234,5")
    lead.get_by_label("Motif de la correction").fill("Recompté")
    lead.get_by_role("button", name="Enregistrer la correction").click()

    lead.get_by_text("La valeur 2023 est enregistrée").wait_for()
    assert exercise.indicator.entries.current().get().number == 1234.5
    assert "Recompté" in lead.locator("main").inner_text()


def test_a_state_without_its_reason_is_explained_in_place(lead, exercise):
    lead.expected_errors.append("422")
    lead.goto(exercise.axis_url())
    place = lead.locator(f"#action-{exercise.first.pk} .col-state .cell-edit")

    place.get_by_role("link", name="Modifier").click()
    place.get_by_label("État").select_option("Reportée")
    place.get_by_role("button", name="Enregistrer").click()
    place.get_by_text("demande un motif").first.wait_for()

    assert place.get_by_label("État").locator("option:checked").inner_text() == "Reportée"
    assert Line.objects.get(pk=exercise.first.pk).state is None


# --- Hurried hands ---


def test_a_double_click_saves_once(lead, exercise):
    lead.goto(exercise.axis_url())
    place = cell(lead, exercise.first, exercise.indicators)
    edit(place).press_sequentially("Dix places.")

    place.get_by_role("button", name="Enregistrer").dblclick()
    place.get_by_text("Enregistré", exact=True).wait_for()
    lead.wait_for_load_state("networkidle")

    assert exercise.content() == "<p>Dix places.</p>"
    assert TextBlock.history.filter(line_id=exercise.first.pk).count() == 1
    assert lead.get_by_role("alert").filter(has_text=re.compile(r"\S")).count() == 0


def test_a_double_click_adds_one_action(lead, exercise):
    lead.goto(exercise.url("axes:add_line", exercise.axis.pk))
    lead.get_by_label("Intitulé de l'action").fill("Créer un guichet")

    lead.get_by_role("button", name="Ajouter l'action").dblclick()
    lead.wait_for_url(f"**{exercise.axis_url()}*")

    assert Line.objects.filter(title="Créer un guichet").count() == 1


def test_the_back_button_after_saving_does_no_harm(lead, exercise):
    lead.goto(exercise.url("axes:axes"))
    lead.get_by_role("link", name="Axe 1 : Accueillir").click()
    place = cell(lead, exercise.first, exercise.indicators)
    edit(place).press_sequentially("Dix places.")
    save(place)
    lead.get_by_role("link", name="Tableau de bord").click()
    lead.wait_for_url(f"**{exercise.url('axes:dashboard')}")

    lead.go_back()
    place.get_by_role("link", name="Modifier").wait_for()

    assert place.locator(".prose").inner_text() == "Dix places."
    edit(place).press_sequentially(" Et deux.")
    save(place)
    assert exercise.content() == "<p>Dix places. Et deux.</p>"


def test_a_form_found_again_by_the_back_button_does_not_overwrite_what_came_after(lead, exercise):
    lead.expected_errors.append("409")
    address = exercise.url("axes:edit_title", exercise.first.pk)
    lead.goto(address)
    field = lead.get_by_label("Intitulé de l'action")
    field.fill("Ouvrir vingt places")
    lead.locator("main form [type=submit]").click()
    lead.wait_for_url(f"**{exercise.axis_url()}*")
    workflow.save_title(
        line=Line.objects.get(pk=exercise.first.pk), version=2, title="Ouvrir trente places", by=exercise.lead
    )

    lead.go_back()
    field.fill("Ouvrir quarante places")
    lead.locator("main form [type=submit]").click()
    lead.get_by_text("Cette ligne a été modifiée pendant que vous la modifiiez.").wait_for()

    assert Line.objects.get(pk=exercise.first.pk).title == "Ouvrir trente places"
    assert field.input_value() == "Ouvrir quarante places"
