from polyrelax.cli.layout import Grid, as_markdown, as_text

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
