"""Nothing personal and nothing secret leaves the sealed parts of a workspace: 200 values go through it, over a net."""

from __future__ import annotations

import base64
import gc
import io
import logging
import os
import sqlite3
import sys
import tempfile
import threading
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from dsr_desk.app import workspaces as app
from dsr_desk.gui.messages import explain
from dsr_desk.model.finding import RowRef
from tests import servers
from tests.acceptance.net import Net
from tests.cli.conftest import Cli, Said
from tests.flow.world import KEEP, World, ident, owned_by, table, text

NAMES = [f"Quillon{n:02} Vexmoor{n:02}" for n in range(40)]
MAILS = [f"canary{n:02}.vexmoor@quillon{n:02}.example.org" for n in range(40)]
#: A domain of one's own names its owner. The terminal shows it, papers don't.
DOMAINS = [mail.partition("@")[2] for mail in MAILS]
PHONES = [f"+49309955{n:04}" for n in range(20)]
TOKENS = [f"tok_{sha256(b'token%d' % n).hexdigest()[:24]}" for n in range(20)]
TEXTS = [f"the violet zebra {n:02} ate parcel {n * 7919:06} at noon" for n in range(40)]
PASSWORDS = [f"pw-Gromwell!{n:02}-battery" for n in range(20)]


def _iban(n: int) -> str:
    account = f"50010517{5407324000 + n:010}"
    return f"DE{98 - int(f'{account}131400') % 97:02}{account}"


IBANS = [_iban(n) for n in range(20)]
CANARIES = [*NAMES, *MAILS, *PHONES, *TOKENS, *TEXTS, *PASSWORDS, *IBANS]
#: What the operator types as a reason: reports print it.
REASONS = TEXTS[20:]
#: After so many commands every file is looked at.
_STRIDE = 4
PASSPHRASE, WRONG, SYSTEM, BOB = PASSWORDS[:4]


