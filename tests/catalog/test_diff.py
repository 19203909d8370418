from dsr_desk.catalog.diff import Change, diff, unified
from tests.catalog.workspaces import SHOP, changed


def said(old: str, new: str) -> list[tuple[str, int, str]]:
    return [(c.kind, c.line, c.text) for c in diff({"a": SHOP}, {"a": changed(old, new)})]


def test_changes_in_plain_words() -> None:
    assert said("on_erase: redact", "on_erase: delete") == [("changed", 15, "customers: on_erase was redact and is now delete.")]
    assert said('{constant: "Erased"}', "{constant: x}") == [
        ("changed", 20, "customers.full_name: erase.constant was Erased and is now x.")
    ]
    assert said('{constant: "Erased"}', "null") == [
        ("changed", 20, "customers.full_name: erase was {constant: Erased} and is now null.")
    ]
    assert said("created_at: {}", "vat: {}") == [
        ("added", 23, "The field customers.vat is added."),
        ("removed", 23, "The field customers.created_at is removed."),
    ]
    assert said("recipients: [DHL]", "recipients: [DHL, UPS]") == [("changed", 9, "recipients was [DHL] and is now [DHL, UPS].")]
    assert said("recipients: [DHL]\n", "") == [("removed", 9, "recipients is removed ([DHL]).")]
    assert said("subject: true", "subject: 1") == [("changed", 13, "customers: subject was true and is now 1.")]
    assert said("subject: true", 'subject: "true"') == [("changed", 13, "customers: subject was true and is now true.")]


def test_whole_collections_and_files() -> None:
    without = SHOP[: SHOP.index("  messages:")]
    assert [c.text for c in diff({"a": SHOP}, {"a": without})] == ["The collection messages is removed."]
    assert diff({"gone": SHOP}, {"new": SHOP}) == [
        Change("added", "new", 1, "new: a new file for the system shop."),
        Change("removed", "gone", 1, "gone: the file is removed."),
    ]


def test_comments_and_order_are_no_change_but_stand_in_the_text() -> None:
    moved = SHOP.replace("title: Web shop\n", "").replace("driver: sql\n", "# a word\ndriver: sql\ntitle: Web shop\n")
    assert diff({"a": SHOP}, {"a": moved}) == []
    assert "+# a word" in unified({"a": SHOP}, {"a": moved})
    assert unified({"a": SHOP}, {"a": SHOP}) == ""


def test_an_unreadable_version() -> None:
    assert "can't be read" in diff({"a": SHOP}, {"a": "a: ["})[0].text
    assert diff({"a": "a: ["}, {"a": "a: ["}) == []


def test_a_password_never_stands_in_a_difference() -> None:
    old, new = {"a": SHOP}, {"a": changed("sqlite:///shop.db", "postgresql://me:hunter2@host/db")}
    assert "hunter2" not in str(diff(old, new)) + unified(old, new)
    assert "postgresql://me:•••@host/db" in diff(old, new)[0].text
