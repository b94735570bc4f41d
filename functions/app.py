"""Wires the house: the public and member API, its blueprints, and the handlers of streams and schedules.

The staff's API is `desk.py`. Every other function imports this module, so its top level is everybody's
cold start: nothing here may import what only one route needs. Two things shorten it (`make bench`):

- The garbage collector rests meanwhile. It would walk a growing heap of modules a dozen times and find
  nothing; a sixth of the start. What is loaded by then is set aside for good, which also spares later calls.
- On Lambda the store's client is made here and not in the first request: while a function starts, it has a
  whole core, afterwards the share its memory buys.
"""

# ruff: noqa: E402 - the collector must rest before anything is imported
import gc

gc.disable()

import os
from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Cron, Rate

from chalicelib.access.routes import routes as access
from chalicelib.benefits.routes import routes as benefits
from chalicelib.catalog.routes import routes as catalog
from chalicelib.coverage.routes import routes as coverage
from chalicelib.enrollment.routes import routes as enrollment
from chalicelib.me.routes import routes as me
from chalicelib.office.routes import routes as office
from chalicelib.platform import tables
from chalicelib.platform.http import one_error_shape
from chalicelib.pricing.routes import routes as pricing

app = Chalice(app_name="huzhu", debug=False)
app.middleware("http")(one_error_shape)
for blueprint in (
    catalog,
    pricing,
    benefits,
    access,
    enrollment,
    coverage,
    office,
    me,
):
    app.register_blueprint(blueprint)


@app.lambda_function(name="outbox_stream")
def outbox_stream(event: Any, context: Any) -> dict[str, Any]:
    """New outbox rows, at once. Fed by a stream mapping of the template (infra/), which can filter."""
    from chalicelib.notify import worker

    return worker.on_stream(event)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="outbox_sweep")
def outbox_sweep(event: CloudWatchEvent) -> None:
    """What the stream missed."""
    from chalicelib.notify import worker

    worker.on_schedule(event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES), name="promote_waiting")
def promote_waiting(event: CloudWatchEvent) -> None:
    """Seats that became free, to the people who wait."""
    from chalicelib.enrollment import worker

    worker.on_schedule()


@app.lambda_function(name="receive_upload")
def receive_upload(event: Any, context: Any) -> dict[str, Any]:
    """Files that came. Fed by a queue mapping of the template (infra/), which reports the failed alone."""
    from chalicelib.uploads import worker

    return worker.on_queue(event)


@app.schedule(Cron(30, 18, "*", "*", "?", "*"), name="reconcile_uploads")
def reconcile_uploads(event: CloudWatchEvent) -> None:
    """At half past two in Shanghai: files and records compared."""
    from chalicelib.uploads import worker

    worker.on_schedule()


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    tables.connection()
gc.freeze()
gc.enable()
