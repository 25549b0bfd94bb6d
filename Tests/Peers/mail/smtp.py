"""A mail server for tests: smtp.py MODE [CERTIFICATE KEY]

MODE is plain, auth (user desk, password s3cret), starttls, tls or hang. The script prints its port, then each message as
JSON, parsed with Python's email package. It ends when its input closes.
"""

import email.policy
import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

mode = sys.argv[1]


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("bad@"):
            return "550 5.1.8 No such sender"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"spam" in envelope.content:
            return "554 5.7.1 This is spam"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {
            part.get_content_type(): part.get_content().replace("\r\n", "\n")
            for part in message.walk()
            if not part.is_multipart()
        }
        print(
            json.dumps(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "headers": {name: str(value) for name, value in message.items()},
                    "names": [a.display_name for a in message["to"].addresses],
                    "parts": parts,
                    "defects": [str(d) for part in message.walk() for d in part.defects],
                    "user": session.auth_data.decode() if session.auth_data else None,
                    "tls": server.transport.get_extra_info("sslcontext") is not None,
                }
            ),
            flush=True,
        )
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    accepted = data.login == b"desk" and data.password == b"s3cret"
    return AuthResult(success=accepted, handled=accepted, auth_data=data.login if accepted else None)


if mode == "hang":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()
    sys.exit()

context = None
if len(sys.argv) > 2:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*sys.argv[2:4])
options = {}
if mode == "auth":
    options = dict(authenticator=authenticate, auth_require_tls=False, auth_required=True)
if mode == "starttls":
    options = dict(tls_context=context, require_starttls=True)

# The controller cannot choose a free port by itself.
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
controller = Controller(
    Handler(), hostname="127.0.0.1", port=port, ssl_context=context if mode == "tls" else None, **options
)
controller.start()
print(port, flush=True)
sys.stdin.read()
controller.stop()
