"""Where things lie in the working copy."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ROOT / "functions"
BUILD = ROOT / "build"
SITE = BUILD / "site"
SITE_CODE = ROOT / "site"  # how pages are made: the packages `publishing` and `sitebuild`
LOCAL = ROOT / ".local"  # the local stack's state; survives restarts
LAMBDA_LOCK = ROOT / "requirements" / "lambda.txt"
