import pytest

from qa.headline import curly, headline, short_title, within_double, within_single


@pytest.mark.parametrize(
    ("title", "capitals"),
    [
        ("a quiet night at the opera house", "A Quiet Night at the Opera House"),
        ("what they waited for", "What They Waited For"),
        ("tea burns: a history", "Tea Burns: A History"),
        ("who paid? the harbour", "Who Paid? The Harbour"),
        ("the iPhone of e-mail v2beta", "The iPhone of E-Mail v2beta"),
        ("the up-and-coming port", "The Up-and-Coming Port"),
        ("blaze lights up a port of call", "Blaze Lights Up a Port of Call"),
        ("“so be it” in port", "“So Be It” in Port"),
        ("log in to light.example or a/b", "Log in to light.example or a/b"),
        ("WHO says the NASA way", "WHO Says the NASA Way"),
        ("die stadt und der hafen", "die stadt und der hafen"),
        ("la mer et les bateaux", "la mer et les bateaux"),
        ("el of the", "El of The"),
        ("海の記録", "海の記録"),
        ("école of élan", "École of Élan"),
        ("", ""),
        ("—", "—"),
    ],
)
def test_headline_capitals(title, capitals):
    assert headline(title) == capitals


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Tea burns: 4,000 tonnes", "Tea burns"),
        ("At 10:30 in port", "At 10:30 in port"),
        (": x", ": x"),
        ("", ""),
    ],
)
def test_a_short_title_ends_before_the_colon(title, short):
    assert short_title(title) == short


def test_quotation_marks_within_others():
    title = "Who \"paid\"? 'Nobody', says the 'Wire' of dockers' club"
    assert curly(title) == "Who “paid”? ‘Nobody’, says the ‘Wire’ of dockers’ club"
    assert within_double('She said “no” and "yes"') == "She said ‘no’ and ‘yes’"
    assert within_single("She said ‘no’ and it’s “so”") == "She said “no” and it’s “so”"
