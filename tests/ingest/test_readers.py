"""Readers: each form, its columns, and its broken rows."""

import json
from pathlib import Path

import pytest

from annotate.config import Columns
from annotate.errors import InvalidFile
from annotate.ingest import sources
from annotate.ingest.article import Article, Note
from annotate.model import Reject

_TEXT = "The council closed the old bridge, and “nobody” knows when it will open."


def _read(path: Path, columns: Columns | None = None) -> list[Article | Reject | Note]:
    (source,) = sources.listed([path])
    if isinstance(source, Reject):
        return [source]
    return list(sources.read(source, columns or Columns()))


def _written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_usual_column_names_are_found(tmp_path: Path) -> None:
    """The columns of a common corpus layout are guessed; unknown and unnamed ones ignored."""
    header = "unit_id,article_title,article_content,source,date,location,labels,,"
    path = _written(tmp_path, "a.csv", f'{header}\r\n1,Bridge,"{_TEXT}",Valley,1/2/2026,N,1,,\r\n')
    assert _read(path) == [
        Article(
            body=_TEXT, title="Bridge", publisher="Valley", published="1/2/2026", source="a.csv:2"
        )
    ]


def test_named_columns_override_the_guess(tmp_path: Path) -> None:
    """A named column is read although another one has the usual name."""
    path = _written(tmp_path, "a.csv", f'text;mine;who\nshort;"{_TEXT}";Lind\n')
    (found,) = _read(path, Columns(text="mine", author="who"))
    assert found == Article(body=_TEXT, author="Lind", source="a.csv:2")


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_delimiter_of_the_header_is_used(tmp_path: Path, name: str) -> None:
    """CSV with semicolons, and TSV, are read without being told."""
    delimiter = "\t" if name.endswith("tsv") else ";"
    path = _written(tmp_path, name, f"title{delimiter}body\nBridge{delimiter}{_TEXT}\n")
    assert _read(path) == [Article(body=_TEXT, title="Bridge", source=f"{name}:2")]


def test_fields_keep_their_line_breaks_and_places_count_lines(tmp_path: Path) -> None:
    """A row's place is the line where it begins; quoted line breaks are kept."""
    path = _written(tmp_path, "a.csv", 'text\r\n"one\r\ntwo"\r\n\r\n"three ""3"""\r\n')
    assert _read(path) == [
        Article(body="one\r\ntwo", source="a.csv:2"),
        Article(body='three "3"', source="a.csv:5"),
    ]


def test_broken_rows_are_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Too many or too few fields, broken quotes and empty text each cost one row only."""
    rows = ["title,text", "a,b,c", "a", 'x,"open quote', 'y,"fine"', "z,", 'q,"bad"end', "w,good"]
    assert _read(_written(tmp_path, "a.csv", "\n".join(rows))) == [
        Reject(place="a.csv:2", reason="3 fields where the header has 2"),
        Reject(place="a.csv:3", reason="1 fields where the header has 2"),
        Reject(place="a.csv:4", reason="broken row: ',' expected after '\"'"),
        Article(body="fine", title="y", source="a.csv:5"),
        Reject(place="a.csv:6", reason='no text in column "text"'),
        Reject(place="a.csv:7", reason="broken row: ',' expected after '\"'"),
        Article(body="good", title="w", source="a.csv:8"),
    ]


def test_quote_left_open_to_the_end_costs_one_row(tmp_path: Path) -> None:
    """Rows behind a quote that is never closed are read."""
    rows = ["title,text", 'x,"open', "y,one", "z,two"]
    assert _read(_written(tmp_path, "a.csv", "\n".join(rows))) == [
        Reject(place="a.csv:2", reason="broken row: unexpected end of data"),
        Article(body="one", title="y", source="a.csv:3"),
        Article(body="two", title="z", source="a.csv:4"),
    ]


def test_huge_fields_are_read(tmp_path: Path) -> None:
    """A field over the csv module's own limit of 131,072 characters is no error."""
    body = "word " * 60_000
    assert _read(_written(tmp_path, "a.csv", f'text\n"{body}"\n')) == [
        Article(body=body, source="a.csv:2")
    ]


def test_table_without_text_names_its_columns(tmp_path: Path) -> None:
    """The error lists the columns found and says how to name the right one."""
    path = _written(tmp_path, "a.csv", "id,headline,when\n1,b,c\n")
    (source,) = sources.listed([path])
    assert isinstance(source, sources.Input)
    with pytest.raises(InvalidFile) as caught:
        sources.check(source, Columns())
    assert str(caught.value) == (
        "a.csv: no column with the text; columns found: id, headline, when. "
        "Name it with `--column text=NAME`"
    )
    with pytest.raises(InvalidFile, match='no column "story" for text; columns found: id'):
        sources.check(source, Columns(text="story"))


