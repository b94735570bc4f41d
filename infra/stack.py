"""The whole back end on one machine: the emulator as a child, the packaged template deployed on it.

    with running_stack(tmp_path) as stack:
        httpx.get(stack.api_url + "/health")

`stack.env` is what a function sees, so the code under functions/ can be used directly against the stack.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import httpx

from infra.deploy import STAGES, deploy, outputs
from infra.package import Package, package
from infra.paths import LOCAL, ROOT
from infra.processes import children, free_port, kill_all, stop
from infra.resources.functions import environment
from infra.rings import ensure_rings

NAME = "huzhu-local"
REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",  # the emulator's own; real ones are never passed on
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
API_CALLS_AT_ONCE = 8  # 36 MB and one process each; further calls get 429 and are retried
START_SECONDS = 30
_DEPLOYED = f"/{NAME}/deployed"  # the parameter that says which package and template are deployed


class StackError(Exception):
    """The emulator did not start; the text says where its log is."""


@dataclass
class Stack:
    """A running stack. `folder` holds its state, log and SMS file."""

    folder: Path
    port: int
    site_origin: str  # where the gateway will serve the pages
    child: subprocess.Popen[bytes]
    outputs: dict[str, str] = field(default_factory=dict)
    function_env: dict[str, str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_id(self) -> str:
        return self.outputs["RestAPIId"]

    @property
    def api_url(self) -> str:
        """Base address of the API; append `/health`. Changes whenever a route changes."""
        return f"{self.endpoint}/_aws/execute-api/{self.api_id}/api"

    @property
    def upload_origin(self) -> str:
        return self.endpoint

    @property
    def sms_file(self) -> Path:
        return self.folder / "sms.jsonl"

    @property
    def env(self) -> dict[str, str]:
        return {**self.function_env, **CREDENTIALS, "AWS_ENDPOINT_URL": self.endpoint}

    def session(self) -> Any:
        """A boto3 session for this stack and nothing else, whatever this process's own settings are."""
        return _Session(self.endpoint)

    def workers(self, function: str = "") -> list[int]:
        """Process ids of the functions' workers; `function` is a short name like "api"."""
        prefix = f"ministack-lambda-{NAME}-{function}"
        return [pid for pid in children(self.child.pid) if prefix in _folder_of(pid)]

    def kill_function_workers(self, function: str = "") -> int:
        """As a crash would: whatever a function was doing is cut off. Returns how many were killed."""
        pids = self.workers(function)
        kill_all(pids)
        return len(pids)

    def kill(self) -> None:
        """As a power cut would: no chance to save."""
        kill_all([self.child.pid, *self.workers()])
        self.child.wait()

    def stop(self) -> None:
        workers = self.workers()
        stop(self.child)
        kill_all([pid for pid in workers if NAME in _folder_of(pid)])


class _Session:
    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.region_name = REGION
        self._session = boto3.Session(
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )

    def client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self.endpoint)


