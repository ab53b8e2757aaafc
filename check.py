"""The gate: format, lint, types, import contracts, tests. What runs here is what runs in CI.

python check.py            everything
python check.py --quick    all but the tests
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
CODE = ["src", "tests", "training", "benchmarks", "docs", "check.py"]
GATES: list[tuple[str, list[str]]] = [
    ("format", [str(BIN / "ruff"), "format", "--check", *CODE]),
    ("lint", [str(BIN / "ruff"), "check", *CODE]),
    ("types", [str(BIN / "mypy")]),
    ("imports", [str(BIN / "lint-imports")]),
]
TESTS = ("tests", [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"])


def main() -> int:
    """Run the gates in order; the tests come last, so that their closing line ends the output."""
    failed = []
    for name, command in GATES if "--quick" in sys.argv[1:] else [*GATES, TESTS]:
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    if failed:
        print("failed: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
