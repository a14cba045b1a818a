"""What people type, and what they had better not: phrases that the app understands, mixed with what would harm another."""

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from storage.figures import FIGURES
from tests.fuzz import world

# Hosts, ids and words of these are nobody's, so that they are found again wherever they come out.
LIVE = (
    "<!channel>", "<!here>", "<!everyone>", "<!subteam^S0EVIL>", "<!subteam^S0EVIL|@evil>", "<!date^1392734382^{date}|evil>",
    "<@U0EVIL>", "<@U0EVIL|evil>", "<@W0EVIL>", "<#C0EVIL>", "<#C0EVIL|evil>", "<https://evil.example|click>",
    "<https://evil.example>", "<mailto:evil@evil.example|write>", "<tel:000|ring>", "<slack://evil>", "<javascript:alert(1)|x>",
    "https://evil.example/x", "www.evil.example", "@channel", "@here", "@everyone", "<!channel", "!channel>",
)  # fmt: skip
# As Slack passes on what somebody types: these three characters escaped, twice where they typed an escape.
ESCAPED = tuple(one.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for one in LIVE)
FORMULAS = (
    "=cmd|'/c calc'!A1", '=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1",
)  # fmt: skip
MARKUP = (
    "*bold*", "_it_", "~gone~", "`code`", "```", "> quoted", "<script>alert(1)</script>", "</td><td>", '" onmouseover="x', "<!--",
    "{{7*7}}", "{% raw %}", "${7*7}", "%s%n", "{0}", "'; DROP TABLE complaint;--", "' OR 1=1 --", "\\", "%", "_",
)  # fmt: skip
ODD = (
    "\x00", "\x01\x02", "\x1b[31m", "\u202eevil", "\u200b", "\u2060", "\ufeff", "\ufffe", "\uffff", "\u0085", "\u2028", "ﬁ", "İ",
    "ß", "١٢٣", "²", "Ⅻ", "１２", "𝟙", "e\u0301\u0301\u0301", "👩‍👩‍👧‍👦", "🏳️‍🌈", "-1", "0", "1e999", "NaN",
)  # fmt: skip
# What there is too much of, and how much.
LONG = (
    ("a", 8000), ("9", 5000), ("0", 30), ("[", 2000), ('{"a":', 500), ("(", 300), (" ", 3000), ("\n", 50), ("<!channel> ", 300),
    ("e\u0301", 900), ("*", 2000), ("é ", 1500),
)  # fmt: skip
SURROGATES = ("\ud800", "\udfff", "\udc00\ud800", "a\ud83d")

DAYS = (
    "today", "tomorrow", "31 January 2027", "1 December", "29 February", "29 February 2028", "31/12/2026", "12/11/2026",
    "2026-12-25", "monday", "in six months", "in 3 weeks", "next friday", "end of march", "0 January", "32 December 2026",
    "1 January 0001", "31 December 9999", "30 February", "never", "1.2.27", "in 10 working days", "in 99999999 years",
    "yesterday",
)  # fmt: skip
PERIODS = (
    "this month", "last month", "Q2 2026/27", "2026/27", "2025-26", "2026-11", "since 1 May 2026", "last 12 months",
    "1 April 2026 to 30 June 2026", "last 0 months", "last 99999 months", "Q5 2026/27", "2026-13", "0000-01", "9999/00",
    "last year", "this quarter", "since 31 December 9999", "1 April 2027 to 1 April 2026", "last 1000000000000 years", "stage 2",
)  # fmt: skip
REFERENCES = (
    *(f"CS-2026-{number:04d}" for number in (*range(1, 30), 0, 99, 999999)), "cs 2026 12", "CS–2026–0012", "CS-2026-12",
    "CS-2026-²²²²", "CS-9999-0001", "XX-2026-0001", "CS-2026-0012; --", "`CS-2026-0012`",
)  # fmt: skip
MENTIONS = (
    *(f"<@{slack_id}|{slack_id.lower()}>" for slack_id in (*world.STAFF, world.STRANGER)), "<@U0HESTER>", "@hester", "<@>",
    "<@U0HESTER|", "<@U0HESTER|a|b>", "<@u0hester>", "<#C0FIRSTRESP|first-response>",
)  # fmt: skip
PROMISES = (
    '"an update" in six months to Scrutiny', '"an update" on 1 February to "Scrutiny, 3 March 2027" by',
    "“an update” by 12/11 to them", '"" in a week to nobody', '"an update" to Scrutiny', 'update in a month to "Cabinet"',
    '"a" "b" in 2 days to "c" for "d"',
)  # fmt: skip
PLAIN = tuple(sorted(set(world.PLAIN.values())))
SMALL = (
    "on", "off", "8", "export", "withhold small", "to", "by", ",", "from", "until", '"', "“", "new", "corporate", "adults", "and",
)  # fmt: skip
HARM = (*LIVE, *ESCAPED, *FORMULAS, *MARKUP, *ODD)
SENSE = (
    *DAYS, *PERIODS, *REFERENCES, *MENTIONS, *PROMISES, *PLAIN, *SMALL, *world.TEAMS, *(one.title for one in FIGURES),
)  # fmt: skip

_anything = st.text(st.characters(codec="utf-8"), max_size=40)
_broken = st.text(st.characters(exclude_categories=()), max_size=20)


@cache
def harm() -> SearchStrategy[str]:
    """What had better not be typed: for what it says, for what it is made of, for how long it is."""
    short = st.sampled_from(HARM)
    return st.one_of(short, short, short, st.sampled_from(LONG).map(lambda one: one[0] * one[1]), _anything)


@cache
def typed() -> SearchStrategy[str]:
    """What is typed after a command: some words of either kind, mostly with spaces between them, or what some command expects."""
    word = st.one_of(st.sampled_from(SENSE), st.sampled_from(SENSE), harm())
    several = st.lists(word, max_size=5)
    return st.one_of(
        st.just(""),
        word,
        st.builds(lambda space, parts: space.join(parts), st.sampled_from((" ", " ", " ", "", "\n")), several),
        _phrases(),
    )


@cache
def _phrases() -> SearchStrategy[str]:
    """What one of the commands understands, with harm where people may write what they like."""
    day, who, team, period = map(st.sampled_from, (DAYS, ("", *MENTIONS), ("", *world.TEAMS), PERIODS))
    free = st.one_of(st.sampled_from((*PLAIN, *MENTIONS)), harm())
    return st.one_of(
        st.builds('"{}" {} to {} {}'.format, free, day, free, who),
        st.builds("{} {} to {} {}".format, who, day, day, who),
        st.builds("{}, {} {}".format, team, team, period),
        st.builds("{} {} {}".format, who, who, st.one_of(team, free)),
    )


@cache
def written() -> SearchStrategy[str]:
    """What is written into a field: a sentence, or something else in place of it, before or after it; surrogates too."""
    sentence = st.sampled_from(PLAIN)
    other = st.one_of(harm(), harm(), st.sampled_from(SURROGATES), _broken)
    return st.one_of(
        sentence,
        other,
        st.builds("{} {}".format, other, sentence),
        st.builds("{} {}".format, sentence, other),
        st.builds("{}{}{}".format, other, sentence, other),
    )


@cache
def shown() -> SearchStrategy[str]:
    """What the register may be told and will show again: nothing very long."""
    short = st.sampled_from(HARM)
    return st.builds("{}{}{}".format, short, st.sampled_from(("", " ", "\n", *PLAIN)), short)