def test_broken_json_lines_are_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Each bad line is a reject with its line; U+2028 inside a string is no line end."""
    good = json.dumps(
        {"text": _TEXT + "\u2028x", "link": "https://valley.example/1"}, ensure_ascii=False
    )
    lines = [good, "{broken", "", "[1]", '{"body": ""}', '{"id": 1}', '{"text": {"a": 1}}']
    found = _read(_written(tmp_path, "a.jsonl", "\n".join(lines)))
    assert found[0] == Article(
        body=_TEXT + "\u2028x", url="https://valley.example/1", source="a.jsonl:1"
    )
    assert [item.place for item in found[1:] if isinstance(item, Reject)] == [
        "a.jsonl:2", "a.jsonl:4", "a.jsonl:5", "a.jsonl:6", "a.jsonl:7",
    ]  # fmt: skip
    assert str(found[1]).count("not valid JSON") == 1
    assert found[4] == Reject(
        place="a.jsonl:6", reason="no column with the text; columns found: id"
    )


def test_json_objects_may_leave_out_named_keys(tmp_path: Path) -> None:
    """A named key other than the text may be absent from an object, not from a table."""
    path = _written(tmp_path, "a.jsonl", json.dumps({"story": _TEXT}))
    assert _read(path, Columns(text="story", author="by")) == [
        Article(body=_TEXT, source="a.jsonl:1")
    ]


def test_json_list_and_single_object(tmp_path: Path) -> None:
    """A .json file may be a list, one object, or JSON Lines after all."""
    one = {"content": _TEXT, "author": ["Lind", "Vries"], "licence": "CC0-1.0"}
    wanted = Article(body=_TEXT, author="Lind, Vries", licence="CC0-1.0", source="a.json[0]")
    assert _read(_written(tmp_path, "a.json", json.dumps([one]))) == [wanted]
    assert _read(_written(tmp_path, "a.json", json.dumps(one))) == [wanted]
    lines = json.dumps(one) + "\n" + json.dumps(one)
    assert [item.source for item in _read(_written(tmp_path, "a.json", lines))] == [
        "a.json:1", "a.json:2",
    ]  # fmt: skip


def test_broken_json_list_is_refused(tmp_path: Path) -> None:
    """A list that is cut off cannot be read in part, and says where it ends."""
    (found,) = _read(_written(tmp_path, "a.json", '[{"text": "a"}, '))
    assert isinstance(found, Reject)
    assert found.reason.startswith("not valid JSON: ")


def test_parquet_rows_are_read(tmp_path: Path) -> None:
    """Columns are guessed, nulls are absent, and a null text is a reject."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    table = pa.table({"text": [_TEXT, None], "outlet": [None, "Valley"], "n": [1, 2]})
    pq.write_table(table, path)
    assert _read(path) == [
        Article(body=_TEXT, source="a.parquet[0]"),
        Reject(place="a.parquet[1]", reason='no text in column "text"'),
    ]


def test_cut_parquet_is_an_error_that_names_it(tmp_path: Path) -> None:
    """A Parquet file cut short is refused before anything is read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [_TEXT] * 100}), path)
    path.write_bytes(path.read_bytes()[:-20])
    (source,) = sources.listed([path])
    assert isinstance(source, sources.Input)
    with pytest.raises(InvalidFile, match=r"a\.parquet: not a whole Parquet file"):
        sources.check(source, Columns())
    assert _read(path) == [Reject(place="a.parquet", reason="not a whole Parquet file")]


def test_damaged_parquet_gives_what_comes_before(tmp_path: Path) -> None:
    """Rows before a damaged stretch are read; the reject says how many are lost."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    table = pa.table({"text": [f"{_TEXT} {number}" for number in range(2_000)]})
    pq.write_table(table, path, row_group_size=1_000, compression="gzip", use_dictionary=False)
    data = bytearray(path.read_bytes())
    middle = int(len(data) * 0.7)
    data[middle : middle + 400] = bytes(400)
    path.write_bytes(data)
    found = _read(path)
    assert isinstance(found[-1], Reject)
    assert len(found) == 1_001
    assert found[-1].reason.startswith("damaged: 1000 rows from here on cannot be read")


