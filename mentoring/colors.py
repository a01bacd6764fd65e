"""Colours that can be read: contrast as WCAG counts it, and the nearest that has it."""

import re

# Text and the ground under it: at least so much, as WCAG AA wants.
READABLE = 4.5
STEPS = 50
# The grounds that something in the accent stands on, of ``static/css/base.css``.
LIGHT_GROUNDS = ("#ffffff", "#faf9f6", "#f2f1ed")
DARK_GROUNDS = ("#14191c", "#1c2326", "#262d31")
WHITE, BLACK = "#ffffff", "#000000"
# How much of the accent is in the soft ground of a notice.
SOFT_LIGHT, SOFT_DARK = 0.09, 0.2


def is_color(text: str) -> bool:
    """Whether this is a colour as browsers send it."""
    return bool(re.fullmatch(r"#[0-9a-fA-F]{6}", text))


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(color: str, other: str, share: float) -> str:
    """A colour with a share of another in it."""
    pairs = zip(_parts(color), _parts(other), strict=True)
    return "#" + "".join(
        f"{round(one * (1 - share) + two * share):02x}" for one, two in pairs
    )


def luminance(color: str) -> float:
    """How light a colour is, from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1, no difference, to 21, black on white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def least_contrast(color: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(color, ground) for ground in grounds)


def soft_on_light(color: str) -> str:
    """The ground of a notice, on a light page."""
    return mix(WHITE, color, SOFT_LIGHT)


def soft_on_dark(color: str) -> str:
    """The ground of a notice, on a dark page."""
    return mix(DARK_GROUNDS[1], color, SOFT_DARK)


def for_light(color: str) -> str:
    """The colour itself if it can be read on light grounds, else a darker one."""
    for step in range(STEPS + 1):
        found = mix(color, BLACK, step / STEPS)
        grounds = (*LIGHT_GROUNDS, soft_on_light(found))
        if least_contrast(found, grounds) >= READABLE:
            break
    return found


def for_dark(color: str) -> str:
    """The colour itself if it can be read on dark grounds, else a lighter one."""
    for step in range(STEPS + 1):
        found = mix(color, WHITE, step / STEPS)
        grounds = (*DARK_GROUNDS, soft_on_dark(found))
        if least_contrast(found, grounds) >= READABLE:
            break
    return found
