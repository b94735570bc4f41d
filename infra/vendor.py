"""The packages a function carries: the hashed lock, for exactly the runtime, and only what it uses."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from infra.paths import BUILD, LAMBDA_LOCK

# AWS services whose models botocore needs here. All ~440 are nine tenths of the zip.
SERVICES = ("dynamodb", "kms", "s3", "secretsmanager", "sns", "sqs", "sts")

# The C library of each Lambda runtime: python3.11 runs on Amazon Linux 2, later ones on Amazon Linux 2023.
RUNTIME_GLIBC = {"python3.11": (2, 26), "python3.12": (2, 34), "python3.13": (2, 34), "python3.14": (2, 34)}

# Paths inside the vendored tree that no function ever imports.
UNUSED = (
    "bin",
    "*.dist-info",
    "**/*.pyi",
    "**/py.typed",
    *(f"Crypto/{part}" for part in ("IO", "Math", "Protocol", "PublicKey", "SelfTest", "Signature")),
    *(f"Crypto/Cipher/_raw_{part}.*" for part in ("arc2", "blowfish", "cast", "des", "des3", "eksblowfish")),
    *(f"Crypto/Cipher/{part}.*" for part in ("_ARC4", "_Salsa20", "_chacha20", "_pkcs1_decode")),
    *(f"Crypto/Hash/{part}" for part in ("[A-Z]*", "_[A-Z]*", "_b*", "_k*", "_p*", "_r*")),
    "Crypto/Cipher/[B-Z]*",
    "Crypto/Cipher/ARC*",
    "Crypto/Cipher/_raw_ocb.*",
    "Crypto/Util/asn1.py",
    "charset_normalizer/*.so",  # faster guessing of encodings that no provider sends; md.py does the same
    "charset_normalizer/cli",
    "*__mypyc*.so",
    "urllib3/contrib/emscripten",
    "botocore/cacert.pem",  # certifi's list is used
    "dateutil/zoneinfo/*.tar.gz",
    "dateutil/rrule.py",
    "segno/cli.py",
    "segno/helpers.py",
    "urllib3/contrib/pyopenssl.py",
    "share",
    "phonenumbers/data/region_[!C]*",  # only mainland numbers are ever parsed
    "phonenumbers/data/region_C[!N]*",
    "phonenumbers/geodata",
    "phonenumbers/carrierdata",
    "phonenumbers/tzdata",
    "phonenumbers/shortdata/region_*",
    "tencentcloud/sms/v20190711",
    "botocore/data/*/*/examples-1.json",
)


@dataclass(frozen=True)
class Target:
    """`runtime` like python3.13; `platform` as uv names it, or empty for the machine we are on."""

    runtime: str
    architecture: str = "x86_64"  # as Lambda names it
    platform: str = ""

    @property
    def version(self) -> str:
        return self.runtime.removeprefix("python")


HERE = Target(f"python{sys.version_info.major}.{sys.version_info.minor}")


def cloud(runtime: str = "python3.13", architecture: str = "x86_64") -> Target:
    machine = {"x86_64": "x86_64", "arm64": "aarch64"}[architecture]
    major, minor = RUNTIME_GLIBC[runtime]
    return Target(runtime, architecture, f"{machine}-manylinux_{major}_{minor}")


def vendored(target: Target, lock: Path = LAMBDA_LOCK) -> Path:
    """Folder with the trimmed packages; made once for each lock, target and version of this file."""
    key = hashlib.sha256(
        b"\0".join([lock.read_bytes(), repr(target).encode(), Path(__file__).read_bytes()])
    ).hexdigest()[:16]
    done = BUILD / "vendor" / f"{target.runtime}-{key}"
    if done.is_dir():
        return done
    done.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=done.parent, ignore_cleanup_errors=True) as folder:
        fresh = Path(folder) / "packages"
        _install(target, lock, fresh)
        check_wheels(fresh, target)
        trim(fresh)
        settle(fresh, done)
    return done


def settle(fresh: Path, done: Path) -> None:
    """Give a finished folder its name, unless another process made the same one meanwhile."""
    try:
        fresh.rename(done)
    except OSError:
        shutil.rmtree(fresh)


def _install(target: Target, lock: Path, folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet"]
    command += ["--target", str(folder), "--requirements", str(lock)]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--link-mode", "copy"]
    if target.platform:
        command += ["--python-version", target.version, "--python-platform", target.platform]
    subprocess.run([*command, "--python", sys.executable], check=True)


def check_wheels(folder: Path, target: Target) -> None:
    """Refuse a wheel whose C library is newer than the runtime's: it would fail at the first import."""
    if not target.platform:
        return
    runtime_glibc = RUNTIME_GLIBC[target.runtime]
    for record in sorted(folder.glob("*.dist-info/WHEEL")):
        needs = [
            (int(major), int(minor))
            for major, minor in re.findall(
                r"^Tag: .*manylinux_(\d+)_(\d+)_", record.read_text(), re.MULTILINE
            )
        ]
        if needs and min(needs) > runtime_glibc:
            raise SystemExit(
                f"{record.parent.name} needs glibc {min(needs)}, {target.runtime} has {runtime_glibc}"
            )


def trim(folder: Path) -> None:
    for pattern in UNUSED:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (folder / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in SERVICES:
            shutil.rmtree(path)
    for path in folder.rglob("__pycache__"):
        shutil.rmtree(path)
