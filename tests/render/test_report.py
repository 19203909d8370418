"""What the report says, and that nothing in its data can be anything but text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from dsr_desk.model.report import ReportField, ReportKept, ReportSystem, ReportTable
from dsr_desk.render.report import LONGEST, count, figure_class, grouped, report_footer, report_html
from tests.render.invented import CHECKPOINT, report


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _packed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _read(html: str) -> _Tags:
    tags = _Tags()
    tags.feed(html)
    return tags


def test_it_says_what_an_authority_asks_for() -> None:
    data = report()
    text = _packed(_read(report_html(data)).text)
    for said in (
        data.reference, data.controller, data.address, data.subject, data.received, data.due, data.due_rule, data.answered,
        data.identity_check, data.ground, data.decision, data.decision_reason, data.headline, data.summary, data.operators,
        data.made, data.verify_command, data.log, data.plan_digest, data.checkpoint, str(count(data.checkpoint_entry)),
        *data.limits, *data.residue,
        *(f"{system}{why}" for system, why in data.not_searched),
        *("".join(line) for line in data.identifiers),
        *("".join(task) for task in data.tasks),
        *(f"{k.what}{k.ground}{': ' if k.ground else ''}{k.reason}{k.until}" for k in data.kept),
        *(f"{p.at}{p.act}{p.name}{p.key}{count(p.entry)}" for p in data.people),
        *(f"{f.where}{f.outcome}{count(f.records)}{f.detail}" for f in data.fields),
        *(f"{count(number)}{label}" for label, number in data.figures),
        *(s.title for s in data.systems),
    ):  # fmt: skip
        assert _packed(said) in text, said


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/passwd">',
        '<a href="https://evil.example">x</a>',
        "<script>1</script>",
        "</td></table><h1>x",
        "{{ 7*7 }}",
    ],
)
def test_data_is_never_markup(hostile: str) -> None:
    calm, attacked = (
        _read(report_html(report(kept=(ReportKept(t, t, t, t),), headline=t, controller=t, limits=(t,), status=t, reference=t)))
        for t in ("calm", hostile)
    )
    assert attacked.seen == calm.seen
    assert not {"img", "script", "a href"} & {t for t, _ in attacked.seen}
    assert hostile in attacked.text


def test_no_link_no_picture_no_script_even_without_an_attack() -> None:
    for tag, attributes in _read(report_html(report())).seen:
        assert tag not in {"img", "script", "link", "iframe", "object"}
        assert not {"href", "src", "onclick"} & set(attributes)


def test_direction_and_control_characters_are_shown_as_such() -> None:
    html = report_html(report(headline="paid \u202e000.1\u2066 \x1b[31m\x00 \ud800 end"))
    assert not re.search("[\u202e\u2066\x1b\x00\ud800]", html)
    assert "paid \ufffd000.1\ufffd \ufffd[31m\ufffd \ufffd end" in html


def test_a_huge_text_is_cut_and_says_so() -> None:
    html = report_html(report(decision_reason="x" * 10_000_000))
    assert len(html) < 60_000
    assert "characters)" in html
    assert "x" * (LONGEST + 1) not in html


def test_lines_beyond_the_most_are_counted() -> None:
    kept = tuple(ReportKept(f"row {n}", "17(3)(b)", "tax", "2033") for n in range(2_003))
    assert "3 more lines, not printed" in report_html(report(kept=kept))


def test_left_over_is_green_only_at_nought() -> None:
    assert figure_class("left over", 0) == "verified"
    assert figure_class("left over", 1) == "failed"
    assert figure_class("left over", None) == "failed"


def test_what_is_missing_is_said() -> None:
    bare = _read(
        report_html(
            report(
                identity_check="",
                answered="",
                in_time="",
                kept=(),
                fields=(),
                limits=(),
                residue=(),
                people=(),
                plan_digest="",
                decision="",
            )
        )
    ).text
    for said in (
        "none is recorded",
        "not answered yet",
        "Nothing was kept.",
        "No limits are known.",
        "by nobody",
        "not decided yet",
    ):
        assert said in bare


def test_the_foot_names_the_checkpoint() -> None:
    assert report_footer(report()) == f"Audit checkpoint 4\u2009811 · {grouped(CHECKPOINT, 12)}"
    note = report(checkpoint="halden-1\n4811\nqvKx1zM8Vh0cTr9cw4lU7Yq2w5aTn0E=\n\n— halden-1 Az3grlgt\n")
    assert report_footer(note).endswith("· qvKx 1zM8 Vh0c …")
    assert "halden-1<br>4811<br>qvKx1zM8" in report_html(note)
    assert grouped("abcdef", 4) == "abcd …"
    assert grouped("abcd", 4) == "abcd"
    assert count(None) == "–"
    assert count(0) == "0"


def test_paper() -> None:
    assert "size: Letter" in report_html(report(), "Letter")
    assert "size: A4" in report_html(report())


def test_a_part_that_only_some_reports_have_stands_between_the_others() -> None:
    heads, rows = (("Line", 10), ("Records", 20), ("Who", 70)), (("1", 1234, "a•••"), ("2", None, ""))
    html = report_html(report(tables=(ReportTable("The people on the list", heads, rows),), notice="They can still change them."))
    said = _read(html).text
    assert said.index("What became of each field") < said.index("The people on the list") < said.index("Done by hand")
    assert "They can still change them." in said
    assert "1\u2009234" in said
    numbers = [int(h.split()[0]) for h in _headings(html)]
    assert numbers == list(range(1, 11))


def _headings(html: str) -> list[str]:
    return [re.sub(r"<[^>]+>|&nbsp;", " ", h).strip() for h in re.findall(r"<h2.*?</h2>", html, re.DOTALL)]


def test_lines_of_such_a_part_beyond_the_most_are_counted() -> None:
    rows = tuple((str(n), n) for n in range(2_003))
    assert "3 more lines, not printed" in report_html(report(tables=(ReportTable("List", (("Line", 50), ("Records", 50)), rows),)))


def test_data_in_such_a_part_is_never_markup() -> None:
    for hostile in ("<img src=x>", "</td></table><h1>x", "{{ 7*7 }}"):
        calm, attacked = (
            _read(report_html(report(tables=(ReportTable(t, ((t, 100),), ((t,),), t),), notice=t, kept_title=t, kept=())))
            for t in ("calm", hostile)
        )
        assert attacked.seen == calm.seen
        assert hostile in attacked.text


def test_a_special_category_says_so() -> None:
    fields = (ReportField("Accounts · diet", "erased", 1, "emptied", True), ReportField("Accounts · email", "erased", 1))
    assert report_html(report(fields=fields)).count("special category (Art. 9)") == 1


def test_what_is_counted_system_by_system_follows_the_right() -> None:
    system = ReportSystem("Web shop", "production", (3, 2, 1), "", "searched")
    said = _read(report_html(report(columns=("found", "disclosed", "withheld"), systems=(system,)))).text
    assert "Disclosed" in said
    assert "How it went" in said
    assert "What this system guarantees" not in said
