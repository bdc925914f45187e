"""How colours look: contrast, difference, and what somebody with a colour-vision deficiency sees.

Colours are "#rrggbb" in sRGB, or its short form "#rgb".
"""

from __future__ import annotations

import math

Channels = tuple[float, float, float]

# What is left of linear RGB where one kind of cone is missing: Machado, Oliveira and Fernandes (2009), severity 1.0.
DEFICIENCIES: dict[str, tuple[Channels, Channels, Channels]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def channels(colour: str) -> Channels:
    """Linear red, green and blue, 0 to 1. Raises ValueError for anything but a hexadecimal colour."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != 6:
        raise ValueError(f"{colour!r} is not a colour.")
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio, 1 to 21. Text needs 4.5 (large text 3); lines and edges that carry meaning 3."""
    dark, light = sorted(_luminance(channels(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(parts: Channels) -> float:
    red, green, blue = parts
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def seen(parts: Channels, deficiency: str) -> Channels:
    """Linear RGB as somebody with this deficiency sees it."""
    red, green, blue = (
        min(max(sum(weight * part for weight, part in zip(row, parts, strict=True)), 0.0), 1.0)
        for row in DEFICIENCIES[deficiency]
    )
    return red, green, blue


def difference(one: str, other: str, deficiency: str = "") -> float:
    """How far apart two colours look: the distance in OKLab (Ottosson 2020) times 100, as seen with a deficiency where
    one is named. About 2 can just be told apart side by side; black and white are 100 apart."""
    first, second = channels(one), channels(other)
    if deficiency:
        first, second = seen(first, deficiency), seen(second, deficiency)
    return 100 * math.dist(_oklab(first), _oklab(second))


def _oklab(parts: Channels) -> Channels:
    red, green, blue = parts
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
