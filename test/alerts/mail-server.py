"""A mail server for tests: tells each mail as one line of JSON, and its port as the first line."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, refused):
        self.refused = refused

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        print(
            json.dumps(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "content": envelope.content.decode("utf8", "replace"),
                    "tls": session.ssl is not None,
                    "login": getattr(session, "auth_data", None),
                }
            ),
            flush=True,
        )
        return "250 taken"


def authenticator(server, session, envelope, mechanism, data):
    login, password = data.login.decode(), data.password.decode()
    good = (login, password) == ("kms", "s3cret")
    return AuthResult(success=good, handled=False, auth_data=login if good else None)


async def main(options):
    context = None
    if "cert" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["cert"], options["key"])
    implicit = options.get("implicit", False)

    def session():
        return SMTP(
            Handler(options.get("refused", [])),
            hostname="mail.test",
            tls_context=None if implicit else context,
            authenticator=authenticator if options.get("auth") else None,
            auth_required=options.get("auth", False),
            auth_require_tls=not implicit,
        )

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", options.get("port", 0), ssl=context if implicit else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(json.loads(sys.argv[1])))
