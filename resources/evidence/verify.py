"""Checks the evidence in the folder that this script lies in, or in the one named after it. Needs Python 3.9 and openssl 3.

It shows that each line of trail.jsonl was signed with a key that the log's root key admitted, that no entry of the case is left
out, and that all stand in the log whose checkpoint is in checkpoint.txt. It can't show that this log was never written anew as
a whole: compare the checkpoint that it prints with one that somebody else kept. docs/evidence.md states it step by step."""

# fmt: off
# ruff: noqa: BLE001, D103, E401, E701, I001, S603, SIM905, T201
import base64, hashlib, hmac, json, pathlib, re, subprocess, sys, tempfile, typing
SLIP = set("manifest.json manifest.sig trail.jsonl proofs.json checkpoint.txt README.txt verify.py opened.json".split())
FULL = SLIP - {"opened.json"} | {"plan.json", "result.json", "report.pdf", "report.json"}
KEYS = ("log.open", "key.add", "key.retire", "key.compromise", "policy.set")  # the root key signs these, and nothing else
LOOKS = """case.view report.make report.print report.period evidence.make receipt.make checkpoint.anchor act.refused desk.open
           clock.warn""".split()
MAY = {"approver": bool, "agent": lambda kind: kind not in ("plan.approve", "hold.release"), "auditor": LOOKS.count}
ENTRY = re.compile(
    rb'(\{"actor":"([0-9a-f]{16})","body":(\{[ -~]*\}),"log":"([a-z0-9][a-z0-9./_-]{0,199})","prev":"[0-9a-f]{64}",'
    rb'"seq":([1-9][0-9]{0,14})),"sig":"([A-Za-z0-9+/]{85}[AQgw]==)"'
    rb'(,"ts":"([0-9T:-]{19}\.[0-9]{3}Z)","type":"([a-z][a-z.]{0,39})","v":1\})\n')

def insist(holds: object, sentence: str) -> None:
    if not holds: raise AssertionError(sentence)
def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
def canonical(value: object) -> bytes:  # RFC 8785
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def document(raw: bytes) -> typing.Any:  # canonical, and with no numbers but whole ones of at most 15 characters
    value = json.loads(raw.decode(), parse_int=lambda digits: int(digits[:15]), parse_float=str.encode, parse_constant=str.encode)
    insist(canonical(value) == raw, "JSON stands there that is not in its one form.")
    return value

