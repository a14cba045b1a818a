"""The columns a spreadsheet may have, the headings councils give them, and the headings that must not be there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from storage.errors import Refusal


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """`name` is the heading we suggest, `field` what it is in the register, `spellings` other headings understood.

    Upper and lower case, spaces, underscores and punctuation make no difference in a heading.
    """

    name: str
    field: str
    holds: str
    needed: bool = False
    spellings: tuple[str, ...] = ()


TEMPLATE_COLUMNS: tuple[TemplateColumn, ...] = (
    TemplateColumn(
        "reference", "reference", "the council's own number for the complaint, never a number of a person; recommended, "
        "because the row is recognised by it when the file is brought in again. A later stage needs it, to find its complaint, "
        "and may have the register's own instead, such as CS-2026-0042",
        spellings=(
            "ref", "ref no", "reference no", "reference number", "complaint reference", "complaint reference number",
            "complaint ref", "complaint ref no", "complaint number", "complaint no", "complaint id", "our reference", "our ref",
        ),
    ),
    TemplateColumn(
        "received", "received_on", "the day the complaint came in, or a later stage was asked for", needed=True,
        spellings=(
            "date received", "received date", "received on", "date of receipt", "receipt date", "date complaint received",
            "complaint received", "complaint received date", "complaint received on", "rec'd", "date rec'd",
            "date of complaint", "complaint date", "date in", "came in", "came in on",
        ),
    ),
    TemplateColumn(
        "team", "lead_team_id", "the lead team, by its name in the register; blank where a later stage has the same", needed=True,
        spellings=(
            "lead team", "team name", "lead team name", "service", "service team", "responsible team", "team responsible",
            "service complained about", "team complained about", "service or team", "service area", "team / service",
        ),
    ),
    TemplateColumn(
        "acknowledged", "acknowledged_on", "the day it was acknowledged",
        spellings=(
            "date acknowledged", "acknowledged date", "acknowledged on", "acknowledgement date", "date of acknowledgement",
            "acknowledgement", "acknowledgement sent", "date acknowledgement sent", "acknowledgment date", "ack date",
        ),
    ),
    TemplateColumn(
        "recorded", "recorded_on", "the day it was first written down; blank when nobody knows",
        spellings=(
            "date recorded", "recorded date", "recorded on", "logged", "date logged", "logged on", "date entered",
            "entered on", "date created", "created", "created on", "created date", "date added",
        ),
    ),
    TemplateColumn(
        "responded", "responded_on", "the day the response went out; blank while the complaint is open",
        spellings=(
            "date responded", "responded date", "responded on", "response date", "date of response", "response sent",
            "date response sent", "response sent date", "response sent on", "closed", "date closed", "closed date", "closed on",
            "closure date", "date of closure", "completed", "date completed", "completed date", "completed on",
            "completion date", "replied", "date replied", "date of reply", "reply date",
        ),
    ),
    TemplateColumn(
        "outcome", "outcome", "how it ended, by the label or key of the procedure; upheld, partially upheld and "
        "not upheld are understood",
        spellings=("result", "finding", "complaint outcome", "outcome of complaint", "stage 1 outcome", "decision"),
    ),
    TemplateColumn(
        "withdrawn", "withdrawn_on", "the day it stopped without a response",
        spellings=(
            "date withdrawn", "withdrawn date", "withdrawn on", "withdrawal date", "date of withdrawal", "date stopped",
            "stopped on",
        ),
    ),
    TemplateColumn(
        "extension agreed on", "extension_agreed_on", "the day an extension was agreed; goes with the next column",
        spellings=(
            "extension agreed", "date extension agreed", "extension agreed date", "extension approved",
            "extension approved on", "extension approved date", "date extension approved",
        ),
    ),
    TemplateColumn(
        "extended to", "extended_to", "the new date that was agreed",
        spellings=(
            "extended until", "extension to", "extension until", "new due date", "extended due date", "extended date",
            "extended deadline", "new deadline", "extension due date",
        ),
    ),
    TemplateColumn(
        "owner", "owner_id", "the named manager, by Slack id or by the exact name in the register; staff only",
        spellings=(
            "named manager", "manager", "complaint owner", "owner name", "manager name", "named manager name",
            "owner slack id", "slack id", "allocated to", "assigned to", "owned by", "responsible manager",
            "responding manager", "responding officer", "responsible officer",
        ),
    ),
    TemplateColumn(
        "other teams", "other_team_ids", "other teams involved, with a semicolon between them",
        spellings=(
            "other teams involved", "others involved", "also involved", "other team", "other services", "other services involved",
        ),
    ),
    TemplateColumn(
        "customer group", "customer_group", "who complained, as one of the council's groups; never a name",
        spellings=(
            "who complained", "complainant type", "type of complainant", "complainant group", "complainant category",
            "customer type", "made by", "complaint made by", "relationship", "relationship to child",
            "complainant relationship", "relationship of complainant",
        ),
    ),
    TemplateColumn(
        "how received", "contact_method", "how it came in, as one of the council's ways",
        spellings=(
            "how it came in", "contact method", "method of contact", "method", "method received", "method of receipt",
            "received by", "received via", "channel", "contact channel",
        ),
    ),
    TemplateColumn(
        "themes", "theme_ids", "what it was about, by the names of themes, with a semicolon between them",
        spellings=(
            "theme", "category", "categories", "complaint category", "complaint type", "type of complaint",
            "nature of complaint", "complaint theme", "complaint themes", "issue", "issues",
        ),
    ),
    TemplateColumn(
        "procedure", "procedure", "blank for the children's statutory procedure",
        spellings=("complaints procedure", "complaint procedure", "process"),
    ),
    TemplateColumn(
        "stage", "stage", "its number; blank for stage 1. A later stage is a row of its own, anywhere in the file: dates, team, "
        "owner, outcome and how received are that stage's, and all else is taken from the row of stage 1",
        spellings=("complaint stage", "stage number", "stage no"),
    ),
    TemplateColumn(
        "stage started", "opened_on", "the day a later stage was taken on; blank when it was the day it was asked for",
        spellings=(
            "date stage started", "stage started on", "stage start date", "stage start", "stage opened", "stage opened on",
            "date stage opened",
        ),
    ),
    TemplateColumn(
        "summary", "summary", "a sentence or two, at most 1,000 characters; nothing that says who anybody is",
        spellings=(
            "description", "short description", "complaint summary", "summary of complaint", "complaint details",
            "details of complaint", "details", "short text",
        ),
    ),
    TemplateColumn(
        "correspondence reference", "correspondence_ref", "where the letters are kept: the file's number, never a person's",
        spellings=("correspondence ref", "letter reference", "letter ref", "file reference", "file ref", "document reference"),
    ),
)  # fmt: skip

BY_FIELD = {column.field: column for column in TEMPLATE_COLUMNS}
NEEDED = tuple(column for column in TEMPLATE_COLUMNS if column.needed)


# As alike as "recieved on" and "received on"; less brings in what is merely as long.
_NEAR = 0.8
# The council's headings and the fields that it says they stand for.
Named = Mapping[str, str]


def read_as(said: Iterable[str]) -> Named:
    """`Dt in=received` and the like: whose heading stands for which of our columns. Raises Refusal for what says neither.

    A column that announces who somebody is can be read as nothing but owner, who is staff.
    """
    found = {}
    for one in said:
        heading, equals, name = one.rpartition("=")
        column = named(name)
        if not (equals and plain(heading)):
            raise Refusal(
                f'“{one}” is not a heading and a column: write --as "Turned up on=received". --columns lists the columns.'
            )
        if column is None:
            near = proposed(name)
            hint = f"Did you mean {near.name}?" if near else "--columns lists the columns there are."
            raise Refusal(f"There is no column “{name.strip()}”. {hint}")
        if is_personal(heading) and column.field != "owner_id":
            raise Refusal(
                "A column with personal data can't be brought in under another name. Delete it from a copy of the file; the name "
                "of a member of staff can be read as owner."
            )
        found[plain(heading)] = column.field
    return found


def plain(heading: str) -> str:
    """A heading as it is compared: letters and digits only, in lower case."""
    return "".join(character for character in heading.casefold() if character.isalnum())


_BY_SPELLING = {plain(spelling): column for column in TEMPLATE_COLUMNS for spelling in (column.name, *column.spellings)}

# Words that make a heading one of personal data, and headings that are personal data as a whole (DOMAIN.md, section 7).
_PERSONAL_WORDS = frozenset(
    (
        "name", "names", "forename", "forenames", "firstname", "lastname", "surname", "initials", "dob", "birth",
        "born", "birthday", "address", "addresses", "street", "postcode", "postcodes", "zip", "phone", "telephone",
        "tel", "mobile", "landline", "email", "emails", "nhs", "upn", "uln", "nino", "ni", "complainant",
        "complainants", "ethnicity", "religion", "liquidlogic", "mosaic", "carefirst",
    )
)  # fmt: skip
_PERSONAL_HEADINGS = frozenset(
    plain(heading)
    for heading in (
        "child", "children", "the child", "child or young person", "young person", "yp", "cyp", "parent", "parents", "mother",
        "father", "mum", "dad", "carer", "carers", "foster carer", "foster carers", "adopter", "adopters", "sibling",
        "siblings", "family", "relative", "client", "client id", "client no", "client number", "service user", "service user id",
        "person", "person id", "person no", "person number", "child id", "child number", "child no", "child ref",
        "child reference", "case id", "case system id", "lcs id", "lcs number", "lcs no", "gender", "sex", "national insurance",
        "national insurance number", "pupil number", "unique pupil number", "patient number", "contact details", "e mail",
        "complaint from", "from",
    )
)  # fmt: skip
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Words that a heading may have whatever it stands for.
_EVERYWHERE = frozenset(
    ("date", "complaint", "complaints", "of", "to", "the", "on", "in", "it", "by", "how", "other", "no", "number", "name",
     "type", "our", "id", "via", "or", "also", "made", "about", "new", "short", "file", "child", "agreed", "started", "start",
     "opened", "sent", "due", "deadline")
)  # fmt: skip


def _by_word() -> Mapping[str, tuple[TemplateColumn, ...]]:
    found: dict[str, dict[str, TemplateColumn]] = {}
    for column in TEMPLATE_COLUMNS:
        for spelling in (column.name, *column.spellings):
            for word in _WORD.findall(spelling):
                if word.casefold() not in _EVERYWHERE:
                    found.setdefault(word.casefold(), {})[column.field] = column
    return {word: tuple(columns.values()) for word, columns in found.items()}


_BY_WORD = _by_word()


def named(heading: str) -> TemplateColumn | None:
    """The column that a heading stands for, or None."""
    return _BY_SPELLING.get(plain(heading))


def proposed(heading: str) -> TemplateColumn | None:
    """The column that a heading we don't know comes near to: with a slip in it, or with a word that only that column has.

    Never for one of personal data.
    """
    if is_personal(heading):
        return None
    near = get_close_matches(plain(heading), _BY_SPELLING, n=1, cutoff=_NEAR)
    if near:
        return _BY_SPELLING[near[0]]
    words = _words(heading)
    found = {column.field: column for word in words for column in _BY_WORD.get(word, ())}
    by_name = [column for column in found.values() if words & _words(column.name)]
    likely = by_name or list(found.values())
    return likely[0] if len(likely) == 1 else None


def _words(heading: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(heading.replace("'s", "").replace("’s", ""))}


def is_personal(heading: str) -> bool:
    """Whether a heading that stands for none of our columns announces who somebody is."""
    written = plain(heading)
    return (
        bool(_words(heading) & _PERSONAL_WORDS) or "email" in written or written in _PERSONAL_HEADINGS | _PERSONAL_WORDS
    )
