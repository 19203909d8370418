"""Who: from what was given to the person, climbing; two people are never one."""

from __future__ import annotations

import pytest

from tests.flow.world import Table, World, ident, identity, marks, own, owned_by, owns, seen_by, table, text


def people(*rows: tuple[object, ...], **more: object) -> Table:
    return table(
        "id email name phone born",
        *rows,
        subject=True,
        id=ident("customer_id"),
        email=ident("email"),
        name=ident("name"),
        phone=ident("phone"),
        born=ident("date_of_birth"),
        **more,
    )


ANN = (1, "ann@x.org", "Ann Lee", "+49 30 123456", "1980-02-03")
BEN = (2, "ben@x.org", "Ben Lee", "+49 30 123456", "1991-01-01")


def test_any_identifier_finds_the_one_person(world: World) -> None:
    world.sql("shop", customers=people(ANN, BEN))
    for given in ("email=ann@x.org", "customer_id=1"):
        assert marks(world.search(given)) == {"shop/customers/1": ""}


def test_a_hit_below_climbs_to_its_person(world: World) -> None:
    world.sql(
        "shop",
        customers=people(ANN, BEN),
        orders=table("id customer", (7, 1), (8, 2), customer=owned_by("customers.id")),
        mails=table("id order_id sent_to", (70, 7, "else@x.org"), order_id=owned_by("orders.id"), sent_to=ident("email")),
    )
    result = world.search("email=else@x.org")
    assert own(result) == {"shop/customers/1", "shop/orders/7", "shop/mails/70"}
    assert [r.path for r in result.subjects] == ["shop/customers/1"]


def test_a_hit_climbs_owns_backwards(world: World) -> None:
    world.sql(
        "shop",
        customers=table("id address", (1, 5), (2, 6), subject=True, id=ident("customer_id"), address=owns("addresses.id")),
        addresses=table("id mail", (5, "a@x.org"), (6, "b@x.org"), mail=ident("email")),
    )
    assert own(world.search("email=a@x.org")) == {"shop/customers/1", "shop/addresses/5"}


def test_rows_without_a_declared_owner_are_the_persons_own(world: World) -> None:
    world.csv("newsletter", table("line mail", (1, "ann@x.org"), (2, "ben@x.org"), mail=ident("email")))
    result = world.search("email=ANN@x.org")
    assert marks(result) == {"newsletter/newsletter/1": ""}
    assert result.subjects == ()


@pytest.mark.parametrize("owner", [None, 99, ""])
def test_a_row_whose_owner_is_null_or_dangling_is_shown_and_leads_nowhere(world: World, owner: object) -> None:
    world.sql(
        "shop",
        customers=people(ANN, (2, "second@x.org", "Zoe", None, None)),
        tickets=table(
            "id customer mail other",
            (7, owner, "lost@x.org", "second@x.org"),
            customer=owned_by("customers.id"),
            mail=ident("email"),
            other=ident("email"),
        ),
        notes=table("id ticket", (70, 7), ticket=owned_by("tickets.id")),
    )
    result = world.search("email=lost@x.org")
    (finding,) = result.findings
    assert finding.ref.path == "shop/tickets/7"
    assert finding.shared
    assert finding.review
    assert identity(result) == {"email": {"lost@x.org"}}


def test_two_rows_of_one_collection_are_two_people_and_the_search_asks(world: World) -> None:
    world.sql("shop", customers=people(ANN, BEN))
    result = world.search("phone=030 123456", "email=ann@x.org")
    assert own(result) == {"shop/customers/1"}, "several given intersect first"
    world.say("shop", "sql", {"url": "sqlite:///shop.db", "region": "DE"}, {"customers": people()})
    result = world.search("phone=030 123456")
    assert result.exit_code == 3
    assert not result.complete
    assert result.findings == ()
    assert [c.row.ref.path for c in result.ambiguous] == ["shop/customers/1", "shop/customers/2"]


def test_subject_answers_and_the_neighbour_is_said_not_followed(world: World) -> None:
    world.sql("shop", customers=people(ANN, BEN))
    result = world.search("phone=+4930123456", subjects=["shop/customers/2"])
    assert own(result) == {"shop/customers/2"}
    assert "shop/customers/1" not in marks(result)
    (left,) = result.not_followed
    assert left.identifier.kind == "phone"
    assert [r.path for r in left.leads_to] == ["shop/customers/1"]
    assert result.exit_code == 0


