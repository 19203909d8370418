"""What is sealed comes back as it was: every noun, every type of value."""

import dataclasses
import json
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsr_desk.model.codec import decode, encode
from dsr_desk.model.finding import Finding, Hop, Identifier, Lookup, Mention, Row, RowRef, SearchResult, SystemSearch
from dsr_desk.model.plan import Outcome, Plan, Residue, Step, Watch
from dsr_desk.model.request import Decision, Due, Facts, Request, Task
from dsr_desk.model.result import ApplyResult, Approval, Leftover, Retained, SystemApplied, SystemVerified, Verification
from dsr_desk.model.schema import LiveCollection
from tests.model.test_values import ANY_TEXT, VALUES

NOUNS = (Facts, Request, Task, SearchResult, Plan, Approval, ApplyResult, Verification, LiveCollection)


def made(hint: Any) -> st.SearchStrategy[Any]:
    """Objects of a type hint as the model uses them."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return VALUES
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.deferred(lambda: st.builds(hint, **{f.name: made(hints[f.name]) for f in dataclasses.fields(hint)}))
    if hasattr(hint, "_fields"):
        return st.builds(hint, **{name: made(of) for name, of in typing.get_type_hints(hint).items()})
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*map(made, args))
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(made(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(made, args))
    if origin is frozenset:
        return st.frozensets(made(args[0]), max_size=3)
    if origin is not None:
        return st.dictionaries(made(args[0]), made(args[1]), max_size=2)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: ANY_TEXT,
        int: st.integers(-(2**53) + 1, 2**53 - 1),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        bytes: st.binary(),
        date: st.dates(),
        type(None): st.none(),
    }
    return simple[hint]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda c: c.__name__)
def test_every_noun_comes_back(noun: type) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(made(noun))
    def check(obj: Any) -> None:
        sealed = rfc8785.dumps(encode(obj))
        assert decode(noun, json.loads(sealed)) == obj
        assert rfc8785.dumps(encode(decode(noun, json.loads(sealed)))) == sealed

    check()


def test_types_of_values_come_back() -> None:
    ref = RowRef("shop", "orders", ("7",))
    values = {
        "id": 7,
        "total": Decimal("1.10"),
        "at": datetime(2026, 1, 2, 3),
        "raw": b"\xff",
        "flag": True,
        "big": 2**70,
        "list": [1, None],
    }
    step = Step(ref, {"id": 7}, "change", {"note": Outcome("erased", "null")}, "digest", values, {"note": None})
    plan = Plan("r", "erasure", "n", "c", "m", "e", (step,), {"shop": (Watch(Lookup("orders", ("id",), ((7,),)), (ref,)),)})
    back = decode(Plan, json.loads(rfc8785.dumps(encode(plan))))
    assert back == plan
    assert {k: type(v) for k, v in back.steps[0].before.items()} == {k: type(v) for k, v in values.items()}
    assert hash(back.steps[0].ref) == hash(ref)


def test_a_set_is_written_in_one_order() -> None:
    one = LiveCollection("c", {}, indexed=frozenset(map(str, range(50))))
    other = LiveCollection("c", {}, indexed=frozenset(map(str, reversed(range(50)))))
    assert encode(one) == encode(other)
    assert encode(one)["indexed"] == sorted(map(str, range(50)))


def test_an_older_object_lacks_fields_that_have_a_default() -> None:
    sealed = encode(Identifier("email", "m@x.org", followed=False))
    del sealed["followed"]
    assert decode(Identifier, sealed) == Identifier("email", "m@x.org")


def test_what_holds_its_default_is_left_out_whoever_made_the_value() -> None:
    joined = "".join(["sys", "tem"])
    one, other = (Task("t", "r", "s", "", "", kind=kind) for kind in ("system", joined))  # type: ignore[arg-type]  # the word
    assert encode(one) == encode(other)
    assert set(encode(one)) == {"id", "request", "system", "title", "instructions"}
    assert encode(Outcome("erased", "delete")) == {"name": "erased", "strategy": "delete"}
    assert "records" in encode(Task("t", "r", "s", "", "", records=True)), "a flag is no number"


def test_half_a_character_in_a_key() -> None:
    ref = RowRef("s", "c", ("\ud800",))
    row = Row(ref, {"k": "\ud800"}, {"k": "\ud800"})
    result = SearchResult(
        (), (SystemSearch("s", "searched"),), (Finding(row, (Hop("given", "email", ref),), mentions=(Mention("f", "name", 0, 4),)),)
    )
    assert decode(SearchResult, json.loads(rfc8785.dumps(encode(result)))) == result


@pytest.mark.parametrize(
    ("noun", "data"),
    [
        (Identifier, {"kind": "email"}),
        (Identifier, {"kind": 7, "value": "x"}),
        (Identifier, []),
        (Outcome, {"name": "vanished"}),
        (Due, {"on": "2026-02-30", "unmoved": "2026-02-28", "rule": ""}),
        (Facts, {"identity": [["email"]]}),
        (Facts, {"identity": [["email", "a", "b"]]}),
        (Facts, {"identity": [], "waived": [["a"]]}),
        (Decision, {"ref": "shop/c/1", "include": True, "reason": ""}),
        (Residue, None),
    ],
)
def test_anything_else_is_refused(noun: type, data: Any) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        if decode(noun, data) is None:
            raise TypeError


def test_results_without_a_value() -> None:
    for obj in (Leftover(RowRef("s", "c", ("1",)), (), "why"), Retained(RowRef("s", "c", ("1",)), "g", "r", "never")):
        assert decode(type(obj), encode(obj)) == obj
    for cls in (SystemApplied, SystemVerified):
        assert dataclasses.is_dataclass(cls)
