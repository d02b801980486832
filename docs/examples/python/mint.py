"""Reads an `issue` object of test/vectors/tokens.json, prints the token: python3 mint.py < issue.json"""
import json
import sys

from edgepass_token import mint

issue = json.load(sys.stdin)
rest = {name: issue[name] for name in ("viewer", "session", "lifetime", "paths", "exclude", "subject") if name in issue}
try:
    print(mint(issue["key"], issue["audience"], issue["policy"], issue["url"], now=issue["now"], **rest))
except KeyError as error:
    sys.exit("missing: %s" % error)
except ValueError as error:
    sys.exit(str(error))
