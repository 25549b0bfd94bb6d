"""Serves the project with Daphne on a free port of the loopback interface: serve.py [DAPHNE'S OPTIONS]

Prints "listening PORT". CHANNEL_LAYERS is JSON in the environment. The process ends on SIGTERM, or when its standard
input is a pipe that ends.
"""

import sys

from daphne.cli import CommandLineInterface
from daphne.server import Server

from peer.lifetime import end_with_input


class Announcing(Server):
    """Prints its port, which Daphne does not."""

    def listen_success(self, port):
        super().listen_success(port)
        print(f"listening {port.getHost().port}", flush=True)


class Interface(CommandLineInterface):
    server_class = Announcing


end_with_input()
Interface().run(["-b", "127.0.0.1", "-p", "0", "-v", "0", *sys.argv[1:], "peer.asgi:application"])
