from index.ingest.pdf_lines import PdfLine, usual_size, without_running_lines


def line(text, size=10.0):
    return PdfLine(text, 72.0, 700.0, size)


def texts(pages):
    return [[one.text for one in page] for page in pages]


def test_what_repeats_at_the_edges_of_pages_goes():
    pages = [[line("The Echo"), line(word), line(f"{n}")] for n, word in enumerate("abc", 1)]
    assert texts(without_running_lines(pages)) == [["a"], ["b"], ["c"]]


def test_a_running_head_may_count_pages():
    pages = [[line(f"The Echo, page {n + 44}"), line(word)] for n, word in enumerate("abc")]
    assert texts(without_running_lines(pages)) == [["a"], ["b"], ["c"]]


def test_what_repeats_inside_the_text_stays():
    pages = [[line(word), line("It rained."), line(word * 2)] for word in "abc"]
    assert texts(without_running_lines(pages)) == texts(pages)


def test_a_single_page_loses_only_its_number():
    page = [line("The Echo"), line("It rained."), line("1")]
    assert texts(without_running_lines([page])) == [["The Echo", "It rained."]]


def test_a_number_that_is_not_the_page_stays():
    page = [line("It rained."), line("1931")]
    assert texts(without_running_lines([page])) == [["It rained.", "1931"]]


def test_the_usual_size_is_that_of_most_letters():
    pages = [[line("Headline", 20.0), line("a long line of the body", 10.0)]]
    assert usual_size(pages) == 10.0
    assert usual_size([]) == 0.0
