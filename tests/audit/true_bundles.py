"""Bundles that must hold, each for a reason of its own."""

from __future__ import annotations

from collections.abc import Callable

from tests.audit.stories import (
    ADA,
    ANN,
    BOB,
    CYD,
    ROOT,
    Bundle,
    Story,
    begun,
    carried_out,
    commitments,
    erased,
    opened_with,
    opening,
    planned,
)


def erasure() -> Bundle:
    return erased().bundle()


def access() -> Bundle:
    return begun(opening()).bundle()


def receipt() -> Bundle:
    return erased().bundle("receipt", opened=opened_with())


def opened() -> Bundle:
    return erased().bundle(opened=opened_with())


def small() -> Bundle:
    story = opening()
    story.about("case.open", right="access", identifiers=commitments(ANN[:1]))
    return story.bundle(opened=opened_with(ANN[:1]))


def small_receipt() -> Bundle:
    story = opening()
    story.about("case.open", right="access", identifiers=commitments(ANN[:1]))
    return story.bundle("receipt", opened=opened_with(ANN[:1]))


def key_renewed() -> Bundle:
    story = erased()
    story.add("key.add", {"key": BOB.public.hex(), "role": "approver"}, ROOT)
    story.add("key.retire", {"key_id": ADA.key_id}, ROOT)
    story.about("case.view", BOB)
    return story.bundle(by=BOB)


def key_stolen() -> Bundle:
    story = erased((BOB, "approver"))
    story.about("report.make", hash="ee" * 32)
    story.add("key.compromise", {"key_id": ADA.key_id, "since": len(story.raws)}, ROOT)
    return story.bundle(by=BOB)


def key_retired_then_stolen() -> Bundle:
    story = erased((BOB, "approver"))
    story.add("key.retire", {"key_id": ADA.key_id}, ROOT)
    story.add("key.compromise", {"key_id": ADA.key_id, "since": 5}, ROOT)
    return story.bundle(by=BOB)


def doubted_approval_given_again() -> Bundle:
    story = planned(opening((BOB, "approver")))
    stolen = story.approve()
    story.add("key.compromise", {"key_id": ADA.key_id, "since": stolen}, ROOT)
    story.approve(BOB)
    return carried_out(story, BOB).bundle(by=BOB)


def four_eyes() -> Bundle:
    story = opening((BOB, "approver"))
    story.add("policy.set", {"approvals": 2}, ROOT)
    planned(story).approve()
    story.approve(BOB)
    return carried_out(story).bundle()


def four_eyes_asked_for_later() -> Bundle:
    story = planned(opening((BOB, "approver")))
    story.approve()
    story.add("policy.set", {"approvals": 2}, ROOT)
    return carried_out(story).bundle()


def fewer_asked_for_and_approved_again() -> Bundle:
    story = opening((BOB, "approver"))
    story.add("policy.set", {"approvals": 2}, ROOT)
    planned(story).approve()
    story.add("policy.set", {"approvals": 1}, ROOT)
    story.approve()
    return carried_out(story).bundle()


def prepared_by_an_agent() -> Bundle:
    story = planned(opening((BOB, "agent")), BOB)
    story.approve()
    return carried_out(story, BOB).bundle(by=BOB)


def made_by_an_auditor() -> Bundle:
    story = erased((CYD, "auditor"))
    story.about("case.view", CYD)
    return story.bundle(by=CYD)


def restored_in_between() -> Bundle:
    story = planned(opening())
    story.add("head.reset", {"had": 40})
    story.add("clock.warn", {"behind": 90})
    story.approve()
    return carried_out(story).bundle()


def refused_and_planned_again() -> Bundle:
    story = planned(opening())
    story.about("plan.make", digest="none", records=4, refusals=1)
    story.about("act.refused", act="plan.approve", why="RefusedError")
    story.about("plan.make", digest="cd" * 32, records=3, refusals=0)
    story.approve(digest="cd" * 32)
    story.about("step.intent", digest="cd" * 32, system="shop")
    story.about("step.drift", digest="cd" * 32, system="shop")
    story.about("step.intent", digest="cd" * 32, system="shop")
    story.about("step.done", digest="cd" * 32, system="shop", deleted=3)
    return story.bundle()


def without_numbers() -> Bundle:
    """Entries from before they were numbered."""
    story = Story()
    story.add("log.open", {"key": ROOT.public.hex(), "n": None}, ROOT)
    story.add("key.add", {"key": ADA.public.hex(), "role": "approver", "n": None}, ROOT)
    story.about("case.open", right="access", identifiers=commitments(ANN), n=None)
    story.about("search.run", rows=1, n=None)
    story.about("case.view")
    return story.bundle()


def unknown_type_and_fields() -> Bundle:
    story = begun(opening())
    story.about("case.note.later", flags=[True, False, None], deep={"a": [{"b": -1}, 999_999_999_999_999]})
    return story.bundle()


def list_of_people() -> Bundle:
    story = opening()
    people = [("email", f"p{n}@example.org") for n in range(6)]
    story.about("case.open", right="erasure", identifiers=[], people=6)
    for at in (0, 3):
        story.about("case.people", identifiers=commitments(people[at : at + 3]))
    return story.bundle(opened=opened_with(people))


def second_bundle_of_a_case() -> Bundle:
    story = erased()
    story.bundle()
    story.bundle("receipt", opened=opened_with())
    return story.bundle()


def deep_in_a_long_log() -> Bundle:
    story = planned(opening())
    for _ in range(61):
        story.add("desk.open")
    story.approve()
    return carried_out(story).bundle()


TRUE: dict[str, Callable[[], Bundle]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        small,
        small_receipt,
        access,
        erasure,
        opened,
        receipt,
        key_renewed,
        key_stolen,
        key_retired_then_stolen,
        doubted_approval_given_again,
        four_eyes,
        four_eyes_asked_for_later,
        fewer_asked_for_and_approved_again,
        prepared_by_an_agent,
        made_by_an_auditor,
        restored_in_between,
        refused_and_planned_again,
        without_numbers,
        unknown_type_and_fields,
        list_of_people,
        second_bundle_of_a_case,
        deep_in_a_long_log,
    )
}
