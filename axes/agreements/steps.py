"""What is done and what is left to set up a convention, in the order in which one does it."""

from django.urls import reverse

from axes.agreements.lists import layouts_of
from axes.progress import Item, count_words
from logement.models import Membership


def steps_of(agreement):
    """[Item]: each leads to its page and says what it holds; a number of queries that does not grow."""

    def item(title, name, *more, words, lacking=""):
        url = reverse(f"axes:{name}", args=[agreement.territory.code, agreement.pk, *more])
        return Item(title, url, int(bool(words)), 1, (words or lacking,))

    days = f"du {agreement.starts_on:%d/%m/%Y} au {agreement.ends_on:%d/%m/%Y}"
    signatories, axes = agreement.signatories.count(), agreement.axes.count()
    columns = [
        (layout, count_words(len(layout.columns.all()), "colonne", "colonnes"))
        for layout in layouts_of(agreement)
    ]
    states = count_words(agreement.states.count(), "état", "états")
    people = count_words(
        Membership.objects.in_force().filter(territory=agreement.territory_id).count(),
        "personne habilitée",
        "personnes habilitées",
    )
    first = agreement.years.order_by("number").first()
    return [
        item("Intitulé et dates", "edit_agreement", words=days),
        item(
            "Signataires",
            "signatories",
            words=count_words(signatories, "signataire", "signataires"),
            lacking="aucun signataire",
        ),
        item("Axes", "agreement_axes", words=count_words(axes, "axe", "axes"), lacking="aucun axe"),
        *(
            item(f"Colonnes : {layout}", "columns", layout.pk, words=held, lacking="aucune colonne")
            for layout, held in columns
        ),
        item("États de réalisation", "states", words=states, lacking="aucun état"),
        Item("Personnes", reverse("people", args=[agreement.territory.code]), 1, 1, (people,)),
        item("Premier exercice", "first_year", words=str(first.number) if first else "", lacking="à ouvrir"),
    ]
