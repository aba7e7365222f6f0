"""The published schemas: what is made is what they say, and they say all of it."""

import csv
import json
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from jsonschema import Draft202012Validator, ValidationError

from logement import richtext
from reporting import document
from reporting.renderers import csv_figures, json_tree
from reporting.renderers.figure_columns import COLUMNS
from tests.reporting.sample import illustrated, sample
from tests.reporting.test_formats import FIGURES, filled


def schema(address):
    """The schema served at an address of the site."""
    path = finders.find(address.removeprefix("/static/"))
    return json.loads(Path(path).read_text(encoding="utf-8"))


def validator():
    found = schema(json_tree.SCHEMA)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


@pytest.mark.parametrize(
    "held", [replace(illustrated(), figures=FIGURES), filled("=1\x00\ud800"), filled("")]
)
def test_the_json_is_what_its_schema_says(held):
    made = json.loads(json_tree.render(held))

    validator().validate(made)
    assert made["$schema"] == json_tree.SCHEMA == validator().schema["$id"]


def test_the_json_has_every_node_of_the_document_and_no_more():
    """A field that is added to a node without its word in the schema fails here, and in each user's validation."""
    nodes = [
        node
        for module in (document, richtext)
        for node in vars(module).values()
        if isinstance(node, type) and is_dataclass(node)
    ]
    found = schema(json_tree.SCHEMA)
    described = {"Document": found, **found["$defs"]}
    described.pop("Block")

    assert {node.__name__ for node in nodes} == set(described)
    for node in nodes:
        names = {field.name for field in fields(node)} | {"type"}
        names |= {"$schema"} if node is document.Document else set()
        assert set(described[node.__name__]["properties"]) == names, node
        assert set(described[node.__name__]["required"]) == names, node


@pytest.mark.parametrize(
    ("name", "value"),
    [("number", 142), ("number", "1e5"), ("blank", "zero"), ("ends_on", None), ("more", "")],
)
def test_the_schema_refuses_what_is_not_a_figure(name, value):
    made = json.loads(json_tree.render(replace(sample(), figures=FIGURES)))
    made["figures"][0][name] = value

    with pytest.raises(ValidationError):
        validator().validate(made)


def test_the_columns_of_the_csv_are_those_of_its_table_schema():
    described = schema(csv_figures.SCHEMA)["fields"]

    assert [(field["name"], field["title"], field["description"]) for field in described] == [
        (column.name, column.title, column.meaning) for column in COLUMNS
    ]
    rows = csv.DictReader(
        StringIO(csv_figures.render(replace(sample(), figures=FIGURES)).decode("utf-8-sig")), delimiter=";"
    )
    faults = [fault for row in rows for field in described for fault in faults_of(field, row[field["name"]])]
    assert faults == []


def faults_of(field, value):
    """What a cell is that its field forbids."""
    rules = field.get("constraints", {})
    if not value:
        if rules.get("required"):
            yield f"{field['name']} is required"
        return
    if value not in rules.get("enum", [value]):
        yield f"{field['name']}: {value} is not in the list"
    match field["type"]:
        case "number":
            float(value.replace(field["decimalChar"], "."))
        case "integer":
            int(value)
        case "date":
            datetime.strptime(value, field["format"])  # noqa: DTZ007 - a day
        case "boolean":
            if value not in field["trueValues"] + field["falseValues"]:
                yield f"{field['name']}: {value} is neither true nor false"


def test_a_cell_out_of_its_type_is_a_fault():
    named = {field["name"]: field for field in schema(csv_figures.SCHEMA)["fields"]}

    assert list(faults_of(named["precision"], "à peu près"))
    assert list(faults_of(named["code"], ""))
    assert list(faults_of(named["fictive"], "peut-être"))
    with pytest.raises(ValueError, match="could not convert"):
        list(faults_of(named["nombre"], "1 142"))
