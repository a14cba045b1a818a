"""What whoever installs the app shows to whoever sets it up in Slack: that the two know of each other."""

import hmac
from base64 import b32encode
from hashlib import sha256

_ABOUT = b"complaints: first complaints manager"


def code_of(secret: str) -> str:
    """`ABCD-EFGH`, the same in every process that has this bot token, so that nothing need be kept."""
    letters = b32encode(hmac.digest(secret.encode(), _ABOUT, sha256)).decode()
    return f"{letters[:4]}-{letters[4:8]}"


def is_right(typed: str, code: str) -> bool:
    """Whether somebody typed it, in whatever case and with or without its dash. An empty code is nobody's."""
    plain = "".join(character for character in typed.upper() if character.isalnum())
    return bool(code) and hmac.compare_digest(plain.encode(), code.replace("-", "").encode())
