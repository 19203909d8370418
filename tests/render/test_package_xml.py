"""The package as XML: valid by its schema and lossless, whatever the data and the titles hold."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.bundled import bundled
from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo
from dsr_desk.render.package_xml import NAMESPACE, xml_draft
from tests.render.people_data import ABOUT, CUSTOMER, HOSTILE, record


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(bundled("resources") / "package.xsd")


def document(*records: Disclosed, about: PackageInfo = ABOUT) -> Any:
    draft = xml_draft("a.xml", records, about)
    draft.check(draft.data)
    return ElementTree.fromstring(draft.data)


def told(root: Any) -> list[tuple[str, str]]:
    """Each value: its type and its text, as any reader of the schema gets them back."""
    values = []
    for value in root.iter(f"{{{NAMESPACE}}}value"):
        text = value.text or ""
        values.append((value.get("type"), json.loads(text) if value.get("written") == "json" else text))
    return values


def values(*told: Any) -> list[Disclosed]:
    return [record(DisclosedField("text", value, "Text")) for value in told]


def test_a_whole_package_keeps_to_the_schema(schema: xmlschema.XMLSchema) -> None:
    schema.validate(document(CUSTOMER, *values(*HOSTILE)))
    schema.validate(document(about=PackageInfo("R", "C", right="portability")))
    schema.validate(document(about=PackageInfo("R", "C", waiting=(("4 values", "Somebody has to look first."),))))


def test_texts_come_back_as_they_were() -> None:
    back = told(document(*values(*HOSTILE, "\r\n", "a\rb", "\t", " ", "]]>", "<!--", "&#13;")))
    for (kind, text), value in zip(back, [*HOSTILE, "\r\n", "a\rb", "\t", " ", "]]>", "<!--", "&#13;"], strict=True):
        assert kind == "text"
        assert text.encode("utf-16-le", "surrogatepass") == value.encode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "null", ""),
        (True, "boolean", "true"),
        (2**60, "integer", str(2**60)),
        (Decimal("-12.50"), "number", "-12.50"),
        (0.1 + 0.2, "number", "0.30000000000000004"),
        (float("-inf"), "number", "-INF"),
        (Decimal("NaN"), "number", "NaN"),
        (date(1986, 4, 17), "date", "1986-04-17"),
        (b"\x00\xff\x10", "base64", "AP8Q"),
        (["a", {"b": "\x00"}], "json", '["a", {"b": "\\u0000"}]'),
    ],
)
def test_every_value_says_its_type(value: Any, kind: str, text: str, schema: xmlschema.XMLSchema) -> None:
    root = document(*values(value))
    assert told(root) == [(kind, text)]
    schema.validate(root)


def test_what_is_withheld_has_its_reason_and_no_value() -> None:
    draft = xml_draft("a.xml", [CUSTOMER], ABOUT)
    assert b"CANARY" not in draft.data
    (reason,) = ElementTree.fromstring(draft.data).iter(f"{{{NAMESPACE}}}withheld")
    assert reason.text == "withheld: about somebody else"


def test_hostile_titles_are_data_too(schema: xmlschema.XMLSchema) -> None:
    bad = "\"'><x y='1'>&amp;\x00\u202e\ud800\r\n\t"
    about = PackageInfo("../x", bad, bad, "access", bad, bad, ((bad, bad),))
    more = {"purpose": bad, "recipients": (bad,), "until": bad, "note": bad}
    root = document(record(DisclosedField(bad, 1, bad, bad), collection=bad, system=bad, **more), about=about)
    schema.validate(root)
    assert not [e for e in root.iter() if e.tag.endswith("}x")]


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_any_text_survives(value: str, title: str) -> None:
    (back,) = told(document(record(DisclosedField(title, value, title))))
    assert back[1].encode("utf-16-le", "surrogatepass") == value.encode("utf-16-le", "surrogatepass")


def test_the_comparison_sees_what_is_not_well_formed() -> None:
    draft = xml_draft("a.xml", [CUSTOMER], ABOUT)
    for data in (draft.data[:-12], draft.data.replace(b"</record>", b"", 1), b""):
        with pytest.raises(ValueError, match="well-formed"):
            draft.check(data)
    for data in (draft.data.replace(b'type="text"', b'type="date"', 1), draft.data.replace(NAMESPACE.encode(), b"urn:x")):
        with pytest.raises(ValueError, match="something else"):
            draft.check(data)
