"""The exchange with an OpenID provider: discovery, authorization code with PKCE, the token checked.

Source: OpenID Connect Core 1.0, 3.1; OpenID Connect Discovery 1.0; RFC 7636 (PKCE, S256); RFC 9207 (issuer in the answer).
"""

import ipaddress
import os
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.person import Role

from .secrets_kept import new_token

SECRET_VARIABLE = "OPENEMBARGO_OPENID_SECRET"
SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a key pair alone: a provider's public key must not be able to sign."""
CONNECT_S, READ_S = 5.0, 15.0
KEPT_S = 3600.0
LEEWAY_S = 60
NAME_CLAIMS = ("preferred_username", "email", "name", "sub")
KEYS = ("issuer", "client_id", "roles_claim", "name_claim", "roles")


class NotVouchedFor(Exception):  # noqa: N818 - what happened
    """The provider did not vouch for somebody, could not be reached, or gave an answer that does not hold."""


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """How people log in at a provider.

    Attributes:
        issuer: Address of the provider, as it names itself.
        client_id: How this desk is called there.
        client_secret: Its secret; empty for a public client.
        roles: Roles by the value of the claim that stands for them.
        roles_claim: Claim that holds a person's groups.
        name_claim: Claim that holds their name; empty for the first of `NAME_CLAIMS` that is there.
    """

    issuer: str
    client_id: str
    client_secret: str
    roles: Mapping[str, Role]
    roles_claim: str = "groups"
    name_claim: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whom a provider vouches for: issuer and subject, name, and the roles that their groups stand for."""

    subject: str
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class WayOut:
    """Where a browser is sent, and what must be known when it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


def read_settings(path: Path) -> OpenIdSettings:
    """Read the settings of a provider; the secret stands in `OPENEMBARGO_OPENID_SECRET`, never in the file.

    Raises:
        InputError: The file cannot be read, or something in it is wrong.
    """
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([Mistake(str(path), f"cannot be read: {error}", "a TOML file")]) from None
    wrong = [Mistake(f"{path}: {key}", "is not known", f"known: {', '.join(KEYS)}") for key in held if key not in KEYS]
    for key in ("issuer", "client_id"):
        if not isinstance(held.get(key), str) or not held[key]:
            wrong.append(Mistake(f"{path}: {key}", "is missing", "a text"))
    roles = held.get("roles")
    known = {role.value: role for role in Role}
    if not isinstance(roles, dict) or not roles:
        wrong.append(Mistake(f"{path}: roles", "is missing", 'a table such as "desk-analysts" = "analyst"'))
    else:
        wrong += [
            Mistake(f"{path}: roles.{group}", f"found {word!r}", f"one of {', '.join(known)}")
            for group, word in roles.items()
            if word not in known
        ]
    if not wrong and not _is_safe(held["issuer"]):
        wrong.append(
            Mistake(f"{path}: issuer", f"found {held['issuer']!r}", "an https address, or http on this machine")
        )
    if wrong or not isinstance(roles, dict):
        raise InputError(wrong)
    by_group = {str(group): known[word] for group, word in roles.items()}
    secret = os.environ.get(SECRET_VARIABLE, "")
    names = {key: str(held[key]) for key in ("roles_claim", "name_claim") if held.get(key)}
    return OpenIdSettings(held["issuer"], held["client_id"], secret, by_group, **names)


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.scheme == "http" and parts.hostname == "localhost"


