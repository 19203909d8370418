from typing import Any

from dsr_desk.bundled import bundled
from dsr_desk.catalog.schema import FILE, catalog_schema, schema_text


def test_the_file_that_editors_use_is_up_to_date() -> None:
    kept = (bundled("resources") / FILE).read_text(encoding="utf-8")
    assert kept == schema_text(), "run: python -m dsr_desk.catalog.schema resources/catalog.schema.json"


def test_every_key_is_described_and_none_may_be_empty_but_erase() -> None:
    schema = catalog_schema()
    shapes: dict[str, dict[str, Any]] = {"": schema, **schema["$defs"]}
    for shape, body in shapes.items():
        assert body.get("additionalProperties") is False, shape
        assert body.get("description"), shape
        for key, info in body["properties"].items():
            assert ({"type": "null"} in info.get("anyOf", ())) == (key == "erase"), (shape, key)
    for shape in ("", "CollectionShape", "FieldShape"):
        assert all(info.get("description") for info in shapes[shape]["properties"].values()), shape


def test_what_a_file_must_have() -> None:
    schema = catalog_schema()
    assert schema["required"] == ["system"]
    assert schema["anyOf"] == [{"required": ["driver"]}, {"required": ["connector"]}]
    assert schema["properties"]["environment"]["enum"] == ["production", "test"]
    assert {"const": "absent"} in schema["properties"]["collections"]["additionalProperties"]["anyOf"]
