"""Mints edgepass tokens. Python 3.9 or later, standard library only.

    token = mint(key, audience, policy, url, now=int(time.time()), viewer={"ip": ip, "headers": headers})
    url = playback_url(url, token)

`key` is the issuer record's {"kid", "sign", "bind"}; `policy` a policy of config.yaml with its lifetime in seconds.
"""
import base64
import hashlib
import hmac
import ipaddress
import json
import re
import secrets

MAX_TOKEN = 2048
MAX_BOUND_VALUE = 1024
SESSION = re.compile(r"[A-Za-z0-9_-]{16,64}")


def base64url(data):
    """Base64url without padding, as JWT has it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def key_bytes(text):
    """A key is the 32 bytes that its text stands for, not the text."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(data) != 32:
        raise ValueError("a key has 32 bytes")
    return data


def hmac_sha256(key, text):
    return base64url(hmac.new(key_bytes(key), text.encode("utf-8"), hashlib.sha256).digest())


def network(address, widths):
    """(family, width, network): `203.0.113.0` or eight groups of four digits, host bits zero. IPv4-mapped is IPv4."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if getattr(ip, "scope_id", None) is not None:
        raise ValueError("an address with a zone belongs to one machine")
    width = widths.get("v4" if ip.version == 4 else "v6")
    if width is None:
        raise ValueError("the policy states no network for IPv%d" % ip.version)
    net = ipaddress.ip_network((ip, width), strict=False)
    return ip.version, width, net.network_address.exploded


def canonical(claims, attributes):
    """The text that `intsig` is the MAC of: every field is its length in bytes, `:`, and its bytes."""
    fields = ["edgepass-bind-1", claims["aud"], claims.get("ssn", ""), str(claims["iat"]), str(claims["exp"])]
    for attribute in attributes:
        fields.extend(attribute)
    return "".join("%d:%s" % (len(field.encode("utf-8")), field) for field in fields)


def split_url(url):
    """(scheme and host, path, query); nothing is decoded or tidied up."""
    parts = re.fullmatch(r"(https://[^/?#]+)(/[^?#]*)(?:\?([^#]*))?(?:#.*)?", url, re.DOTALL)
    if parts is None:
        raise ValueError("an absolute https URL is needed")
    return parts.group(1), parts.group(2), parts.group(3) or ""


def query_value(query, name):
    """The value of a parameter as it stands in the URL. One that is there twice is refused at the edge."""
    values = [value for key, _, value in (part.partition("=") for part in query.split("&")) if key == name]
    if len(values) != 1:
        raise ValueError("the bound parameter %s must be there once" % name)
    return values[0]


def bound_attributes(bind, viewer, query):
    """Claims that name what is bound, and [kind, name, value] of each: network, headers, parameters."""
    claims, attributes = {}, []
    if bind.get("ip"):
        family, width, value = network(viewer["ip"], bind["ip"])
        claims.update(ip=width, ip_ver=family)
        attributes.append(("i", "%d/%d" % (family, width), value))
    if bind.get("headers"):
        claims["headers"] = [name.lower() for name in bind["headers"]]
        attributes.extend(("h", name, viewer["headers"][name]) for name in claims["headers"])
    if bind.get("query"):
        claims["qs"] = bind["query"]
        attributes.extend(("q", name, query_value(query, name)) for name in claims["qs"])
    for _, name, value in attributes:
        if not 1 <= len(value.encode("utf-8")) <= MAX_BOUND_VALUE:
            raise ValueError("the bound value of %s is empty or too long" % name)
    return claims, attributes


def mint(key, audience, policy, url, *, now, viewer=None, session=None, lifetime=None, paths=None, exclude=None,
         subject=None):
    """A token with its session in front. `now` is whole seconds; header names of `viewer` are in lower case."""
    _, path, query = split_url(url)
    if session is None and policy["session"]:
        session = secrets.token_urlsafe(16)
    if session is not None and not SESSION.fullmatch(session):
        raise ValueError("a session id has 16 to 64 of A-Za-z0-9_-")
    bound, attributes = bound_attributes(policy.get("bind", {}), viewer or {}, query)
    # In this order the edge reads claims fastest; any other is right as well.
    claims = {"iat": now, "exp": now + (policy["lifetime"] if lifetime is None else lifetime), "aud": audience}
    claims["paths"] = paths or [path[: path.rindex("/") + 1]]
    if exclude:
        claims["exc"] = exclude
    if session is not None:
        claims["ssn"] = session
    for claim, places in (("co", "countries"), ("reg", "regions"), ("cty", "cities")):
        if policy.get(places):
            claims[claim] = policy[places]
            if places in policy.get("fallback", []):
                claims[claim + "_fallback"] = True
    claims.update(bound)
    if attributes:
        claims["intsig"] = hmac_sha256(key["bind"], canonical(claims, attributes))
    if subject is not None:
        claims["sub"] = subject
    return sign(key, claims)


def sign(key, claims):
    """A JWT (HS256) with the session, where the claims have one, in front."""
    parts = ({"alg": "HS256", "typ": "JWT", "kid": key["kid"]}, claims)
    texts = (json.dumps(part, separators=(",", ":"), ensure_ascii=False) for part in parts)
    signed = ".".join(base64url(text.encode("utf-8")) for text in texts)
    token = "%s.%s" % (signed, hmac_sha256(key["sign"], signed))
    if "ssn" in claims:
        token = "%s.%s" % (claims["ssn"], token)
    if len(token) > MAX_TOKEN:
        raise ValueError("the token is longer than the edge reads")
    return token


def playback_url(url, token):
    """The URL a player opens, where the stream carries its token in the path."""
    host = split_url(url)[0]
    return host + "/" + token + url[len(host):]
