"""A small OpenID provider for tests: a real server on loopback that speaks discovery, authorization code with PKCE, and signs its tokens.

It can be told to answer wrongly, one way at a time.
"""

import base64
import hmac
import json
import secrets
import time
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "the-desk", "its secret"


def _packed(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def new_key(name):
    """Return a new key of a name."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, auto_kid=False)


class Provider:
    """What the provider knows, and how it is to answer."""

    def __init__(self):
        self.key, self.other = new_key("one"), new_key("one")
        self.claims = {"sub": "42", "preferred_username": "ann", "groups": ["desk-analysts"]}
        self.wrong = ""
        self.address = ""
        self.codes = {}

    def metadata(self):
        return {
            "issuer": self.address if self.wrong != "another issuer" else "https://other.example",
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token" if self.wrong != "plain http" else "http://other.example/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, asked):
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        state = asked["state"] if self.wrong != "another state" else "x" * 43
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': state, 'iss': self.address})}"

    def token(self, form, authorization):
        asked = self.codes.pop(form["code"], None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization not in (expected, plain):
            return 401, {"error": "invalid_client"}
        if asked["code_challenge_method"] != "S256" or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_request"}
        digest = _packed(sha256(form["code_verifier"].encode()).digest())
        if digest != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked):
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims |= {
            "nonce": {"nonce": "of another log-in"},
            "audience": {"aud": "another desk"},
            "expired": {"iat": now - 900, "exp": now - 600},
            "token of another issuer": {"iss": "https://other.example"},
        }.get(self.wrong, {})
        if self.wrong == "no nonce":
            del claims["nonce"]
        if self.wrong == "no signature":
            head, body = (_packed(json.dumps(p).encode()) for p in ({"alg": "none"}, claims))
            return f"{head}.{body}."
        if self.wrong == "signed with the public key":
            head, body = (_packed(json.dumps(p).encode()) for p in ({"alg": "HS256", "kid": "one"}, claims))
            return f"{head}.{body}." + _packed(
                hmac.digest(self.key.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
            )
        key = self.other if self.wrong == "another key" else self.key
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


@contextmanager
def running():
    """Yield a provider that listens on loopback."""
    provider = Provider()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self.say(200, provider.metadata())
            elif parts.path == "/keys":
                self.say(200, {"keys": [provider.key.as_dict(private=False)]})
            elif parts.path == "/userinfo":
                self.say(200, provider.claims)
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            else:
                self.say(404, {})

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            self.say(*provider.token(form, self.headers.get("Authorization")))

        def say(self, status, body):
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
