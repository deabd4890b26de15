"""A client that retries, in Python. Usage: python3 client.py URL. CA_FILE names a certificate to trust."""
import http.client
import os
import ssl
import sys
import time
import urllib.error
import urllib.request

TRIES = 20
PAUSE = 0.2

# An answer that breaks off is http.client's IncompleteRead, which is no OSError.
FAILURES = (OSError, http.client.HTTPException)


def get(url):
    context = ssl.create_default_context(cafile=os.environ.get("CA_FILE")) if url.startswith("https") else None
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(url, timeout=10, context=context) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError:
            raise  # the server has answered: that is not a failure of the connection
        except FAILURES as failure:
            print(f"try {attempt}: {failure!r}", file=sys.stderr)
            if attempt == TRIES:
                raise
            time.sleep(PAUSE)


print(get(sys.argv[1]))
