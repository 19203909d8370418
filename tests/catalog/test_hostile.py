"""Whatever stands in a catalog file, it becomes problems, never an exception and never a system that nobody described."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsr_desk.catalog.diff import diff, unified
from dsr_desk.catalog.graph import ownership
from dsr_desk.catalog.read import CatalogRead
from tests.catalog.workspaces import SHOP, only, read

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BITS = [
    "&a ",
    "*a",
    "!!x ",
    "- ",
    "? ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "\t",
    "\n",
    "\n\n  ",
    "#",
    "'",
    '"',
    ">",
    "%",
    "@",
    "\\",
    "---\n",
]
BITS += ["...\n", "null", "true", "7", "1e999", "-.inf", ".nan", "0x1F", "2020-01-01", "12:30", "NO", "~", "''", "{}", "[]", "<<: "]
BITS += ["=", ",", "ß", "é", "e\u0301", "😀", "shop", "customers.id", "owned_by: ", "when: ", "absent"]
BITS += ["|", "\u2028", "\u0085", "\u202e", "\ufeff", "\x7f", "9" * 5000]
WORDS = re.findall(r"[\w./@()]+", SHOP)


def sound(result: CatalogRead) -> None:
    """What holds for every result."""
    assert result.catalog is not None or result.errors
    for problem in result.problems:
        assert problem.message and problem.line >= 0 and problem.column >= 0
        assert str(problem).isprintable(), repr(str(problem))
    if result.catalog is None:
        return
    for system in result.catalog.systems.values():
        assert system.name not in result.broken
        for collection in system.collections.values():
            assert set(collection.key) <= collection.fields.keys()
            for reference in collection.references:
                target = result.catalog.collection(reference.system, reference.collection)
                assert set(reference.to) <= target.fields.keys()
                assert set(reference.fields) <= collection.fields.keys()
    ownership(result.catalog, None, result.sources)
    unified({"a": SHOP}, result.files)
    diff({"catalog/shop.yaml": SHOP}, result.files)


@QUICK
@given(st.data())
def test_a_damaged_file_gives_problems(tmp_path: Path, data: st.DataObject) -> None:
    text = SHOP
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(BITS)) + text[at + length :]
    sound(read(tmp_path, shop=text))


@QUICK
@given(st.data())
def test_words_that_change_places_give_problems(tmp_path: Path, data: st.DataObject) -> None:
    text = SHOP
    for _ in range(data.draw(st.integers(1, 3))):
        old, new = data.draw(st.sampled_from(WORDS)), data.draw(st.sampled_from(WORDS + BITS))
        text = text.replace(old, new, data.draw(st.integers(1, 3)))
    sound(read(tmp_path, shop=text))


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes_give_problems(tmp_path: Path, data: bytes) -> None:
    result = read(tmp_path, shop=data)
    sound(result)
    assert not result.ok


@pytest.mark.parametrize(
    "value",
    ["null", "true", "7", "2.5", "''", "x", "[]", "{}", "[[1]]", "{a: {b: c}}", "[null]", "{'': 1}", "2020-01-01", "NO", "12:30"],
)
def test_any_value_under_any_key(tmp_path: Path, value: str) -> None:
    for key in dict.fromkeys(re.findall(r"(\w+):", SHOP)):
        for pattern in (rf"\b{key}:( *)[^\s{{}}\[\],]+", rf"\b{key}:( *)(\{{[^{{}}]*\}}|\[[^\[\]]*\])"):
            sound(read(tmp_path, shop=re.sub(pattern, f"{key}: {value}", SHOP, count=1)))


def test_ordinary_names_that_are_not_ascii(tmp_path: Path) -> None:
    text = SHOP.replace("full_name", '"Straße & Nr. (größer)"').replace("customers", "Kunden-Übersicht").replace("note", "備考")
    result = read(tmp_path, shop=text)
    assert result.ok and result.catalog is not None, [str(p) for p in result.problems]
    customers = result.catalog.collection("shop", "Kunden-Übersicht")
    assert "Straße & Nr. (größer)" in customers.fields
    assert result.catalog.collection("shop", "orders").references[0].collection == "Kunden-Übersicht"


def test_a_file_name_that_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    for name in ("a\nb", "a\udcff", "a\u202eb"):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        result = read(folder, shop=SHOP, **{name: SHOP})
        sound(result)
        assert "name" in only(result.errors).message
        assert list(result.files) == ["catalog/shop.yaml"]
