"""Where the gold data lies: the folder that DATA names (docs/training.md, "Data sets"), else ../shared/data.

SCORER names `score_entities.py`, the scorer that came with the entity files; else it is looked for beside the data.
"""

import os
from pathlib import Path

DATA = Path(os.environ.get("DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
ENTITIES = DATA / "entities"
SCORER = Path(os.environ.get("SCORER") or DATA.parent / "tools" / "score_entities.py")
