"""E-mail addresses, as they are and as people disguise them, and web addresses that lead to a record."""

import re
from collections.abc import Iterator

from storage.privacy.kinds import Kind

_LOCAL = r"(?<![\w.%+'-])[\w.%+'-]{1,64}"
_KNOWN_ENDS = r"(?:com|uk|org|net|co|gov|info|me|io|ac|sch|nhs|police|eu|ie|biz|email|mail|example|invalid|test)"
_PROVIDERS = (
    r"(?:gmail|googlemail|hotmail|icloud|yahoo|ymail|btinternet|protonmail|virginmedia|talktalk|ntlworld|blueyonder)"
)
_AT_ANY = r"(?:[\[({<]\s{0,2}(?:at|@)\s{0,2}[\])}>])"
_DOT_ANY = r"\s{0,2}(?:\.|[\[({<]\s{0,2}(?:dot|\.)\s{0,2}[\])}>]|\bdot\b)\s{0,2}"

# Each with what a text must hold to be worth searching: most texts hold none of it.
_EMAILS = tuple(
    (needed, re.compile(pattern, re.IGNORECASE))
    for needed, pattern in (
        (("@",), rf"{_LOCAL}@[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{1,5}}"),
        (
            ("@",),
            rf"{_LOCAL}\s{{0,2}}@\s{{0,2}}[a-z0-9-]{{1,63}}(?:{_DOT_ANY}[a-z0-9-]{{1,63}}){{0,4}}{_DOT_ANY}{_KNOWN_ENDS}\b",
        ),
        (("@",), rf"{_LOCAL}\s{{0,2}}@\s{{0,2}}(?:{_PROVIDERS}|outlook|live|aol|sky)\b"),
        (
            ("[", "(", "{", "<"),
            rf"{_LOCAL}\s{{0,2}}{_AT_ANY}\s{{0,2}}[a-z0-9-]{{2,63}}(?:{_DOT_ANY}[a-z0-9-]{{2,63}}){{1,4}}",
        ),
        # "at" in plain letters is a common word, so the rest must leave no doubt.
        (
            ("dot",),
            rf"{_LOCAL}\s{{1,3}}at\s{{1,3}}[a-z0-9-]{{2,63}}(?:\s{{1,2}}dot\s{{1,2}}[a-z0-9-]{{2,63}}){{0,3}}"
            rf"\s{{1,2}}dot\s{{1,2}}{_KNOWN_ENDS}\b",
        ),
        (
            (
                "mail",
                "yahoo",
                "icloud",
                "btinternet",
                "virginmedia",
                "talktalk",
                "ntlworld",
                "blueyonder",
                "outlook",
                "live",
                "aol",
                "sky",
            ),
            rf"{_LOCAL}\s{{1,3}}(?:at\s{{1,3}}{_PROVIDERS}\b|at\s{{1,3}}(?:{_PROVIDERS}|outlook|live|aol|sky){_DOT_ANY}co)",
        ),
    )
)


def emails(text: str) -> Iterator[tuple[int, int, Kind]]:
    """E-mail addresses in folded ``text``, including “name at gmail dot com” and “name [at] example [dot] org”."""
    lower = text.lower()
    for needed, pattern in _EMAILS:
        if any(part in lower for part in needed):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), Kind.EMAIL


_WEB = re.compile(
    r"\b(?:https?|hxxps?|ftp)://[^\s<>|\"]+"
    r"|(?<![\w@./-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}(?::\d{2,5})?(?:[/?#][^\s<>|\"]*)?",
    re.IGNORECASE,
)
# Case-management systems of English children's services, as they stand in host names and paths.
_SYSTEM = re.compile(
    r"(?<![a-z])(?:mosaic(?:live|prod|train|test)?|liquid-?logic|lcs(?:live|prod|train|test)?|lls|ehm|eclipse"
    r"|framework-?i|fwi|care-?first|care-?works|care-?director|azeus|capita-?one|systm-?one|synergy-?web)(?![a-z])",
    re.IGNORECASE,
)
_RECORD = re.compile(
    r"\d{5,}|[0-9a-f]{8}-[0-9a-f]{4}-|(?<![0-9a-z])(?=[a-z]{0,30}\d)[0-9a-f]{16,}|[?&#;][\w.%-]+="
    r"|(?<![\w-])(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Z])(?=[\w-]{0,60}[a-z])[\w-]{20,}"
)


def web_addresses(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Web addresses of case systems, and any that carries a long number or a query, in folded ``text``.

    Other addresses (a page of guidance, of the Ombudsman) are allowed.
    """
    for match in _WEB.finditer(text):
        address = match.group()
        if _SYSTEM.search(address):
            yield match.start(), match.end(), Kind.CASE_SYSTEM_URL
        elif _RECORD.search(address) and ("/" in address or "?" in address):
            yield match.start(), match.end(), Kind.RECORD_URL
