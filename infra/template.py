"""Our half of the CloudFormation template; `chalice package` makes the other half and merges them.

One template for every stage and partition, the laptop's included: what differs is a parameter.
"""

from __future__ import annotations

from infra.resources import alarms, api, desk, functions, parameters, site, storage, tables
from infra.resources.intrinsics import Json

OURS = "Infra"
# Chalice's resources that we only add to.
EXTENDED = frozenset({*functions.FUNCTIONS, "RestAPI"})


def template(runtime: str, architecture: str) -> Json:
    parts = [
        tables.resources(),
        storage.resources(),
        functions.resources(runtime, architecture),
        desk.resources(runtime, architecture),
        api.resources(),
        site.resources(),
        alarms.resources(),
    ]
    merged: Json = {}
    for part in parts:
        twice = merged.keys() & part.keys()
        if twice:
            raise ValueError(f"defined twice: {sorted(twice)}")
        merged |= part
    strange = [name for name in merged if not name.startswith(OURS) and name not in EXTENDED]
    if strange:
        raise ValueError(f"names that could collide with Chalice's: {strange}")
    return {
        "Parameters": parameters.parameters(),
        "Conditions": parameters.conditions(),
        "Rules": parameters.rules(),
        "Globals": functions.globals_(),
        "Resources": merged,
        "Outputs": functions.outputs() | site.outputs(),
    }
