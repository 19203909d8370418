import re
from pathlib import Path

from dsr_desk.catalog.document import DEEPEST, LARGEST_FILE
from dsr_desk.catalog.shape import CollectionShape, FieldShape, SystemFile, keys_of
from tests.catalog.workspaces import read

PAGE = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_every_whole_example_is_right(tmp_path: Path) -> None:
    whole = [e for e in EXAMPLES if e.startswith("system:")]
    assert len(whole) >= 2
    for number, example in enumerate(whole):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert read(folder, x=example).problems == ()


def test_every_key_is_explained() -> None:
    for shape in (SystemFile, CollectionShape, FieldShape):
        for key in keys_of(shape):
            assert f"`{key}`" in PAGE or f"`{key}: " in PAGE, key


def test_the_limits_are_the_real_ones() -> None:
    assert f"{LARGEST_FILE:,} bytes".replace(",", " ") in PAGE
    assert f"{DEEPEST} levels" in PAGE
