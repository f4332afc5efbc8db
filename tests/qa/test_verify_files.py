import csv
import io

import pytest

from index.ingest import read_file
from qa.cite import CitationRecord, Stretch
from qa.errors import CitationError
from qa.verify import OTHER_METADATA
from qa.verify_files import verify_files

SENTENCE = "A fire destroyed 4,000 tonnes of tea, the wire said."
TEXT = f"Tea burns\n\n{SENTENCE} Nobody was hurt.\n\nThe shed was built in 1911."
OTHER = "Council votes\n\nThe council voted to keep the lido open until the autumn."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "files" / "news").mkdir(parents=True)
    (tmp_path / "files" / "news" / "tea.txt").write_text(TEXT)
    (tmp_path / "files" / "lido.txt").write_text(OTHER)
    return tmp_path / "files"


@pytest.fixture
def record(folder):
    return cited(read_file(folder / "news" / "tea.txt").articles[0])


def cited(article, quote="4,000 tonnes", sentence=SENTENCE):
    begins, start = article.text.index(sentence), article.text.index(quote)
    end = start + len(quote)
    return CitationRecord(
        article_id=article.id,
        article_sha256=article.sha256,
        file_sha256=article.file_sha256,
        path=article.path,
        start=start,
        end=end,
        quote=quote,
        prefix=article.text[max(0, start - 32) : start],
        suffix=article.text[end : end + 32],
        sentence=Stretch(start=begins, end=begins + len(sentence)),
        sentence_text=sentence,
        title="Tea burns",
    )


def verdict(record, folder):
    (found,) = verify_files([record], folder)
    return found


def test_the_files_as_they_were_hold_the_citation(record, folder):
    found = verdict(record, folder)
    assert (found.status, found.path, found.kept) == ("intact", record.path, None)


def test_a_folder_that_was_moved_is_matched_by_the_end_of_the_path(record, folder, tmp_path):
    elsewhere = folder.rename(tmp_path / "elsewhere")
    (elsewhere / "tea.txt").write_text(OTHER)  # the name alone is a shorter end
    found = verdict(record, elsewhere)
    assert (found.status, found.path) == ("intact", str(elsewhere / "news" / "tea.txt"))
    windows = record.model_copy(update={"path": r"C:\clippings\news\tea.txt"})
    assert verdict(windows, elsewhere).status == "intact"


def test_a_renamed_file_is_known_by_its_content(record, folder):
    (folder / "news" / "tea.txt").rename(folder / "renamed.txt")
    found = verdict(record, folder)
    assert found.status == "intact"
    assert found.explanation == f"the cited text stands in another file, {folder / 'renamed.txt'}"


def test_a_file_of_the_same_name_about_something_else_is_not_taken_for_it(record, folder):
    (folder / "news" / "tea.txt").rename(folder / "renamed.txt")
    (folder / "news" / "tea.txt").write_text(OTHER)
    assert verdict(record, folder).status == "intact"
    (folder / "renamed.txt").unlink()
    assert verdict(record, folder).status == "replaced"


def test_an_edited_file_says_what_changed_and_where_the_old_text_still_is(record, folder):
    (folder / "news" / "tea.txt").write_text(TEXT.replace("4,000", "5,000"))
    assert (verdict(record, folder).status, verdict(record, folder).kept) == ("changed", None)
    (folder / "old.txt").write_text(TEXT)
    found = verdict(record, folder)
    assert (found.status, found.kept) == ("changed", str(folder / "old.txt"))
    assert found.explanation.endswith(f"; the cited text is kept in {folder / 'old.txt'}")


def test_a_quote_that_went_into_another_file_is_found_there(record, folder):
    (folder / "news" / "tea.txt").unlink()
    (folder / "round-up.txt").write_text(f"The week\n\nMuch happened. {SENTENCE} And so on.")
    found = verdict(record, folder)
    assert (found.status, found.path) == ("moved", str(folder / "round-up.txt"))
    assert found.explanation.startswith("the quote stands in another file")


def test_the_words_alone_in_another_file_are_not_the_quote(record, folder):
    (folder / "news" / "tea.txt").unlink()
    (folder / "may.txt").write_text("In May\n\nMr Vale sold 4,000 tonnes of coal to a mill in May.")
    found = verdict(record, folder)
    assert (found.status, found.explanation) == ("gone", "no file holds the article or the quote")


def test_corrected_metadata_in_the_file_leave_it_intact(folder):
    page = folder / "page.md"
    page.write_text(f"---\ntitle: Tea burns\nauthor: Ann Roe\n---\n\n{SENTENCE} Nobody was hurt.")
    record = cited(read_file(page).articles[0])
    page.write_text(page.read_text().replace("Roe", "Rowe"))
    found = verdict(record, folder)
    assert (found.status, found.explanation) == ("intact", OTHER_METADATA)


def test_a_record_of_a_table_is_known_by_its_number_and_by_its_text(folder):
    table = folder / "wire.csv"
    rows = [("Lido", OTHER), ("Tea burns", f"{SENTENCE} Nobody was hurt at the shed.")]

    def write(rows):
        text = io.StringIO()
        csv.writer(text).writerows([("title", "text"), *rows])
        table.write_text(text.getvalue())

    write(rows)
    record = cited(read_file(table).articles[1])
    assert record.path.endswith("wire.csv#2")
    assert verdict(record, folder).status == "intact"
    write([("First", "Something else happened on the coast that day."), *rows])
    found = verdict(record, folder)
    assert (found.status, found.path) == ("intact", f"{table}#3")
    write([rows[0], (rows[1][0], rows[1][1].replace("4,000", "5,000"))])
    found = verdict(record, folder)
    assert (found.status, found.path) == ("changed", f"{table}#2")


def test_a_file_that_can_be_read_no_more_is_named_and_said_to_be_why(record, folder):
    (folder / "news" / "tea.txt").write_bytes(b"")
    refused = []
    (found,) = verify_files([record], folder, on_refused=refused.append)
    assert found.status == "gone"
    assert found.explanation == "the file cannot be read: empty; there is nothing to add"
    assert [each.path for each in refused] == [record.path]


def test_progress_is_told_file_by_file(record, folder):
    seen = []
    verify_files([record], folder, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_a_folder_that_is_none_or_empty_is_named(record, folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.pdf").write_bytes(b"no pdf")
    for place, says in (
        (tmp_path / "nowhere", "nowhere: no such folder: give the folder of the files"),
        (folder / "lido.txt", r"lido\.txt: is a file: give the folder"),
        (tmp_path / "empty", "empty: no articles in it"),
        (tmp_path / "bad", "bad: no article in it can be read"),
    ):
        with pytest.raises(CitationError, match=says):
            verify_files([record], place)
