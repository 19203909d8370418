"""The whole job in the terminal: the documents have the promised keys, the exit status says what is true."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Cli
from tests.flow.company import DONE, FOUND
from tests.flow.world import PASSPHRASE, World, ident, table


def test_from_an_address_to_a_proof(world: World, cli: Cli) -> None:
    world.paper()
    assert cli("catalog", "accept", "--yes", "--json").json["catalog"]
    made = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--received", "2026-01-31", "--json")
    assert made.code == 0
    ref = made.json["request"]
    assert made.json["due"] == "2026-03-02"  # 28 February is a Saturday
    assert cli("request", "identify", ref, "--how", "passport seen").code == 0
    plan = cli("plan", ref, "--json")
    assert plan.code == 0
    assert {"request", "digest", "refusals", "steps"} <= set(plan.json)
    for step in plan.json["steps"]:
        assert {"system", "collection", "key", "action", "fields"} <= set(step)
        assert step["action"] in ("delete", "change", "keep", "manual")
        for field in step["fields"].values():
            assert {"outcome", "strategy", "ground", "until"} <= set(field)
    assert {f"{s['system']}/{s['collection']}/{next(iter(s['key'].values()))}" for s in plan.json["steps"]} == FOUND
    assert cli("approve", ref, "--digest", "0" * 64).code == 3
    assert cli("approve", ref, "--digest", plan.json["digest"], "--json").code == 0
    done = cli("apply", ref, "--json")
    assert (done.code, done.json["status"], done.json["open"], done.json["request"]) == (0, "applied", 1, ref)
    for system in done.json["systems"]:
        assert {"system", "status", "deleted", "changed", "guarantee", "error"} <= set(system)
    told = {s["system"]: (s["deleted"], s["changed"]) for s in done.json["systems"]}
    assert {n: told[n] for n in DONE} == DONE
    proof = cli("verify", ref, "--json")
    assert (proof.code, proof.json["status"], proof.json["before"], proof.json["after"]) == (0, "verified", 7, 0)
    assert {"request", "retained", "excluded", "leftovers", "residue"} <= set(proof.json)
    assert cli("request", "close", ref).code == 3
    (task,) = cli("task", "list", ref, "--json").json["tasks"]
    assert cli("task", "answer", ref, task["task"], "--note", "Nothing there", "--records", "0").code == 0
    closed = cli("request", "close", ref, "--json")
    assert (closed.code, closed.json["stage"]) == (0, "closed")
    trail = cli("audit", "verify", "--json")
    assert (trail.code, trail.json["ok"], trail.json["fault"]) == (0, True, None)
    types = [e["type"] for e in cli("audit", "list", "--json").json["entries"]]
    assert types[0] == "log.open"
    assert {"catalog.set", "case.open", "plan.approve", "step.done", "verify.pass", "case.close"} <= set(types)


def test_search_prints_the_promised_document(world: World, cli: Cli) -> None:
    found = cli("search", "email=ann@x.org", "--json")
    assert found.code == 0
    document = found.json
    assert {"identity", "complete", "systems", "ambiguous", "not_followed", "findings"} <= set(document)
    assert document["complete"] is True
    assert document["identity"]["customer_id"] == ["1"]
    for system in document["systems"]:
        assert {"system", "status", "rows", "seconds", "error"} <= set(system)
        assert system["error"] is None
    for finding in document["findings"]:
        assert {"system", "collection", "key", "fields", "via", "access_only", "shared", "mention", "review"} <= set(finding)
        assert finding["via"]
    customer = next(f for f in document["findings"] if f["collection"] == "customers")
    assert customer["key"] == {"id": 1}
    assert customer["fields"]["address"] == 5
    assert (customer["access_only"], customer["shared"], customer["mention"], customer["review"]) == (False, False, False, [])


def test_values_travel_as_promised(tmp_path: Path, cli: Cli) -> None:
    world = World(tmp_path)
    world.sql(
        "db",
        people=table(
            "id email big blob half when_",
            (1, "ann@x.org", 2**60, b"\x00\xff", 0.5, "2026-01-01 10:00:00"),
            subject=True,
            email=ident("email"),
        ),
    )
    cli("init", str(tmp_path))
    (finding,) = cli("search", "email=ann@x.org", "--json").json["findings"]
    assert finding["fields"]["big"] == str(2**60)
    assert finding["fields"]["blob"] == {"base64": "AP8="}
    assert finding["fields"]["half"] == 0.5


def test_a_system_that_is_down(world: World, cli: Cli) -> None:
    (world.folder / "shop.db").rename(world.folder / "away")
    found = cli("search", "email=ann@x.org", "--json")
    assert found.code == 4
    assert found.json["complete"] is False
    shop = next(s for s in found.json["systems"] if s["system"] == "shop")
    assert shop["status"] == "failed"
    assert shop["error"]
    assert [f["collection"] for f in found.json["findings"]] == ["news"]
    assert "NOT complete" in cli("search", "email=ann@x.org").out
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    assert cli("plan", ref, "--json").code == 3
    assert cli("catalog", "check", "--json").code == 4


def test_two_people_are_asked_about(world: World, cli: Cli) -> None:
    world.do("shop", "UPDATE customers SET phone = '+49301111111'")
    found = cli("search", "phone=+49 30 1111111", "--json")
    assert found.code == 3
    assert {(a["system"], a["collection"], a["key"]["id"]) for a in found.json["ambiguous"]} == {
        ("shop", "customers", 1),
        ("shop", "customers", 2),
    }
    assert all({"system", "collection", "key", "fields"} <= set(a) for a in found.json["ambiguous"])
    assert found.json["findings"] == []
    assert "--subject" in cli("search", "phone=+49 30 1111111").out
    answered = cli("search", "phone=+49 30 1111111", "--subject", "shop/customers/2", "--json")
    assert answered.code == 0
    assert answered.json["subjects"] == ["shop/customers/2"]
    assert answered.json["not_followed"]
    ref = cli("request", "new", "--right", "erasure", "phone=+49 30 1111111", "--json").json["request"]
    assert cli("plan", ref).code == 3
    plan = cli("plan", ref, "--subject", "shop/customers/2", "--json")
    assert plan.code == 0
    assert all(s["key"] != {"id": 1} for s in plan.json["steps"])


def test_drift_is_exit_three_and_names_the_row(world: World, cli: Cli) -> None:
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    digest = cli("plan", ref, "--json").json["digest"]
    assert cli("apply", ref).code == 3
    cli("approve", ref, "--digest", digest)
    world.do("shop", "UPDATE wishes SET what = 'a car' WHERE id = 30")
    before = world.state()
    done = cli("apply", ref, "--json")
    assert (done.code, done.json["status"]) == (3, "refused")
    assert "shop/wishes/30" in done.json["systems"][[s["system"] for s in done.json["systems"]].index("shop")]["rows"]
    assert "shop/wishes/30" in cli("apply", ref).out
    assert world.state() == before


def test_leftovers_are_exit_one(world: World, cli: Cli) -> None:
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    cli("approve", ref, "--digest", cli("plan", ref, "--json").json["digest"])
    assert cli("verify", ref).code == 3
    cli("apply", ref)
    world.do("shop", "INSERT INTO wishes VALUES (77, 1, 'a boat')")
    proof = cli("verify", ref, "--json")
    assert (proof.code, proof.json["status"], proof.json["after"]) == (1, "leftovers", 1)
    assert [x["row"] for x in proof.json["leftovers"]] == ["shop/wishes/77"]
    assert "LEFT OVER shop/wishes/77" in cli("verify", ref).out


def test_a_refused_plan_is_exit_three(tmp_path: Path, cli: Cli) -> None:
    world = World(tmp_path)
    ddl = "id INTEGER PRIMARY KEY, email TEXT NOT NULL"
    world.sql(
        "db", people=table("id email", (1, "ann@x.org"), subject=True, on_erase="redact", email=ident("email", None), ddl=ddl)
    )
    cli("init", str(tmp_path))
    cli("catalog", "accept", "--yes")
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    plan = cli("plan", ref, "--json")
    assert plan.code == 3
    assert plan.json["digest"] == ""
    (refusal,) = plan.json["refusals"]
    assert (refusal["system"], refusal["collection"], refusal["field"]) == ("db", "people", "email")
    assert refusal["why"]
    assert refusal["cure"]
    assert cli("approve", ref, "--digest", "").code == 3


def test_a_catalog_nobody_accepted(tmp_path: Path, cli: Cli) -> None:
    World(tmp_path).csv("news", table("line mail", (1, "ann@x.org"), mail=ident("email")))
    cli("init", str(tmp_path))
    found = cli("search", "email=ann@x.org", "--json")
    assert found.code == 0
    assert "not accepted" in found.err
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    assert cli("plan", ref).code == 3
    assert cli("catalog", "accept").code == 2
    assert cli("catalog", "accept", "--yes").code == 0
    assert cli("plan", ref).code == 0


def test_one_bit_of_the_trail_is_named(world: World, cli: Cli) -> None:
    cli("search", "email=ann@x.org")
    database = world.folder / "workspace.db"
    with closing(sqlite3.connect(database)) as db:
        seqs = [s for (s,) in db.execute("SELECT seq FROM trail ORDER BY seq")]
        seq = seqs[len(seqs) // 2]
        ((raw,),) = db.execute("SELECT raw FROM trail WHERE seq = ?", (seq,))
        at = bytes(raw).index(b'"ts"') + 10
        flipped = bytes(raw[:at]) + bytes([raw[at] ^ 1]) + bytes(raw[at + 1 :])
        db.execute("UPDATE trail SET raw = ? WHERE seq = ?", (flipped, seq))
        db.commit()
    checked = cli("audit", "verify", "--json")
    assert (checked.code, checked.json["ok"], checked.json["fault"]["seq"]) == (1, False, seq)
    assert str(seq) in cli("audit", "verify").out


def test_export_hands_over_and_overwrites_nothing(world: World, cli: Cli, tmp_path: Path) -> None:
    world.sql(
        "chat",
        lines=table(
            "id sender reader body",
            (1, 1, 2, "from ann"),
            (2, 2, 1, "from ben"),
            sender={"owned_by": "shop/customers.id"},
            reader={"accessed_by": "shop/customers.id"},
            body={"category": "user.content"},
        ),
    )
    cli("catalog", "accept", "--yes")
    ref = cli("request", "new", "--right", "access", "email=ann@x.org", "--json").json["request"]
    to = tmp_path / "out"
    assert cli("request", "close", ref).code == 3
    done = cli("export", ref, "--to", str(to), "--format", "json,csv,html", "--json")
    assert done.code == 0
    assert (done.json["complete"], [w["what"] for w in done.json["waiting"]]) == (False, ["1 value"])
    assert all(Path(f).exists() for f in done.json["files"])
    text = "".join(p.read_text(encoding="utf-8-sig") for p in to.rglob("*") if p.is_file())
    for hers in ("Ann Lee", "ann@x.org", "Long Acre Road 1", "a red bicycle", "my parcel is late", "from ann"):
        assert hers in text, hers
    for others in ("ben@x.org", "Ben Orr", "Short Street", "a blue bicycle", "+49302222222"):
        assert others not in text, others
    before = {p: p.read_bytes() for p in to.rglob("*") if p.is_file()}
    again = cli("export", ref, "--to", str(to), "--json")
    assert again.code in (2, 3)
    assert {p: p.read_bytes() for p in to.rglob("*") if p.is_file()} == before
    assert cli("export", ref, "--to", str(tmp_path / "other"), "--format", "docx").code == 2
    assert cli("request", "close", ref).code == 0


def test_an_incomplete_export_says_so(world: World, cli: Cli, tmp_path: Path) -> None:
    (world.folder / "news.csv").rename(world.folder / "away")
    ref = cli("request", "new", "--right", "access", "email=ann@x.org", "--json").json["request"]
    done = cli("export", ref, "--to", str(tmp_path / "out"), "--json")
    assert done.code == 4
    assert done.json["complete"] is False


def test_the_report_as_a_pdf(world: World, cli: Cli, tmp_path: Path) -> None:
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    pdf = tmp_path / "report.pdf"
    told = cli("report", ref, "--pdf", str(pdf), "--json")
    assert told.code == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    assert told.json["pdf"] == str(pdf)
    assert cli("report", ref, "--json").json["pdf"] is None


def test_waiving_needs_a_reason_and_is_printed(world: World, cli: Cli) -> None:
    (world.folder / "news.csv").rename(world.folder / "away")
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    assert cli("request", "waive", ref, "news", "--reason", "no").code == 2
    assert cli("request", "waive", ref, "nowhere", "--reason", "It was shut down long ago").code == 2
    assert cli("request", "waive", ref, "news", "--reason", "It was shut down long ago").code == 0
    plan = cli("plan", ref, "--json")
    assert (plan.code, plan.json["waived"]) == (0, ["news"])


def test_include_and_exclude_need_a_reason(world: World, cli: Cli) -> None:
    world.do("shop", "UPDATE customers SET address = 5 WHERE id = 2")
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    assert cli("plan", ref, "--exclude", "shop/addresses/5").code == 2
    assert cli("plan", ref, "--exclude", "nonsense", "--reason", "It is Ben's, too").code == 2
    assert cli("plan", ref, "--exclude", "shop/addresses/99", "--reason", "It is Ben's, too").code == 2
    plan = cli("plan", ref, "--exclude", "shop/addresses/5", "--reason", "It is Ben's, too", "--json")
    step = next(s for s in plan.json["steps"] if s["collection"] == "addresses")
    assert {f["outcome"] for f in step["fields"].values()} == {"excluded"}


def test_requests_are_listed_and_shown(world: World, cli: Cli) -> None:
    assert cli("request", "list", "--json").json == {"requests": [], "restrictions": []}
    ref = cli("request", "new", "--right", "portability", "email=ann@x.org", "--json").json["request"]
    second = cli("request", "new", "--right", "access", "email=ANN@x.org", "--json").json
    assert second["same_person"] == [ref]
    assert [r["request"] for r in cli("request", "list", "--json").json["requests"]] == [ref, second["request"]]
    shown = cli("request", "show", ref, "--json").json
    assert shown["request"] == ref
    assert shown["open"]
    assert cli("request", "show", "DSR-1999-0001").code == 2


def test_a_system_that_never_answers_does_not_keep_the_program_from_ending(world: World) -> None:
    """It was given up; the thread that still waits for it would hold the end back for as long as its driver waits."""
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        dead.listen()
        url = f"ldap://127.0.0.1:{dead.getsockname()[1]}/dc=example"
        world.say("gone", "ldap", {"url": url, "timeout": 1}, {"people": table("dn mail", mail=ident("email"))})
        asked = [sys.executable, "-m", "dsr_desk", "--workspace", str(world.folder), "search", "email=ann@x.org"]
        done = subprocess.run(
            asked, env={**os.environ, "DSR_DESK_PASSPHRASE": PASSPHRASE}, capture_output=True, text=True, timeout=20
        )
    assert done.returncode == 4
    assert "gone has not answered for 1 second" in done.stdout
    assert "records found" in done.stdout
