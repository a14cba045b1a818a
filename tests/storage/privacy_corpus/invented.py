"""Plainly invented values for the corpus's templates, the same on every run.

NHS numbers come from the 999 range kept for tests, phone numbers from Ofcom's ranges for drama, postcodes from districts
Royal Mail does not use, National Insurance numbers begin with QQ, which is never issued.
"""

import random
from collections.abc import Callable
from typing import Any

from stdnum.gb import nhs
from stdnum.gb.upn import calc_check_digit


def words(text: str) -> list[str]:
    """The words of ``text``, in order."""
    return text.split()


_GIVEN = {
    "tune": words(
        "Jack Amelia Zofia Kwame Niamh Thea Callum Aisha Ozan Birgitta Mohammed Ruaridh Leocadia Wren-Marie Fenwick"
    ),
    "heldout": words(
        "Harvey Poppy Oluwaseyi Dragana Ethel Yusuf Saskia Cuthbert Ayaan Philomena Tabitha Osric Maja Keziah Lysander"
    ),
}
_SURNAMES = {
    "tune": words(
        "Smith Patel Blackadder Okonjo O'Hanrahan Winterbottom Żurek Hill Appleby-Thorne Crumpsall Nwachukwu"
    ),
    "heldout": words(
        "Jones Hussain Fazackerley Brown Quibell D'Arcy-Lunn Szymborski Umunna Young Tattersfield Ostrowska"
    ),
}
_STREETS = {
    "tune": [
        "Acacia Avenue",
        "Primrose Lane",
        "Old Tannery Road",
        "Cobbler's Close",
        "St Swithun's Crescent",
        "Magpie Drive",
    ],
    "heldout": [
        "Juniper Road",
        "Blacksmith Street",
        "Upper Orchard Way",
        "Thimble Lane",
        "Kestrel Gardens",
        "Foundry Terrace",
    ],
}
_TITLES = {
    "tune": ["Mr", "Mrs", "Ms", "Dr", "Miss", "MR", "mrs"],
    "heldout": ["Mr.", "Mrs", "Ms", "Dr.", "Cllr", "Prof", "mr"],
}
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def values(kind: str, half: str, number: int) -> list[dict[str, str]]:
    """``number`` sets of fields for the templates of a kind: ``v`` is the value, ``t``, ``f``, ``g`` forms of a name."""
    rng = random.Random(f"{kind} {half}")  # noqa: S311 - a corpus, not a secret
    make = {
        "name": _name, "initials": _initials, "phone": _phone, "email": _email, "nhs": _nhs, "upn": _upn, "nino": _nino,
        "postcode": _postcode, "address": _address, "dob": _dob, "person": _person, "url": _url,
    }[kind]  # fmt: skip
    return [_as_fields(make(rng, half)) for _ in range(number)]


def _as_fields(value: Any) -> dict[str, str]:
    return value if isinstance(value, dict) else {"v": value}


def _name(rng: random.Random, half: str) -> dict[str, str]:
    given, surname = rng.choice(_GIVEN[half]), rng.choice(_SURNAMES[half])
    return {"g": given, "f": f"{given} {surname}", "t": f"{rng.choice(_TITLES[half])} {surname}"}


def _initials(rng: random.Random, _half: str) -> str:
    first, last = rng.choice("BDEFHJKLMNRTW"), rng.choice("GHJKLPRWZ")
    pair = rng.choice(["{}.{}.", "{}{}", "{}.{}", "{}. {}."]).format(first, last)
    # Pairs that are acronyms of this trade (LP, HR, …) are read as such: another pair instead.
    return (
        pair
        if "." in pair
        or pair not in {"HR", "TL", "MG", "MH", "MP", "NP", "BL", "DH", "RG", "LL", "LP", "EP", "EH", "RP", "EJ", "FG"}
        else f"{first}.{last}."
    )


def _phone(rng: random.Random, half: str) -> str:
    last = f"{rng.randrange(1000):03d}"
    spaced = [
        f"07700 900{last}",
        f"01632 960{last}",
        f"020 7946 0{last}",
        f"0116 496 0{last}",
        f"0808 157 0{last}",
        f"03069 990{last}",
    ]
    plain = rng.choice(spaced)
    styles: list[Callable[[str], str]] = [
        lambda n: n,
        lambda n: n.replace(" ", ""),
        lambda n: n.replace(" ", "-"),
        lambda n: f"+44 {n[1:]}",
        lambda n: f"+44 (0){n[1:]}",
        lambda n: n.replace(" ", "."),
    ]
    if half == "heldout":
        styles += [
            lambda n: f"({n.split()[0]}) {' '.join(n.split()[1:])}",
            lambda n: f"0044{n[1:].replace(' ', '')}",
            lambda n: " ".join(n.replace(" ", "")),
            lambda n: n.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
            lambda n: n.replace(" ", "\u200b"),
        ]
    return rng.choice(styles)(plain)


