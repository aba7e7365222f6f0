from datetime import date

import pytest

from axes.checks import Level
from axes.checks.starts import starts
from tests.axes.checks.dossiers import figure, texts


def told(text, figures=()):
    return [(finding.level, finding.sentence) for finding in starts(texts(text, figures=figures))]


@pytest.mark.parametrize(
    "text",
    [
        "Au 31/12/2023, 251 candidatures étaient enregistrées, venues de 26 services",
        "251 candidatures reçues au 31 décembre 2023, en provenance de 26 services",
    ],
)
def test_events_counted_at_a_day_lack_a_start(text):
    ((level, sentence),) = told(text)

    assert level is Level.ALERT
    assert sentence.startswith("251\u00a0candidatures et 26\u00a0services au 31")
    assert sentence.endswith("2023 : depuis quand ?")


def test_the_start_that_the_indicator_knows_is_told():
    cumul = figure("C", 251, unit="candidatures", temporality="cumulative", since=date(2019, 11, 1))

    ((_, sentence),) = told("251 candidatures reçues au 31 décembre 2023", [cumul])

    assert sentence.endswith("depuis quand ? L'indicateur compte depuis novembre 2019.")


@pytest.mark.parametrize(
    "text",
    [
        "Au 31/12/2023, le dispositif suit 60 ménages",
        "Depuis novembre 2019, 251 candidatures ont été transmises, au 31/12/2023",
        "251 candidatures ont été transmises en 2023, et 12 au 31 décembre 2023",
        "Au 31/12/2023, 251 candidatures ont été reçues sur l'année",
        "251 candidatures reçues",
        "Au 31/12/2023, 42 demandes restent à l'étude",
    ],
)
def test_stocks_and_counts_with_a_start_raise_nothing(text):
    assert told(text) == []
