from polyrelax.cli.terminal.layout import Grid, as_markdown, as_text

GRID = Grid("Bounds", ("name", "value"), (("a[0]", "1/2"), ("b", "-3")), frozenset(("value",)))


def test_intervals_are_not_taken_for_markup() -> None:
    grid = Grid("", ("interval",), (("[bold]",), (":smile:",)))
    assert as_text([grid], 80).split()[-2:] == ["[bold]", ":smile:"]


def test_named_columns_are_set_right() -> None:
    assert as_text([GRID], 80).splitlines() == [
        "Bounds",
        " name   value",
        "──────────────",
        " a[0]     1/2",
        " b         -3",
    ]


def test_nothing_is_cut_on_a_narrow_screen() -> None:
    grid = Grid("", ("number",), (("1" * 100,),))
    assert as_text([grid], 30).count("1") == 100


def test_markdown_has_one_line_for_each_row() -> None:
    assert as_markdown([GRID, "done"]).splitlines() == [
        "**Bounds**",
        "",
        "| name | value |",
        "| --- | ---: |",
        "| a[0] | 1/2 |",
        "| b | -3 |",
        "",
        "done",
    ]


def test_a_wide_table_is_cut_into_tables_with_the_same_labels() -> None:
    names = ("triangle", "exact", "crown")
    grid = Grid("T", ("layer", *names), (("0 input", "1" * 10, "2" * 10, "3" * 10),), labels=1)
    whole = as_text([grid], 48)
    assert max(map(len, whole.splitlines())) == 48
    assert whole.count("0 input") == 1
    parts = as_text([grid], 47).split("\n\n")
    assert [part.splitlines()[1].split() for part in parts] == [
        ["layer", "triangle", "exact"],
        ["layer", "crown"],
    ]
    assert as_text([grid], 5).replace("\n", "").count("3") == 10


def test_a_table_without_rows_is_shown() -> None:
    assert as_text([Grid("T", ("a", "b"), (), labels=1)], 80).split() == [
        "T",
        "a",
        "b",
        "─" * 7,
    ]
