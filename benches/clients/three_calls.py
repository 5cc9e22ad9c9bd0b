"""What a small Python client of the service does for a balance: sign in, verify the device, read the accounts."""

import os
import sys

import requests

BASE = os.environ["GETCARD_API_URL"]
DEVICE, PIN = os.environ["BENCH_DEVICE_ID"], os.environ["BENCH_PIN"]
SYSTEM = {"userName": "get_mobile", "password": "NOTUSED", "domain": ""}


def call(service, method, **params):
    reply = requests.post(f"{BASE}/{service}", json={"method": method, "params": params}, timeout=10)
    body = reply.json()
    if body.get("exception"):
        sys.exit(body["exception"])
    return body["response"]


session = call("authentication", "authenticatePIN", pin=PIN, deviceId=DEVICE, systemCredentials=SYSTEM)
call("user", "updatePIN", sessionId=session, deviceId=DEVICE, oldPIN=PIN, newPIN=PIN)
print(call("commerce", "retrieveAccounts", sessionId=session)["accounts"][0]["balance"])
