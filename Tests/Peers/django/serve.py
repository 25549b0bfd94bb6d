"""Serves the project with Daphne on a free port of the loopback interface: serve.py [DAPHNE'S OPTIONS]

Prints "listening PORT". CHANNEL_LAYERS is JSON in the environment. SIGTERM ends it, and so does the end of a pipe as
standard input.
"""

import sys

from daphne.cli import CommandLineInterface
from daphne.server import Server

from peer.lifetime import end_with_input


class Announcing(Server):
    """Says where it listens, which Daphne does not."""

    def listen_success(self, port):
        super().listen_success(port)
        print(f"listening {port.getHost().port}", flush=True)


class Interface(CommandLineInterface):
    server_class = Announcing


end_with_input()
Interface().run(["-b", "127.0.0.1", "-p", "0", "-v", "0", *sys.argv[1:], "peer.asgi:application"])