def test_subject_repeated_is_one_person_with_two_accounts(world: World) -> None:
    orders = table("id customer", (7, 1), (8, 2), (9, 3), customer=owned_by("customers.id"))
    world.sql("shop", customers=people(ANN, BEN, (3, "c@x.org", "Cy", "+4930123456", None)), orders=orders)
    result = world.search("phone=+4930123456", subjects=["shop/customers/1", "shop/customers/2"])
    assert own(result) == {"shop/customers/1", "shop/customers/2", "shop/orders/7", "shop/orders/8"}


def test_a_composite_subject_key_is_percent_encoded(world: World) -> None:
    rows = [("a,b", "1/2", "x@x.org"), ("a", "b", "x@x.org")]
    world.sql("crm", contacts=table("p q mail", *rows, key=["p", "q"], subject=True, mail=ident("email")))
    result = world.search("email=x@x.org")
    paths = [c.row.ref.path for c in result.ambiguous]
    assert paths == ["crm/contacts/a%2Cb,1%2F2", "crm/contacts/a,b"]
    assert own(world.search("email=x@x.org", subjects=[paths[0]])) == {paths[0]}


def test_given_identifiers_that_lead_to_two_people_ask(world: World) -> None:
    world.sql("shop", customers=people(ANN, BEN))
    result = world.search("email=ann@x.org", "customer_id=2")
    assert result.exit_code == 3
    assert {c.row.ref.path for c in result.ambiguous} == {"shop/customers/1", "shop/customers/2"}


@pytest.mark.parametrize("confirming", ["name=Lee, Ann", "date_of_birth=03.02.1980"])
def test_a_given_name_tells_two_people_apart(world: World, confirming: str) -> None:
    world.sql("shop", customers=people(ANN, BEN))
    result = world.search("phone=+4930123456", confirming)
    assert result.ambiguous == ()
    assert own(result) == {"shop/customers/1"}


def test_a_found_identifier_that_leads_to_somebody_else_is_not_followed(world: World) -> None:
    world.sql("shop", customers=people(ANN, BEN), orders=table("id customer", (7, 1), (8, 2), customer=owned_by("customers.id")))
    world.csv("news", table("line phone", (1, "+4930123456"), phone=ident("phone")))
    result = world.search("email=ann@x.org")
    assert marks(result) == {"shop/customers/1": "", "shop/orders/7": ""}
    (left,) = result.not_followed
    assert (left.identifier.kind, [r.path for r in left.leads_to]) == ("phone", ["shop/customers/2"])
    assert result.exit_code == 0
    assert result.complete


def test_found_identifiers_widen_through_every_system(world: World) -> None:
    world.sql("shop", customers=people(ANN), orders=table("id customer", (7, 1), customer=owned_by("customers.id")))
    world.sql(
        "crm",
        contacts=table(
            "no shop_no mail", (50, "1", "second@x.org"), subject=True, shop_no=ident("customer_id"), mail=ident("email")
        ),
    )
    world.csv("news", table("line mail", (1, "SECOND@X.ORG"), (2, "ann@x.org"), mail=ident("email")))
    world.xlsx("desk", tickets=table("no mail", (9, '"Ann" <second@x.org>'), mail=ident("email")))
    everything = {
        "shop/customers/1",
        "shop/orders/7",
        "crm/contacts/50",
        "news/news/1",
        "news/news/2",
        "desk/tickets/9",
    }
    for given in ("email=ann@x.org", "email=second@x.org", "customer_id=1"):
        result = world.search(given)
        assert own(result) == everything, given
        assert identity(result)["customer_id"] == {"1"}