def insist_signed(key: bytes, message: bytes, signature: bytes, what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        for file, data in ("key", bytes.fromhex("302a300506032b6570032100") + key), ("in", message), ("sig", signature):
            pathlib.Path(name, file).write_bytes(data)
        words = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key -in in -sigfile sig"
        done = subprocess.run(words.split(), cwd=name, capture_output=True, check=False)
    old = "" if b"Failure" in done.stdout else ", or this openssl is older than version 3"
    insist(done.returncode == 0, f"{what} was changed after it was signed{old}")

def roots(leaf: bytes, index: int, size: int, path: list[str]) -> tuple[bytes, bytes]:  # RFC 6962: over all; over those before
    if size == 1: return (b"" if path else leaf), b""
    half, side = 1 << (size - 1).bit_length() - 1, bytes.fromhex(path[-1])
    node, before = roots(leaf, index % half, half if index < half else size - half, path[:-1])
    if index < half: return sha256(b"\1", node, side), before
    return sha256(b"\1", side, node), sha256(b"\1", side, before) if before else side

def check(folder: pathlib.Path) -> str:
    there = {path.name: path for path in folder.iterdir()}
    what, odd = ("receipt", set()) if there.keys() == SLIP else ("evidence", (there.keys() ^ FULL) - {"opened.json"})
    insist(not odd, f"these files are missing, or are not of a bundle: {', '.join(sorted(map(ascii, odd))[:9])}")
    ordinary = all(path.is_file() and not path.is_symlink() and path.stat().st_size <= 1 << 25 for path in there.values())
    insist(ordinary, "something there is not an ordinary file, or is too large")
    files = {name: path.read_bytes() for name, path in there.items()}
    now = {name: {"sha256": sha256(data).hex(), "size": len(data)} for name, data in files.items() if "manifest" not in name}
    manifest, proofs = document(files["manifest.json"]), document(files["proofs.json"])
    size = int(files["checkpoint.txt"].split()[1])
    for name in sorted(now): insist(manifest["files"].get(name) == now[name], f"{name} is not the file that the manifest names")
    entries: list[typing.Any] = []
    keys: dict[str, typing.Any] = {}
    ended, votes, count, policy, first = dict[str, int](), list[typing.Any](), [0, 0], 1, b""
    for line in files["trail.jsonl"].splitlines(keepends=True):
        at, match = f"line {len(entries) + 1} of trail.jsonl", ENTRY.fullmatch(line)
        insist(match and len(line) <= 65537, f"{at} is not an entry in its one form")
        head, actor, raw, log, number, signature, tail, ts, kind = (part.decode() for part in (match.groups() if match else ()))
        body, seq, about, root = document(raw.encode()), int(number), kind in KEYS, next(iter(keys), actor)
        insist(log == manifest["log"] and (not keys or seq > entries[-1]["seq"]), f"{at} is of another log, or not in its place")
        top, before = roots(sha256(b"\0", line[:-1]), seq - 1, size, proofs.pop(number))
        insist(top == (first := first or top), f"{at} does not stand in the same log as those before it")
        if not keys or kind == "key.add":
            public, name = bytes.fromhex(body["key"]), sha256(bytes.fromhex(body["key"])).hex()[:16]
            insist(len(public) == 32 and public.hex() == body["key"] and name not in keys, f"{at} admits no new key")
            keys[name] = public, MAY[body["role"]] if keys else bool
        may = actor in keys and actor not in ended and about == (actor == root) and keys[actor][1](kind)
        insist(may and (kind == "log.open") == (seq == 1), f"{at} is signed with a key that may not sign it, or not any more")
        insist_signed(keys[actor][0], f"dsr-desk/audit-entry/v1\n{head}{tail}".encode(), base64.b64decode(signature), at)
        count[about] += 1
        counted = repr(body.get("n")) in ("None", str(count[about])) or (what, kind) == ("receipt", "receipt.make")
        insist(counted and (about or body["case"] == manifest["case"]), f"{at} is of another case, or one before it is missing")
        if kind in ("key.retire", "key.compromise"):
            name, since = body["key_id"], body["since"] if kind == "key.compromise" else seq
            insist(name in keys and name != root and type(since) is int and 0 < since <= seq, f"{at} ends no key")
            ended[name] = min(ended.get(name, since), since)
        if kind == "policy.set": insist(type(policy := body["approvals"]) is int and policy > 0, f"{at} asks for no approvals")
        good = [vote for vote in votes if vote[0] == body.get("digest") and vote[1] < ended.get(vote[2], seq)]
        enough = any(len({who for _, _, who, _ in good[: i + 1]}) >= good[i][3] for i in range(len(good)))
        insist(kind != "step.intent" or enough, f"{at} begins what too few people had approved")
        if kind == "plan.approve":
            insist((body["size"], body["root"]) == (seq - 1, before.hex()), f"{at} approves on another log than the one before it")
            votes += [(body["digest"], seq, actor, policy)] if isinstance(body["digest"], str) else []
        entries.append({"seq": seq, "type": kind, "body": body})
    case, number = "".join(re.findall("^[0-9a-f]{16,64}$", body["case"])), body["n"] if what == "receipt" else count[0]
    said = {"case": case, "keys": count[1], "n": number, "verifier": now["verify.py"]["sha256"]}
    insist(canonical([f"{what}.make", said, {}]) == canonical([kind, body, proofs]), "the last line does not speak of these lines")
    again = {"v": 1, "kind": what, "log": log, "case": case, "made": ts, "actor": actor, "files": now}
    insist(canonical(again) == files["manifest.json"], "the manifest does not speak of these lines")
    text, key = f"{log}\n{seq}\n{base64.b64encode(first).decode()}\n".encode(), keys[actor][0]
    stamp, seal = sha256(log.encode(), b"\n\1", key)[:4], base64.b64decode(files["manifest.sig"])
    mark = base64.b64decode(files["checkpoint.txt"][-93:-1])[4:]
    note = text + b"\n\xe2\x80\x94 " + log.encode() + b" " + base64.b64encode(stamp + mark) + b"\n"
    insist(files["checkpoint.txt"] == note, "checkpoint.txt is not over these lines")
    insist(files["manifest.sig"] == base64.b64encode(seal) + b"\n", "manifest.sig is not in its one form")
    insist_signed(key, text, mark, "checkpoint.txt")
    insist_signed(key, b"dsr-desk/evidence/v1\n" + files["manifest.json"], seal, "manifest.json")
    for name, kinds in ("plan.json", ("plan.",)), ("result.json", ("step.", "verify.")):
        same = canonical([entry for entry in entries if entry["type"].startswith(kinds)])
        insist(files.get(name, same) == same, f"{name} does not say what trail.jsonl says")
    if "opened.json" in files:
        opened = document(files["opened.json"])
        given = ["\n".join(("dsr-desk/subject/v1", kind, value)).encode() for kind, value in opened["identifiers"]]
        made = [hmac.new(bytes.fromhex(opened["k_commit"]), one, "sha256").hexdigest() for one in given]
        told = [one for entry in entries if entry["type"] in ("case.open", "case.people") for one in entry["body"]["identifiers"]]
        insist(made and made == told, "opened.json does not open what trail.jsonl says")
    return f"{what}"

if __name__ == "__main__":
    try: print(check(pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).parent))
    except AssertionError as fault: sys.exit(f"It does not hold: {fault}.")
    except OSError: sys.exit("It can't be checked: a file can't be read, or openssl (version 3) is not installed.")
    except Exception: sys.exit("It does not hold: something in it has a form that no bundle has.")
