from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logement.richtext import (
    List,
    Note,
    Paragraph,
    Text,
    from_markup,
    mapped,
    normal,
    notes,
    parse,
    plain,
    references,
    to_html,
    to_markup,
)

characters = st.one_of(
    st.sampled_from(" \n*^{}[]\\-.:1239<>&\"'/a\u00a0\u202f"),
    st.sampled_from(
        ["**", "[[note:", "]]", "^{", "- ", "1. ", "<p>", "</li>", "&amp;", "<!--", "<![if", "br"]
    ),
    st.characters(),
)
texts = st.builds(
    Text,
    st.lists(characters, max_size=8).map("".join),
    bold=st.booleans(),
    italic=st.booleans(),
    superscript=st.booleans(),
    ref=st.one_of(st.just(""), st.lists(characters, max_size=4).map("".join)),
)
inlines = st.one_of(texts, st.builds(Note, st.lists(texts, max_size=3).map(tuple)))
paragraphs = st.builds(Paragraph, st.lists(inlines, max_size=5).map(tuple))
blocks = st.recursive(
    paragraphs,
    lambda inner: st.builds(
        List, st.lists(st.lists(inner, max_size=3).map(tuple), max_size=3).map(tuple), ordered=st.booleans()
    ),
    max_leaves=8,
)
documents = st.lists(blocks, max_size=4).map(tuple)


def paragraph(*content):
    return Paragraph(tuple(Text(inline) if isinstance(inline, str) else inline for inline in content))


@given(documents)
def test_normal_form_is_stable(raw):
    assert normal(normal(raw)) == normal(raw)


@given(documents)
def test_html_loses_nothing(raw):
    assert parse(to_html(normal(raw))) == normal(raw)


@given(documents)
def test_markup_loses_nothing(raw):
    assert from_markup(to_markup(normal(raw))) == normal(raw)


@given(st.lists(characters, max_size=40).map("".join))
def test_any_text_is_legal_in_both_ways(text):
    assert from_markup(to_markup(from_markup(text))) == from_markup(text)
    assert parse(to_html(parse(text))) == parse(text)


@given(documents)
def test_normal_form_keeps_every_character_but_spaces(raw):
    def seen(blocks):
        return "".join(plain(blocks, with_notes=True).split())

    bare = mapped(raw, lambda text: replace(text, text=text.text.replace("\u00a0", "")))
    assert seen(bare) == seen(normal(raw)).replace("\u00a0", "")


def test_parse_reads_each_node():
    html = (
        "<p>Un <strong>mot <em>fort</em></strong> de la 3<sup>e</sup> édition"
        '<span data-note="Voir *l\'annexe* du [[chiffre: A1-03 | 24 mai]]."></span></p>'
        "<ul><li><p>a</p><ol><li>b</li></ol></li></ul>"
    )
    assert parse(html) == (
        paragraph(
            "Un ",
            Text("mot ", bold=True),
            Text("fort", bold=True, italic=True),
            " de la 3",
            Text("e", superscript=True),
            " édition",
            Note(
                (
                    Text("Voir "),
                    Text("l'annexe", italic=True),
                    Text(" du "),
                    Text("24 mai", ref="A1-03"),
                    Text("."),
                )
            ),
        ),
        List(((paragraph("a"), List(((paragraph("b"),),), ordered=True)),)),
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("sans balise", (paragraph("sans balise"),)),
        ("<p>a<br>b<br/><br>c</p>", (paragraph("a\nb"), paragraph("c"))),
        ("<p> a \n  b </p><p>&nbsp;</p><p></p>", (paragraph("a b"),)),
        ("<p>un<p>deux", (paragraph("un"), paragraph("deux"))),
        ("<p><b>a</p><p>b</b></p>", (paragraph(Text("a", bold=True)), paragraph("b"))),
        ("<b><i>a</b>b</i>", (paragraph(Text("a", bold=True, italic=True), Text("b", italic=True)),)),
        ("<ul><li>a<li>b</ul>", (List(((paragraph("a"),), (paragraph("b"),))),)),
        ("<li>a</li>", (paragraph("a"),)),
        ("<ul>a<ul><li>b</ul></ul>", (List(((paragraph("a"), List(((paragraph("b"),),))),)),)),
        ("<ul><li>a</ul><ul><li>b</ul>", (List(((paragraph("a"),), (paragraph("b"),))),)),
        ("<table><tr><td>a</td><td>b</td></tr></table>", (paragraph("a"), paragraph("b"))),
        ('<a href="javascript:x">lien</a> <font>et</font> suite', (paragraph("lien et suite"),)),
        ("<script>a()</script><style>b</style>", (paragraph("a()b"),)),
        ("a<!-- b --><![if !x]>c<![endif]><!d", (paragraph("ac<!d"),)),
        ('<span data-note=""></span>', ()),
        ('<span data-ref=" ">a</span>', (paragraph("a"),)),
        ('<span data-ref="x"> a <b>b</b><br>c</span> d', (paragraph(Text("a b c", ref="x"), " d"),)),
        ('<span data-ref="x">a<span data-ref="y">b</span>c</span>', (paragraph(Text("abc", ref="x")),)),
        (
            '<span data-ref="x">a<span data-note="n"></span>b</span>',
            (paragraph(Text("a", ref="x"), Note((Text("n"),)), "b"),),
        ),
        ('<p><span data-ref="x">a<p>b</span>', (paragraph(Text("a", ref="x")), paragraph("b"))),
    ],
)
def test_parse_tolerates(html, expected):
    assert parse(html) == expected


