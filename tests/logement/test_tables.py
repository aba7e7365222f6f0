"""What an address asks of a list: its columns and its pages, whatever is typed there."""

import django_tables2
import pytest

from logement.tables import arrange


class Towns(django_tables2.Table):
    name = django_tables2.Column()


def shown(rf, **query):
    table = Towns([{"name": "Ville B"}, {"name": "Ville A"}, {"name": "Ville C"}])
    arrange(table, rf.get("/", query), per_page=2)
    return [row.get_cell("name") for row in table.page.object_list]


def test_a_list_is_sorted_by_its_columns_and_cut_in_pages(rf):
    assert shown(rf) == ["Ville B", "Ville A"]
    assert shown(rf, sort="name", page="2") == ["Ville C"]
    assert shown(rf, sort="-name") == ["Ville C", "Ville B"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("sort", ["/../toit", "name.x", "\x00", "-", "--name", "é" * 500])
def test_a_sort_by_what_is_no_column_is_left_aside(rf, sort):
    assert shown(rf, sort=sort) == ["Ville B", "Ville A"]


@pytest.mark.parametrize(("page", "names"), [("9" * 5000, 2), ("-1", 1), ("\x00", 2), ("99", 1)])
def test_a_page_that_is_not_there_leads_to_one_that_is(rf, page, names):
    assert len(shown(rf, page=page)) == names


@pytest.mark.parametrize("size", ["-1", "0", "1", "9" * 30])
def test_the_address_does_not_choose_how_long_a_page_is(rf, size):
    assert len(shown(rf, per_page=size)) == 2