def _email(rng: random.Random, half: str) -> str:
    local = rng.choice(["carer22", "nan_of_3", "w.orried", "mum+2", "ANGRY.DAD", "x-9", "the.aunt"])
    domain = rng.choice(["example.com", "example.org", "mail.example.net", "example.co.uk"])
    forms = ["{}@{}", "{}@{}", "{} @ {}", "{}[at]{}", "<{}@{}>"]
    if half == "heldout":
        forms += ["{} (at) {}", "{}＠{}", "mailto:{}@{}"]
    form = rng.choice([*forms, "words"])
    return f"{local} at {domain.replace('.', ' dot ')}" if form == "words" else form.format(local, domain)


def _nhs(rng: random.Random, half: str) -> str:
    while True:
        digits = f"999{rng.randrange(10**7):07d}"
        if nhs.is_valid(digits):
            break
    forms = [digits, f"{digits[:3]} {digits[3:6]} {digits[6:]}", f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"]
    if half == "heldout":
        forms += [f"{digits[:3]}.{digits[3:6]}.{digits[6:]}", " ".join(digits), f"{digits[:5]} {digits[5:]}"]
    return rng.choice(forms)


def _upn(rng: random.Random, half: str) -> str:
    rest = f"{rng.choice(['801', '838', '855', '940'])}0000{rng.randrange(12, 26)}{rng.randrange(1000):03d}"
    if rng.random() < 0.2:
        rest = rest[:-1] + rng.choice(_UPN_LETTERS)
    number = calc_check_digit(rest) + rest
    forms = [number, number.lower(), f"{number[0]} {number[1:4]} {number[4:8]} {number[8:10]} {number[10:]}"]
    return rng.choice(forms if half == "heldout" else forms[:2])


def _nino(rng: random.Random, half: str) -> str:
    a, b, c = (f"{rng.randrange(100):02d}" for _ in range(3))
    last = rng.choice("ABCD")
    forms = [f"QQ{a}{b}{c}{last}", f"QQ {a} {b} {c} {last}", f"qq{a}{b}{c}{last.lower()}"]
    return rng.choice([*forms, f"QQ-{a}-{b}-{c}-{last}", f"QQ {a}{b}{c} {last}"] if half == "heldout" else forms)


def _postcode(rng: random.Random, half: str) -> str:
    outward = rng.choice(["LE99", "LE98", "B99", "M99", "SW99", "NG99", "WC1X", "ZE9", "CV99", "S99"])
    inward = f"{rng.randrange(10)}{rng.choice('ABDEFGHJLN')}{rng.choice('PQRSTUWXYZ')}"
    forms = [f"{outward} {inward}", f"{outward}{inward}", f"{outward} {inward}".lower(), f"{outward}{inward}".lower()]
    return rng.choice([*forms, f"{outward}  {inward}", f"{outward}-{inward}"] if half == "heldout" else forms)


def _address(rng: random.Random, half: str) -> str:
    street = rng.choice(_STREETS[half])
    number = rng.choice(["3", "12", "47b", "118", "9A"])
    form = rng.choice(["{} {}", "{}, {}", "Flat 2, {} {}", "No. {} {}"])
    return form.format(number, street)


def _dob(rng: random.Random, half: str) -> str:
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(2008, 2026)
    name = words("January February March April May June July August September October November December")[month - 1]
    forms = [
        f"{day:02d}/{month:02d}/{year}",
        f"{day}/{month}/{year % 100:02d}",
        f"{day} {name} {year}",
        f"{day}.{month}.{year}",
        f"{day} {name[:3]} {year}",
    ]
    if half == "heldout":
        forms += [
            f"{year}-{month:02d}-{day:02d}",
            f"{name} {day}, {year}",
            f"the {day}th of {name} {year}",
            f"{day:02d}-{month:02d}-{year}",
        ]
    return rng.choice(forms)


def _person(rng: random.Random, _half: str) -> str:
    digits = str(rng.randrange(10**6, 10**8))
    return rng.choice([digits, digits, digits[:6], f"P{digits[:7]}", f"{digits[:3]} {digits[3:]}"])


def _url(rng: random.Random, half: str) -> str:
    number = rng.randrange(10**5, 10**7)
    hosts = {
        "tune": ["mosaic.anycouncil.example", "lcs.anycouncil.example"],
        "heldout": ["mosaiclive.example.gov.uk", "liquidlogic.example.gov.uk", "eclipse.example.org"],
    }
    host = rng.choice(hosts[half])
    return rng.choice(
        [
            f"https://{host}/person/{number}", f"http://{host}/", f"{host}/case/{number}", f"https://files.example.org/{number}",
            f"https://portal.example.net/view?client={number % 100}",
            f"https://files.example.org/s/3f2504e0-4f89-11d3-9a0c-{number:012x}",
        ]
    )  # fmt: skip
