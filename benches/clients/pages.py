"""Asks for a whole history page by page, and leaves what it asked for in a directory as a configuration of curl.

    pages.py DIRECTORY < a request with the session
"""

import json
import os
import pathlib
import sys

import requests

directory = pathlib.Path(sys.argv[1])
url = os.environ["GETCARD_API_URL"] + "/commerce"
session = json.load(sys.stdin)["params"]["sessionId"]
authorities = os.environ["REQUESTS_CA_BUNDLE"]
newest, requested = None, []
while True:
    criteria = {"maxReturnMostRecent": 1000, "newestDate": newest, "oldestDate": None, "accountId": None}
    params = {"sessionId": session, "paymentSystemType": 0, "queryCriteria": criteria}
    body = {"method": "retrieveTransactionHistoryWithinDateRange", "params": params}
    path = directory / f"page-{len(requested)}.json"
    path.write_text(json.dumps(body))
    requested.append(
        f'url = "{url}"\ncacert = "{authorities}"\ndata = "@{path}"\noutput = "/dev/null"\n'
        'header = "Content-Type: application/json"\nheader = "Accept: application/json"\n'
    )
    page = requests.post(url, json=body, timeout=10).json()["response"]
    if not page["returnCapped"]:
        break
    newest = min(transaction["actualDate"] for transaction in page["transactions"])
(directory / "pages").write_text("next\n".join(requested))