@pytest.fixture
def shop(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> World:
    """Twenty people with everything a canary can be, and a folder of its own for temporary files."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("DSR_DESK_WORKSPACE", str(tmp_path / "desk"))
    world = World(tmp_path / "desk")
    rows = [(n + 1, MAILS[n], NAMES[n], PHONES[n], IBANS[n], TOKENS[n], TEXTS[n]) for n in range(20)]
    world.sql(
        "shop",
        customers=table(
            "id email name phone iban api note",
            *rows,
            subject=True,
            on_erase="redact",
            id=ident("customer_id"),
            email=ident("email", {"pseudonym": {"suffix": "@erased.invalid"}}, category="user.contact.email"),
            name=ident("name", {"constant": "Erased"}, category="user.name"),
            phone=ident("phone", None, category="user.contact.phone_number"),
            iban=ident("iban", "token"),
            api=text(None),
            note=text("blank"),
            keep=KEEP,
            ddl="id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, phone TEXT, iban TEXT, api TEXT, note TEXT",
        ),
        wishes=table("id customer what", (1, 1, TEXTS[0]), (2, 2, TEXTS[1]), customer=owned_by("customers.id"), what=text()),
    )
    world.csv(
        "news", table("line mail called", *((n, MAILS[n], NAMES[n]) for n in range(20)), mail=ident("email"), called=ident("name"))
    )
    world.xlsx(
        "desk",
        tickets=table(
            "no customer body",
            *((n, n + 1, TEXTS[n]) for n in range(20)),
            on_erase="redact",
            customer=ident("customer_id", {"constant": "gone"}),
            body=text("blank"),
        ),
    )
    return world


@pytest.fixture
def net(shop: World) -> Iterator[Net]:
    """Watches the workspace and the temporary files, but not the systems themselves."""
    systems = {p.name for p in shop.files}
    caught = Net([*CANARIES, *DOMAINS])
    with caught.watch(shop.folder, shop.folder.parent / "tmp", but=lambda path: any(name in path.name for name in systems)):
        yield caught


class Terminal:
    """Types, and lets the net look at what it says: all of it where values are masked, else what it says of errors."""

    def __init__(self, cli: Cli, net: Net) -> None:
        self._cli, self._net, self._typed = cli, net, 0
        self.shown = Net(value for value in CANARIES if value not in REASONS)
        self.given = Net(DOMAINS)

    def __call__(self, *argv: str, code: int = 0, passphrase: str = PASSPHRASE) -> Said:
        said = self._cli(*argv, passphrase=passphrase)
        assert said.code == code, (argv[:2], said.code, said.err)
        self._net.look(f"standard error of {argv[:2]}", said.err)
        if "--json" not in argv:
            self.shown.look(f"the terminal at {argv[:2]}", said.out)
        self._typed += 1
        if self._typed % _STRIDE == 0:
            self._net.files()
        return said


def _erased(say: Terminal, shop: World, tmp: Path) -> str:
    """From the letter to the closed request, with everything that can go wrong on the way."""
    ref: str = say("request", "new", "--right", "erasure", f"email={MAILS[0]}", f"name={NAMES[0]}", "--json").json["request"]
    say("request", "identify", ref, "--how", REASONS[0])
    say("request", "extend", ref, "--reason", REASONS[1])
    hold = say("hold", "set", ref, "--reason", REASONS[2], "--json").json["hold"]
    person = say("hold", "set", "--person", f"email={MAILS[0]}", "--reason", REASONS[3], "--json").json["hold"]
    say("plan", ref, code=3)
    say("hold", "release", hold, "--reason", REASONS[4])
    say("hold", "release", person, "--reason", REASONS[5])
    say("approve", ref, "--digest", say("plan", ref, "--json").json["digest"])
    shop.do("shop", "UPDATE customers SET note = ? WHERE id = 1", TEXTS[39])
    say("apply", ref, code=3)
    digest = say("plan", ref, "--exclude", "shop/wishes/1", "--reason", REASONS[6], "--json").json["digest"]
    say("approve", ref, "--digest", digest)
    shop.do("shop", f"CREATE TRIGGER no BEFORE UPDATE ON customers BEGIN SELECT RAISE(ABORT, '{NAMES[0]} {IBANS[0]}'); END")
    assert say("apply", ref, "--json", code=3).json["status"] in ("partial", "refused")
    shop.do("shop", "DROP TRIGGER no")
    say("apply", ref)
    say("verify", ref)
    paper = tmp / f"{NAMES[0]}.txt"
    paper.write_text(TEXTS[0], encoding="utf-8")
    for task in say("task", "list", ref, "--json").json["tasks"]:
        say("task", "answer", ref, task["task"], "--note", REASONS[7], "--file", str(paper))
    say("lock", "open", ref, "--reason", REASONS[8], "--json")
    return ref


def test_two_hundred_values_are_nowhere(shop: World, net: Net, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(set(CANARIES)) == 200
    say, out = Terminal(cli, net), tmp_path / "out"
    out.mkdir()
    made = say("init", str(shop.folder), "--operator", "Ada", "--json").json
    net.add(made["recovery"])
    monkeypatch.setenv("DSR_DESK_RECOVERY", made["recovery"])
    monkeypatch.setenv("DSR_DESK_NEW_PASSPHRASE", BOB)
    say("operator", "add", "Bob", "--role", "auditor")
    say("catalog", "accept", "--yes")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SYSTEM}\n"))
    say("secret", "set", "shop")
    say("audit", "list", passphrase=WRONG, code=4)
    say("search", f"email={MAILS[0]}")
    say("search", f"email={MAILS[30]}", f"name={NAMES[30]}")
    for typed in (["request", "show", MAILS[1]], ["hold", "release", NAMES[1], "--reason", REASONS[0]], ["plan", IBANS[1]]):
        say(*typed, code=2)
    ref = _erased(say, shop, tmp_path)
    _papers(say, ref, out)
    say("lock", "shred", ref)
    say("request", "close", ref)
    others = _others(say, out, tmp_path)
    _facade(shop, net)
    say("key", "rotate")
    for one in (ref, *others):
        say("request", "shred", one, "--yes")
        say("request", "show", one, code=3)
    for verb in (
        ["request", "list", "--closed"],
        ["audit", "list"],
        ["audit", "verify"],
        ["hold", "list", "--released"],
        ["task", "list"],
    ):
        say(*verb)
    for file in (*out.glob("*.*"), *(out / "files").iterdir()):
        if not file.name.startswith("opened"):
            say.shown.look(file.name, file.read_bytes())
            say.given.look(file.name, file.read_bytes())
    gc.collect()
    net.files()
    assert net.caught + say.shown.caught + say.given.caught == []
    assert min(net.looked, say.shown.looked) > 40


def _papers(say: Terminal, ref: str, out: Path) -> None:
    """What goes out about a request: none of it names the person, but for a receipt and an opened bundle."""
    say("request", "decide", ref, "--decision", "partly", "--reason", REASONS[9])
    say("report", ref, "--pdf", str(out / "report.pdf"), "--format", "json,csv", "--to", str(out / "files"))
    say("evidence", ref, "--to", str(out / "evidence.zip"))
    say("evidence", ref, "--to", str(out / "opened.zip"), "--opened", "--json")
    say("receipt", ref, "--to", str(out / "opened receipt.zip"))
    say("audit", "anchor", "--to", str(out / "checkpoint.txt"))
    say("audit", "check", str(out / "evidence.zip"))


def _others(say: Terminal, out: Path, tmp: Path) -> list[str]:
    """A copy, a correction and a list of people, closed."""
    copy: str = say("request", "new", "--right", "access", f"email={MAILS[2]}", "--json").json["request"]
    say("export", copy, "--to", str(out / "copy"))
    say("export", copy, "--to", str(out / "sealed"), "--encrypt", "--json")
    right: str = say(
        "request", "new", "--right", "rectification", f"email={MAILS[3]}", "--set", f"shop/customers/name={NAMES[31]}", "--json"
    ).json["request"]
    say("approve", right, "--digest", say("plan", right, "--json").json["digest"])
    people = tmp / "people.csv"
    people.write_text(f"email,shoe\n{MAILS[4]},{TOKENS[4]}\n", encoding="utf-8")
    say("request", "new", "--right", "erasure", "--subjects", str(people), code=2)
    people.write_text(f"email\n{MAILS[4]}\n{MAILS[35]}\n", encoding="utf-8")
    listed: str = say("request", "new", "--right", "erasure", "--subjects", str(people), "--json").json["request"]
    say("plan", listed)
    closed = [copy, right, listed]
    for ref in closed:
        say("request", "decide", ref, "--decision", "refused", "--reason", REASONS[10])
        say("request", "close", ref)
    return closed


def _facade(shop: World, net: Net) -> None:
    """What a window does: a desk over the same folder, errors in its words, and bugs."""
    desk = app.open_desk(shop.folder, ask=lambda: PASSPHRASE)
    with desk.workspace:
        desk.quick_search([("email", MAILS[5])])
        ref = desk.open_request("access", [("email", MAILS[5])], date.today()).ref
        desk.search(ref)
        desk.reveal(ref, RowRef.parse("shop/customers/6"), "name")
        for bad in (lambda: desk.request(NAMES[6]), lambda: desk.waive(ref, TOKENS[6], REASONS[11]), lambda: _bug(NAMES[7])):
            try:
                bad()
            except Exception as error:  # noqa: BLE001  # bugs are of any kind
                said = explain(error)
                net.look("an error of the window", "\n".join((said.title, said.text, said.details)))
            else:
                raise AssertionError("nothing failed")
        net.files()


def _bug(value: str) -> None:
    raise ValueError(value)


# -- the net itself --------------------------------------------------------------------------------------------------


def _fail(value: str) -> None:
    def fall() -> None:
        raise ValueError(value)

    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()


def _finalizer(value: str) -> None:
    class Falls:
        def __del__(self) -> None:
            raise ValueError(value)

    Falls()


def _hooked(value: str) -> None:
    try:
        raise ValueError("outer") from ValueError(value)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def _temporary(value: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(value)
        file.flush()


def _left(value: str) -> None:
    Path(tempfile.mkstemp()[1]).write_text(value, encoding="utf-8")


def _renamed(value: str) -> None:
    _left(value)
    for path in Path("tmp").iterdir():
        path.rename(f"away-{path.name}")


def _zipped(value: str) -> None:
    with zipfile.ZipFile("desk/box.zip", "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("inner.txt", f"before {value} after")


def _database(value: str) -> None:
    with closing(sqlite3.connect("desk/workspace.db")) as db:
        db.execute("CREATE TABLE IF NOT EXISTS t (v)")
        db.execute("INSERT INTO t VALUES (?)", (value,))
        db.commit()


LEAKS: dict[str, Callable[[str], object]] = {
    "log": lambda v: logging.getLogger("anything").debug("found %s", v),
    "log of an error": lambda v: logging.getLogger("x").error("bad", exc_info=ValueError(v)),
    "warning": lambda v: warnings.warn(f"odd: {v}", stacklevel=1),
    "traceback": _hooked,
    "thread": _fail,
    "finalizer": _finalizer,
    "temporary file, deleted": _temporary,
    "temporary file, left": _left,
    "temporary file, renamed": _renamed,
    "file": lambda v: Path("desk/notes.txt").write_text(v, encoding="utf-8"),
    "name of a file": lambda v: Path(f"desk/{v.replace('/', '_')}.txt").touch(),
    "database": _database,
    "capitals": lambda v: Path("desk/a").write_text(v.upper(), encoding="utf-8"),
    "utf-16": lambda v: Path("desk/a").write_bytes(v.encode("utf-16")),
    "base64": lambda v: Path("desk/a").write_bytes(base64.b64encode(b"x" + v.encode() + b"yz")),
    "hash": lambda v: Path("desk/a").write_text(sha256(v.lower().encode()).hexdigest()),
    "raw hash": lambda v: Path("desk/a").write_bytes(sha256(v.encode()).digest()),
    "zlib": lambda v: Path("desk/a").write_bytes(b"PDF stream" + zlib.compress(v.encode()) + b"end"),
    "zip": _zipped,
}


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_net_catches_each_kind_of_leak(leak: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    for value in (NAMES[1], MAILS[1], PHONES[1], IBANS[1], TOKENS[1], TEXTS[1], PASSWORDS[1]):
        net = Net([value])
        with net.watch(tmp_path / "desk", tmp_path / "tmp"):
            LEAKS[leak](value)
            gc.collect()
        assert net.caught, value
        for file in (tmp_path / "desk").iterdir():
            file.unlink()


def test_the_net_does_not_see_what_is_not_there(tmp_path: Path) -> None:
    net = Net(CANARIES)
    with net.watch(tmp_path):
        (tmp_path / "a").write_bytes(os.urandom(200_000))
        logging.getLogger("x").debug("canary")
    assert net.caught == []
    assert net.looked > 1


# -- a server whose errors tell values ----------------------------------------------------------------------------------


def test_what_a_server_says_in_its_errors_stays_there(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    with servers.postgresql() as server:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
            db.execute("CREATE TABLE people (id int PRIMARY KEY, email text UNIQUE, code text CHECK (code <> 'gone'))")
            db.execute("INSERT INTO people VALUES (1, %s, %s)", (MAILS[0], TOKENS[0]))
        (tmp_path / "tmp").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
        world = World(tmp_path)
        people = table(
            "id email code", subject=True, on_erase="redact", id=ident("customer_id"), email=ident("email", None), code=text(None)
        )
        world.say("shop", "sql", {"url": f"{server}/postgres"}, {"people": people})
        net = Net(CANARIES)
        with net.watch(tmp_path):
            say = Terminal(cli, net)
            say("init", str(tmp_path), "--operator", "Ada")
            say("catalog", "accept", "--yes")
            monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SYSTEM}\n"))
            say("secret", "set", "shop")
            ref = say("request", "new", "--right", "erasure", f"email={MAILS[0]}", "--json").json["request"]
            say("approve", ref, "--digest", say("plan", ref, "--json").json["digest"])
            with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
                db.execute("ALTER TABLE people ADD CONSTRAINT told CHECK (email IS NOT NULL)")
            say("apply", ref, code=3)
            with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
                db.execute("ALTER TABLE people DROP CONSTRAINT told; DROP TABLE people")
            say("search", f"email={MAILS[0]}", code=2)
        assert net.caught + say.shown.caught == []
