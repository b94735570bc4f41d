"""The CloudFormation functions we use, as Python ones."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def ref(name: str) -> Json:
    return {"Ref": name}


def att(name: str, attribute: str = "Arn") -> Json:
    return {"Fn::GetAtt": [name, attribute]}


def sub(text: str) -> Json:
    return {"Fn::Sub": text}


def when(condition: str, then: object, otherwise: object = None) -> Json:
    return {"Fn::If": [condition, then, ref("AWS::NoValue") if otherwise is None else otherwise]}


def kept(kind: str, properties: Json, **more: object) -> Json:
    """A resource that holds people's data: deleting or replacing the stack leaves it in place."""
    return {
        "Type": kind,
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": properties,
        **more,
    }


def resource(kind: str, properties: Json, **more: object) -> Json:
    return {"Type": kind, "Properties": properties, **more}
