from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.store.settings import Settings, read_settings, write_settings

BASE = Settings("Desk", log="dsr-desk/0")
texts = st.text(st.characters(exclude_categories=["Cs"]))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts, texts, st.none() | texts, st.integers(0, 100))
def test_what_is_written_is_read(tmp_path: Path, controller: str, address: str, part: str | None, years: int) -> None:
    settings = replace(BASE, controller=controller, address=address, subdivision=part, retention_years=years)
    write_settings(tmp_path, settings)
    assert read_settings(tmp_path) == settings


def test_what_a_person_wrote_beside_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "workspace.toml"
    path.write_text("# ours\nname = 'Desk'   # short\ncontroller = '''\nA\nB'''\nlog='dsr-desk/0'\n")
    write_settings(tmp_path, replace(read_settings(tmp_path), country="FR"))
    text = path.read_text()
    assert text.startswith("# ours\nname = 'Desk'   # short\ncontroller = '''\nA\nB'''\n")
    assert read_settings(tmp_path) == Settings("Desk", "A\nB", country="FR", log="dsr-desk/0")
    write_settings(tmp_path, replace(read_settings(tmp_path), controller="C"))
    assert read_settings(tmp_path).controller == "C"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = 'D'\nlog = 'l'\ncontry = 'DE'", "contry"),
        ("log = 'l'", "name"),
        ("name = 'D'", "log"),
        ("name = 7\nlog = 'l'", "name"),
        ("name = 'D'\nlog = 'l'\nretention_years = true", "retention_years"),
        ("name = 'D'\nlog = 'l'\nretention_years = 400", "retention"),
        ("name = 'D'\nlog = 'l'\ncountry = 'Germany'", "country"),
        ("name = 'D\nlog = 'l'", "line 1"),
        ("name = ''\nlog = 'l'", "name"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "workspace.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_settings(tmp_path)
    assert says in caught.value.message
    assert caught.value.hint


def test_a_near_miss_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text("name = 'D'\nlog = 'l'\ncontry = 'DE'")
    with pytest.raises(UsageError) as caught:
        read_settings(tmp_path)
    assert caught.value.hint == "Did you mean country?"


def test_no_text_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        read_settings(tmp_path)
    (tmp_path / "workspace.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="UTF-8"):
        read_settings(tmp_path)
