"""spaCy's side of `benchmarks.flags`: its Matcher on a blank English pipeline.

It finds mentions only: no slips of the pen, no exclusions, no context.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(path: str) -> None:
    """Print the processor seconds that it takes to find all patterns in all texts."""
    import spacy
    from spacy.matcher import Matcher

    asked = json.loads(Path(path).read_text(encoding="utf-8"))
    pipeline = spacy.blank("en")
    matcher = Matcher(pipeline.vocab)
    by_flag: dict[str, list[list[dict[str, object]]]] = {}
    for flag, pattern in asked["patterns"]:
        if any(token.get("LOWER") != {"IN": []} for token in pattern):
            by_flag.setdefault(flag, []).append(pattern)
    for flag, patterns in by_flag.items():
        matcher.add(flag, patterns)
    began = time.process_time()
    found = sum(len(matcher(document)) for document in pipeline.pipe(asked["texts"]))
    json.dump({"seconds": time.process_time() - began, "found": found}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
