"""The package: complete, small, and the same every time."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package as packaging
from infra.package import Package, package
from infra.paths import FUNCTIONS
from infra.vendor import HERE, RUNTIME_GLIBC, Target, check_wheels, cloud

UNCHECKED_HASH = 0b01  # PEP 552: the flags word of a .pyc that is never compared with its source


@pytest.fixture(scope="module")
def made() -> Package:
    return package()


@pytest.fixture(scope="module")
def unpacked(made: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As Lambda lays it out."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(made.archive) as zipped:
        zipped.extractall(folder)
    return folder


def run_alone(unpacked: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run with the package and the standard library, and nothing this machine has installed."""
    python = getattr(sys, "_base_executable", sys.executable)
    return subprocess.run(
        [python, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, {str(unpacked)!r})\n{code}"],
        env={"AWS_DEFAULT_REGION": "cn-north-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_same_tree_gives_the_same_bytes(
    made: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaging, "BUILD", tmp_path)  # nothing cached there
    again = package()
    assert again.archive != made.archive
    assert digest(again.archive) == digest(made.archive)
    assert again.template.read_bytes() == made.template.read_bytes()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one route with our settings, packaged into a folder of its own."""
    folder = tmp_path / "functions"
    (folder / ".chalice").mkdir(parents=True)
    for settings in (FUNCTIONS / ".chalice").glob("*.json"):
        (folder / ".chalice" / settings.name).write_bytes(settings.read_bytes())
    answer(folder, "a")
    monkeypatch.setattr(packaging, "BUILD", tmp_path / "build")
    return folder


def answer(project: Path, text: str) -> None:
    (project / "desk.py").write_bytes((FUNCTIONS / "desk.py").read_bytes())
    (project / "app.py").write_text(
        "from chalice import Chalice\napp = Chalice(app_name='huzhu')\n"
        f"@app.route('/')\ndef root():\n    return {text!r}\n"
    )


def test_a_handler_without_a_policy_is_told_where_it_belongs(project: Path) -> None:
    with (project / "app.py").open("a") as source:
        source.write("\n@app.schedule('rate(1 day)')\ndef count_notes(event):\n    pass\n")
    with pytest.raises(SystemExit, match=r"no policy: .*functions/\.chalice/config\.json"):
        package(HERE, project)


def test_a_changed_function_gives_another_package(project: Path) -> None:
    before = package(HERE, project)
    answer(project, "b")
    assert package(HERE, project).release != before.release


def test_an_unchanged_tree_is_not_packaged_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("packaged again")

    made = package(HERE, project)
    monkeypatch.setattr(packaging, "_make", never)
    assert package(HERE, project) == made


def test_the_package_stays_within_its_budget(made: Package) -> None:
    assert made.archive.stat().st_size <= 5_000_000


SIGN_A_FORM = """
import os; os.environ["UPLOAD_BUCKET"] = "huzhu-files"
import app
from datetime import UTC, datetime, timedelta
from chalicelib.uploads import bucket, model, worker
what = model.Announced(model.PURPOSES["roster"], "text/csv", 1, "0" * 64)
print(bucket.form("roster/x", what, datetime.now(UTC) + timedelta(seconds=9)).url)
"""


def test_every_function_starts_from_the_package_alone(unpacked: Path) -> None:
    ran = run_alone(unpacked, "import app; print(app.app.debug, callable(app.outbox_stream))")
    assert ran.stdout.split() == ["False", "True"], ran.stderr
    ran = run_alone(unpacked, SIGN_A_FORM)
    assert ran.stdout.split() == ["https://huzhu-files.s3.cn-north-1.amazonaws.com.cn/"], ran.stderr
    ran = run_alone(unpacked, "import desk; print(desk.desk.debug, callable(desk.handler))")
    assert ran.stdout.split() == ["False", "True"], ran.stderr


def test_everything_a_function_imports_late_is_in_the_package(unpacked: Path) -> None:
    late = (
        "import altcha, msgspec, phonenumbers, pynamodb, requests, segno",
        "from Crypto.Cipher import AES",
        "AES.new(bytes(32), AES.MODE_GCM, nonce=bytes(12)).encrypt_and_digest(b'x')",
        "from tencentcloud.sms.v20210111 import models, sms_client",
        "number = phonenumbers.parse('+8613812345678')",
        "assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE",
        "import botocore.session, botocore.httpsession, os",
        "session = botocore.session.get_session()",
        "for name in ('dynamodb', 'kms', 's3', 'secretsmanager', 'sns', 'sqs', 'sts'):",
        "    assert session.create_client(name).meta.endpoint_url.endswith('.cn')",
        "assert os.path.getsize(botocore.httpsession.where()) > 100_000  # certificates",
    )
    ran = run_alone(unpacked, "\n".join(late))
    assert ran.returncode == 0, ran.stderr


def test_every_module_of_ours_is_importable_from_the_package(unpacked: Path) -> None:
    ours = [
        path.relative_to(unpacked).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for path in (unpacked / "chalicelib").rglob("*.py")
    ]
    ran = run_alone(
        unpacked, f"import importlib\nfor name in {sorted(ours)!r}: importlib.import_module(name)"
    )
    assert ran.returncode == 0, ran.stderr


def test_the_package_holds_no_compiler_of_content_and_no_leftovers(unpacked: Path) -> None:
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert "chalicelib/catalog/data.json" in names
    foreign = ("publishing/", "sitebuild/", "yaml/", "boto3/", "bin/")
    assert not {name for name in names if "dist-info" in name or name.startswith(foreign)}
    assert not {
        name for name in names if ".chalice" in name or name.endswith(("merge.json", "requirements.txt"))
    }


def test_bytecode_is_used_without_looking_at_file_times(unpacked: Path) -> None:
    compiled = list(unpacked.rglob("*.pyc"))
    assert len(compiled) > 300
    assert {int.from_bytes(path.read_bytes()[4:8], "little") for path in compiled} == {UNCHECKED_HASH}


def test_the_template_is_json_without_what_cloudformation_rejects(made: Package) -> None:
    text = made.template.read_text()
    parsed = json.loads(text)
    assert "${ApiHandler}" not in text  # Chalice's log retention names a resource that is not there
    functions = [r for r in parsed["Resources"].values() if r["Type"] == "AWS::Serverless::Function"]
    assert {each["Properties"]["CodeUri"] for each in functions} == {"./deployment.zip"}
    assert {each["Properties"]["Runtime"] for each in functions} == {HERE.runtime}


def test_a_wheel_newer_than_the_runtimes_c_library_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "fast-1.0.dist-info" / "WHEEL"
    wheel.parent.mkdir()
    major, minor = RUNTIME_GLIBC["python3.13"]
    wheel.write_text(f"Tag: cp313-cp313-manylinux_{major}_{minor}_x86_64\n")
    check_wheels(tmp_path, cloud("python3.13"))
    wheel.write_text(f"Tag: cp313-cp313-manylinux_{major}_{minor + 1}_x86_64\n")
    with pytest.raises(SystemExit, match=r"fast-1\.0\.dist-info needs glibc"):
        check_wheels(tmp_path, cloud("python3.13"))


@pytest.mark.parametrize(
    ("runtime", "architecture", "platform"),
    [
        ("python3.13", "x86_64", "x86_64-manylinux_2_34"),
        ("python3.13", "arm64", "aarch64-manylinux_2_34"),
        ("python3.11", "x86_64", "x86_64-manylinux_2_26"),  # Amazon Linux 2
    ],
)
def test_wheels_are_chosen_for_the_runtime(runtime: str, architecture: str, platform: str) -> None:
    assert cloud(runtime, architecture) == Target(runtime, architecture, platform)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_building_leaves_the_sources_alone() -> None:
    assert not (FUNCTIONS / "vendor").exists()
    assert not (FUNCTIONS / "requirements.txt").exists()
