"""Validates JSON documents: the first line is the schema, each other one {"def": name, "document": ...}."""

import json
import sys

from jsonschema import Draft202012Validator

schema = json.loads(sys.stdin.readline())
Draft202012Validator.check_schema(schema)
failed = False
for line in sys.stdin:
    case = json.loads(line)
    name = case["def"]
    if name not in schema["$defs"]:
        print(f"{name}: not described")
        failed = True
        continue
    validator = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})
    for error in validator.iter_errors(case["document"]):
        print(f"{name}: {error.json_path}: {error.message[:300]}")
        failed = True
sys.exit(failed)
