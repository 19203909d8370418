"""What: everything owned, downwards, and never past what belongs to the person."""

from __future__ import annotations

from typing import Any

from tests.flow.world import Table, World, ident, marks, own, owned_by, owns, seen_by, table, text


def customers(*rows: tuple[Any, ...], **more: Any) -> Table:
    """Number and e-mail."""
    return table("id email", *rows, subject=True, id=ident("customer_id"), email=ident("email"), **more)


ANN, BEN = (1, "ann@x.org"), (2, "ben@x.org")


def test_owned_rows_are_followed_down_across_systems(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN, BEN),
        orders=table("id customer", (7, 1), (8, 2), customer=owned_by("customers.id")),
        lines=table("id order_id", (70, 7), (80, 8), order_id=owned_by("orders.id")),
    )
    world.csv("parcels", table("no line_no", ("P1", "70"), ("P2", "80"), line_no=owned_by("shop/lines.id")))
    assert own(world.search("email=ann@x.org")) == {
        "shop/customers/1",
        "shop/orders/7",
        "shop/lines/70",
        "parcels/parcels/P1",
    }


def test_what_a_row_owns_belongs_to_its_owner(world: World) -> None:
    world.sql(
        "shop",
        customers=table(
            "id email address",
            (1, "ann@x.org", 5),
            (2, "ben@x.org", 6),
            subject=True,
            email=ident("email"),
            address=owns("addresses.id"),
        ),
        addresses=table("id", (5,), (6,)),
        keys=table("id address", (50, 5), (60, 6), address=owned_by("addresses.id")),
    )
    assert own(world.search("email=ann@x.org")) == {"shop/customers/1", "shop/addresses/5", "shop/keys/50"}


def test_a_row_of_two_owners_is_shared_and_so_is_all_below_it(world: World) -> None:
    world.sql(
        "shop",
        customers=table(
            "id email address",
            (1, "ann@x.org", 5),
            (2, "ben@x.org", 5),
            subject=True,
            email=ident("email"),
            address=owns("addresses.id"),
        ),
        addresses=table("id", (5,)),
        keys=table("id address", (50, 5), address=owned_by("addresses.id")),
        orders=table("id customer", (8, 2), customer=owned_by("customers.id")),
    )
    result = world.search("email=ann@x.org")
    assert marks(result) == {"shop/customers/1": "", "shop/addresses/5": "shared", "shop/keys/50": "shared"}
    others = {f.ref.path: [o.path for o in f.other_owners] for f in result.findings}
    assert others["shop/addresses/5"] == ["shop/customers/2"]


def test_paths_that_disagree_make_a_shared_row(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN, BEN),
        orders=table("id customer", (7, 1), customer=owned_by("customers.id")),
        payments=table(
            "id order_id customer iban",
            (70, 7, 2, "X"),
            (71, 7, 1, "Y"),
            (72, 7, None, "Z"),
            order_id=owned_by("orders.id"),
            customer=owned_by("customers.id"),
            iban=text(),
        ),
    )
    assert marks(world.search("email=ann@x.org")) == {
        "shop/customers/1": "",
        "shop/orders/7": "",
        "shop/payments/70": "shared",
        "shop/payments/71": "",
        "shop/payments/72": "",
    }
    assert marks(world.search("email=ben@x.org")) == {"shop/customers/2": "", "shop/payments/70": "shared"}


def test_a_shared_row_found_by_its_own_identifier_asks_who_it_is(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN, BEN),
        orders=table("id customer", (7, 1), customer=owned_by("customers.id")),
        payments=table(
            "id order_id customer iban",
            (70, 7, 2, "DE0012"),
            order_id=owned_by("orders.id"),
            customer=owned_by("customers.id"),
            iban=ident("iban"),
        ),
    )
    result = world.search("iban=DE00 12")
    assert {c.row.ref.path for c in result.ambiguous} == {"shop/customers/1", "shop/customers/2"}
    assert result.exit_code == 3


def test_an_identifier_on_a_shared_row_is_not_the_persons(world: World) -> None:
    world.sql(
        "shop",
        customers=table(
            "id email home", (1, "ann@x.org", 5), (2, "ben@x.org", 5), subject=True, email=ident("email"), home=owns("homes.id")
        ),
        homes=table("id mail", (5, "ben-two@x.org"), mail=ident("email")),
    )
    world.csv("news", table("line mail", (1, "ben-two@x.org"), mail=ident("email")))
    assert marks(world.search("email=ann@x.org")) == {"shop/customers/1": "", "shop/homes/5": "shared"}