_PAGE = """<!doctype html><html lang="en"><head><meta charset="{charset}">
<title>Bridge closes - Valley Courier</title><meta name="author" content="Mara Lind">
<meta property="og:site_name" content="Valley Courier">
<meta property="article:published_time" content="2026-03-04T10:00:00Z">
<link rel="canonical" href="https://valley.example/bridge"></head><body><nav>Home | News</nav>
<article><h1>Bridge closes</h1>
<p>The old bridge over the river was closed on Tuesday, the café\u2019s owner said.</p>
<p>Engineers will inspect the pillars “within days”, an official said, and the road stays shut.</p>
<p>Residents said they had warned of the danger for years &amp; nobody had listened to them.</p>
</article><footer>Copyright 2026</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_html_gives_text_and_metadata(tmp_path: Path, charset: str) -> None:
    """Paragraphs without the page around them, with what the page says about itself."""
    path = tmp_path / "a.html"
    path.write_bytes(
        _PAGE.replace("{charset}", charset).encode("cp1252" if "8859" in charset else charset)
    )
    (found,) = _read(path)
    assert isinstance(found, Article)
    paragraphs = found.body.split("\n\n")
    assert paragraphs[-3].endswith("the café\u2019s owner said.")
    assert paragraphs[-1].endswith("for years & nobody had listened to them.")
    assert "Copyright" not in found.body
    assert (found.title, found.author, found.publisher) == (
        "Bridge closes", "Mara Lind", "Valley Courier",
    )  # fmt: skip
    assert (found.published, found.url) == ("2026-03-04", "https://valley.example/bridge")


def test_html_without_an_article_is_refused(tmp_path: Path) -> None:
    """A page with nothing in it is a reject, not an empty document."""
    path = _written(tmp_path, "a.html", "<html><body></body></html>")
    assert _read(path) == [Reject(place="a.html", reason="no article text found in the HTML")]


def test_html_column_is_extracted(tmp_path: Path) -> None:
    """A column of pages gives their text; other columns win over the pages' metadata."""
    row = json.dumps({"html": _PAGE.replace("{charset}", "utf-8"), "author": "Tom Vries"})
    (found,) = _read(_written(tmp_path, "a.jsonl", row))
    assert isinstance(found, Article)
    assert (found.kind, found.author, found.title) == ("html", "Tom Vries", "Bridge closes")


def test_text_and_markdown_are_verbatim(tmp_path: Path) -> None:
    """A text file is one article, with every character that it has."""
    text = "  Title\r\n\r\n* [x](y) *\n"
    assert _read(_written(tmp_path, "a.txt", text)) == [Article(body=text, source="a.txt")]
    (found,) = _read(_written(tmp_path, "a.md", text))
    assert found == Article(body=text, kind="markdown", source="a.md")


def test_nesting_too_deep_to_read_is_refused(tmp_path: Path) -> None:
    """In a list it costs the file, in JSON Lines the line, also when it is looked at first."""
    deep = '{"text": ' + "[" * 100_000
    (refused,) = _read(_written(tmp_path, "a.json", "[" * 100_000))
    assert isinstance(refused, Reject)
    assert "not valid JSON" in refused.reason
    path = _written(tmp_path, "a.jsonl", f"{deep}\n{json.dumps({'text': _TEXT})}\n")
    (source,) = sources.listed([path])
    assert isinstance(source, sources.Input)
    sources.check(source, Columns())
    refused, article = _read(path)
    assert isinstance(refused, Reject)
    assert article == Article(body=_TEXT, source="a.jsonl:2")


def test_text_is_never_the_program_s_own_notation(tmp_path: Path) -> None:
    """Paragraphs in a list are joined; numbers and objects are refused; authors have names."""
    rows = [
        {"text": ["One.", "Two."], "author": [{"name": "A. Lind"}, {"id": 1}, "B. Ode", None]},
        {"text": 5},
        {"text": {"a": 1}},
        {"text": ["One.", 2]},
    ]
    path = _written(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)))
    first, *refused = _read(path)
    assert first == Article(body="One.\n\nTwo.", author="A. Lind, B. Ode", source="a.jsonl:1")
    reasons = [item.reason for item in refused if isinstance(item, Reject)]
    assert reasons == [
        'no text in column "text", but int',
        'no text in column "text"',
        'no text in column "text", but list',
    ]


def test_bytes_in_parquet_are_utf8_or_refused(tmp_path: Path) -> None:
    """A binary column is text when it decodes; of two columns of a name the first counts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [_TEXT.encode(), b"\xff\xfe"]}), path)
    first, second = _read(path)
    assert first == Article(body=_TEXT, source="a.parquet[0]")
    assert second == Reject(place="a.parquet[1]", reason='no text in column "text", but bytes')
    pq.write_table(pa.table([[_TEXT], ["other"]], names=["text", "text"]), path)
    assert _read(path) == [Article(body=_TEXT, source="a.parquet[0]")]


def test_a_header_beyond_all_limits_is_one_reject(tmp_path: Path) -> None:
    """A file that is one enormous line is no table, and does not stop the folder."""
    path = _written(tmp_path, "a.csv", "x" * 12_000_000)
    (found,) = _read(path)
    assert isinstance(found, Reject)
    assert "no header of a table" in found.reason
