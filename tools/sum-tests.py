#!/usr/bin/env python3
"""Adds up test cases: of cmocka programs as Meson logged them, of pytest and of Playwright. Fails if any failed or
there was none.

usage: sum-tests.py TESTLOG.json [JUNIT.xml]...   a log that is not there counts nothing
"""

import collections
import json
import pathlib
import re
import sys
from xml.etree import ElementTree

PLAN = re.compile(r"^1\.\.(\d+)$")
CASE = re.compile(r"^(not )?ok (\d+) (?:- |# SKIP )(.*)$")


def cases_of_program(record):
    """(outcome, name, reason) of each case in a program's TAP; one for the whole program where it wrote none."""
    planned, before, cases = 0, [], []
    for line in record.get("stdout", "").splitlines():
        plan, case = PLAN.match(line), CASE.match(line)
        if case and "# SKIP" in line:
            cases.append(("skipped", f"{record['name']}: {case[3]}", " ".join(before)))
        elif case:
            cases.append(("failed" if case[1] else "passed", f"{record['name']}: {case[3]}", ""))
        elif plan:
            planned += int(plan[1])
        before = before + [line.strip()] if not case and not plan and not line.startswith("#") else []
    lost = max(planned - len(cases), 0)  # the program died before it came to them
    cases += [("failed", f"{record['name']}: never came to its end", record["result"])] * lost
    if record["result"] != "OK" and all(case[0] != "failed" for case in cases):
        cases.append(("skipped" if record["result"] == "SKIP" else "failed", record["name"], record["result"]))
    return cases or [("passed", record["name"], "")]


def cases_of_meson(log):
    return [case for line in log.read_text().splitlines() for case in cases_of_program(json.loads(line))]


def cases_of_junit(log):
    cases = []
    for case in ElementTree.parse(log).iter("testcase"):
        kinds = {child.tag: child for child in case}
        skipped = kinds.get("skipped")
        outcome = "failed" if kinds.keys() & {"failure", "error"} else "passed" if skipped is None else "skipped"
        reason = skipped.get("message", "") if skipped is not None else ""
        cases.append((outcome, f"{case.get('classname')}.{case.get('name')}", reason))
    return cases


def main():
    logs = [pathlib.Path(name) for name in sys.argv[1:]]
    cases = [
        case for i, log in enumerate(logs) if log.exists() for case in (cases_of_junit if i else cases_of_meson)(log)
    ]
    for outcome in ("skipped", "failed"):
        for (kind, name, reason), times in collections.Counter(cases).items():
            if kind == outcome:
                print(
                    f"{outcome}: {name}"
                    + (f" ({reason})" if reason else "")
                    + (f", {times} times" if times > 1 else "")
                )
    count = {outcome: sum(case[0] == outcome for case in cases) for outcome in ("passed", "failed", "skipped")}
    skips = f", {count['skipped']} skipped" if count["skipped"] else ""
    print(f"{count['passed']} passed, {count['failed']} failed{skips}")
    sys.exit(1 if count["failed"] or not count["passed"] else 0)


if __name__ == "__main__":
    main()
