"""The QR on a certificate: the public check page with number and code in the fragment.

A fragment is never sent to a server, so neither number nor code stands in any log on the way.
"""

from __future__ import annotations

from chalicelib.platform.settings import settings

_QUIET = 4  # modules of white around, as the standard asks


def address(number: str, check: str) -> str:
    """Where anyone can check this certificate."""
    origin = settings().site_origins[0] if settings().site_origins else ""
    return f"{origin}/services/verify/#{number}.{check}"


def path(number: str, check: str) -> tuple[int, str]:
    """Modules along one side, and the SVG path of the dark ones: one stroke a run, level M."""
    import segno

    matrix = segno.make(address(number, check), error="m", micro=False).matrix
    strokes = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = next((i for i in range(x, len(row)) if not row[i]), len(row)) - x
            if run:
                strokes.append(f"M{x + _QUIET} {y + _QUIET}h{run}v1h-{run}z")
            x += run or 1
    return len(matrix) + 2 * _QUIET, "".join(strokes)
