"""Requests that no quotation answers: to summarise, write, translate, reckon or judge.

English wording alone decides. What might be a question about the articles is none of
these: "What is the summary of the finding?" and "Who wrote the poem?" are answered.
"""

import re

from qa.question import without_preamble

_NOUNS = (
    r"(?:summary|summaries|overview|synopsis|gist|rundown|recap|digest|outline|précis|abstract|"
    r"tl;?dr|main points|key points|key takeaways|highlights)"
)
_PIECES = (
    r"(?:poem|haiku|limerick|sonnet|song|story|joke|essay|article|report|letter|e-?mail|headline|"
    r"tweet|post|blog|speech|paragraph|script|review|list of ideas|caption|slogan|rap|quiz|code|"
    r"program|function)"
)
_SMALL = (
    r"(?:(?:a|an|the|me|us|my|this|these|it|some|one|two|three|\d+|all|of|\w+ly|short|brief|quick|"
    r"new|good|funny|long|concise|general|full|rough|simple|nice|another)\s+)*"
)
# All of it: "2011-12 saw the club drop" is none.
_NUMBER = r"[\d(][\d.,()]*"
_OPERATOR = r"(?:\s+(?:[-−/x×÷]|plus|minus|times|divided by|multiplied by|modulo)\s+|\s*[+*^×÷]\s*)"
_ARITHMETIC = rf"{_NUMBER}(?:{_OPERATOR}{_NUMBER})+[\s=?!.]*$"
_BEYOND = re.compile(
    "|".join(
        (
            # to summarise
            r"(?:summari[sz]e|sum(?:\s+\w+){0,3}\s+up|sum up|recap|condense|paraphrase|rephrase|"
            r"rewrite|reword|simplify|shorten)\b(?=\s+\S|\W*$)",
            rf"(?:give|get|write|make|provide|prepare|produce|create|send|show)\s+{_SMALL}{_NOUNS}\b",
            rf"(?:(?:can|could|may)\s+(?:i|we)\s+(?:have|get)|(?:i|we)(?:\s+would|['’]d)?\s+"
            rf"(?:want|need|like))\s+{_SMALL}{_NOUNS}\b",
            rf"{_SMALL}{_NOUNS}\s*(?:of|on|about|for|please|:|\W*$)"
            r"(?!.*\b(?:who|what|when|where|which|how|why)\b)",
            # to write
            r"write(?=\s)(?!\s+(?:downs?|offs?|ins?|ups?)\b)",
            r"(?:compose|draft|brainstorm|invent)\s+(?:me|us|a|an|the|my|this|some|\w+\s+ideas)\b",
            rf"(?:tell|sing|make(?:\s+up)?|create|generate|produce|give|draft|compose)\s+{_SMALL}"
            rf"{_PIECES}\b(?!\s+(?:who|that|which)\b)",
            rf"{_SMALL}(?:poem|haiku|limerick|joke)\s+about\b",
            r"(?:imagine|pretend|role-?play|act as)\b\s+\w+",
            # to translate
            r"translate\b(?=\s+\S)",
            r"(?:put|say|write)\b.{1,80}\b(?:in|into)\s+(?:english|german|french|spanish|italian|"
            r"portuguese|dutch|polish|russian|chinese|japanese|arabic|latin)\W*$",
            # to reckon
            r"(?:calculate|compute|convert|solve|add up|multiply|divide|subtract)\b(?=\s+\S)",
            rf"(?:(?:what(?:\s+is|['’]s)|how much is)\s+)?{_ARITHMETIC}",
            r"(?:what(?:\s+is|['’]s)|how much is)\s+\d[\d.,]*\s*(?:%|per ?cent)\s+of\s+[\d$£€]",
            r"what(?:\s+is|['’]s)\s+the\s+(?:square|cube)\s+root\s+of\s+\d",
            # to judge
            r"(?:what|how)\s+(?:do|would|did)\s+you\s+(?:\w+ly\s+)?(?:think|feel|make of|suggest|"
            r"recommend|advise|prefer|rate)\b",
            r"(?:which|who|what)\b.{0,60}\bdo you (?:prefer|like|recommend|favou?r|support)\b",
            r"what(?:\s+is|['’]s|\s+are)\s+your\s+(?:\w+\s+)?(?:opinions?|views?|take|thoughts?|"
            r"favou?rite|advice|recommendation|verdict|impression)\b",
            r"(?:in your (?:\w+ )?(?:opinion|view)\b|do you (?:personally )?(?:like|agree|approve|"
            r"prefer|support|recommend)\b)",
            r"give (?:me|us) your (?:\w+ )?(?:opinion|view|take|thoughts|advice)\b",
            r"(?:recommend|suggest) (?:me|us|a|an|some|something)\b",
        )
    ),
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"(?:(?:please|kindly|can you|could you|would you|will you|i want you to|i need you to|"
    r"i(?:['’]d| would) like you to|you should|let['’]s|help me(?: to)?|try to|go ahead and)\s+)+",
    re.IGNORECASE,
)


def asks_beyond_quoting(question: str) -> bool:
    """Whether it asks for something that has to be made, not found.

    Not sure: False, for the articles may hold an answer.
    """
    asked = without_preamble(question)
    return any(
        _BEYOND.match(words) for words in (question.strip(), asked, _POLITE.sub("", asked, count=1))
    )
