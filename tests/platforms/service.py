"""A proxy before the sandbox: it counts calls and devices, and holds a call until it is told to go on."""

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Service:
    """The sandbox at `base_url`, seen through a proxy of its own origin."""

    def __init__(self, base_url, validated_url, patience):
        self.patience = patience
        self.sandbox = urlsplit(base_url)
        self.validated_url = validated_url
        self.calls = []
        self.devices = set()
        self.payloads = []
        self._hold = None
        self._held = threading.Event()
        self._go_on = threading.Event()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.base_url = self.origin + self.sandbox.path

    def hold(self, method, when):
        """Holds the next call of `method`, "before" the sandbox hears of it or "after" it has answered."""
        self._held.clear()
        self._go_on.clear()
        self._over.clear()
        self._hold = (method, when)

    def wait_until_held(self):
        assert self._held.wait(self.patience), "the call never came"

    def release(self):
        """Lets a held call go on, and waits until the sandbox has dealt with it."""
        self._hold = None
        self._go_on.set()
        if self._held.is_set():
            assert self._over.wait(self.patience), "the held call never ended"

    def close(self):
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def _stop_at(self, method, when):
        with self._lock:
            if self._hold != (method, when):
                return False
            self._hold = None
        self._held.set()
        self._go_on.wait(self.patience)
        return True

    def _exchange(self, path, headers, body):
        connection = http.client.HTTPConnection(self.sandbox.hostname, self.sandbox.port, timeout=self.patience)
        headers = {name: value for name, value in headers.items() if name.lower() not in ("host", "connection")}
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer = response.status, response.getheaders(), response.read()
        connection.close()
        return answer

    def _note(self, method, params, body):
        document = json.loads(body)
        response = document.get("response")
        if method == "createPIN" and response is True:
            self.devices.add(params["deviceId"])
        if method == "deletePIN" and response is True:
            self.devices.discard(params["deviceId"])
        if method == "retrievePatronBarcodePayload" and response is not None:
            self.payloads.append(response)

    def _handler(service):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                call = json.loads(body)
                method = call["method"]
                service.calls.append(method)
                held = service._stop_at(method, "before")
                status, headers, answer = service._exchange(self.path, self.headers, body)
                service._note(method, call.get("params", {}), answer)
                held |= service._stop_at(method, "after")
                if held:
                    service._over.set()
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except ConnectionError:
                    # The client was killed, or has hung up.
                    self.close_connection = True

            def log_message(self, *_):
                pass

        return Handler
