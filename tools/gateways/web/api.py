"""The API behind nginx: whose token it was is what nginx says in X-Auth-Subject."""

import http.server
import json
import threading

ME = "/api/v4/users/me"


class _Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked += 1
        subject = self.headers.get("X-Auth-Subject")
        if self.path == ME and subject:
            self._answer(200, {"id": subject, "username": subject,
                               "scope": self.headers.get("X-Auth-Scope", ""),
                               "client_id": self.headers.get("X-Auth-Client", "")})
        elif self.path == ME:
            self._answer(403, {"message": "this token is an application's own: it is nobody's"})
        else:
            self._answer(404, {"message": "no such thing here"})

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Api:
    """It runs in a thread of this process. `asked`: how many requests it saw."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Api)
        self.server.daemon_threads = True
        self.server.asked = 0
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def asked(self):
        return self.server.asked

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
