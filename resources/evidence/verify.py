# fmt: off
"""Checks the evidence in the folder that this script lies in, or in the one named after it. Needs Python 3.9 and openssl 3.
It shows that each line of trail.jsonl was signed with a key that the log's root key admitted, that no entry of the case is left
out, and that all stand in the log whose checkpoint is in checkpoint.txt. It can't show that this log was never written anew as
a whole: compare the checkpoint that it prints with one that somebody else kept. docs/evidence.md states it step by step."""
# ruff: noqa: BLE001, D103, E401, E402, E701, E702, E731, I001, S603
import sys; beside = sys.path[: __name__ == "__main__" and not sys.flags.isolated and not getattr(sys.flags, "safe_path", False)]
sys.path = [path for path in sys.path if path not in beside]  # whatever else lies in this script's folder is not to be run
import base64, hashlib, hmac, json, pathlib, re, subprocess, tempfile, typing
SLIP = {"manifest.json", "manifest.sig", "trail.jsonl", "proofs.json", "checkpoint.txt", "README.txt", "verify.py", "opened.json"}
FULL = SLIP - {"opened.json"} | {"plan.json", "result.json", "report.pdf", "report.json"}
KEYS = ("log.open", "key.add", "key.retire", "key.compromise", "policy.set")  # the root key signs these, and nothing else
LOOKS = r"case\.view|report\.(make|print|period)|(evidence|receipt)\.make|checkpoint\.anchor|act\.refused|desk\.open|clock\.warn"
MAY = {"approver": r".*", "agent": r"(?!(plan\.approve|hold\.release)$).*", "auditor": LOOKS}
ENTRY = re.compile(
    rb'(\{"actor":"([0-9a-f]{16})","body":(\{[ -~]*\}),"log":"([a-z0-9][a-z0-9./_-]{0,199})","prev":"[0-9a-f]{64}","seq":'
    rb'([1-9][0-9]{0,14})),"sig":"([\w+/]{85}[AQgw]==)"(,"ts":"([0-9T:-]{19}\.[0-9]{3}Z)","type":"([a-z][a-z.]{0,39})","v":1\})\n')
sha256: typing.Any = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
canonical: typing.Any = lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
insist: typing.Any = lambda holds, sentence: None if holds else sys.exit(f"It does not hold: {sentence}.")
def document(raw: bytes) -> typing.Any:  # RFC 8785, and with no numbers but whole ones of at most 15 characters
    value = json.loads(raw.decode(), parse_int=lambda digits: int(digits[:15]), parse_float=str.encode, parse_constant=str.encode)
    insist(canonical(value) == raw, "JSON stands there that is not in its one form"); return value
