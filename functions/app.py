"""Wires the house: one API, its blueprints, and the handlers of queues, streams and schedules.

Every Lambda function imports this module, so its top level is everybody's cold start: nothing here may
import what only one route needs.
"""

from typing import Any

from chalice.app import Chalice, Response

from chalicelib.health.routes import routes as health
from chalicelib.platform.http import reshape

app = Chalice(app_name="huzhu", debug=False)


@app.middleware("http")
def one_error_shape(event: Any, get_response: Any) -> Response:
    response = get_response(event)
    return reshape(response, response.status_code)


for blueprint in (health,):
    app.register_blueprint(blueprint)
