"""A mail server that behaves as it is told: accepts, refuses, hangs, hangs up."""

import re
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable

WELL, GONE, LATER, HANGS, DROPS = "well", "gone", "later", "hangs", "drops"
HANGS_FOR = 30


class MailServer:
    """Counts what it received, by receiver and Message-ID."""

    def __init__(self) -> None:
        self.received: Counter[tuple[str, str]] = Counter()
        self.tried: Counter[str] = Counter()
        self.mood: Callable[[str], str] = lambda _to: WELL
        self.lock = threading.Lock()
        owner = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                owner.talk(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_about: object) -> None:
                """Whoever is killed in the middle of a word hangs up on us."""

        self.server = Server(("127.0.0.1", 0), Talk)
        self.port: int = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def talk(self, line: socketserver.StreamRequestHandler) -> None:
        def say(text: str) -> None:
            line.wfile.write(f"{text}\r\n".encode())

        say("220 chaos")
        to = ""
        while raw := line.rfile.readline():
            word = raw.decode(errors="replace").strip()
            verb = word[:4].upper()
            if verb == "RCPT":
                to = re.sub(r".*<(.+)>.*", r"\1", word)
                with self.lock:
                    self.tried[to] += 1
                mood = self.mood(to)
                if mood == HANGS:
                    time.sleep(HANGS_FOR)
                    return
                answers = {GONE: "550 no such user", LATER: "451 try later"}
                say(answers.get(mood, "250 ok"))
            elif verb == "DATA":
                say("354 go on")
                self.take(line, to)
                if self.mood(to) == DROPS:
                    return
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def take(self, line: socketserver.StreamRequestHandler, to: str) -> None:
        """Read a mail to its end, and count it."""
        found = ""
        for raw in line.rfile:
            if raw == b".\r\n":
                with self.lock:
                    self.received[to, found] += 1
                return
            if raw.lower().startswith(b"message-id:"):
                found = raw.decode().split(":", 1)[1].strip()

    def people(self) -> set[str]:
        with self.lock:
            return {to for to, _message_id in self.received}

    def copies(self) -> int:
        """How many mails more than one for each receiver."""
        with self.lock:
            return sum(self.received.values()) - len({to for to, _ in self.received})

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