def insist_signed(key: bytes, message: bytes, signature: bytes, what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        for file, data in ("key", bytes.fromhex("302a300506032b6570032100") + key), ("in", message), ("sig", signature):
            pathlib.Path(name, file).write_bytes(data)
        words = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key -in in -sigfile sig"
        done = subprocess.run(words.split(), cwd=name, capture_output=True, check=False)
    insist(done.returncode == 0, f"{what} is not what was signed" + (b"Failure" not in done.stdout) * ", or openssl is too old")
def roots(leaf: bytes, index: int, size: int, path: list[str]) -> tuple[bytes, bytes]:  # RFC 6962: over all; over those before
    if size == 1 or bytes.fromhex(path[-1]).hex() != path[-1]: return (b"?" if path else leaf), b""
    half, by = 1 << (size - 1).bit_length() - 1, bytes.fromhex(path[-1])
    top, old = roots(leaf, index % half, half if index < half else size - half, path[:-1])
    return (sha256(b"\1", top, by), old) if index < half else (sha256(b"\1", by, top), sha256(b"\1", by, old) if old else by)
def check(folder: pathlib.Path) -> str:
    there = {path.name: path for path in folder.iterdir()}
    what, odd = ("receipt", set()) if there.keys() == SLIP else ("evidence", (there.keys() ^ FULL) - {"opened.json"})
    insist(not odd, f"these files are missing, or are not of a bundle: {', '.join(sorted(map(ascii, odd))[:9])}")
    insist(all(p.is_file() and not p.is_symlink() and p.stat().st_size <= 2**25 for p in there.values()), "a file is none or huge")
    files = {name: path.read_bytes() for name, path in there.items()}
    now = {name: {"sha256": sha256(data).hex(), "size": len(data)} for name, data in files.items() if "manifest" not in name}
    listed, proofs, size = document(files["manifest.json"]), document(files["proofs.json"]), int(files["checkpoint.txt"].split()[1])
    for name in sorted(now): insist(listed["files"].get(name) == now[name], f"{name} is not the file that the manifest names")
    entries, keys, ended, votes, pairs, count, policy, first = typing.cast(typing.Any, ([], {}, {}, [], [], [0, 0], 1, b""))
    for line in files["trail.jsonl"].splitlines(keepends=True):
        at, match = f"line {len(entries) + 1} of trail.jsonl", ENTRY.fullmatch(line)
        insist(match and len(line) <= 65537, f"{at} is not an entry in its one form")
        head, actor, raw, log, number, signature, tail, ts, kind = (part.decode() for part in (match.groups() if match else ()))
        body, seq, about, root = document(raw.encode()), int(number), kind in KEYS, next(iter(keys), actor)
        insist(log == listed["log"] and (about or body["case"] == listed["case"]), f"{at} is of another log or case")
        top, before = roots(sha256(b"\0", line[:-1]), seq - 1, size, proofs.pop(number))
        insist(top == (first := first or top), f"{at} does not stand in the same log as those before it")
        if not keys or kind == "key.add":
            public, name = bytes.fromhex(body["key"]), sha256(bytes.fromhex(body["key"])).hex()[:16]
            insist(len(public) == 32 and public.hex() == body["key"] and name not in keys, f"{at} admits no new key")
            keys[name] = public, MAY[body["role"]] if keys else ".*"
        may = actor in keys and actor not in ended and about == (actor == root) and re.fullmatch(keys[actor][1], kind)
        insist(may and (kind == "log.open") == (seq == 1), f"{at} is signed with a key that may not sign it, or not any more")
        insist_signed(keys[actor][0], f"dsr-desk/audit-entry/v1\n{head}{tail}".encode(), base64.b64decode(signature), at)
        count[about] = own = count[about] + 1
        insist(repr(body.get("n")) in ("None", str(own)) or kind == "receipt.make" == f"{what}.make", f"{at} comes after a gap")
        if kind in ("key.retire", "key.compromise"):
            name, since = body["key_id"], body["since"] if kind == "key.compromise" else seq
            insist(name in keys and name != root and type(since) is int and 0 < since <= seq, f"{at} ends no key")
            ended[name] = min(ended.get(name, since), since)
        if kind == "policy.set": insist(type(policy := body["approvals"]) is int and policy > 0, f"{at} asks for no approvals")
        if kind == "plan.approve": insist((body["size"], body["root"]) == (seq - 1, before.hex()), f"{at} approves another log")
        if kind == "plan.approve": votes.append((body["digest"].encode(), seq, actor, policy))
        if kind == "step.intent":
            good = [vote for vote in votes if vote[0] == body["digest"].encode() and vote[1] < ended.get(vote[2], seq)]
            insist(any(len({v[2] for v in good[: n + 1]}) >= good[n][3] for n in range(len(good))), f"{at} begins unapproved")
        entries.append({"seq": seq, "type": kind, "actor": actor, "body": body})
    case, number = "".join(re.findall("^[0-9a-f]{16,64}$", body["case"])), body["n"] if what == "receipt" else count[0]
    said = {"case": case, "keys": count[1], "n": number, "verifier": now["verify.py"]["sha256"]}
    again = {"v": 1, "kind": what, "log": log, "case": case, "made": ts, "actor": actor, "files": now}
    true = canonical([f"{what}.make", said, {}, again, sorted(entries, key=lambda entry: entry["seq"])])
    insist(true == canonical([kind, body, proofs, listed, entries]), "the last line and the manifest do not speak of these lines")
    mark, seal, key = base64.b64decode(files["checkpoint.txt"][-93:-1])[4:], base64.b64decode(files["manifest.sig"]), keys[actor][0]
    text, stamp = f"{log}\n{seq}\n{base64.b64encode(first).decode()}\n", sha256(log.encode(), b"\n\1", key)[:4] + mark
    note = f"{text}\n\u2014 {log} {base64.b64encode(stamp).decode()}\n".encode()
    insist((files["checkpoint.txt"], files["manifest.sig"]) == (note, base64.b64encode(seal) + b"\n"), "checkpoint.txt is another")
    insist_signed(key, text.encode(), mark, "checkpoint.txt")
    insist_signed(key, b"dsr-desk/evidence/v1\n" + files["manifest.json"], seal, "manifest.json")
    for name, kinds in ("plan.json", ("plan.",)), ("result.json", ("step.", "verify.")):
        same = canonical([entry for entry in entries if entry["type"].startswith(kinds)])
        insist(files.get(name, same) == same, f"{name} does not say what trail.jsonl says")
    if "opened.json" in files:
        kc, pairs = (document(files["opened.json"])[name] for name in ("k_commit", "identifiers"))
        made = [hmac.digest(bytes.fromhex(kc), ("dsr-desk/subject/v1\n" + k + "\n" + v).encode(), "sha256").hex() for k, v in pairs]
        told = [one for entry in entries if entry["type"] in ("case.open", "case.people") for one in entry["body"]["identifiers"]]
        insist(made and made == told and re.fullmatch("[0-9a-f]{64}", kc), "opened.json does not open what trail.jsonl says")
    doubted = [entry["seq"] for entry in entries if entry["seq"] >= ended.get(entry["actor"], seq + 1)]
    more = [f"It is about {k} {v!a}.\n" for k, v in pairs] + [f"Doubted, by a stolen key: {doubted}\n"] * any(doubted)
    return f"It holds: {len(entries)} entries, none changed, none left out. Compare with a kept checkpoint:\n{text}" + "".join(more)
if __name__ == "__main__":
    try: sys.stdout.write(check(pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).parent))
    except OSError: sys.exit("It can't be checked: a file can't be read, or openssl (version 3) is not installed.")
    except Exception: sys.exit("It does not hold: something in it has a form that no bundle has.")
