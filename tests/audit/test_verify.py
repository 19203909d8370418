from __future__ import annotations

import copy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dsr_desk.audit import checkpoint, record
from dsr_desk.audit.faults import (
    ApprovalError,
    ChangedEntryError,
    CheckpointError,
    CutTrailError,
    DoubledEntryError,
    ForbiddenEntryError,
    ForeignEntryError,
    MissingEntryError,
    ReplacedEntryError,
    TrailError,
)
from dsr_desk.audit.verify import STRIDE, Verifier, verify
from dsr_desk.errors import CancelledError
from dsr_desk.model.cancel import Cancel
from tests.audit.trails import ADA, LOG, TS, Builder, forced, opened, whole

CASE = {"case": "5f" * 16}


def flips(data: bytes) -> list[bytes]:
    return [data[:i] + bytes([data[i] ^ (1 << bit)]) + data[i + 1 :] for i in range(len(data)) for bit in range(8)]


def test_a_whole_trail_holds() -> None:
    trail = whole()
    verdict = verify(trail.raws, log=LOG, head=trail.head, checkpoints=[checkpoint.sign(trail.head, ADA)])
    assert verdict.ok
    assert verdict.fault is None
    assert verdict.entries == len(trail.raws)
    assert verdict.checkpoint == checkpoint.Checkpoint.of(trail.head).text


def test_every_flipped_bit_of_every_record_is_seen_where_it_is() -> None:
    trail = whole()
    state = Verifier(LOG)
    count = 0
    for seq, raw in enumerate(trail.raws, 1):
        for broken in flips(raw):
            with pytest.raises(TrailError) as caught:
                copy.copy(state).add(broken)
            assert caught.value.seq == seq
            count += 1
        state.add(raw)
    assert count == 8 * sum(map(len, trail.raws))


def test_every_flipped_bit_of_a_checkpoint_is_seen() -> None:
    trail = whole()
    note = checkpoint.sign(trail.heads[5], ADA)
    assert verify(trail.raws[:6], checkpoints=[note]).ok
    for broken in flips(note.encode("utf-8")):
        verdict = verify(trail.raws[:6], checkpoints=[broken.decode("utf-8", "surrogateescape")])
        assert verdict.fault is not None
        assert isinstance(verdict.fault.error, CheckpointError | CutTrailError)


def forged(trail: Builder, seq: int) -> Builder:
    """The trail with one entry written anew and signed with its operator's own valid key, the rest left as it was."""
    other = record.append(trail.heads[seq - 1], TS, "case.close", {**CASE, "forged": True}, ADA)[0]
    trail.raws[seq - 1] = other.raw
    return trail


def edit(change: Callable[[list[bytes]], object]) -> list[bytes]:
    raws = list(whole().raws)
    change(raws)
    assert raws != whole().raws
    return raws


def _swap(raws: list[bytes]) -> None:
    raws[9], raws[10] = raws[10], raws[9]


def _foreign(raws: list[bytes]) -> None:
    other = opened("dsr-desk/another")
    for _ in range(8):
        other.add("case.close", CASE)
    raws[9] = other.raws[9]


LENGTH = len(whole().raws)