def test_rows_shared_by_two_rows_of_one_person_are_not_shared(world: World) -> None:
    world.sql(
        "one",
        customers=people(ANN),
        deals=table("id customer contact", (7, 1, 50), customer=owned_by("customers.id"), contact=owned_by("two/contacts.no")),
        lines=table("id deal", (70, 7), deal=owned_by("deals.id")),
    )
    world.sql("two", contacts=table("no mail", (50, "ann@x.org"), subject=True, no=ident("contact_no"), mail=ident("email")))
    for given in ("email=ann@x.org", "customer_id=1", "contact_no=50"):
        assert marks(world.search(given)) == dict.fromkeys(
            ["one/customers/1", "one/deals/7", "one/lines/70", "two/contacts/50"], ""
        ), given


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((50, "ann@x.org", "Karl Otto", None), "name differs"),
        ((50, "ann@x.org", "Ann Lee", "1999-09-09"), "date of birth differs"),
    ],
)
def test_a_contradiction_is_held_for_review_and_widens_nothing(world: World, row: tuple[object, ...], reason: str) -> None:
    world.sql("a", customers=people(ANN))
    world.sql(
        "b",
        contacts=table(
            "no mail name born",
            row,
            subject=True,
            no=ident("contact_no"),
            mail=ident("email"),
            name=ident("name"),
            born=ident("date_of_birth"),
        ),
        notes=table("id contact", (70, 50), contact=owned_by("contacts.no")),
    )
    world.csv("news", table("line contact", (1, "50"), contact=ident("contact_no")))
    result = world.search("email=ann@x.org")
    assert marks(result) == {"a/customers/1": "", "b/contacts/50": reason}
    confirmed = world.search("email=ann@x.org", confirmed=["b/contacts/50"])
    assert own(confirmed) == {"a/customers/1", "b/contacts/50", "b/notes/70", "news/news/1"}


def test_a_spelling_of_the_same_name_is_no_contradiction(world: World) -> None:
    world.sql("a", customers=people((1, "m@x.org", "Müller, Maria", None, "1980-02-03")))
    world.sql(
        "b",
        contacts=table(
            "no mail name born",
            (50, "m@x.org", "Maria Mueller", "03.02.1980"),
            subject=True,
            mail=ident("email"),
            name=ident("name"),
            born=ident("date_of_birth"),
        ),
    )
    assert own(world.search("email=m@x.org")) == {"a/customers/1", "b/contacts/50"}


def test_a_phone_alone_is_held_for_review(world: World) -> None:
    world.sql("a", customers=people((1, "ann@x.org", None, "+4930123456", None)))
    world.sql("b", contacts=table("no phone", (50, "+49 (30) 123456"), subject=True, phone=ident("phone")))
    assert marks(world.search("email=ann@x.org")) == {"a/customers/1": "", "b/contacts/50": "phone alone"}


def test_a_phone_confirmed_by_name_is_followed(world: World) -> None:
    world.sql("a", customers=people(ANN))
    world.sql(
        "b",
        contacts=table("no phone name", (50, "+4930123456", "Lee, Ann"), subject=True, phone=ident("phone"), name=ident("name")),
    )
    assert own(world.search("email=ann@x.org")) == {"a/customers/1", "b/contacts/50"}


@pytest.mark.parametrize("given", ["name=Ann Lee", "date_of_birth=1980-02-03"])
def test_a_name_given_alone_lists_candidates_even_a_single_one(world: World, given: str) -> None:
    world.sql("shop", customers=people(ANN, BEN))
    result = world.search(given)
    assert [c.row.ref.path for c in result.ambiguous] == ["shop/customers/1"]
    assert result.findings == ()
    assert result.exit_code == 3
    assert own(world.search(given, subjects=["shop/customers/1"])) == {"shop/customers/1"}


def test_a_found_name_never_widens(world: World) -> None:
    world.sql("a", customers=people(ANN))
    world.csv("news", table("line name", (1, "Ann Lee"), name=ident("name")))
    assert marks(world.search("email=ann@x.org")) == {"a/customers/1": ""}


def test_a_subject_condition_decides_who_is_a_person(world: World) -> None:
    users = table(
        "id kind mail owner",
        (1, "User", "a@x.org", None),
        (2, "Project", "a@x.org", 1),
        subject={"when": {"kind": "User"}},
        mail=ident("email"),
        owner=owned_by("users.id"),
    )
    world.sql("git", users=users)
    result = world.search("email=a@x.org")
    assert own(result) == {"git/users/1", "git/users/2"}
    assert [r.path for r in result.subjects] == ["git/users/1"]


