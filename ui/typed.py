"""What is typed where questions are asked: a question, or the wish to have one taken as typed."""

from dataclasses import dataclass

from qa.errors import QuestionError

AS_TYPED = "/as-typed"


@dataclass(frozen=True, slots=True)
class Typed:
    """A question to ask."""

    question: str
    as_typed: bool = False  # nothing in it is taken to point to what was said before


def read_typed(text: str, *, last: str = "") -> Typed:
    """The question that is typed; `/as-typed` alone asks the last one again as it stands.

    Raises QuestionError if there is no last one.
    """
    words = text.strip()
    if not (words + " ").startswith(f"{AS_TYPED} "):
        return Typed(text)
    question = words.removeprefix(AS_TYPED).strip() or last
    if not question:
        raise QuestionError(f"nothing was asked before: type {AS_TYPED} and the question")
    return Typed(question, as_typed=True)
