"""A running Entrepot with its sandbox, as a gateway, staff and partners see it: for failures.py."""
import base64
import hashlib
import hmac
import json
import os
import subprocess
import time
import urllib.error
import urllib.request

PATIENCE = 30  # seconds for what comes by itself
LONG_AGO = "2000-01-01T00:00:00Z"
ADDRESS = {"name": "Front desk", "street": "1 Example Street", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}
LEEDS = {"latitude": 53.8, "longitude": -1.5}
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Wrong(AssertionError):
    pass


def is_(found, expected, what):
    if found != expected:
        raise Wrong(f"{what} is {found!r}, not {expected!r}")


def send(method, url, body=None, headers=None):
    """Returns (status, headers, JSON or text); status 0: nobody answered."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with _direct.open(request, timeout=40) as answer:
            text = answer.read().decode()
            is_json = answer.headers.get_content_type() == "application/json" and text
            return answer.status, answer.headers, json.loads(text) if is_json else text
    except urllib.error.HTTPError as answer:
        text = answer.read().decode()
        return answer.code, answer.headers, json.loads(text) if text.startswith("{") else text
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0, {}, {}


def until(what, look, expected, patience=PATIENCE):
    """Waits until look() says what is expected."""
    end = time.monotonic() + patience
    while True:
        try:
            found = look()
        except (KeyError, IndexError, TypeError) as why:  # an answer that is a problem, for the time being
            found = f"{type(why).__name__} {why}"
        if found == expected:
            return
        if time.monotonic() > end:
            raise Wrong(f"{what} is {found!r} and not {expected!r} after {patience} s")
        time.sleep(0.05)


def a_moment():
    """Instants are to the millisecond: what happens within one is not told apart."""
    time.sleep(0.01)


class Shop:
    def __init__(self, root, data, port):
        self.root, self.data, self.port = root, data, port
        self.url = f"http://127.0.0.1:{port}"
        self.posts = 0
        self.ahead = 0

    # ---- processes

    def read(self, name):
        with open(os.path.join(self.data, name)) as file:
            return file.read().strip()

    def kill(self, process):
        os.kill(int(self.read(process + ".pid")), 9)

    def kill_database(self):
        with open(os.path.join(self.data, "postgres", "postmaster.pid")) as file:
            os.kill(int(file.readline()), 9)

    def start(self):
        environment = {**os.environ, "ENTREPOT_BINARY": os.environ["ENTREPOT_AHEAD"], "ENTREPOT_AHEAD_BY": str(self.ahead)}
        with open(self.data + ".log", "a") as log:
            subprocess.run([f"{self.root}/deploy/run", "--detach", "--data", self.data, "--port", str(self.port)], env=environment, stdout=log, stderr=log, check=True)

    def later(self, **by):
        """The server is killed and finds itself so much later."""
        import datetime
        self.ahead += int(datetime.timedelta(**by).total_seconds())
        self.kill("server")
        self.start()

    def command(self, *arguments):
        program = os.environ["ENTREPOT_PROGRAM"]
        return subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    # ---- HTTP

    def key(self, role):
        return json.loads(self.read("demo-keys.json"))[role]

    def get(self, path, role="admin"):
        return send("GET", self.url + path, headers={"Authorization": "Bearer " + self.key(role)})[2]

    def post(self, path, body, role="admin", key=None, wait=None):
        """Returns (status, answer)."""
        self.posts += 1
        headers = {"Authorization": "Bearer " + self.key(role), "Idempotency-Key": key or f"failures-{self.posts}"}
        if wait:
            headers["Prefer"] = f"wait={wait}"
        status, self.headers, answer = send("POST", self.url + path, body, headers)
        return status, answer

    def done(self, path, body=None, role="admin", status=200):
        """Posts what must succeed; returns the answer."""
        found, answer = self.post(path, body or {}, role)
        if found not in (status, 201, 202):
            raise Wrong(f"POST {path} is answered {found}: {answer}")
        return answer

    def refused(self, path, body, status, code, role="admin"):
        found, answer = self.post(path, body, role)
        is_((found, answer.get("code")), (status, code), f"the answer to POST {path}")
        return answer

    def sandbox(self, method, path, body=None):
        status, _, answer = send(method, self.read("sandbox-url") + path, body)
        if status >= 300 or status == 0:
            raise Wrong(f"the sandbox answers {method} {path} with {status}: {answer}")
        return answer

    def partner_says(self, path, secret, message, event):
        """A partner's message, signed as Standard Webhooks says; returns the answer."""
        body, at = json.dumps(event).encode(), str(int(time.time()) + self.ahead)
        key = base64.b64decode(self.read(secret).removeprefix("whsec_"))
        signature = base64.b64encode(hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
        status, _, answer = send("POST", self.url + path, event, {"webhook-id": message, "webhook-timestamp": at, "webhook-signature": "v1," + signature})
        is_(status, 202, f"the answer {answer} to {event}")
        return answer

    def fault(self, fault, every, partner="payments", delay_ms=1000):
        self.sandbox("POST", "/faults", {"fault": fault, "every": every, "partner": partner, "delay_ms": delay_ms})

    def movements_of_money(self, order):
        """What the payment provider has booked for an order: captures and refunds, minor units."""
        lines = [json.loads(line) for line in self.sandbox("GET", "/ledger").splitlines() if line]
        return [line for line in lines if str(line.get("key", "")).startswith(order + "/")]

    # ---- goods

    def product(self, sku, price=1000, **units):
        """A product of its own, with so many units at each place: DC=5, YORK_1=2."""
        headers = {"Authorization": "Bearer " + self.key("admin")}
        body = {"name": sku, "category": "failures", "tax_class": "standard", "weight_grams": 100, "prices": {"retail": {"amount": price, "currency": "GBP"}}}
        until(f"PUT of {sku}", lambda: send("PUT", f"{self.url}/v1/products/{sku}", body, headers)[0] in (200, 201), True)
        for place, count in units.items():
            self.receive(place.replace("_", "-"), sku, count)
        return sku

    def receive(self, place, sku, units):
        self.posts += 1
        self.done(f"/v1/locations/{place}/movements", {"kind": "receipt", "reference": f"ASN-{self.posts}", "lines": [{"sku": sku, "quantity": units}]})

    def stock(self, place, sku):
        rows = self.get(f"/v1/locations/{place}/stock?sku={sku}")["items"]
        return next((row for row in rows if row["sku"] == sku), None)

    # ---- orders

    def delivery(self, sku, quantity=1, option="24h", **more):
        return {"channel": "web", "lines": [{"sku": sku, "quantity": quantity}], "delivery": {"option": option, "address": ADDRESS, "near": LEEDS}, "payment": {"token": "tok_visa"}, **more}

    def pickup(self, sku, quantity=1, store="LEEDS-1", **more):
        return {"channel": "web", "workflow": "bopis", "lines": [{"sku": sku, "quantity": quantity}], "pickup": {"store": store}, "payment": {"token": "tok_visa"}, **more}

    def order(self, body, wait=10):
        """Makes an order that is confirmed at once; returns its number."""
        status, answer = self.post("/v1/orders", body, "gateway", wait=wait)
        is_((status, answer.get("status")), (201, "confirmed"), f"the order {answer}")
        return answer["id"]

    def see(self, order):
        return self.get("/v1/orders/" + order)

    def becomes(self, order, status, patience=PATIENCE):
        until(f"the status of {order}", lambda: self.see(order)["status"], status, patience)

    def work(self, order, index=0, status=None):
        """The order's n-th place, once it has work; in that status, if one is named."""
        until(f"the work of {order}", lambda: len(self.all_work(order)) > index, True)
        if status:
            until(f"the work {index} of {order}", lambda: self.all_work(order)[index]["status"], status)
        return self.all_work(order)[index]

    def all_work(self, order):
        seen = self.see(order)
        return seen.get("fulfilments", []) + seen.get("pickups", [])

    def act(self, work, *verbs):
        """Staff do one thing after the other: "pick", ("pack", {...})."""
        kind = "pickups" if work["id"].startswith("pck_") else "fulfilments"
        for verb in verbs:
            name, body = (verb, {}) if isinstance(verb, str) else verb
            if name == "pick" and not body:
                body = {"lines": []}
            answer = self.done(f"/v1/{kind}/{work['id']}/{name}", body)
        return answer

    def labelled(self, work):
        """The parcel's tracking number, once the carrier has made its label."""
        path = "/v1/fulfilments/" + work["id"]
        until("the label", lambda: self.get(path)["label"]["status"], "ready")
        return self.get(path)["label"]["tracking"]

    def story(self, order):
        return self.command("explain", order, "--data", self.data).stdout


PACK = ("pack", {"parcels": [{"weight_grams": 900}]})
