from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.audit import bundle
from dsr_desk.audit.bundle import check
from dsr_desk.audit.inclusion import climb, paths
from dsr_desk.audit.tree import grow, root
from dsr_desk.flow.evidence import check_bundle
from tests.audit import stories
from tests.audit.stories import erased, opened_with
from tests.audit.true_bundles import TRUE
from tests.audit.vector_files import VECTORS, applied, false, in_memory, published, put, true_files
from tests.audit.verifiers import SCRIPT, Folder, alone, script, script_says

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def verify_py() -> ModuleType:
    return script()


# -- the vectors ---------------------------------------------------------------------------------------------------------


def test_the_published_vectors_are_made_again_byte_for_byte() -> None:
    made = published()
    there = {
        p.relative_to(VECTORS).as_posix(): p.read_bytes()
        for part in ("true", "false")
        for p in (VECTORS / part).rglob("*")
        if p.is_file()
    }
    assert made.keys() == there.keys()
    assert [name for name in made if made[name] != there[name]] == []
    assert len(false()) >= 150
    assert len(TRUE) >= 10


def test_what_is_published_is_what_is_tested() -> None:
    for name, (base, changed) in false().items():
        told = json.loads((VECTORS / "false" / f"{name}.json").read_bytes())
        assert told["base"] == base
        old = {n: (VECTORS / "true" / base / n).read_bytes() for n in true_files(base)}
        assert {n: applied(old.get(n, b""), t) for n, t in told["files"].items()} == changed


@pytest.mark.parametrize("name", TRUE)
def test_a_true_bundle_holds(name: str, verify_py: ModuleType) -> None:
    verdict = check_bundle(VECTORS / "true" / name)
    assert verdict.ok, verdict.sentence
    said = verify_py.check(VECTORS / "true" / name)
    assert all(line in said for line in verdict.checkpoint.splitlines())
    assert bool(verdict.doubted) == ("Doubted" in said)
    assert all(ascii(value) in said for _, value in verdict.identifiers)


@pytest.mark.parametrize("name", false())
def test_both_verifiers_refuse_a_false_bundle(name: str, tmp_path: Path, verify_py: ModuleType) -> None:
    base, changed = false()[name]
    folder = put(tmp_path / "bundle", base, changed)
    verdict = check_bundle(folder)
    assert not verdict.ok
    assert verdict.fault is not None
    assert type(verdict.fault).__name__ == json.loads((VECTORS / "false" / f"{name}.json").read_bytes())["fault"]
    assert verdict.sentence.endswith(".")
    assert "\n" not in verdict.sentence
    assert script_says(verify_py, folder)


# -- bits ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["small", "small-receipt"])
def test_every_flipped_bit_of_every_file_is_seen_by_both(name: str, verify_py: ModuleType) -> None:
    files = dict(true_files(name))
    assert script_says(verify_py, Folder(files)) == ""
    missed = []
    for file, data in true_files(name).items():
        for at in range(len(data)):
            for bit in range(8):
                files[file] = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
                if check(files).ok or not script_says(verify_py, Folder(files)):
                    missed.append((file, at, bit))
        files[file] = data
    assert missed == []


def test_flipped_bits_are_seen_even_where_the_manifest_fits_again(verify_py: ModuleType) -> None:
    """By somebody who holds an operator's key: then the lines, proofs, checkpoint and what is opened defend themselves."""
    made = TRUE["small"]()
    true = made.written()
    count = 0
    for file in ("trail.jsonl", "proofs.json", "checkpoint.txt", "plan.json", "result.json", "opened.json", "verify.py"):
        for at, byte in enumerate(true[file]):
            data = true[file][:at] + bytes([byte ^ 1 << (at * 3 % 8)]) + true[file][at + 1 :]
            files = made(files={file: data}).written()
            assert not check(files).ok, (file, at)
            assert script_says(verify_py, Folder(files)), (file, at)
            count += 1
    assert count > 2_000


# -- the two agree on what nobody thought of -----------------------------------------------------------------------------


