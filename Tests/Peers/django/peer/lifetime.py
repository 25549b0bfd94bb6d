"""The lifetime of the programs in this folder."""

import os
import signal
import stat
import threading


def end_with_input():
    """Ends this process with SIGTERM when its standard input ends, if that is a pipe: its parent has ended."""
    def wait():
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=wait, daemon=True).start()
