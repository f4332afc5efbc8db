"""What a reader makes of answers: a report to take along, a check of it, and what was right."""

import asyncio
import json

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError

from index.errors import FootnoteError
from qa.cite import read_records
from qa.errors import ReportError
from qa.formats import FORMATS, JSON_FORMATS, in_format
from qa.report import Report, first_problem
from qa.report_export import ENDINGS, report_content
from qa.report_file import report_text
from qa.types import Range
from ui.auth import require_edit
from ui.desk import Desk

MAX_PLACES = 20  # of one gold item
REPORT_FILE = ".yaml"
_TYPES = {
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    REPORT_FILE: "application/yaml; charset=utf-8",
}


class ExportBody(BaseModel):
    """A report as its file holds it, and what it is wanted as: an ending, or a citation format."""

    report: dict[str, object]
    form: str


class VerifyBody(BaseModel):
    """Citation records, as reports and `ask --json` hold them."""

    citations: list[dict[str, object]] = Field(max_length=2000)


class Place(BaseModel):
    """A stretch of an article, in code points."""

    article_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class RightBody(BaseModel):
    """A question and the words that answer it; none: the library does not hold the answer."""

    question: str
    places: list[Place] = Field(max_length=MAX_PLACES)


def add_routes(app: FastAPI, desk: Desk) -> None:
    """The report, its check, and the gold set."""

    @app.post("/api/report", include_in_schema=False)
    async def export(body: ExportBody) -> Response:
        try:
            content = await asyncio.to_thread(_exported, body)
        except FootnoteError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return Response(
            content,
            media_type=_TYPES.get(body.form, "text/plain; charset=utf-8"),
            # Never shown as a page of this server, whatever stands in it.
            headers={"content-disposition": "attachment"},
        )

    @app.post("/api/verify", include_in_schema=False)
    async def verify(body: VerifyBody) -> Response:
        try:
            records = read_records(json.dumps(body.citations), "the report")
            verdicts = await asyncio.wrap_future(desk.verify(records))
        except FootnoteError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({"verdicts": [verdict.to_json() for verdict in verdicts]})

    @app.post("/api/gold", include_in_schema=False, dependencies=[Depends(require_edit)])
    async def keep(body: RightBody) -> Response:
        places = [(each.article_id, Range(each.start, each.end)) for each in body.places]
        try:
            item, new = await asyncio.wrap_future(desk.keep_gold(body.question, places))
        except FootnoteError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        words = [answer.text for answer in item.answers]
        return JSONResponse({"id": item.id, "new": new, "answers": words})

    @app.post("/api/gold/{item_id}/remove", include_in_schema=False)
    async def drop(item_id: str, _: None = Depends(require_edit)) -> Response:
        try:
            await asyncio.wrap_future(desk.drop_gold(item_id))
        except FootnoteError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        return JSONResponse({"id": item_id})


def _exported(body: ExportBody) -> bytes:
    try:
        report = Report.model_validate(body.report)
    except ValidationError as error:
        raise ReportError(f"the report: {first_problem(error)}") from error
    if body.form in ENDINGS:
        return report_content(report, body.form)
    if body.form == REPORT_FILE:
        return report_text(report).encode()
    if body.form in FORMATS:
        form = next(each for each in FORMATS if each == body.form)
        text = in_format(report.records, form, style=report.style)
        return f"{text}\n".encode() if form not in JSON_FORMATS else text.encode()
    known = ", ".join((*ENDINGS, REPORT_FILE, *FORMATS))
    raise ReportError(f"no form {body.form!r}: choose one of {known}")
