"""A small OpenID Connect provider over real HTTP: discovery, authorize, token, userinfo, keys."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "hotspots", "a-secret-of-the-client"


class Provider:
    """Whoever comes to its authorize page is `claims`, and agrees."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        # Said by userinfo in place of `claims`, where set.
        self.userinfo: dict[str, Any] | None = None
        self.codes: dict[str, dict[str, str]] = {}
        self.audience = CLIENT
        self.cancels = False

    def answer(self, path: str, query: dict[str, str], headers: Any) -> tuple[int, dict[str, str], Any]:
        if path == "/.well-known/openid-configuration":
            return 200, {}, self._configuration()
        if path == "/keys":
            public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            return 200, {}, {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}
        if path == "/authorize":
            return 302, {"Location": self._authorize(query)}, {}
        if path == "/token":
            return self._token(query)
        if path == "/userinfo" and headers.get("Authorization") == "Bearer of-the-access":
            return 200, {}, self.claims if self.userinfo is None else self.userinfo
        return 404, {}, {}

    def _configuration(self) -> dict[str, Any]:
        parts = ("authorize", "token", "userinfo", "keys")
        authorize, token, userinfo, keys = (f"{self.address}/{part}" for part in parts)
        return {
            "issuer": self.address,
            "authorization_endpoint": authorize,
            "token_endpoint": token,
            "userinfo_endpoint": userinfo,
            "jwks_uri": keys,
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _authorize(self, query: dict[str, str]) -> str:
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        if self.cancels:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        asked = self.codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        known = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if not asked or not known or challenge != asked["code_challenge"]:
            return 400, {}, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": self.audience, "iat": now, "exp": now + 300, **self.claims}
        token = jwt.encode(claims, self.key, "RS256", headers={"kid": "1"})
        return 200, {}, {"access_token": "of-the-access", "token_type": "Bearer", "id_token": token, "expires_in": 300}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a port of its own, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._answer(parts.path, parts.query)

        def do_POST(self) -> None:
            self._answer(self.path, self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, path: str, query: str) -> None:
            said = {name: values[0] for name, values in parse_qs(query).items()}
            status, headers, body = provider.answer(path, said, self.headers)
            text = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {
                **headers,
                "Content-Type": "application/json",
                "Content-Length": str(len(text)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
