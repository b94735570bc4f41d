"""The public face: pages from the site bucket and /api from API Gateway, on one host name.

Made only when the deployment names a host (`InfraSiteDomain`): in China a CDN needs an own name with an ICP
record and a certificate in IAM; elsewhere ACM. An origin access identity, not the newer access control:
CloudFormation in China does not know the latter.

Pages are stored under every address they answer (`products/nef/` and `products/nef/index.html`), so no code
runs at the edge. The CDN's own error pages stay off: they would replace the API's answers too.
"""

from __future__ import annotations

from infra.resources.api import STAGE
from infra.resources.intrinsics import Json, att, ref, resource, sub, when
from infra.resources.storage import SITE, SITE_IDENTITY

_HAS_DOMAIN = "InfraHasSiteDomain"
_PASSED_ON = [  # what the functions read; Host must not pass, API Gateway answers only to its own
    "Accept",
    "Content-Type",
    "Idempotency-Key",
    "Origin",
    "Sec-Fetch-Site",
]


def resources() -> Json:
    return {
        SITE_IDENTITY: resource(
            "AWS::CloudFront::CloudFrontOriginAccessIdentity",
            {"CloudFrontOriginAccessIdentityConfig": {"Comment": ref("AWS::StackName")}},
            Condition=_HAS_DOMAIN,
        ),
        "InfraSiteHeaders": resource(
            "AWS::CloudFront::ResponseHeadersPolicy", _headers_policy(), Condition=_HAS_DOMAIN
        ),
        "InfraSiteDistribution": resource(
            "AWS::CloudFront::Distribution", {"DistributionConfig": _distribution()}, Condition=_HAS_DOMAIN
        ),
    }


def outputs() -> Json:
    return {
        "InfraSiteCdn": {"Condition": _HAS_DOMAIN, "Value": att("InfraSiteDistribution", "DomainName")},
        "InfraSiteDistributionId": {"Condition": _HAS_DOMAIN, "Value": ref("InfraSiteDistribution")},
    }


def _headers_policy() -> Json:
    """The same headers the local gateway sends. The policy of the pages is a parameter: it holds the hashes
    of what was built, and a new page must not need a new template."""
    from infra.headers import security_headers

    headers = security_headers(upload_origin="", style_hashes=[], script_hashes=[])
    security: Json = {"ContentSecurityPolicy": _always(ContentSecurityPolicy=ref("InfraPagesPolicy"))}
    custom: list[Json] = []
    for name, value in headers.items():
        match name.lower():
            case "content-security-policy":
                pass
            case "strict-transport-security":
                security["StrictTransportSecurity"] = _always(**_hsts(value))
            case "x-content-type-options":
                security["ContentTypeOptions"] = {"Override": True}
            case "referrer-policy":
                security["ReferrerPolicy"] = _always(ReferrerPolicy=value)
            case "x-frame-options":
                security["FrameOptions"] = _always(FrameOption=value)
            case _:
                custom.append({"Header": name, "Value": value, "Override": True})
    config: Json = {"Name": sub("${AWS::StackName}-site"), "SecurityHeadersConfig": security}
    if custom:
        config["CustomHeadersConfig"] = {"Items": custom}
    return {"ResponseHeadersPolicyConfig": config}


def _always(**values: object) -> Json:
    return {**values, "Override": True}


def _hsts(value: str) -> Json:
    parts = [part.strip() for part in value.lower().split(";")]
    seconds = next(int(part.removeprefix("max-age=")) for part in parts if part.startswith("max-age="))
    return {
        "AccessControlMaxAgeSec": seconds,
        "IncludeSubdomains": "includesubdomains" in parts,
        "Preload": "preload" in parts,
    }


def _distribution() -> Json:
    return {
        "Enabled": True,
        "HttpVersion": "http2",
        "IPV6Enabled": when("InfraHasAcmCertificate", True, False),  # China's CDN has no IPv6
        "Aliases": [ref("InfraSiteDomain")],
        "DefaultRootObject": "index.html",
        "ViewerCertificate": {
            "AcmCertificateArn": when("InfraHasAcmCertificate", ref("InfraSiteCertificate")),
            "IamCertificateId": when(
                "InfraHasAcmCertificate", ref("AWS::NoValue"), ref("InfraSiteIamCertificate")
            ),
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        "Origins": [
            {
                "Id": "site",
                "DomainName": att(SITE, "RegionalDomainName"),
                "S3OriginConfig": {
                    "OriginAccessIdentity": sub("origin-access-identity/cloudfront/${" + SITE_IDENTITY + "}")
                },
            },
            {
                "Id": "api",
                "DomainName": sub("${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"),
                "CustomOriginConfig": {
                    "OriginProtocolPolicy": "https-only",
                    "OriginSSLProtocols": ["TLSv1.2"],
                },
            },
        ],
        "DefaultCacheBehavior": _behaviour("site", ["GET", "HEAD"], 0, 31536000, [], "none", False),
        "CacheBehaviors": [
            {
                "PathPattern": f"/{STAGE}/*",
                **_behaviour(
                    "api",
                    ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
                    0,
                    0,
                    _PASSED_ON,
                    "all",
                    True,
                ),
            }
        ],
    }


def _behaviour(
    origin: str,
    methods: list[str],
    default_seconds: int,
    most_seconds: int,
    headers: list[str],
    cookies: str,
    query: bool,
) -> Json:
    """Pages keep what their own Cache-Control says; the API is never kept."""
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": methods,
        "CachedMethods": ["GET", "HEAD"],
        "Compress": True,
        "MinTTL": 0,
        "DefaultTTL": default_seconds,
        "MaxTTL": most_seconds,
        "ForwardedValues": {
            "QueryString": query,
            "Cookies": {"Forward": cookies},
            **({"Headers": headers} if headers else {}),
        },
        "ResponseHeadersPolicyId": ref("InfraSiteHeaders"),
    }
