from pathlib import Path

from dsr_desk.catalog.graph import ownership
from tests.catalog.workspaces import SHOP, read

CRM = """\
system: crm
driver: sql
url: sqlite:///crm.db
collections:
  contacts:
    key: [id]
    on_erase: delete
    fields: {id: {}, shop_id: {owned_by: {to: shop/customers.id, when: {kind: [b2c, b2b]}}}}
  loyalty_log: {key: [id], fields: {id: {}, points: {}}}
"""


def test_boxes_and_arrows_of_one_system(tmp_path: Path) -> None:
    result = read(tmp_path, shop=SHOP, crm=CRM)
    assert result.catalog is not None
    graph = ownership(result.catalog, "shop", result.sources)
    assert [(b.id, b.outside) for b in graph.boxes] == [
        ("shop/customers", False),
        ("shop/addresses", False),
        ("shop/orders", False),
        ("shop/messages", False),
        ("crm/contacts", True),
    ]
    customers, _, orders, messages, _ = graph.boxes
    assert (customers.subject, customers.title, customers.on_erase, customers.line) == (True, "Customer accounts", "redact", 11)
    assert (orders.kept, messages.key) == ("10 years", ("thread_id", "position"))
    assert [(a.kind, a.source, a.target, a.line) for a in graph.arrows] == [
        ("owned_by", "crm/contacts", "shop/customers", 8),
        ("owns", "shop/customers", "shop/addresses", 22),
        ("owned_by", "shop/orders", "shop/customers", 34),
        ("owned_by", "shop/messages", "shop/customers", 41),
        ("accessed_by", "shop/messages", "shop/customers", 42),
    ]


def test_the_map_as_sentences(tmp_path: Path) -> None:
    catalog = read(tmp_path, shop=SHOP, crm=CRM).catalog
    assert catalog is not None
    sentences = ownership(catalog).sentences()
    assert "messages, owned by customers through sender_id" in sentences
    assert "messages, seen by customers through recipient_id" in sentences
    assert "contacts, owned by shop/customers through shop_id where kind is b2c or b2b" in sentences
    assert sentences[-1] == "loyalty_log: nobody owns its rows and no field carries an identity, so they are never found."
