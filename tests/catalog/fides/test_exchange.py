"""fides datasets → catalog files → fides datasets: nothing is lost, whatever stands in them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from dsr_desk.catalog.document import parse
from dsr_desk.catalog.fides.exporting import exported
from dsr_desk.catalog.fides.importing import imported
from dsr_desk.catalog.fides.names import Names, flat, system_name
from dsr_desk.catalog.fides.reading import datasets
from dsr_desk.catalog.fides.writing import catalog_text, fides_text
from dsr_desk.errors import CatalogError

#: Everything that the format of fides has, in one made-up shop and its document store.
SHOP = """\
dataset:
  - fides_key: Shop.Main
    organization_fides_key: default_organization
    name: Shop
    description: Orders, and who placed them
    data_categories: []
    fides_meta: {resource_id: 7, namespace: {project: p, dataset: d}, after: [docs]}
    tags: [a, b]
    collections:
      - name: customers
        description: who buys
        data_qualifier: aggregated
        fides_meta: {erase_after: [Shop.Main.orders], custom: yes}
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: True}}
          - name: email
            description: where we write to
            data_categories: [user.contact.email, user.account]
            fides_meta: {identity: email, data_type: string, length: 40}
          - {name: tel, data_categories: [user.contact.phone_number], fidesops_meta: {identity: phone_number, data_type: string}}
          - name: name
            data_categories: [user.name]
            fides_meta:
              masking_strategy_override: {strategy: string_rewrite, configuration: {rewrite_value: gone}}
          - name: nick
            data_categories: [user.name, system.operations]
            fides_meta:
              masking_strategy_override:
                strategy: random_string_rewrite
                configuration: {length: 12, format_preservation: {suffix: "@x.test"}}
          - name: iban
            data_categories: [user.financial]
            fides_meta: {masking_strategy_override: {strategy: hash, configuration: {algorithm: SHA-512}}}
          - name: odd
            data_categories: [user.financial]
            fides_meta: {masking_strategy_override: {strategy: of_our_own, configuration: {x: 1}}}
          - {name: tags, data_categories: [user.content], fides_meta: {data_type: "string[]", return_all_elements: true}}
          - name: address_id
            fides_meta: {references: [{dataset: Shop.Main, field: addresses.id, direction: to}], read_only: true}
          - {name: plain}
          - {name: untyped, fides_meta: null}
      - name: addresses
        after: [Shop.Main.customers]
        fields:
          - {name: id, fides_meta: {primary_key: True}}
          - {name: street, data_categories: [user.contact.address.street], retention: 1 year}
      - name: orders
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: True}}
          - name: customer
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: Shop.Main, field: customers.id, direction: from}]}
          - name: seen_by
            fides_meta:
              references: [{dataset: Shop.Main, field: customers.id}, {dataset: docs, field: profiles.info.number, direction: from}]
          - name: remote
            fides_meta: {references: [{dataset: elsewhere, field: a.b.c, direction: to}]}
          - {name: tenant, fides_meta: {custom_request_field: tenant_id}}
      - {name: empty, fields: []}
      - {name: bare}
  - fides_key: docs
    name: Documents
    collections:
      - name: profiles
        fides_meta: {skip_processing: true}
        fields:
          - {name: _id, data_categories: [system.operations], fides_meta: {data_type: object_id}}
          - name: info
            fides_meta: {data_type: object}
            fields:
              - {name: number, fides_meta: {references: [{dataset: docs, field: threads.lines.author, direction: to}]}}
              - name: deep
                fields:
                  - name: er
                    data_categories: [user.demographic.gender]
                    fides_meta: {data_type: "string[]", identity: loyalty_id}
          - {name: after_it}
      - name: threads
        fields:
          - name: lines
            description: what was said
            fides_meta: {data_type: "object[]", return_all_elements: true}
            fields:
              - {name: author, fides_meta: {data_type: string}}
              - {name: text, data_categories: [user.content]}
