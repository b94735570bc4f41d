"""A stack of its own behind TLS, and each old engine as a phone on it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import demo
from infra.processes import free_port
from infra.serve import running_gateway
from infra.stack import Stack, running_stack
from tests.conftest import environment_of
from tests.proof.old_engines.certificate import make_certificate
from tests.proof.old_engines.engines import ENGINES, Engine
from tests.proof.old_engines.phone import Phone, running
from tests.site.test_parts_page import shown_by_make_site


@pytest.fixture(scope="session")
def tls_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """With the demo's seats open; it takes writes from https pages, which the shared one does not."""
    port = free_port()
    origins = f"http://127.0.0.1:{port},https://127.0.0.1:{port}"
    with running_stack(tmp_path_factory.mktemp("tls"), site_origin=origins) as stack:
        with environment_of(stack):
            demo.seed(stack)
        yield stack


@pytest.fixture
def on_tls_stack(tls_stack: Stack) -> Iterator[Stack]:
    """This process may use the functions' own services against it."""
    with environment_of(tls_stack):
        yield tls_stack


@pytest.fixture(scope="session")
def workshop_dir(site_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, and the page of a form's parts, which is never published."""
    folder = tmp_path_factory.mktemp("workshop") / "site"
    shutil.copytree(site_dir, folder, copy_function=os.link)
    edition = shown_by_make_site()
    page = edition.answer("services/parts/index.html")
    assert page is not None
    for path in ("services/parts/index.html", *re.findall(r'src="/(js/[^"]+)"', page.decode())):
        file, body = folder / path, edition.answer(path)
        assert body is not None
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
    return folder


@pytest.fixture(scope="session")
def tls_origin(
    tls_stack: Stack, workshop_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    certificate = make_certificate(tmp_path_factory.mktemp("certificate"))
    with running_gateway(tls_stack, site=workshop_dir, certificate=certificate) as origin:
        yield origin


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: f"chromium-{engine.major}")
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    return found


@pytest.fixture(scope="module")
def browser(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(engine.executable(), tmp_path_factory.mktemp(f"chromium-{engine.major}")) as address:
        yield address


@pytest.fixture
def phone(browser: str, tls_origin: str, tls_stack: Stack) -> Iterator[Phone]:
    """Fails on any script error, broken content policy, request elsewhere, or answer of another stack."""
    held = Phone(browser, tls_origin, tls_stack.api_id)
    yield held
    held.close()
    assert held.wrong == []
