"""Whether a message in a team's channel reads like a complaint passed on. Plain rules, each with its reason. Pure.

A committee found that managers had answered complaints without recording them anywhere (DOMAIN.md, 8). Silence is the better
mistake: a team that is asked too often stops reading.
"""

import re
from dataclasses import dataclass

# Longer messages are minutes and newsletters; what somebody passes on is said at the start.
_READ = 1500

_PEOPLE = (
    r"mum(?:my)?s?|mothers?|dads?|fathers?|parents?|step-?(?:mum|dad|mother|father|parent)s?|"
    r"grand(?:ma|pa|ad|mother|father|parent)s?|grans?|nans?|nanny|aunt(?:ie)?s?|uncles?|famil(?:y|ies)|relatives?|"
    r"(?:foster )?carers?|adopters?|(?:special )?guardians?|young (?:person|people|man|woman)|care leavers?|lad|"
    r"advocates?|residents?|clients?|complainants?|solicitors?"
)
_THEY = rf"(?:{_PEOPLE}|she|he|they)"
# What a complaint to the council is about. Somebody may be unhappy with much else, and that is not for us to record.
_OURS = (
    r"\bus\b|\bwe\b|\bour\b|social workers?|\bsws?\b|\bworkers?\b|personal advisers?|\bpas?\b|\bstaff\b|the teams?|"
    r"[a-z]+ team\b|managers?|the council|children'?s services|the service|"
    r"assessments?|reports?|minutes|decisions?|conference|pathway plan|the plan was|response|removal|placement move|"
    r"(?:the way|how) (?:she|he|they|it|this|the|his|her|we|long)|"
    r"lack of|delays?|mistakes|attitude|support from|ignored by|no ?-?one|nobody|cancelled|missed|"
    r"visit (?:was|had been|is) (?:late|cut)|contact\b(?! the| supervisor)|was (?:moved|treated|spoken to|left out)"
)
_DISPLEASED = (
    r"unhappy|not (?:at all |very |really )?(?:happy|pleased|satisfied)|isn'?t (?:at all |very )?(?:happy|pleased)|dissatisfied|"
    r"furious|fuming|livid|raging|angry|cross|upset|disappointed|disgusted|appalled|fed up|had enough|frustrated|annoyed|"
    r"moaning|unacceptable|unfair|abandoned by|let down by|not good enough"
)
_COMPLAINT = r"(?:an? |another |the )?(?:(?:formal|official|written|verbal|stage 1|serious) )*complaints?"
_MAKE = r"(?:make|making|raise|lodge|file|submit|register|put in|send in|log)"
_MADE = r"(?:made|raised|lodged|filed|submitted|registered|put in|sent in)"
_FAILED = (
    r"(?:no ?-?one|nobody) (?:has|had|ever|listen|return|answer|call|r[iau]ng|phon|ask|told|tell|came|comes|explain|turned)\w*|"
    r"(?:we|us|social worker|worker|team|adviser|pa|staff|duty|reports?|assessments?)\b[^.]{0,40}?"
    r"\b(?:never|won'?t|rude(?:ly)?|ignor(?:ed?|ing)|lied|let\b[^.]{0,20}\bdown|failed|shouted|swore|inaccurate|wrong|"
    r"without (?:a word|telling)|behind (?:her|his|their) backs?|did ?n[o']t (?:tell|listen|call|ring|turn up|explain))|"
    r"(?:was|were|been) (?:not listened|ignored|lied|treated (?:rudely|badly|unfairly)|left out)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of saying it, and why it counts (or, among the silences, why it doesn't)."""

    name: str
    pattern: re.Pattern[str]
    reason: str


def _rule(name: str, pattern: str, reason: str) -> Rule:
    return Rule(name, re.compile(pattern), reason)


# What says by itself that there is nothing to record.
SILENCES: tuple[Rule, ...] = (
    _rule("reference", r"\b[a-z]{1,6}-\d{4}-\d{1,6}\b", "it is about a complaint that is recorded already"),
    _rule(
        "over",
        r"\b(?:closed|answered|responded to|withdrew|response to) (?:the |a )?complaint",
        "that one is over, or known",
    ),
    _rule(
        "asks how",
        r"\b(?:how|when|where) (?:do|should|can|must) (?:we|i)\b[^.?]*complaint|\bdo we (?:have|need) to\b[^.?]*complaint",
        "a colleague asks about the procedure",
    ),
    _rule("joke", r"formal complaint from me\b|:wink:|;-?\)", "colleagues joke"),
    _rule(
        "the writer's own",
        r"\bi(?:'m| am| was|'ve| have| will|'ll)\b(?! had)[^.]{0,30}(?:unhappy|not happy|annoyed|furious|upset|complain(?!t))",
        "somebody speaks of themselves and not for a family",
    ),
)
# What is taken out before anything is looked for: words of complaint that are none.
_NONE_OF_IT: tuple[Rule, ...] = (
    _rule("no complaint", r"\b(?:no|not an?|any|without) complaints?\b", "says that there is none, or asks"),
    _rule("idiom", r"\b(?:can'?t|cannot|couldn'?t|mustn'?t) complain\b", "a way of saying all is well"),
    _rule(
        "does not want to",
        r"\b(?:does|do|did)(?: ?n[o']t|n'?t| not) (?:want|wish|intend|like|need) (?:to )?(?:complain|make a complaint)\b",
        "asked, and said no",
    ),
    _rule(
        "the trade",
        r"\b(?:(?:new|annual|learning from) )*complaints? (?:teams?|managers?|officers?|handlers?|procedures?|"
        r"process(?:es)?|polic(?:y|ies)|"
        r"training|reports?|figures|inbox|responses?|sessions?|meetings?|panels?|letters?|templates?)\b",
        "the complaints team's own things",
    ),
)
RULES: tuple[Rule, ...] = (
    _rule(
        "means to complain",
        rf"\b(?:want(?:s|ed|ing)?|wish(?:es|ed)?|like|intends?|going|ask(?:s|ed|ing)? (?:how )?|how|threaten(?:s|ing|ed)?|"
        rf"decided) to (?:{_MAKE} {_COMPLAINT}|complain)\b|"
        rf"\b{_THEY}\b[^.?!]{{0,60}}?\b(?:demand\w*|written|wrote|rang|phoned|emailed|called|here|back) to complain\b",
        "the plainest way of passing one on",
    ),
    _rule(
        "has complained", rf"\b(?:has|have|had|'s|'ve)? ?{_MADE} {_COMPLAINT}\b", "a complaint that was made already"
    ),
    _rule(
        "complaint arrived",
        rf"\b(?:received|had|got|taken|forwarded|passing on) {_COMPLAINT}\b|"
        rf"\bcomplaint (?:just )?(?:came|has come|come|arrived|received|in)\b|"
        rf"\bcomplaint (?:from|by) (?:an? |the |her |his )?(?:{_PEOPLE})\b|"
        r"\b(?:formal|official|written) complaint (?:from|by|about|against|in)\b|"
        r"\bcomplaint (?:about|against) (?:me|us|our|my)\b|"
        rf"\bsent (?:in |us |me )?an? (?:[a-z-]+ )?complaint\b|\bas a (?:formal )?complaint\b|"
        rf"\b{_THEY}\b(?:'s)?[^.?!]{{0,20}}? (?:ask(?:ed|ing|s) for|wants?|wanted|needs) "
        r"(?:the |a |our )?complaints? (?:form|leaflet)",
        "one that came in, by whatever road",
    ),
    _rule(
        "complained",
        rf"\b{_THEY}\b(?:'s)?[^.]{{0,25}}?\b(?:complain(?:ed|ing|s))\b|"
        r"\b(?:an? |the )?(?:e-?mail|letter|call|voicemail|text)\b[^.]{0,30}\bcomplaining (?:about|that|of)\b",
        "somebody else's complaint in the writer's words",
    ),
    _rule(
        "displeased with us",
        rf"(?:\b{_THEY}(?:'s)?\b[^.?!]{{0,50}}?\b(?:{_DISPLEASED})|\b(?:unhappy|angry|upset|cross) {_THEY})\b"
        rf"(?! (?:with|at) (?:her|him|them)sel)"
        rf"(?=[^?!]{{0,30}}?(?:with|about|at|that|by|of|and|,|:|because|says))[^?!]{{0,90}}?(?:{_OURS})",
        "an expression of dissatisfaction with a service, which is what a complaint is (DOMAIN.md, 1)",
    ),
    _rule(
        "says we failed",
        rf"\b{_THEY}(?:'s)?\b[^.?!]{{0,40}}?\b(?:says?|said|saying|feels?|reports?|told|claims?|reckons?)\b[^.?!]{{0,60}}?(?:{_FAILED})",
        "a failing of the service, reported for somebody",
    ),
    _rule(
        "further",
        rf"\b{_THEY}\b[^.?!]{{0,60}}?\b(?:tak(?:e|ing) (?:it|this|that) further\b|"
        r"(?:go|going|gone|complain(?:ing)?|write|writing|written|wrote|contacted|spoken) (?:to )?(?:the |her |his |their )?"
        rf"(?:ombudsman\b|(?:mp|councillor|director|press|papers)\b(?!')[^.?!]{{0,30}}?(?:{_OURS})))",
        "people say so when they have complained in vain",
    ),
    _rule(
        "wants an apology",
        rf"\b{_THEY}\b[^.?!]{{0,90}}?\b(?:wants?|demands?|expects?|asks? for) an apology\b",
        "an apology is a remedy, and a remedy answers a complaint",
    ),
    _rule(
        "says so formally",
        rf"\b{_THEY}\b[^.?!]{{0,80}}?\b(?:express|voic|convey)\w* (?:her |his |their )?"
        r"(?:dissatisfaction|unhappiness|displeasure)\b|"
        rf"\b{_THEY}\b[^.?!]{{0,80}}?\bchallenge (?:it|this|the (?:report|decision|assessment)) formally\b",
        "the words of letters",
    ),
    _rule("lied to", r"\b(?:been|was|were) lied to\b", "a grave thing to say of a service"),
)


def heard(text: str) -> Rule | None:
    """The first rule by which a message reads like a complaint passed on; None when it doesn't. Nothing of the text is kept."""
    said = _tidied(text)
    if not said or any(rule.pattern.search(said) for rule in SILENCES):
        return None
    for rule in _NONE_OF_IT:
        said = rule.pattern.sub(" ", said)
    return next((rule for rule in RULES if rule.pattern.search(said)), None)


_QUOTED = re.compile(r"^(?:>|&gt;).*$", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_MARKUP = re.compile(r"<[^<>]*>")


def _tidied(text: str) -> str:
    """Lower case, straight quotes, single spaces; without quotations, code, mentions and links."""
    plain = _MARKUP.sub(" ", _CODE.sub(" ", _QUOTED.sub(" ", text[:_READ])))
    return " ".join(plain.replace("’", "'").replace("‘", "'").replace("*", "").replace("_", " ").casefold().split())
