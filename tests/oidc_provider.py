"""A sign-in provider as ProConnect is one, in a process of its own: `python -m tests.oidc_provider`, which prints its
address. OpenID Connect with PKCE and a nonce; what it says of a person is a signed JWT.

Whoever signs in there is told in the address of its page: `&person={…}`, with `&fault=` for an answer that is wrong.
A browser that comes without it finds a page that asks, and that no frame shows.
"""

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "logement", "the-secret-of-the-tests"
KEYS = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("ours", "forged")}


@contextmanager
def running():
    """The provider, in a process of its own; gives its address."""
    command = [sys.executable, "-m", "tests.oidc_provider"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def providers(address):
    """SOCIALACCOUNT_PROVIDERS, with this one as ProConnect."""
    given = {"name": "ProConnect", "client_id": CLIENT_ID, "secret": SECRET}
    asked = {"server_url": address, "oauth_pkce_enabled": True}
    return {"proconnect": {"APPS": [given | {"settings": asked}]}}


def page_that_asks(asked):
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    return (
        f'<!DOCTYPE html><link rel="icon" href="data:,"><form>{kept}'
        '<label>Person <textarea name="person"></textarea></label><button>Sign in</button></form>'
    )


class Provider(BaseHTTPRequestHandler):
    grants = {}  # code, then access token -> what was asked, and about whom

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def do_GET(self):
        answers = {
            "/.well-known/openid-configuration": self.configuration,
            "/jwks": self.jwks,
            "/authorize": self.authorize,
            "/userinfo": self.userinfo,
        }
        answers[urlsplit(self.path).path]()

    def do_POST(self):
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        grant = self.grants.pop(form["code"], None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_ours = (form["client_id"], form["client_secret"]) == (CLIENT_ID, SECRET)
        if not (grant and is_ours and challenge == grant["code_challenge"]):
            self.send(400, {"error": "invalid_grant"})
            return
        token = secrets.token_urlsafe()
        self.grants[token] = grant
        nonce = "another" if grant.get("fault") == "nonce" else grant["nonce"]
        identity = self.sign({"sub": grant["person"]["sub"], "nonce": nonce})
        self.send(200, {"access_token": token, "token_type": "Bearer", "id_token": identity})

    def configuration(self):
        names = {
            "token": "token_endpoint",
            "userinfo": "userinfo_endpoint",
            "authorize": "authorization_endpoint",
        }
        addresses = {name: f"{self.issuer}/{path}" for path, name in names.items()}
        supported = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        self.send(200, {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **addresses, **supported})

    def jwks(self):
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS["ours"].public_key()))
        self.send(200, {"keys": [key | {"kid": "1", "alg": "RS256", "use": "sig"}]})

    def authorize(self):
        asked = dict(parse_qsl(urlsplit(self.path).query))
        if "person" not in asked and "fault" not in asked:
            self.send(200, page_that_asks(asked), "text/html; charset=utf-8")
            return
        if asked.get("fault") == "cancel":
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe()
            self.grants[code] = asked | {"person": json.loads(asked["person"])}
            answer = {"code": code, "state": asked["state"]}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def userinfo(self):
        grant = self.grants[self.headers["Authorization"].removeprefix("Bearer ")]
        fault = grant.get("fault")
        person = grant["person"] | ({"sub": "somebody-else"} if fault == "sub" else {})
        audience = {"aud": "another-client"} if fault == "audience" else {}
        signed = self.sign(person | audience, key="forged" if fault == "signature" else "ours")
        self.send(200, signed, "application/jwt")

    def sign(self, claims, key="ours"):
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60} | claims
        return jwt.encode(told, KEYS[key], algorithm="RS256", headers={"kid": "1"})

    def send(self, status, body, kind="application/json"):
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Frame-Options", "DENY")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Nothing: its requests are the tests' own."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
