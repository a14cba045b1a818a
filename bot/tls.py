"""The certificates that whoever Slack says it is has to show."""

import ssl
from functools import cache


@cache
def trusted() -> ssl.SSLContext:
    """What every call to Slack shares.

    Without one given, slack_sdk reads the machine's whole store of certificates for each call: 20 ms of a processor, more than
    ten of our answers cost.
    """
    return ssl.create_default_context()