_odd = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 20), st.text("ab0\n", max_size=3), st.lists(st.integers(0, 3), max_size=2)
)
_BASES = ("four-eyes", "key-stolen", "receipt", "opened")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_they_agree_on_any_part_that_is_another(data: st.DataObject) -> None:
    module = script()
    made = TRUE[data.draw(st.sampled_from(_BASES))]()
    files = dict(made.written())
    name = data.draw(st.sampled_from(sorted(n for n in files if n.endswith((".json", ".jsonl")) and n != "report.json")))
    raw = files[name]
    lines = raw.split(b"\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    try:
        value = json.loads(lines[at])
    except ValueError:
        value = {}
    place = value
    while (isinstance(place, dict) and place) or (isinstance(place, list) and place):
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(_odd)
            break
        place = place[key]
    lines[at] = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    changed = made(files={name: b"\n".join(lines)}).written()
    assert check(changed).ok == (script_says(module, Folder(changed)) == "")


# -- the script alone ----------------------------------------------------------------------------------------------------


def test_the_documented_form_of_a_line_is_the_one_that_is_checked() -> None:
    text = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text("utf-8")
    start = text.index('    \\{"actor"')
    shown = "".join(line.strip() for line in text[start : text.index("\n\n", start)].splitlines())
    assert shown == bundle._LINE.pattern.decode("ascii")


def test_the_script_is_short_enough_to_be_read() -> None:
    lines = SCRIPT.read_text("utf-8").splitlines()
    assert len(lines) < 100
    assert max(map(len, lines)) <= 132
    imported = [line.partition(";")[0] for line in lines if line.lstrip().startswith(("import", "from"))]
    assert imported == ["import sys", "import base64, hashlib, hmac, json, pathlib, re, subprocess, tempfile, typing"]


@needs_openssl
@pytest.mark.parametrize("name", TRUE)
def test_the_script_says_what_holds_with_the_real_openssl(name: str) -> None:
    done = alone(VECTORS / "true" / name)
    assert (done.returncode, done.stderr) == (0, "")
    assert "It holds" in done.stdout


@needs_openssl
@pytest.mark.parametrize(
    "name",
    [
        "a-signature-by-another-key",
        "a-body-changed-and-all-fitted",
        "seal-by-another-key",
        "seal-of-63-bytes",
        "checkpoint-signed-over-another-root",
        "manifest-nested-a-thousand-times",
        "manifest-with-a-huge-number",
        "trail.jsonl-is-huge",
        "report.pdf-is-a-link-out-of-the-folder",
        "added-a-folder",
        "erasure-without-manifest.json",
        "checkpoint-that-is-one-word",
        "an-entry-by-a-retired-key",
        "begun-on-one-of-two-approvals",
    ],
)
def test_the_script_says_what_does_not_hold_in_one_sentence(name: str, tmp_path: Path) -> None:
    done = alone(put(tmp_path / "bundle", *false()[name]))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("It does not hold: ")
    assert done.stderr.endswith(".\n")
    assert done.stderr.count("\n") == 1


def test_without_openssl_the_script_says_so(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PATH"} | {"PATH": str(tmp_path)}
    command = [sys.executable, "-I", str(SCRIPT), str(VECTORS / "true" / "small")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert "openssl" in done.stderr
    assert "Traceback" not in done.stderr


def _unpacked(folder: Path) -> Path:
    """A receipt with the real script in it, as it is unpacked."""
    text = SCRIPT.read_bytes()
    made = erased().bundle("receipt", opened=opened_with(), verifier=sha256(text).hexdigest())
    folder.mkdir()
    for name, data in made(more={**made.more, "verify.py": text}).written().items():
        (folder / name).write_bytes(data)
    return folder


@needs_openssl
def test_the_script_checks_the_folder_that_it_lies_in(tmp_path: Path) -> None:
    folder = _unpacked(tmp_path / "unpacked")
    files = sorted(p.name for p in folder.iterdir())
    done = subprocess.run([sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(p.name for p in folder.iterdir()) == files
    assert (folder / "verify.py").read_bytes() != stories.SCRIPT


_HIJACK = "import sys\nprint('It holds: hijack')\nsys.exit(0)\n"


_BESIDE = ["hashlib.py", "json/__init__.py", "base64.py", "tempfile/__init__.py"]


@pytest.mark.parametrize("name", _BESIDE)
@pytest.mark.parametrize("how", ["in it", "from elsewhere", "with an empty place in PYTHONPATH", "through a link"])
def test_the_script_runs_no_python_that_lies_beside_it(name: str, how: str, tmp_path: Path) -> None:
    folder = _unpacked(tmp_path / "unpacked")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(_HIJACK)
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    script, place = "verify.py", folder
    if how == "from elsewhere":
        script, place = str(folder / "verify.py"), tmp_path
    elif how == "through a link":
        (tmp_path / "link").symlink_to(folder)
        script, place = str(tmp_path / "link" / "verify.py"), tmp_path
    elif how.startswith("with"):
        environment["PYTHONPATH"] = os.pathsep
    done = subprocess.run([sys.executable, script], cwd=place, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("It does not hold: these files are missing, or are not of a bundle: ")
    assert f"'{name.split('/')[0]}'" in done.stderr


# -- inclusion -----------------------------------------------------------------------------------------------------------


def test_one_path_proves_the_tree_and_the_tree_before() -> None:
    leaves = [bytes([n]) * 32 for n in range(70)]
    roots, frontier = [root(())], ()
    for n, leaf in enumerate(leaves):
        frontier = grow(frontier, n, leaf)
        roots.append(root(frontier))
    for size in range(1, 71):
        found = paths(leaves[:size], range(1, size + 1))
        for number, path in found.items():
            assert climb(leaves[number - 1], number, size, path) == (roots[size], roots[number - 1])
            for other in (path[:-1], (*path, path[0] if path else bytes(32))):
                if other != path:
                    with pytest.raises(ValueError, match="path"):
                        climb(leaves[number - 1], number, size, other)
    with pytest.raises(ValueError, match="no such entry"):
        climb(leaves[0], 0, 1, ())


def test_a_path_is_short_in_a_long_log() -> None:
    leaves = [n.to_bytes(32, "big") for n in range(100_000)]
    assert max(len(path) for path in paths(leaves, (1, 777, 65_536, 65_537, 99_999, 100_000)).values()) <= 20


def test_files_that_are_no_files_are_never_read_in_memory() -> None:
    assert in_memory(*false()["added-a-folder"]) is None