def test_an_identity_may_depend_on_another_column(world: World) -> None:
    answers = table(
        "id person field value",
        (1, 10, "4", "+4930123456"),
        (2, 11, "5", "+4930123456"),
        person=owned_by("people.id"),
        value={"identity": {"is": "phone", "when": {"field": "4"}}},
        field={},
    )
    world.sql("form", people=table("id", (10,), (11,), subject=True, id=ident("person")), answers=answers)
    assert own(world.search("phone=+4930123456")) == {"form/people/10", "form/answers/1"}


def test_a_name_over_several_columns_contradicts_and_confirms(world: World) -> None:
    world.sql("a", customers=people(ANN))
    world.sql(
        "b",
        contacts=table(
            "no mail given family",
            (50, "ann@x.org", "Ann", "Lee"),
            subject=True,
            mail=ident("email"),
            given={"category": "user.name.first"},
            family={"category": "user.name.last"},
            identities={"name": ["given", "family"]},
        ),
        persons=table(
            "no mail given family",
            (51, "ann@x.org", "Karl", "Otto"),
            subject=True,
            mail=ident("email"),
            given={"category": "user.name.first"},
            family={"category": "user.name.last"},
            identities={"name": ["given", "family"]},
        ),
    )
    assert marks(world.search("email=ann@x.org")) == {
        "a/customers/1": "",
        "b/contacts/50": "",
        "b/persons/51": "name differs",
    }


def test_an_identifier_that_is_switched_off_leads_nowhere(world: World) -> None:
    world.sql("a", customers=people((1, "ann@x.org", None, None, None)))
    world.csv("news", table("line no", (1, "1"), no=ident("customer_id")))
    assert own(world.search("email=ann@x.org")) == {"a/customers/1", "news/news/1"}
    result = world.search("email=ann@x.org", off=["customer_id=1"])
    assert own(result) == {"a/customers/1"}
    assert [(i.value, i.followed) for i in result.identity if i.kind == "customer_id"] == [("1", False)]


def test_seen_rows_do_not_teach_identifiers(world: World) -> None:
    world.sql(
        "a",
        customers=people(ANN),
        messages=table(
            "id recipient reply_to", (7, 1, "stranger@x.org"), recipient=seen_by("customers.id"), reply_to=ident("email")
        ),
    )
    world.csv("news", table("line mail", (1, "stranger@x.org"), mail=ident("email")))
    result = world.search("email=ann@x.org")
    assert marks(result) == {"a/customers/1": "", "a/messages/7": "access_only"}
    assert "stranger@x.org" not in identity(result)["email"]


def test_free_text_widens_nothing(world: World) -> None:
    world.sql("a", customers=people(ANN), notes=table("id body", (7, "ask ann@x.org or zed@x.org"), body=text(mentions=True)))
    result = world.search("email=ann@x.org")
    assert marks(result) == {"a/customers/1": "", "a/notes/7": "mention"}
    assert identity(result)["email"] == {"ann@x.org"}


def test_who_else_stands_in_a_message_is_shown_and_not_followed(world: World) -> None:
    """An address that everybody writes to would lead to everybody, and their messages would be erased as this person's."""
    mails = [
        (1, "ann@x.org", "help@shop.example", "c1"),
        (2, "ben@x.org", "help@shop.example", "c2"),
        (3, "help@shop.example", "Ann <ann@x.org>, Ben <ben@x.org>", "c1"),
        (4, "ANN@x.org", "Ann@X.org", "c9"),
        (5, "eve@x.org", "eve@x.org", "c9"),
    ]
    fields = {"sender": ident("email"), "receiver": ident("email"), "customer": ident("customer_id")}
    world.sql("desk", mails=table("id sender receiver customer", *mails, **fields))
    result = world.search("email=ann@x.org")
    assert own(result) == {"desk/mails/1", "desk/mails/3", "desk/mails/4", "desk/mails/5"}
    shown = {i.value: i.followed for i in result.identity}
    assert shown["help@shop.example"] is False and shown["c1"] and shown["c9"]
    assert own(world.search("customer_id=c2")) == {"desk/mails/2"}


def test_several_addresses_of_an_account_are_the_persons(world: World) -> None:
    world.sql("shop", customers=table("id a b", (1, "ann@x.org", "ann@work.org"), subject=True, a=ident("email"), b=ident("email")))
    world.csv("news", table("line mail", (1, "ann@work.org"), mail=ident("email")))
    assert own(world.search("email=ann@x.org")) == {"shop/customers/1", "news/news/1"}