def start_emulator(
    folder: Path, *, port: int = 0, site_origin: str = "", env_overrides: Mapping[str, str] | None = None
) -> Stack:
    """Start the emulator on `folder`'s state and wait until it answers. Raises StackError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds sign-in codes and, sealed, people
    chosen = free_port(port)
    surroundings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder / "tmp"),
        "GATEWAY_PORT": str(chosen),
        "MINISTACK_HOST": "127.0.0.1",
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",  # this listener ignores BIND_HOST and opens on every interface
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
        "LOG_LEVEL": "WARNING",
        "LAMBDA_WARM_TTL_SECONDS": "60",
        "SITE_ORIGINS": site_origin,
        "UPLOAD_BUCKET_PREFIX": f"{NAME}-",
        **CREDENTIALS,
        **(env_overrides or {}),
    }
    log = folder / "emulator.log"
    with log.open("wb") as sink:
        child = subprocess.Popen(
            [sys.executable, "-m", "infra.emulator"],
            cwd=ROOT,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; we then stop it so that it can save
        )
    stack = Stack(folder, chosen, site_origin, child)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(stack.endpoint):
        if child.poll() is not None or time.monotonic() > deadline:
            stop(child)
            raise StackError(f"the emulator did not start; see {log}")
        time.sleep(0.05)
    return stack


def deploy_locally(stack: Stack, made: Package, function_env: Mapping[str, str] | None = None) -> bool:
    """Deploy the package on the stack; returns False when exactly this was deployed already. That is written
    down in the emulator itself, last: what a kill takes back, it takes back together."""
    template = _with_environment(made.template.read_text(), function_env or {})
    parameters = {
        "InfraStage": "local",
        "InfraSiteOrigins": stack.site_origin,
        "InfraSmsSender": "local",
        "InfraLocalSmsFile": str(stack.sms_file),
    }
    wanted = hashlib.sha256(json.dumps([template, parameters, made.release]).encode()).hexdigest()
    session = stack.session()
    notes = session.client("ssm")
    unchanged = _noted(notes) == wanted
    if unchanged:
        stack.outputs = outputs(session.client("cloudformation"), NAME)
    else:
        stack.outputs = deploy(session, NAME, made, template, parameters)
        _settle(session, template)
    stack.function_env = _function_env(session, function_env or {})
    ensure_rings(stack.env)  # every time: without them nobody can join or sign in
    if not unchanged:
        notes.put_parameter(Name=_DEPLOYED, Value=wanted, Type="String", Overwrite=True)
    return not unchanged


def _noted(notes: Any) -> str:
    try:
        return str(notes.get_parameter(Name=_DEPLOYED)["Parameter"]["Value"])
    except notes.exceptions.ParameterNotFound:
        return ""


def stage_environment(stage: str) -> dict[str, str]:
    """What the functions of a running stack see, for tools that call their code: "local", or a deployed
    stage (then with the operator's own credentials). Raises StackError when no local one runs."""
    if stage == "local":
        notes = LOCAL / "environment.json"
        if not notes.is_file():
            raise StackError("the local stack is not running: make start")
        environment: dict[str, str] = json.loads(notes.read_text())
        return environment
    chosen = json.loads((STAGES / f"{stage}.json").read_text())
    session = boto3.Session(region_name=chosen["region"])
    name = f"huzhu-{stage}"
    config = session.client("lambda").get_function_configuration(FunctionName=f"{name}-api")
    return {**config["Environment"]["Variables"], "AWS_DEFAULT_REGION": chosen["region"]}


@contextmanager
def running_stack(
    folder: Path,
    env_overrides: Mapping[str, str] | None = None,
    function_env: Mapping[str, str] | None = None,
    site_origin: str = "",
) -> Iterator[Stack]:
    """The deployed stack, stopped at the end. Without `site_origin`, one on a free port is chosen."""
    made = package()
    origin = site_origin or f"http://127.0.0.1:{free_port()}"
    stack = start_emulator(folder, site_origin=origin, env_overrides=env_overrides)
    try:
        deploy_locally(stack, made, function_env)
        yield stack
    finally:
        stack.stop()


def _settle(session: Any, template: str) -> None:
    """What the emulator's CloudFormation leaves out: expiry of rows, and a bound on parallel calls."""
    tables = session.client("dynamodb")
    for each in json.loads(template)["Resources"].values():
        expiry = each["Properties"].get("TimeToLiveSpecification") if "Properties" in each else None
        if expiry:
            name = each["Properties"]["TableName"]["Fn::Sub"].replace("${AWS::StackName}", NAME)
            known = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            if known.get("TimeToLiveStatus") != "ENABLED":
                tables.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    session.client("lambda").put_function_concurrency(
        FunctionName=f"{NAME}-api", ReservedConcurrentExecutions=API_CALLS_AT_ONCE
    )


def _with_environment(template: str, more: Mapping[str, str]) -> str:
    if not more:
        return template
    parsed = json.loads(template)
    parsed["Globals"]["Function"]["Environment"]["Variables"] |= more
    return json.dumps(parsed, ensure_ascii=False)


def _function_env(session: Any, more: Mapping[str, str]) -> dict[str, str]:
    """The API function's environment as deployed."""
    config = session.client("lambda").get_function_configuration(FunctionName=f"{NAME}-api")
    deployed = config["Environment"]["Variables"]
    return {name: deployed[name] for name in [*environment(), *more]}


def _answers(endpoint: str) -> bool:
    try:
        return httpx.get(f"{endpoint}/_ministack/health", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _folder_of(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""