@dataclass(slots=True)
class OpenIdProvider:
    """A provider; what it publishes of itself is asked for once an hour."""

    settings: OpenIdSettings
    _published: dict[str, Any] = field(default_factory=dict)
    _keys: dict[str, Any] = field(default_factory=dict)
    _asked: float = float("-inf")
    _busy: Lock = field(default_factory=Lock)

    def way_out(self, back: str) -> WayOut:
        """Return where to send a browser.

        Args:
            back: Address of this desk to which the provider sends it back.

        Raises:
            NotVouchedFor: The provider cannot be reached, or is not what its address says.
        """
        published = self._metadata()
        state, nonce, verifier = new_token(), new_token(), new_token()
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                published["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return WayOut(str(address), state, nonce, verifier)

    def identity(self, code: str, verifier: str, nonce: str, back: str) -> Identity:
        """Return whom the provider vouches for.

        Args:
            code: What the browser brought back.
            verifier: What was kept of the way out, to prove who comes back.
            nonce: What was kept of the way out, for the provider to repeat.
            back: The address to which the provider sent it back.

        Raises:
            NotVouchedFor: For nobody.
        """
        published = self._metadata()
        try:
            with self._client(back) as client:
                token = client.fetch_token(
                    published["token_endpoint"], code=code, code_verifier=verifier, grant_type="authorization_code"
                )
                claims = self._claims(token, nonce)
                if self.settings.roles_claim not in claims and "userinfo_endpoint" in published:
                    more = client.get(published["userinfo_endpoint"]).raise_for_status().json()
                    claims |= more if more.get("sub") == claims["sub"] else {}
        except (httpx.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            raise NotVouchedFor(f"{type(error).__name__}: the provider's answer does not hold") from error
        return self._identity(claims)

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        groups = claims.get(self.settings.roles_claim) or ()
        groups = [groups] if isinstance(groups, str) else groups
        if not isinstance(groups, list | tuple):
            raise NotVouchedFor(f"the claim {self.settings.roles_claim} is no list of texts")
        roles = frozenset(self.settings.roles[str(one)] for one in groups if str(one) in self.settings.roles)
        wanted = (self.settings.name_claim,) if self.settings.name_claim else NAME_CLAIMS
        name = next((str(claims[claim]) for claim in wanted if claims.get(claim)), "")
        return Identity(f"{self.settings.issuer}|{claims['sub']}", name, roles)

    def _claims(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        published = self._metadata()
        try:
            found = jwt.decode(token["id_token"], KeySet.import_key_set(self._key_set()), ALGORITHMS)
        except InvalidKeyIdError:  # the provider has new keys
            found = jwt.decode(token["id_token"], KeySet.import_key_set(self._key_set(fresh=True)), ALGORITHMS)
        wanted = {
            "iss": {"essential": True, "values": [published["issuer"]]},
            "aud": {"essential": True, "values": [self.settings.client_id]},
        }
        kept = {"nonce": nonce, "client_id": self.settings.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(found.claims, found.header, wanted, kept)
        claims.validate(leeway=LEEWAY_S)
        return dict(claims)

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self.settings.client_id, self.settings.client_secret or None, scope=SCOPE, redirect_uri=back,
            code_challenge_method="S256", timeout=httpx.Timeout(READ_S, connect=CONNECT_S), follow_redirects=False,
        )  # fmt: skip

    def _metadata(self) -> dict[str, Any]:
        with self._busy:
            if time.monotonic() - self._asked > KEPT_S:
                found = _fetched(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.settings.issuer:
                    raise NotVouchedFor(
                        f"the provider calls itself {found.get('issuer')!r}, not {self.settings.issuer!r}"
                    )
                for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not _is_safe(str(found.get(key, ""))):
                        raise NotVouchedFor(f"the provider's {key} is {found.get(key)!r}, which is not https")
                self._published, self._keys, self._asked = found, {}, time.monotonic()
            return self._published

    def _key_set(self, fresh: bool = False) -> Any:  # noqa: ANN401 - JSON as it comes
        if fresh or not self._keys:
            self._keys = _fetched(str(self._published["jwks_uri"]))
        return self._keys


def _fetched(address: str) -> dict[str, Any]:
    try:
        with httpx.Client(timeout=httpx.Timeout(READ_S, connect=CONNECT_S)) as client:
            found = client.get(address).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotVouchedFor(f"the provider does not answer at {address}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise NotVouchedFor(f"the provider's answer at {address} is no object")
    return found
