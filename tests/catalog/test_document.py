import codecs
import time

import pytest

from dsr_desk.catalog.document import DEEPEST, LARGEST_FILE, merge, parse
from dsr_desk.catalog.problem import Problem


def plain(text: str | bytes) -> object:
    node, problems = parse("f.yaml", text.encode() if isinstance(text, str) else text)
    assert node is not None and not problems, [str(p) for p in problems]
    return node.plain()


def problem(text: str | bytes) -> Problem:
    _, problems = parse("f.yaml", text.encode() if isinstance(text, str) else text)
    assert len(problems) == 1, [str(p) for p in problems]
    return problems[0]


def test_scalars_follow_yaml_1_2() -> None:
    text = "{a: NO, b: 12:30, c: yes, d: 2020-01-01, e: true, f: 7, g: 2.5, h: null, i: ~, k: '7', l: \"null\", m: 1_000, n: 0x1f}"
    assert plain(text) == {
        "a": "NO",
        "b": "12:30",
        "c": "yes",
        "d": "2020-01-01",
        "e": True,
        "f": 7,
        "g": 2.5,
        "h": None,
        "i": None,
        "k": "7",
        "l": "null",
        "m": "1_000",
        "n": "0x1f",
    }


def test_a_code_with_leading_zeros_stays_text() -> None:
    assert plain("a: 01099\nb: 0\nc: -0.5\nd: 007.5") == {"a": "01099", "b": 0, "c": -0.5, "d": "007.5"}


def test_keys_are_text_whatever_they_look_like() -> None:
    assert plain("{7: a, true: b, null: c, 2020-01-01: d}") == {"7": "a", "true": "b", "null": "c", "2020-01-01": "d"}


def test_block_texts_and_unicode_names() -> None:
    text = "größe: {straße: Köln}\n名前: |\n  eins\n  zwei\nemoji: 'it''s 🗂'\n"
    assert plain(text) == {"größe": {"straße": "Köln"}, "名前": "eins\nzwei\n", "emoji": "it's 🗂"}


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    assert plain(codecs.BOM_UTF8 + b"a: 1\r\nb: 2\r\n") == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a: &x 1\nb: *x", 1, 4, "aliases"),
        ("a: 1\nb: *x", 2, 4, "aliases"),
        ("a: 1\n<<: *x", 2, 5, "aliases"),
        ("a: !!int '7'", 1, 4, "tag"),
        ("a: !!python/object/apply:os.system [id]", 1, 4, "tag"),
        ("a: 1\nb: 2\na: 3", 3, 1, "twice"),
        ("a:\n  7: 1\n  '7': 2", 3, 3, "twice"),
        ("a:\n\tb: 1", 2, 1, "tab"),
        ("- a", 1, 1, "a list"),
        ("just words", 1, 1, "a single text"),
        ("", 1, 1, "empty"),
        ("# only a comment\n", 1, 1, "empty"),
        ("null", 1, 1, "empty"),
        ("a: 1\n---\nb: 2", 2, 1, "second document"),
        ("? [a, b]\n: 1", 1, 3, "can't be a key"),
        ("a: [1, 2", 1, 4, "not closed"),
        ('a: "open', 1, 4, "never ends"),
        ("a: b: c", 1, 5, "colon"),
        ("a: 1\nb\nc: 2", 2, 1, "no colon"),
        ("a: {b: 1 c: 2}\nd: 1", 1, 4, "comma"),
        ("a: @x", 1, 4, "not valid YAML"),
        (b"a: 1\nb: \xff", 2, 4, "not UTF-8"),
        (codecs.BOM_UTF16_LE + "a: 1".encode("utf-16-le"), 1, 1, "not UTF-8"),
        (b"a: 1\nb: x\x00y", 2, 5, "U+0000"),
        ('a: "\\U99999999"', 1, 1, "not YAML"),
    ],
)
def test_a_bad_file_is_said_with_its_place(text: str | bytes, line: int, column: int, says: str) -> None:
    found = problem(text)
    assert (found.severity, found.file, found.line, found.column) == ("error", "f.yaml", line, column)
    assert says in found.message
    assert found.hint


def test_all_duplicate_keys_are_named_and_the_first_counts() -> None:
    node, problems = parse("f", b"a: 1\na: 2\nb: {c: 1, c: {d: 5}}\n")
    assert node is not None
    assert [(p.line, p.column) for p in problems] == [(2, 1), (3, 11)]
    assert node.plain() == {"a": 1, "b": {"c": 1}}


def test_deep_nesting_and_large_files_are_refused() -> None:
    assert plain("{a: " * (DEEPEST - 1) + "{}" + "}" * (DEEPEST - 1))
    assert "levels deep" in problem("{a: " * 200 + "1" + "}" * 200).message
    assert "levels deep" in problem("[" * 200).message
    assert "levels deep" in problem("".join(" " * i + "a:\n" for i in range(200))).message
    assert "bytes" in problem(b"a: 1\n" * 2_000_000).message
    assert plain(b"a: " + b"x" * (LARGEST_FILE - 3))


def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    before = time.process_time()
    found = problem("\n".join(lines))
    assert (found.line, found.column) == (1, 5)
    assert time.process_time() - before < 5


def test_places_of_values_and_keys() -> None:
    node, _ = parse("f", b"a:\n  b: [x, {c: 1}]\n")
    assert node is not None
    value, key = node.place(("a", "b", 1, "c")), node.place(("a", "b", 1, "c"), key=True)
    assert ((value.line, value.column), (key.line, key.column)) == ((2, 14), (2, 11))
    nearest = node.place(("a", "b", 1, "gone", "deeper"))
    assert (nearest.line, nearest.column) == (2, 10)


def test_merge_overrides_deeply_and_takes_away_only_where_it_may() -> None:
    base, _ = parse("base", b"a: {x: 1, y: {z: 2}, w: 3}\nb: [1, 2]\nc: {k: {m: 1}}")
    over, _ = parse("over", b"a: {y: {z: 5}, w: absent}\nb: [3]\nc: {k: {m: absent}}")
    assert base is not None and over is not None
    merged = merge(base, over, frozenset({2}))
    assert merged.plain() == {"a": {"x": 1, "y": {"z": 5}}, "b": [3], "c": {"k": {"m": "absent"}}}
    assert merged.place(("a", "y", "z")).file == "over"
    assert merged.place(("a", "x")).file == "base"
