"""A small company with one person in a database, a CSV and a workbook, and others beside her."""

from __future__ import annotations

from tests.flow.world import KEEP, World, ident, owned_by, owns, table, text

#: What is erased of her: by system, rows deleted and rows changed.
DONE = {"shop": (2, 1), "news": (1, 0), "desk": (0, 2)}
FOUND = {
    "shop/customers/1",
    "shop/addresses/5",
    "shop/orders/7",
    "shop/wishes/30",
    "news/news/1",
    "desk/tickets/11",
    "desk/tickets/12",
}


def company(world: World) -> World:
    """Ann is customer 1; Ben is customer 2."""
    world.sql(
        "shop",
        customers=table(
            "id email name phone address made",
            (1, "ann@x.org", "Ann Lee", "+49301111111", 5, "2020-01-01"),
            (2, "ben@x.org", "Ben Orr", "+49302222222", 6, "2020-01-02"),
            subject=True,
            on_erase="redact",
            id=ident("customer_id", category="user.unique_id"),
            email=ident("email", {"pseudonym": {"suffix": "@erased.invalid"}}, category="user.contact.email"),
            name=ident("name", {"constant": "Erased"}, category="user.name"),
            phone=ident("phone", None, category="user.contact.phone_number"),
            address=owns("addresses.id", erase=None),
            ddl="id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phone TEXT,"
            " address INTEGER REFERENCES addresses (id), made TEXT",
        ),
        addresses=table(
            "id street",
            (5, "Long Acre Road 1"),
            (6, "Short Street 2"),
            street=text(),
            ddl="id INTEGER PRIMARY KEY, street TEXT",
        ),
        orders=table(
            "id customer ordered note",
            (7, 1, "2024-03-01", "leave at the door"),
            (8, 2, "2024-03-02", "ring twice"),
            on_erase="keep",
            keep={**KEEP, "until": {"field": "ordered", "plus": "10 years"}},
            customer=owned_by("customers.id"),
            note=text(),
            ddl="id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers (id), ordered TEXT, note TEXT",
        ),
        wishes=table(
            "id customer what",
            (30, 1, "a red bicycle"),
            (31, 2, "a blue bicycle"),
            customer=owned_by("customers.id"),
            what=text(),
            ddl="id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers (id), what TEXT",
        ),
    )
    world.csv(
        "news",
        table(
            "line mail called",
            (1, "Ann@X.org", "Ann Lee"),
            (2, "ben@x.org", "Ben Orr"),
            (3, "cy@x.org", "Cy Poe"),
            mail=ident("email", category="user.contact.email"),
            called=ident("name", category="user.name"),
        ),
    )
    world.xlsx(
        "desk",
        tickets=table(
            "no customer caller body",
            (11, 1, "Ann Lee", "my parcel is late"),
            (12, "1", "Ann Lee", "it has come"),
            (13, 2, "Ben Orr", "thank you all"),
            on_erase="redact",
            customer=ident("customer_id", {"constant": "gone"}),
            caller=ident("name", {"constant": "Erased"}, category="user.name"),
            body=text("blank"),
        ),
    )
    return world
