"""What a page says after an act, without refusing anything."""

from django.contrib import messages

from logement.personal_data import looks_like_a_person


def warn_of_persons(request, *texts):
    """Warns of what looks like a person in texts that were saved: it is for their author to judge."""
    for sentence in warnings_of_persons(*texts):
        messages.warning(request, sentence)


def warnings_of_persons(*texts):
    return [
        f"« {finding.passage} » semble désigner une personne ({finding.kind}). C'est enregistré ; "
        "retirez ce passage si c'est bien le cas."
        for text in texts
        for finding in looks_like_a_person(text)
    ]
