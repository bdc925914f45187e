"""Photos as they are kept: drawn anew, the right way up, without what a camera writes into them. No database."""

from __future__ import annotations

import io
import struct
import warnings
from typing import IO

from PIL import Image, ImageOps

# A phone's largest photo has about 50 million pixels; what unpacks to more is a mistake, or meant to fill the memory.
MOST_PIXELS = 60_000_000
# As large as a screen shows; a photo of a broken lamp needs no more.
LONGEST_SIDE = 2_400
_FORMATS = ("JPEG", "PNG", "WEBP")


def redrawn(content: IO[bytes]) -> tuple[bytes, str]:
    """A photo's pixels alone, and the suffix of the file that they make: no place, no time, no camera, no thumbnail.

    Raises ValueError with a sentence where it is no photo, not whole, or too large.
    """
    try:
        with warnings.catch_warnings():
            # Its own bound on pixels stands below, and is an error.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(content, formats=_FORMATS) as photo:
                if photo.width * photo.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                return _drawn(photo)
    except Image.DecompressionBombError:
        raise ValueError(_TOO_LARGE) from None
    except (OSError, SyntaxError, EOFError, struct.error, OverflowError, IndexError, KeyError, ValueError):
        raise ValueError(
            "The photo cannot be read: it is damaged, was not sent whole, or is something else. Save it again as JPEG."
        ) from None


_TOO_LARGE = f"The photo has more than {MOST_PIXELS // 1_000_000} million pixels. Save a smaller one."


def _drawn(photo: Image.Image) -> tuple[bytes, str]:
    photo.load()
    upright = ImageOps.exif_transpose(photo)
    has_holes = upright.has_transparency_data
    # A new picture, to which only pixels are taken over: whatever else a file may hold stays behind.
    plain = upright.convert("RGBA" if has_holes else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain.info.clear()
    kept = io.BytesIO()
    if has_holes:
        plain.save(kept, "PNG", optimize=True)
        return kept.getvalue(), ".png"
    plain.save(kept, "JPEG", quality=85, optimize=True)
    return kept.getvalue(), ".jpg"