def test_parse_flattens_lists_beyond_six():
    blocks = parse("<ul><li>" * 3000 + "fond" + "</li></ul>" * 3000 + "<p>suite</p>")

    assert plain(blocks) == "fond\nsuite"
    assert to_html(blocks).count("<ul>") == 6
    assert isinstance(blocks[-1], Paragraph)


@pytest.mark.parametrize(
    "text",
    [
        "1- Soutenir",
        "2023. Une année",
        "3.5 ETP",
        "-5 %",
        "5 * 3 = 15",
        "a*b",
        "C:\\temp",
        "x^2",
        "^{",
        "[[note: x",
        "[[chiffre: x",
        "[[chiffre: | x]]",
        "[[chiffre: x | y | z]]",
        "]]",
    ],
)
def test_markup_keeps_what_a_person_typed(text):
    assert from_markup(text) == (paragraph(text),)


def test_markup_reads_each_node():
    markup = (
        "Un **mot *fort*** de la 3^{e} édition[[note: Voir *l'annexe* du [[chiffre: A1-03 | 24 mai]].]]\nà la ligne\n\n"
        "Intro :\n- a\n  1. b\n  2. c\n\n  suite\n- d\nfin\n\n\\- pas une puce"
    )
    assert from_markup(markup) == (
        paragraph(
            "Un ",
            Text("mot ", bold=True),
            Text("fort", bold=True, italic=True),
            " de la 3",
            Text("e", superscript=True),
            " édition",
            Note(
                (
                    Text("Voir "),
                    Text("l'annexe", italic=True),
                    Text(" du "),
                    Text("24 mai", ref="A1-03"),
                    Text("."),
                )
            ),
            "\nà la ligne",
        ),
        paragraph("Intro :"),
        List(
            (
                (
                    paragraph("a"),
                    List(((paragraph("b"),), (paragraph("c"),)), ordered=True),
                    paragraph("suite"),
                ),
                (paragraph("d"),),
            )
        ),
        paragraph("fin"),
        paragraph("- pas une puce"),
    )


def test_a_figure_is_a_whole_with_its_marks():
    blocks = from_markup(
        "**[[chiffre: A3-06, lettres | trente-cinq]]**[[chiffre: A3-06]] ménages[[note: [[chiffre: B]]]]"
    )

    assert blocks == (
        paragraph(
            Text("trente-cinq", bold=True, ref="A3-06, lettres"),
            Text("", ref="A3-06"),
            " ménages",
            Note((Text("", ref="B"),)),
        ),
    )
    assert [text.ref for text in references(blocks)] == ["A3-06, lettres", "A3-06", "B"]


def test_plain_leaves_notes_out_or_sets_them_in_place():
    blocks = from_markup("Un mot[[note: *la* note]] ici.\n- a\n- b")

    assert plain(blocks) == "Un mot ici.\na\nb"
    assert plain(blocks, with_notes=True) == "Un mot (la note) ici.\na\nb"
    assert notes(blocks) == (Note((Text("la", italic=True), Text(" note"))),)


def test_mapped_changes_characters_and_keeps_the_tree():
    blocks = from_markup("**un** deux[[note: un]]\n- un")

    assert (
        to_markup(mapped(blocks, lambda text: replace(text, text=text.text.upper())))
        == "**UN** DEUX[[note: UN]]\n- UN"
    )


def test_mapped_may_put_several_texts_in_the_place_of_one():
    blocks = from_markup("Soit **35** ménages[[note: dont 6]]")

    def split(text):
        return (replace(text, text="«"), text, Text("»")) if text.bold else text

    assert to_markup(mapped(blocks, split)) == "Soit **«35**» ménages[[note: dont 6]]"


def test_a_page_may_write_the_figures_of_a_text_its_own_way():
    blocks = from_markup("**[[chiffre: A1, lettres | deux]]** & [[chiffre: A2 | 3]]")

    html = to_html(blocks, cite=lambda text: f"<a>{text.text}</a>")

    assert html == "<p><strong><a>deux</a></strong> &amp; <a>3</a></p>"
