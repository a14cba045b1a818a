"""The screen for free text: what looks like somebody's identity never reaches the store or Slack.

DOMAIN.md, section 7. Free text is screened before it is stored or posted; the register calls
:func:`refuse_if_identifying`. Whatever shows people's own words in Slack passes them through :func:`defuse` first.
All three are pure: nothing is read, kept or sent, and findings hold offsets, never the text.
"""

from storage.privacy.defusing import defuse
from storage.privacy.kinds import Finding, Kind, LooksIdentifying
from storage.privacy.screening import refuse_if_identifying, screen

__all__ = ["Finding", "Kind", "LooksIdentifying", "defuse", "refuse_if_identifying", "screen"]
