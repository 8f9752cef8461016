"""The digest of an answer: the same inputs, book, lists, settings and engine give the same one."""

import json
from hashlib import sha256

from .determination import Determination


def digest(answer: Determination, settings: tuple[str, ...] = ()) -> str:
    """Return the digest over inputs, book, lists, settings and engine: the same inputs give the same digest."""
    inputs: dict[str, object] = {
        "deal": answer.deal.plain(),
        "on": answer.on.isoformat(),
        "known_on": answer.known_on.isoformat() if answer.known_on else None,
        "regimes": [[one.id, one.version] for one in answer.examined],
        "engine": answer.engine,
    }
    lists = sorted({name for one in answer.examined for row in one.screened for name in row.lists})
    if lists or settings:
        inputs |= {"lists": lists, "settings": list(settings)}
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"