"""


def documents(found: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], Names]:
    """The catalog files for datasets, read again from their text, and the names by which the way back goes."""
    systems = {d["fides_key"]: system_name(d["fides_key"]) for d in found}
    fields = {
        systems[d["fides_key"]]: {c["name"]: [p for p, *_ in flat(c.get("fields"))] for c in d.get("collections") or ()}
        for d in found
    }
    names = Names(systems, fields)
    made = []
    for d in found:
        one = imported(d, systems[d["fides_key"]], {"driver": "sql", "url": "sqlite:///x.db"}, names, {})
        node, problems = parse("c.yaml", catalog_text(one).encode())
        assert node is not None and problems == [], (problems, catalog_text(one))
        assert node.plain() == one.document
        made.append(node.plain())
    back = {(d.get("fides") or {}).get("fides_key", d["system"]): d["system"] for d in made}
    return made, Names(back, {d["system"]: {n: list(c["fields"]) for n, c in d["collections"].items()} for d in made})


def there_and_back(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made, names = documents(found)
    return datasets("back.yml", fides_text([exported(d, names)[0] for d in made]).encode())


def test_there_and_back_is_the_same() -> None:
    found = datasets("shop.yml", SHOP.encode())
    assert there_and_back(deepcopy(found)) == found
    orders = [[f["name"] for f in c.get("fields", ())] for d in there_and_back(found) for c in d["collections"]]
    assert orders == [[f["name"] for f in c.get("fields", ())] for d in found for c in d["collections"]]


def test_the_catalog_says_what_fides_said() -> None:
    shop, docs = documents(datasets("shop.yml", SHOP.encode()))[0]
    assert (shop["system"], shop["fides"]["fides_key"], shop["title"]) == ("shop_main", "Shop.Main", "Shop")
    customers = shop["collections"]["customers"]
    assert (customers["subject"], customers["key"], customers["on_erase"]) == (True, ["id"], "redact")
    assert customers["fields"]["email"] == {"category": "user.contact.email", "identity": "email", "erase": "default"}
    assert customers["fields"]["tel"]["identity"] == "phone"
    assert customers["fields"]["name"]["erase"] == {"constant": "gone"}
    assert customers["fields"]["nick"]["erase"] == {"random": {"length": 12, "suffix": "@x.test"}}
    assert customers["fields"]["iban"]["erase"] == {"hash": {"algorithm": "sha512"}}
    assert customers["fields"]["address_id"] == {"owns": "addresses.id"}
    assert customers["fields"]["plain"] == {}
    orders = shop["collections"]["orders"]
    assert orders["on_erase"] == "delete" and orders["fields"]["customer"] == {
        "category": "user.unique_id",
        "owned_by": "customers.id",
    }
    assert orders["fields"]["seen_by"] == {"owned_by": ["customers.id", "docs/profiles.info.number"]}
    assert orders["fields"]["remote"] == {"owns": "elsewhere/a.b.c"}
    assert list(docs["collections"]["profiles"]["fields"]) == ["_id", "info.number", "info.deep.er", "after_it"]
    assert docs["collections"]["profiles"]["fields"]["info.number"] == {"owns": "threads.lines[].author"}
    assert list(docs["collections"]["threads"]["fields"]) == ["lines[].author", "lines[].text"]


def test_what_is_changed_here_is_what_fides_reads() -> None:
    (shop, _), names = documents(datasets("shop.yml", SHOP.encode()))
    fields = shop["collections"]["customers"]["fields"]
    fields["email"] |= {"category": "user.contact", "identity": "phone", "erase": {"pseudonym": {"suffix": "@x"}}}
    fields["tags"]["erase"] = None
    fields["address_id"] = {}
    fields["new"] = {"owned_by": "orders.id", "mentions": True}
    del fields["iban"]
    shop["collections"]["orders"]["on_erase"] = "redact"
    dataset, left_out = exported(shop, names)
    customers, _, orders, *_ = dataset["collections"]
    back = {f["name"]: f for f in customers["fields"]}
    assert back["email"] == {
        "name": "email",
        "description": "where we write to",
        "data_categories": ["user.contact", "user.account"],
        "fides_meta": {"identity": "phone_number", "data_type": "string", "length": 40},
    }
    assert back["tags"]["fides_meta"]["masking_strategy_override"] == {"strategy": "null_rewrite"}
    assert back["address_id"] == {"name": "address_id", "fides_meta": {"read_only": True}}
    assert back["new"]["fides_meta"]["references"] == [{"dataset": "Shop.Main", "field": "orders.id", "direction": "from"}]
    assert "iban" not in back and "fides_meta" not in orders
    assert any("mentions" in text for text in left_out) and any("email" in text for text in left_out)


_NAMES = st.text("abcXYZ_ -ü:#'\"0", min_size=1, max_size=6)
_SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text("abc: #'\"-?é", max_size=8)
_FREE = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=2), max_leaves=4)
_METAS = st.fixed_dictionaries(
    {},
    optional={
        "data_type": st.sampled_from(["string", "object", "object[]", "string[]"]),
        "primary_key": st.booleans(),
        "identity": st.sampled_from(["email", "phone_number", "loyalty_id"]),
        "references": st.lists(
            st.fixed_dictionaries(
                {"dataset": st.sampled_from(["one", "Two"]), "field": st.sampled_from(["a.b", "c.d.e"])},
                optional={"direction": st.sampled_from(["from", "to"])},
            ),
            max_size=2,
        ),
        "masking_strategy_override": st.fixed_dictionaries(
            {"strategy": st.sampled_from(["null_rewrite", "hash", "hmac", "string_rewrite", "preserve", "odd", "delete"])},
            optional={"configuration": st.dictionaries(st.sampled_from(["algorithm", "rewrite_value"]), _SCALARS, max_size=2)},
        ),
        "anything": _FREE,
    },
)


def _fields(inner: st.SearchStrategy[Any] | None) -> st.SearchStrategy[Any]:
    optional = {
        "data_categories": st.lists(st.sampled_from(["user.name", "user.contact", "system.operations", "odd"]), max_size=3),
        "fides_meta": st.none() | _METAS,
        "fidesops_meta": _METAS,
        "description": _SCALARS,
    }
    if inner is not None:
        optional["fields"] = inner
    one = st.fixed_dictionaries({"name": _NAMES}, optional=optional)
    return st.lists(one, max_size=3, unique_by=lambda f: str(f["name"]))


_DATASETS = st.lists(
    st.fixed_dictionaries(
        {
            "fides_key": st.sampled_from(["one", "Two"]),
            "collections": st.lists(
                st.fixed_dictionaries(
                    {"name": _NAMES}, optional={"fields": _fields(_fields(_fields(None))), "fides_meta": _METAS, "more": _FREE}
                ),
                max_size=3,
                unique_by=lambda c: str(c["name"]),
            ),
        },
        optional={"name": _SCALARS, "description": _SCALARS, "fides_meta": _METAS, "odd": _FREE},
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda d: str(d["fides_key"]),
)


@given(_DATASETS)
@settings(deadline=None)
def test_whatever_a_dataset_says_comes_back(found: list[dict[str, Any]]) -> None:
    read = datasets("x.yml", fides_text(found).encode())
    assert read == found
    assert there_and_back(deepcopy(found)) == found


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("dataset: 7", 1, "no file of fides datasets"),
        ("a: &x [1]\ndataset: *x", 1, "Anchors"),
        ("dataset:\n  - name: x", 2, "no fides_key"),
        ("dataset:\n  - fides_key: x\n    collections: 7", 3, "no list"),
        ("dataset:\n  - fides_key: x\n    collections:\n      - name: 7", 4, "no name"),
        ("dataset:\n  - fides_key: x\n    collections:\n      - name: c\n        fields: [{name: a}, {name: a}]", 5, "twice"),
        ("dataset:\n  - fides_key: x\n    collections:\n      - name: c\n        fields: [{name: a.b}]", 5, "has a dot"),
        ("dataset:\n  - fides_key: x\n\tcollections: []", 3, "tab"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(CatalogError, match=what) as caught:
        datasets("bad.yml", text.encode())
    assert caught.value.message.startswith(f"bad.yml:{line}:") and caught.value.hint


def test_a_yaml_reader_of_another_maker_reads_the_same() -> None:
    made, names = documents(datasets("shop.yml", SHOP.encode()))
    text = fides_text([exported(d, names)[0] for d in made])
    assert YAML(typ="safe").load(text) == {"dataset": datasets("shop.yml", SHOP.encode())}
