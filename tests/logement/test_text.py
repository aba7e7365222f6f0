import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logement.richtext import normal, parse, plain, to_html
from logement.text import MAX_RICH, clean_rich, clean_text

# As Word puts it on the clipboard: conditional comments, a bullet drawn in Symbol, nested spans, <o:p>.
BULLET = (
    "<p class={place} style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
    "<![if !supportLists]><span lang=FR style='font-family:Symbol;mso-fareast-font-family:Symbol'>"
    "<span style='mso-list:Ignore'>{bullet}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; "
    "</span></span></span><![endif]>{text}<o:p></o:p></p>"
)


def word_item(text, *, bullet="·", level=1):
    return BULLET.format(place="MsoListParagraphCxSpMiddle", level=level, bullet=bullet, text=text)


def words(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("e\u0301te\u0301", "été"),
        ("a\x00b\x07c\x1fd\x7fe\x9ff", "abcdef"),
        ("a\vb\fc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("a\ud800b\udfffc", "abc"),
        ("a\u202eb\u2066c\u2069d", "abcd"),
        ("a\ufdd0b\uffffc\U0010fffed", "abcd"),
        (" 34 500  «\u00a0x\u00a0» ’ \u200b\u00ad 👩‍🔧 ", " 34 500  «\u00a0x\u00a0» ’ \u200b\u00ad 👩‍🔧 "),
    ],
)
def test_clean_text(typed, stored):
    assert clean_text(typed) == stored


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_once_is_enough(text):
    once = clean_text(text)

    assert clean_text(once) == once == unicodedata.normalize("NFC", once)
    assert not {unicodedata.category(character) for character in once.replace("\n", "")} & {"Cc", "Cs"}
    once.encode()


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("<p>a<b>b</b></p><div>c</div>", "<p>a<strong>b</strong></p><p>c</p>"),
        ('<p style="color:red" onclick="x()">a</p><script>x()</script><style>p{}</style>', "<p>a</p>"),
        ('<a href="javascript:x()">un</a> <a href="file:///etc/passwd">deux</a>', "<p>un deux</p>"),
        ('<img src="http://x/"><iframe src="http://x/">a</iframe><object>b</object>', "<p>ab</p>"),
        ("<div>a</div><div>b</div><h2>c</h2><td>d", "<p>a</p><p>b</p><p>c</p><p>d</p>"),
        (
            '<p>a<span data-note="une **note** &lt;b>" class="x"></span></p>',
            '<p>a<span data-note="une **note** &lt;b&gt;"></span></p>',
        ),
        ("<p>a\vb&#11;c&#x202e;&#xd800;d&#xfdd1;e</p>", "<p>a<br>b<br>c\ufffdde</p>"),
        ("<p>\u0338a</p>\ud800", "<p>\u0338a</p>"),
        ('<p class="MsoNormal">1- Soutenir<o:p></o:p></p><p>&nbsp;</p>', "<p>1- Soutenir</p>"),
        ("<p><span><font face=x><span>a </span></font></span>b</p>", "<p>a b</p>"),
        ("&#xfdd1;", ""),
        ("&#xfdd1;1", ""),
    ],
)
def test_clean_rich(pasted, stored):
    assert clean_rich(pasted) == stored


def test_clean_rich_makes_lists_of_the_lists_of_word():
    pasted = (
        "<p class=MsoNormal>Avant</p>"
        + word_item("Un <b>mot</b>")
        + word_item("dedans", bullet="o", level=2)
        + word_item("dedans aussi", bullet="o", level=2)
        + word_item("Deux", bullet="\uf0b7")
        + "<p class=MsoNormal>Entre</p>"
        + word_item("premier", bullet="1.")
        + word_item("second", bullet="2.")
    )

    assert clean_rich(pasted) == (
        "<p>Avant</p><ul><li><p>Un <strong>mot</strong></p>"
        "<ul><li><p>dedans</p></li><li><p>dedans aussi</p></li></ul></li>"
        "<li><p>Deux</p></li></ul><p>Entre</p><ol><li><p>premier</p></li><li><p>second</p></li></ol>"
    )


def test_clean_rich_keeps_as_typed_what_is_not_surely_an_item():
    pasted = (
        word_item("troisième", bullet="3.") + word_item("lettre", bullet="a)") + word_item("vie", bullet="")
    )

    assert words(plain(parse(clean_rich(pasted)))) == "3.troisièmea)lettrevie"
    assert "<li>" not in clean_rich(pasted)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<ul>", "<li>", "</b>", "<b>", "mot ", "été", "<o:p>", "·", "&amp;", "<div>"]
        )
    )
)
def test_clean_rich_is_stable_and_loses_no_word(pieces):
    pasted = "".join(pieces)
    once = clean_rich(pasted)

    assert clean_rich(once) == once == to_html(normal(parse(once)))
    assert words(plain(parse(once))) == words(re.sub("<[^>]*>", "", pasted)).replace("&amp;", "&")


def test_clean_rich_flattens_deep_lists():
    stored = clean_rich("<ul><li>" * 500 + "fond")

    assert stored.count("<ul>") == 6
    assert plain(parse(stored)) == "fond"


def test_clean_rich_refuses_what_is_too_long_with_a_sentence():
    assert len(clean_rich("a" * (MAX_RICH - 7))) == MAX_RICH
    for html in ("a" * MAX_RICH, "<i></i>" * 1_000_000):
        with pytest.raises(ValueError, match="dépasse 60\u202f000 caractères"):
            clean_rich(html)


def test_clean_rich_forgets_the_styles_of_word_before_counting():
    assert clean_rich("<p><span style='mso-x:" + "y" * MAX_RICH + "'>mot</span></p>") == "<p>mot</p>"
