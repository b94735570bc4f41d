"""Clients of AWS in tests: making one takes longer than most tests do, so each is made once and kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

import boto3
import botocore.session

_ENVIRONMENT = ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID")
_MADE: dict[object, Any] = {}
_KEPT: dict[str, _Clients] = {}
_current: list[str] = []


def keep_what_tests_make() -> None:
    """`boto3.client` and `boto3.resource` give the same again in the same environment."""
    loader = botocore.session.create_loader()  # with botocore's descriptions of all services, read once
    botocore.session.create_loader = lambda *_: loader
    boto3.client, boto3.resource = _kept(boto3.client), _kept(boto3.resource)


def _kept(make: Callable[..., Any]) -> Callable[..., Any]:
    def give(service: str, **options: Any) -> Any:
        if options:
            return make(service, **options)
        where = (make, service, *map(os.environ.get, _ENVIRONMENT))
        if where not in _MADE:
            _MADE[where] = make(service)
        return _MADE[where]

    return give


class _Clients:
    """The product's session and clients, and what listened to them when they were made."""

    def __init__(self) -> None:
        from chalicelib.platform import aws, tables

        for service in ("kms", "sqs", "s3"):
            aws.client(service)
        self.session, self.clients, self.connection = aws.session(), dict(aws._clients), tables.connection()
        self.heard = [(each, copy(each)) for each in self._emitters()]

    def _emitters(self) -> list[Any]:
        clients = [self.connection.client, *self.clients.values()]
        return [each.meta.events._emitter for each in clients]

    def hand_out(self) -> None:
        from chalicelib.platform import aws, tables

        for emitter, before in self.heard:  # a test may have listened in
            vars(emitter).update(vars(copy(before)))
        aws._session, tables._shared = self.session, self.connection
        aws._clients.update(self.clients)


def forget_everything() -> None:
    """As a process that has just started, with clients of its own to come."""
    from chalicelib.platform import aws, keyring, tables
    from chalicelib.platform.settings import settings

    settings.cache_clear()
    aws.forget_clients()
    tables.forget_connection()
    keyring.forget()


@contextmanager
def clients_of(store: str) -> Iterator[None]:
    """Inside, the product's clients are those of `store`, as new."""
    forget_everything()
    if store not in _KEPT:
        _KEPT[store] = _Clients()
    _current.append(store)
    _KEPT[store].hand_out()
    yield
    _current.pop()
    forget_everything()


def new_process() -> None:
    """As if another process went on, on the same store."""
    forget_everything()
    _KEPT[_current[-1]].hand_out()
