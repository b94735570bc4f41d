"""What a file is, by its bytes and never by its name. Whatever cannot be read is refused with advice."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from chalicelib.groups.rosters.model import MAX_SENT_BYTES, refused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "WorkBook", "ETBook"))
_OLD_BIFF = (
    b"\x09\x08\x10\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x00\x04\x00",
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF", b"%PDF", b"{\\rtf")
_OTHERS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x7fELF", b"MZ", b"SQLite format 3")
_EMPTY_ZIP = b"PK\x05\x06"


def is_workbook(data: bytes) -> bool:
    """Whether to read it as .xlsx; else it is text. Raises RosterRefused for everything else."""
    if len(data) > MAX_SENT_BYTES:
        raise refused("too_large")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refused("no_rows")
    if data.startswith(_OLE):
        raise refused(_kind_of_ole(data))
    if data.startswith(_OLD_BIFF):
        raise refused("legacy_xls")
    if data.startswith((b"PK\x03\x04", _EMPTY_ZIP)):
        return True
    if data.startswith(_PICTURES + _OTHERS) or data[4:8] == b"ftyp":
        raise refused("not_a_spreadsheet")
    _refuse_markup(data)
    return False


def _kind_of_ole(data: bytes) -> str:
    """Old spreadsheets, and new ones that were locked with a password, share one container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "password"
    return "legacy_xls" if any(name in data for name in _OLD_BOOKS) else "not_a_spreadsheet"


def _refuse_markup(data: bytes) -> None:
    start = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not start.startswith((b"<", b"mime-version:", b"from:")):
        return
    if b"schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start:
        raise refused("legacy_xls")  # XML Spreadsheet 2003
    if start.startswith(b"<?xml") and not re.search(rb"<(html|table)[\s>]", start):
        raise refused("not_a_spreadsheet")
    raise refused("html")


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The parts of an .xlsx. Raises RosterRefused for a damaged, locked or other archive, and for macros."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    # NotImplementedError is how zipfile says that an entry is packed in a way it does not know.
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, UnicodeDecodeError):
        raise refused("damaged") from None
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise refused("password")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names) or _may_hold_macros(archive):
        raise refused("macros")
    if any(name.endswith("xl/workbook.bin") for name in names):
        raise refused("legacy_xls", "（这是.xlsb二进制工作簿。）")
    if "mimetype" in names or any(name.startswith(("word/", "ppt/", "meta-inf/")) for name in names):
        raise refused("not_a_spreadsheet")
    return archive


def _may_hold_macros(archive: zipfile.ZipFile) -> bool:
    """The kind of workbook that may, though this one holds none."""
    try:
        with archive.open("[Content_Types].xml") as stream:
            return b"macroEnabled.main" in stream.read(1 << 20)
    except (KeyError, RuntimeError, ValueError, OSError, EOFError, zlib.error, zipfile.BadZipFile):
        return False
