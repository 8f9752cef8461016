"""The closed lists of words that regime files may use."""

from collections.abc import Iterable
from difflib import get_close_matches

KINDS = (
    "arms_embargo", "dual_use_control", "luxury_goods", "asset_freeze", "travel_ban", "expulsion", "import_ban",
    "export_ban", "quantity_cap", "aviation_fuel", "catch_all", "financial_services", "banking_relations",
    "trade_finance", "joint_ventures", "labour", "specialised_training", "scientific_cooperation",
    "technical_assistance", "vessel_supply", "vessel_services", "vessel_designation", "port_entry", "overflight",
    "bunkering", "ship_to_ship", "insurance", "registration", "inspection", "interdiction", "seizure",
    "real_property", "mission_accounts", "fishing_rights", "designation", "institution", "humanitarian",
    "diplomatic", "no_claims", "reporting", "cultural_property", "due_diligence", "investment", "ransom", "trade_ban",
    "arms_notice", "termination",
)  # fmt: skip
DIRECTIONS = ("from_target", "to_target", "both", "transit", "in_state", "all")
MODALITIES = ("decides", "calls_upon", "clarifies")
EFFECTS = ("prohibits", "conditions", "duty", "advises", "designates")
POWERS = ("inspect", "seize", "direct_to_port")
POWER_MODALITIES = ("shall", "may")
POWER_PLACES = ("territory", "port", "territorial_sea", "high_seas")
OWN_RECORDS = "own records"
"""Whom a duty is owed to when nobody is told."""
MATTERS = ("goods", "party", "vessel", "deal")
GRANTS = ("exempt", "authorisation", "capped", "grace", "wind_down")
CONFIDENCES = ("verified_text", "verified_secondary", "memory_sure", "memory_unsure")
AMENDMENTS = ("replaces", "widens", "narrows", "clarifies", "suspends", "revives", "carries_over")
BASES = ("named", "guidance", "inferred")
CAP_RULES = ("all", "any", "known")
NOTICE_GIVERS = ("seen_from", "goods.origin", "any")


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 person, 2 persons."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def nearest(found: str, allowed: Iterable[str]) -> str:
    """Return what may stand in place of a word, for a message: the nearest one first, then the others."""
    words = sorted(allowed)
    close = get_close_matches(found, words, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    more = len(words) - SHOWN_WORDS
    shown = ", ".join(words[:SHOWN_WORDS]) + (f" and {more} more" if more > 0 else "")
    return f"{hint}one of: {shown or 'none yet'}"


SHOWN_WORDS = 24