def test_seen_rows_are_leaves(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN, BEN),
        messages=table(
            "id sender recipient", (7, 2, 1), (8, 1, 2), sender=owned_by("customers.id"), recipient=seen_by("customers.id")
        ),
        files=table("id message", (70, 7), (80, 8), message=owned_by("messages.id")),
    )
    assert marks(world.search("email=ann@x.org")) == {
        "shop/customers/1": "",
        "shop/messages/7": "access_only",
        "shop/messages/8": "",
        "shop/files/80": "",
    }


def test_what_a_row_accesses_is_a_leaf(world: World) -> None:
    world.sql(
        "shop",
        customers=table("id email plan", (1, "ann@x.org", 5), subject=True, email=ident("email"), plan={"accesses": "plans.id"}),
        plans=table("id", (5,)),
        prices=table("id plan", (50, 5), plan=owned_by("plans.id")),
    )
    assert marks(world.search("email=ann@x.org")) == {"shop/customers/1": "", "shop/plans/5": "access_only"}


def test_a_row_both_seen_and_owned_is_owned(world: World) -> None:
    messages = table("id sender recipient", (7, 1, 1), sender=owned_by("customers.id"), recipient=seen_by("customers.id"))
    world.sql("shop", customers=customers(ANN), messages=messages)
    assert marks(world.search("email=ann@x.org")) == {"shop/customers/1": "", "shop/messages/7": ""}


def test_points_at_is_never_a_finding(world: World) -> None:
    world.sql(
        "shop",
        customers=table(
            "id email rep",
            (1, "ann@x.org", 9),
            (2, "ben@x.org", 9),
            subject=True,
            email=ident("email"),
            rep={"points_at": "staff.id"},
        ),
        staff=table("id email", (9, "rep@x.org"), subject=True, email=ident("email")),
    )
    assert marks(world.search("email=rep@x.org")) == {"shop/staff/9": ""}
    assert marks(world.search("email=ann@x.org")) == {"shop/customers/1": ""}


def test_the_way_goes_down_and_never_up_again(world: World) -> None:
    """Two customers of one shop branch: what hangs on the branch is nobody's."""
    world.sql(
        "shop",
        branches=table("id", (3,)),
        customers=table(
            "id email branch",
            (1, "ann@x.org", 3),
            (2, "ben@x.org", 3),
            subject=True,
            email=ident("email"),
            branch={"accesses": "branches.id"},
        ),
        orders=table(
            "id customer branch", (7, 1, 3), (8, 2, 3), customer=owned_by("customers.id"), branch={"points_at": "branches.id"}
        ),
    )
    assert marks(world.search("email=ann@x.org")) == {"shop/customers/1": "", "shop/orders/7": "", "shop/branches/3": "access_only"}


def test_self_references_and_cycles_end(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN, BEN),
        posts=table(
            "id author parent", (7, 1, None), (8, 2, 7), (9, 1, 9), author=owned_by("customers.id"), parent=owned_by("posts.id")
        ),
        a=table("id b_id customer", (1, 1, 1), b_id=owned_by("b.id"), customer=owned_by("customers.id")),
        b=table("id a_id", (1, 1), a_id=owned_by("a.id")),
    )
    assert marks(world.search("email=ann@x.org")) == {
        "shop/customers/1": "",
        "shop/posts/7": "",
        "shop/posts/8": "shared",
        "shop/posts/9": "",
        "shop/a/1": "",
        "shop/b/1": "",
    }


def test_a_cycle_without_a_person_belongs_to_nobody(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN),
        a=table("id b_id mail", (1, 1, "loop@x.org"), b_id=owned_by("b.id"), mail=ident("email")),
        b=table("id a_id", (1, 1), a_id=owned_by("a.id")),
    )
    result = world.search("email=loop@x.org")
    (finding,) = result.findings
    assert finding.ref.path == "shop/a/1"
    assert finding.shared


def test_a_subject_row_owned_by_another_is_another_person(world: World) -> None:
    accounts = table(
        "id email parent",
        (1, "ann@x.org", None),
        (2, "kid@x.org", 1),
        subject=True,
        email=ident("email"),
        parent=owned_by("accounts.id"),
    )
    world.sql("shop", accounts=accounts, orders=table("id account", (8, 2), account=owned_by("accounts.id")))
    result = world.search("email=ann@x.org")
    assert own(result) == {"shop/accounts/1"}
    assert "shop/orders/8" not in marks(result)


def test_composite_keys_and_references(world: World) -> None:
    world.sql(
        "mail",
        users=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        messages=table(
            "thread position sender", (7, 1, 1), (7, 2, 2), (8, 1, 1), key=["thread", "position"], sender=owned_by("users.id")
        ),
        files=table(
            "id thread position",
            (70, 7, 1),
            (71, 7, 2),
            (72, 8, 1),
            (73, 8, None),
            references=[{"fields": ["thread", "position"], "owned_by": "messages", "to": ["thread", "position"]}],
        ),
    )
    assert own(world.search("email=ann@x.org")) == {
        "mail/users/1",
        "mail/messages/7,1",
        "mail/messages/8,1",
        "mail/files/70",
        "mail/files/72",
    }


