"""Validates JSON documents: the first line is the schema, each other one {"def": name, "document": ...}.

Each document is answered with one line, the JSON list of what is wrong with it.
"""

import json
import sys

from jsonschema import Draft202012Validator

schema = json.loads(sys.stdin.readline())
Draft202012Validator.check_schema(schema)
validators = {
    name: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}) for name in schema["$defs"]
}
for line in sys.stdin:
    case = json.loads(line)
    if validator := validators.get(case["def"]):
        problems = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(case["document"])]
    else:
        problems = ["not described"]
    print(json.dumps(problems), flush=True)
