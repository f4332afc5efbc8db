from index.ingest.front_matter import read_front_matter


def test_yaml_is_read_as_it_was_written():
    front = read_front_matter(
        '---\ntitle: "Bees: a story"\nauthor:\n  - "[[Kim Novak]]"\ndate: 2021-06-12\n'
        "source: The Echo\nurl: https://echo.example/bees\n---\nBees are back.\n"
    )
    known = front.metadata
    assert front.rest == "Bees are back.\n"
    assert known.title.value == "Bees: a story"
    assert known.title.origin == "front matter"
    assert known.authors[0].value == "Kim Novak"
    assert (known.published.value, known.published.trust) == ("2021-06-12", "high")
    assert (known.source.value, known.url.value) == ("The Echo", "https://echo.example/bees")


def test_a_time_keeps_its_offset():
    front = read_front_matter("---\ndate: 2021-06-12T08:00:00+02:00\n---\nx")
    assert front.metadata.published.value == "2021-06-12T08:00:00+02:00"


def test_almost_yaml_is_read_line_by_line():
    front = read_front_matter("---\ntitle: Bees: a story\nauthor: Kim Novak\n---\nx")
    assert front.metadata.title.value == "Bees: a story"
    assert front.metadata.authors[0].value == "Kim Novak"


def test_toml_is_read():
    front = read_front_matter('+++\ntitle = "Bees"\ndate = 2021-06-12\n+++\nx')
    assert front.metadata.title.value == "Bees"
    assert front.metadata.published.value == "2021-06-12"


def test_a_date_that_cannot_be_read_is_a_warning():
    front = read_front_matter("---\ntitle: Bees\ndate: 03/04/2021\n---\nx")
    assert front.metadata.published is None
    assert len(front.warnings) == 1


def test_rules_around_prose_are_no_front_matter():
    assert read_front_matter("---\nIt rained.\n---\nIt stopped.") is None
    assert read_front_matter("---\nThe mayor: a dark day.\n---\nx") is None
    assert read_front_matter("It rained.\n---\ntitle: x\n---\n") is None
    assert read_front_matter("") is None


def test_nested_yaml_does_not_explode():
    bomb = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20))
    assert read_front_matter(f"---\n{bomb}title: Bees\n---\nx").metadata.title.value == "Bees"
