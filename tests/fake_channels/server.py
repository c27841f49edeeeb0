"""A forge or forum on loopback: answers a project's JSON over HTTP, with pages,
limits and faults on demand. The standard library only.

A project is an object with answer(path, query) → Answer or None (404). Faults are
a function of the number of the request: each request number may meet one of FAULTS
instead of, or around, its answer; what is met twice in a row is repeated by a good
client. hook(number, path) is called before each answer, so that a test can change
the project while a client pages through it, or kill the client.
"""
import http.server
import json
import socket
import struct
import threading
import urllib.parse


class Answer:
    """prefix: what stands before the JSON of every answer."""
    def __init__(self, body, headers=None, status=200, prefix=""):
        self.body, self.headers, self.status, self.prefix = body, headers or {}, status, prefix


FAULTS = ("429 with Retry-After", "429 with a date", "429 alone", "403 with limit 0", "500", "502", "503 with Retry-After", "truncated",
          "reset", "not JSON", "half of JSON", "empty", "slow", "408", "null", "another shape", "a number")


def pages(items, query, base, size_key, largest, total_header):
    """One page of a list with Link and total headers, as these forges send them."""
    size = max(1, min(int(query.get(size_key, ["20"])[0] or 20), largest))
    number = max(1, int(query.get("page", ["1"])[0]))
    chosen = items[(number - 1) * size:number * size]
    headers = {total_header: str(len(items)), "X-Page": str(number)}
    if number * size < len(items):
        following = {key: values for key, values in query.items() if key != "page"}
        following["page"] = [str(number + 1)]
        headers["Link"] = f'<{base}?{urllib.parse.urlencode(following, doseq=True)}>; rel="next"'
    return Answer(chosen, headers)


class Server:
    def __init__(self, project, token=None):
        self.project, self.token = project, token
        self.fault = lambda number, path: None
        self.hook = lambda number, path: None
        self.requests, self.paths, self.lock = 0, [], threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self, status, headers, body, declared=None):
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(declared if declared is not None else len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.do_GET()

            def do_GET(self):
                with outer.lock:
                    outer.requests += 1
                    number = outer.requests
                    outer.paths.append(self.path)
                outer.hook(number, self.path)
                fault = outer.fault(number, self.path)
                if fault and self.meet(fault):
                    return
                parts = urllib.parse.urlsplit(self.path)
                query = urllib.parse.parse_qs(parts.query, keep_blank_values=True)
                if outer.token and outer.token not in (self.headers.get("PRIVATE-TOKEN"), (self.headers.get("Authorization") or "").removeprefix("token ")):
                    return self.reply(401, {}, b'{"message":"401 Unauthorized"}')
                with outer.lock:
                    if self.command == "POST":
                        answer = outer.project.post(parts.path, self.sent) if hasattr(outer.project, "post") else None
                    else:
                        answer = outer.project.answer(parts.path, query, f"http://127.0.0.1:{outer.port}{parts.path}")
                    body = (answer.prefix + (answer.body if isinstance(answer.body, str) else json.dumps(answer.body))).encode() if answer else b'{"message":"404 Not found"}'
                headers = {"Content-Type": "application/json", "RateLimit-Limit": "2000", "RateLimit-Remaining": "1999", "RateLimit-Reset": "4102444800"}
                if answer is None:
                    return self.reply(404, headers, body)
                headers.update(answer.headers)
                if fault == "another shape":
                    # Where a list is expected an object, and the other way round.
                    body = b'{"message":"try again"}' if isinstance(answer.body, list) else b"[]"
                if fault == "half of JSON":
                    return self.reply(200, headers, body[:len(body) // 2])
                if fault == "truncated":
                    self.reply(200, headers, body[:len(body) // 2], declared=len(body))
                    self.close_connection = True
                    return
                self.reply(answer.status, headers, body)

            def meet(self, fault):
                """True where the fault is all of the answer."""
                plain = {"Content-Type": "text/html"}
                if fault == "429 with Retry-After":
                    self.reply(429, {"Retry-After": "2"}, b"Retry later\n")
                elif fault == "429 with a date":
                    self.reply(429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"Retry later\n")
                elif fault == "429 alone":
                    self.reply(429, {}, b"Retry later\n")
                elif fault == "403 with limit 0":
                    self.reply(403, {"RateLimit-Limit": "0", "RateLimit-Remaining": "0"}, b'{"message":"API rate limit exceeded"}')
                elif fault == "404":
                    self.reply(404, plain, b"<html>not here</html>")
                elif fault in ("500", "502"):
                    self.reply(int(fault), plain, b"<html>oops</html>")
                elif fault == "503 with Retry-After":
                    self.reply(503, {"Retry-After": "1"}, b"down")
                elif fault == "not JSON":
                    self.reply(200, plain, b"<html>maintenance</html>")
                elif fault == "empty":
                    self.reply(200, plain, b"")
                elif fault == "408":
                    self.reply(408, plain, b"<html>timeout</html>")
                elif fault == "null":
                    self.reply(200, {"Content-Type": "application/json"}, b"null")
                elif fault == "a number":
                    self.reply(200, {"Content-Type": "application/json"}, b"503")
                elif fault == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    self.close_connection = True
                else:
                    return False
                return True

            def handle(self):
                try:
                    super().handle()
                except (ConnectionError, ValueError, OSError):
                    pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def reset(self):
        self.requests, self.paths = 0, []
        self.fault = lambda number, path: None
        self.hook = lambda number, path: None
