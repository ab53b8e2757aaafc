from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported; see genzu/cli/main.py

from pathlib import Path

import pytest
from hypothesis import settings

# Machines differ in speed and are shared: how long an example takes proves nothing.
settings.register_profile("genzu", deadline=None)
settings.load_profile("genzu")


@pytest.fixture(scope="session")
def shared_layouts() -> Path:
    """Six layouts by another hand, with their true materials; they lie outside the repository."""
    asked = os.environ.get("GENZU_SAMPLE_LAYOUTS")
    folder = Path(asked) if asked else Path(__file__).resolve().parents[2] / "shared" / "layouts"
    if not (folder / "beach.png").exists():
        pytest.skip("the sample layouts are not beside this checkout; set GENZU_SAMPLE_LAYOUTS to their folder")
    return folder
