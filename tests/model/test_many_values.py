"""One question with many values answers as many questions with one value each: what is looked up loses nothing."""

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.model.finding import Lookup
from dsr_desk.model.match import Question
from tests.model.test_match import EMAILS, NAMES, PHONES, spelled

OTHERS = ["DE89 3704 0044 0532 0130 00", "ann_lee", "käthe99", "12-34.56", "+plus+", "@maria_h"]
VALUES = {
    "name": [*NAMES, "Anna Lee", "Li Wang", "Saeed Ek", "Кирилл Иванов", "word " * 12 + "Longestwordofall", "ſkip Island"],
    "email": [*EMAILS, "ann@x.org", "kim.ski@x.org", "+tag@x.org", "İsk@x.org"],
    "phone": [*PHONES, "030 1234567", "+43 1 2345678"],
    "iban": OTHERS,
    "national_id": OTHERS,
    "username": OTHERS,
    "customer_id": ["1042", "a b"],
}
WORDS = ["Say ", ", ", "x", "·", " und ", "\n", "İ", "ß", "(", ")", "-", ".", "@", "1"]


def alone(kind: str, value: str, text: str, mention: bool) -> bool:
    return Question(Lookup("c", ("f",), ((value,),), kind, mention), "DE").answers({"f": text})


@pytest.mark.parametrize("mention", [False, True])
@pytest.mark.parametrize("kind", list(VALUES))
@given(data=st.data())
def test_many_values_answer_as_each_alone(kind: str, mention: bool, data: st.DataObject) -> None:
    values = VALUES[kind]
    pieces: Sequence[str] = [s for v in values for s in spelled("name" if " " in v else kind, v) if v.split()]
    text = "".join(data.draw(st.lists(st.one_of(st.sampled_from(pieces), st.sampled_from(WORDS)), max_size=5)))
    text = data.draw(st.sampled_from([text, text.upper(), text.lower(), unicodedata.normalize("NFD", text)]))
    filler = [f"{v}zzqq" for v in values] if len(values) <= 8 else []  # so many that they are looked up
    question = Question(Lookup("c", ("f",), tuple((v,) for v in [*values, *filler]), kind, mention), "DE")
    told = {v for (v,) in question.told({"f": text})}
    wanted = {v for v in [*values, *filler] if alone(kind, v, text, mention)}
    assert told == wanted
    assert question.answers({"f": text}) == bool(wanted)


@pytest.mark.parametrize("kind", [k for k in VALUES if k != "customer_id"])
def test_every_spelling_alone_and_among_others(kind: str) -> None:
    values = [*VALUES[kind], *(f"{v}{n}qz" for v in VALUES[kind] for n in range(3))]
    question = Question(Lookup("c", ("f",), tuple((v,) for v in values), kind, True), "DE")
    for value in VALUES[kind]:
        for text in (f"Say, {s}!" for s in spelled(kind, value) if value.split()):
            if alone(kind, value, text, True):
                assert value in {v for (v,) in question.told({"f": text})}, (value, text)


def test_of_a_very_long_name_the_words_that_are_looked_for_are_enough() -> None:
    values = ["word " * 8 + "Longestwordofall", *(f"Person {n}" for n in range(20))]
    question = Question(Lookup("c", ("f",), tuple((v,) for v in values), "name", True), None)
    assert question.told({"f": "word " * 8}) == [(values[0],)]
    alone = Question(Lookup("c", ("f",), ((values[0],),), "name", True), None)
    assert alone.answers({"f": "word " * 8})
    assert alone.patterns() == [("word",)], "what the database narrows by must stand in that text, too"


def test_a_reference_of_many_values_tells_which() -> None:
    question = Question(Lookup("c", ("a", "b"), ((7, "x"), ("8", "y"))))
    assert question.told({"a": "7", "b": "x"}) == [(7, "x")]
    assert question.told({"a": 8, "b": "y"}) == [("8", "y")]
    assert question.told({"a": 8, "b": "x"}) == []