def test_a_polymorphic_reference_follows_its_condition(world: World) -> None:
    targets = [{"to": "contacts.id", "when": {"kind": "contact"}}, {"to": "orders.id", "when": {"kind": ["order", "return"]}}]
    world.sql(
        "crm",
        contacts=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        orders=table("id contact", (1, 2), (2, 1), contact=owned_by("contacts.id")),
        notes=table(
            "id kind entity",
            (70, "contact", 1),
            (71, "order", 1),
            (72, "order", 2),
            (73, "return", 2),
            (74, "other", 1),
            entity=owned_by(targets),
        ),
    )
    assert own(world.search("email=ann@x.org")) == {
        "crm/contacts/1",
        "crm/orders/2",
        "crm/notes/70",
        "crm/notes/72",
        "crm/notes/73",
    }


def test_a_table_without_a_key(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN, BEN),
        log=table("customer line", (1, "a"), (1, "b"), (2, "c"), key=None, customer=owned_by("customers.id"), line=text()),
    )
    found = world.search("email=ann@x.org").findings
    assert sorted(f.row.values["line"] for f in found if f.ref.collection == "log") == ["a", "b"]


def test_seven_is_seven_and_double_o_seven_is_not(world: World) -> None:
    world.sql("shop", customers=table("id email", (7, "ann@x.org"), subject=True, id=ident("customer_id"), email=ident("email")))
    world.csv("loans", table("no customer", ("A", "7"), ("B", "007"), ("C", "7.0"), customer=owned_by("shop/customers.id")))
    world.xlsx("desk", tickets=table("no customer", (1, 7), (2, "7"), (3, "007"), customer=ident("customer_id")))
    assert own(world.search("customer_id=7")) == {"shop/customers/7", "loans/loans/A", "desk/tickets/1", "desk/tickets/2"}
    assert own(world.search("customer_id=007")) == {"desk/tickets/3"}


def test_every_finding_tells_how_it_was_reached(world: World) -> None:
    world.sql(
        "shop",
        customers=customers(ANN),
        orders=table("id customer", (7, 1), customer=owned_by("customers.id")),
        notes=table("id body", (9, "call ann@x.org"), body=text(mentions=True)),
    )
    via = {
        f.ref.path: [(h.rule, h.detail, h.origin and h.origin.path) for h in f.via]
        for f in world.search("email=ann@x.org").findings
    }
    assert via == {
        "shop/customers/1": [("given", "email", None)],
        "shop/orders/7": [("owned_by", "customer", "shop/customers/1")],
        "shop/notes/9": [("mention", "body", None)],
    }


def test_columns_that_the_catalog_does_not_list_are_named(world: World) -> None:
    world.sql(
        "shop",
        customers=table("id email shoe_size", (1, "ann@x.org", 38), subject=True, email=ident("email"), unlisted=("shoe_size",)),
    )
    result = world.search("email=ann@x.org")
    assert result.findings[0].uncovered == ("shoe_size",)
    assert result.systems[0].uncovered == ("customers.shoe_size",)


def test_own_rows_are_no_mentions_and_others_are(world: World) -> None:
    world.sql(
        "shop",
        customers=table(
            "id email name",
            (1, "ann@x.org", "Ann Lee"),
            (2, "ben@x.org", "Ben"),
            subject=True,
            id=ident("customer_id"),
            email=ident("email"),
            name=ident("name"),
        ),
        tickets=table(
            "id customer body",
            (1234, 1, "I am Ann Lee"),
            (5, 2, "Ann Lee (ANN@X.ORG) told me"),
            (6, 2, "joann@x.org and Ann Leerdam, number 1"),
            (7, 2, None),
            customer=owned_by("customers.id"),
            body=text(mentions=True),
        ),
    )
    result = world.search("email=ann@x.org")
    assert marks(result) == {"shop/customers/1": "", "shop/tickets/1234": "", "shop/tickets/5": "mention"}
    finding = next(f for f in result.findings if f.mention)
    body = finding.row.values["body"]
    assert sorted((m.kind, body[m.start : m.end]) for m in finding.mentions) == [("email", "ANN@X.ORG"), ("name", "Ann Lee")]


def test_short_words_and_row_numbers_are_never_looked_for_in_texts(world: World) -> None:
    world.sql(
        "shop",
        customers=table(
            "id nick name", (1234, "bob", "Bo"), subject=True, id=ident("customer_id"), nick=ident("username"), name=ident("name")
        ),
        tickets=table("id body", (5, "bob said 1234 to Bo"), body=text(mentions=True)),
    )
    assert marks(world.search("customer_id=1234")) == {"shop/customers/1234": ""}