DEFECTS = {
    "the middle deleted": (edit(lambda r: r.pop(9)), MissingEntryError, 10),
    "the first deleted": (edit(lambda r: r.pop(0)), ForbiddenEntryError, 1),
    "the second deleted": (edit(lambda r: r.pop(1)), MissingEntryError, 2),
    "the end cut": (edit(lambda r: r.pop()), CutTrailError, LENGTH),
    "all of it cut": ([], CutTrailError, 1),
    "two swapped": (edit(_swap), MissingEntryError, 10),
    "one doubled": (edit(lambda r: r.insert(10, r[9])), DoubledEntryError, 11),
    "one over another": (edit(lambda r: r.__setitem__(12, r[9])), DoubledEntryError, 13),
    "one from another trail": (edit(_foreign), ForeignEntryError, 10),
    "one written anew": (forged(whole(), 10).raws, ReplacedEntryError, 10),
    "one broken": (edit(lambda r: r.__setitem__(22, r[22].replace(b'"shop"', b'"crm"'))), ChangedEntryError, 23),
    "one more at the end": (
        [*whole().raws, record.append(whole().head, TS, "case.close", CASE, ADA)[0].raw],
        CheckpointError,
        LENGTH,
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_defect(name: str) -> None:
    trail = whole()
    assert len(trail.raws) == LENGTH
    raws, error, seq = DEFECTS[name]
    verdict = verify(raws, log=LOG, head=trail.head)
    assert not verdict.ok
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq) == (error, seq)
    assert str(seq) in verdict.fault.sentence
    assert verdict.checkpoint == ""
    assert verdict.entries == (0 if error in (CheckpointError, CutTrailError) else seq - 1)


def test_a_tail_written_anew_with_a_valid_key_is_seen_by_who_holds_a_checkpoint() -> None:
    trail = whole()
    note, other = checkpoint.sign(trail.head, ADA), trail.cut(15)
    while len(other.raws) < LENGTH:
        other.add("case.close", CASE)
    assert verify(other.raws, log=LOG).ok  # no signed chain can see it: SAFETY section 1
    assert isinstance(_error(verify(other.raws, checkpoints=[note])), CheckpointError)
    assert isinstance(_error(verify(other.raws, head=trail.head)), CheckpointError)


def test_what_was_approved_on_an_older_tail_gives_the_new_one_away() -> None:
    trail = whole()
    approval = next(n for n, raw in enumerate(trail.raws) if b'"plan.approve"' in raw)
    fake = Builder()
    for raw in trail.raws[:approval]:
        fake.raws.append(raw)
    fake.heads = trail.heads[: approval + 1]
    body = dict(record.read(trail.raws[approval]).entry.body)
    size, root = trail.heads[5].size, checkpoint.Checkpoint.of(trail.heads[5]).root.hex()
    entry = forced(fake, "plan.approve", body | {"size": size, "root": root})
    assert isinstance(_error(verify([*fake.raws, entry])), ApprovalError)


@pytest.mark.parametrize("place", range(1, LENGTH + 1))
def test_every_entry_deleted_swapped_doubled_or_exchanged(place: int) -> None:
    n, last = place - 1, place == LENGTH
    shifted = (ForbiddenEntryError, 1) if place == 1 else (MissingEntryError, place)
    raws = whole().raws
    foreign = opened("dsr-desk/another").raws[1]
    anew = forced(whole().cut(n), "search.run", {"anew": True})

    def faults(raws: list[bytes]) -> tuple[type[TrailError], int]:
        error = _error(verify(raws, log=LOG, head=whole().head))
        return type(error), error.seq

    assert faults(raws[:n] + raws[place:]) == ((CutTrailError, LENGTH) if last else shifted)
    assert faults(raws[:place] + raws[n:]) == (DoubledEntryError, place + 1)
    assert faults([*raws[:n], foreign, *raws[place:]]) == (ForeignEntryError, place)
    if not last:
        assert faults([*raws[:n], raws[place], raws[n], *raws[place + 1 :]]) == shifted
    if place > 2:
        assert faults([*raws[:n], anew, *raws[place:]]) == ((CheckpointError if last else ReplacedEntryError), place)


@pytest.mark.parametrize("size", range(LENGTH))
def test_every_place_to_cut_it_off(size: int) -> None:
    raws = whole().raws[:size]
    for kept in (
        {"head": whole().head},
        {"checkpoints": [checkpoint.sign(whole().head, ADA)]},
        {"seen": {LENGTH: whole().head.last}},
    ):
        error = _error(verify(raws, log=LOG, **kept))
        assert (type(error), error.seq) == (CutTrailError, size + 1)
    if size:
        alone = verify(raws, log=LOG)
        assert alone.ok
        assert alone.unanchored > 0


def test_a_trail_of_another_name_is_not_ours() -> None:
    assert isinstance(_error(verify(whole().raws, log="dsr-desk/mine")), ForeignEntryError)
    assert isinstance(_error(verify(whole().raws, head=opened("dsr-desk/mine").head)), ForeignEntryError)


def test_progress_is_told_and_cancel_is_obeyed() -> None:
    trail = opened()
    for _ in range(STRIDE + 10):
        trail.add("case.close", CASE)
    heard: list[tuple[int, int]] = []
    total = len(trail.raws)
    assert verify(trail.raws, total=total, progress=lambda done, of: heard.append((done, of))).ok
    assert verify(trail.raws, head=trail.head, progress=lambda done, of: heard.append((done, of))).ok
    assert heard == [(STRIDE, total), (total, total)] * 2
    cancel = Cancel()
    cancel.cancel()
    with pytest.raises(CancelledError):
        verify(trail.raws, cancel=cancel)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees_without_this_program(tmp_path: Path) -> None:
    public = tmp_path / "key.der"
    public.write_bytes(bytes.fromhex("302a300506032b6570032100") + ADA.public)
    one = record.read(whole().raws[7])
    (tmp_path / "message").write_bytes(one.signed)
    (tmp_path / "signature").write_bytes(one.signature)
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", str(public)]
    command += ["-in", str(tmp_path / "message"), "-sigfile", str(tmp_path / "signature")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def _error(verdict: object) -> TrailError:
    fault = verdict.fault  # type: ignore[attr-defined]
    assert fault is not None
    return fault.error  # type: ignore[no-any-return]
