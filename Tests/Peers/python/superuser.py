"""Answers the questions of createsuperuser in a terminal: superuser.py PROGRAM

Fails if the terminal shows the password, or does not show input again afterwards.
"""

import os
import pty
import re
import sys
import termios

PASSWORD = "blue-ferry-9"


def converse(answers):
    """Runs the command in a terminal. Returns its output, its exit code, and whether the terminal echoes afterwards."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.argv[1], [sys.argv[1], "createsuperuser", "--accounts"])
    output = ""
    for question, answer in answers:
        while not output.rstrip().endswith(question):
            output += os.read(terminal, 1000).decode()
        os.write(terminal, answer.encode())
    echoes = None
    try:
        while part := os.read(terminal, 1000):
            output += part.decode()
            echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    except OSError:
        pass
    return output, os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), echoes


def questions(name, *passwords):
    texts = ["Password:", "Password (again):"] * 2
    return [(r"'):", name + "\n"), ("Email address:", "ada@example.com\n"), *zip(texts, passwords)]


# Backspace removes a character of two bytes, Ctrl-U all.
output, code, echoes = converse(questions("ada", f"wrong\x15{PASSWORD}é\x7f\n", f"{PASSWORD}\n"))
assert code == 0, output
assert "Superuser created successfully." in output
assert "ada@example.com" in output and PASSWORD not in output and "wrong" not in output, output
assert echoes
# Ctrl-C ends the command, and the terminal shows input again.
output, code, echoes = converse(questions("bob", "secret\x03"))
assert code == 1 and "Operation cancelled." in output and "secret" not in output, output
assert echoes
