"""The language an article is written in."""

_SAMPLE = 20_000  # characters looked at
_SHORTEST = 120  # letters; less is too little to tell by
_CLEAR = 30.0  # by how much (log probability) another language must beat English
_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "es": "Spanish", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "nb": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sr": "Serbian", "sv": "Swedish", "tg": "Tajik", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


_ENGLISH = frozenset(
    "the of and to that was for with is on by at from said were has his her which it its".split()
)
_SURELY_ENGLISH = 0.16  # share of these among the words; German or Dutch prose stays below 0.08


def language_of(text: str) -> str:
    """ISO 639-1 code of the text's language; "en" where too little is there to tell."""
    sample = text[:_SAMPLE]
    words = sample.lower().split()
    if sum(word in _ENGLISH for word in words) >= _SURELY_ENGLISH * len(words) > 0:
        return "en"  # without loading the model, which takes a second
    letters = sum(character.isalpha() for character in sample)
    # A Chinese or Japanese sentence says in 20 letters what an English one says in 100.
    wide = sum(character >= "\u2e80" for character in sample)
    if letters + 4 * wide < _SHORTEST:
        return "en"
    from py3langid import rank

    scores = dict(rank(sample))
    best = max(scores, key=lambda code: scores[code])
    return str(best) if scores[best] - scores["en"] > _CLEAR else "en"


def warning_about(language: str) -> str | None:
    """The warning for an article in this language; None for English."""
    if language == "en":
        return None
    name = _NAMES.get(language, f"another language ({language})")
    return f"looks like {name}; the default models are English"
