"""The REST interface keeps the NL GOV API Design Rules 2.2, by document and by answer.

The names of the tests follow the rules' own; what a person has to judge (nouns, plurals) is
not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from django.test import Client

from organisation.people.models import User
from registers.api import document

Program = Callable[..., Client]
Operation = tuple[str, str, dict[str, Any]]
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    """The document as anyone may fetch it."""
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(openapi: dict[str, Any]) -> Iterator[Operation]:
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def resolved(openapi: dict[str, Any], node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        found: Any = openapi
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def everywhere(node: Any) -> Iterator[Any]:
    yield node
    for inner in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from everywhere(inner)


def test_publish_openapi_for_everyone_from_every_site_as_json_and_yaml() -> None:
    for client in (Client(), Client(headers={"origin": "https://elsewhere.example"})):
        answers = [client.get(f"/api/v1/openapi.{kind}") for kind in ("json", "yaml")]
        for answer in answers:
            assert answer.status_code == 200
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answers[0].json() == yaml.safe_load(answers[1].content)


def test_other_sites_read_nothing_but_the_document(owner: User, api: Program) -> None:
    answer = api(owner).get("/api/v1/people", headers={"origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_doc_openapi_is_version_3_and_every_reference_leads_somewhere(
    openapi: dict[str, Any],
) -> None:
    assert re.fullmatch(r"3(\.\d+){1,2}", openapi["openapi"])
    references = [n for n in everywhere(openapi) if isinstance(n, dict) and "$ref" in n]
    assert references
    assert all(resolved(openapi, node) for node in references)


def test_operations_have_a_name_of_their_own_and_a_description(openapi: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(openapi)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(openapi):
        assert operation.get("summary") or operation.get("description"), (path, method)


def test_doc_openapi_contact_names_who_to_ask(openapi: dict[str, Any]) -> None:
    assert {"name", "url", "email"} <= set(openapi["info"]["contact"])


def test_semver_and_uri_version(openapi: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", openapi["info"]["version"])
    major = openapi["info"]["version"].split(".")[0]
    assert openapi["servers"]
    assert all(server["url"].endswith(f"/api/v{major}") for server in openapi["servers"])


def test_paths_are_kebab_case_without_a_slash_at_the_end(openapi: dict[str, Any]) -> None:
    for path in openapi["paths"]:
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[^}]+\}))+", path), path


def test_query_keys_and_fields_are_camel_case(openapi: dict[str, Any]) -> None:
    camel = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*")
    for path, method, operation in operations(openapi):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert camel.fullmatch(parameter["name"]), (path, method, parameter["name"])
    for name, schema in openapi["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            assert camel.fullmatch(field) or field == "currentETag", (name, field)


def test_http_methods_are_the_standard_ones(openapi: dict[str, Any]) -> None:
    assert {method for _path, method, _operation in operations(openapi)} <= set(METHODS[:5])


def test_version_header_is_declared_on_every_answer(openapi: dict[str, Any]) -> None:
    for path, method, operation in operations(openapi):
        for status, response in operation["responses"].items():
            assert "API-Version" in response["headers"], (path, method, status)


def test_problem_details_are_declared_for_every_error(openapi: dict[str, Any]) -> None:
    for path, method, operation in operations(openapi):
        wrong = {s: r for s, r in operation["responses"].items() if s[0] in "45"}
        assert {"401", "403"} <= set(wrong), (path, method)
        for status, response in wrong.items():
            schema = resolved(openapi, response["content"]["application/problem+json"]["schema"])
            assert {"status", "title", "detail"} <= set(schema["properties"]), (path, status)


def test_invalid_input_is_declared_wherever_there_is_input(openapi: dict[str, Any]) -> None:
    for path, method, operation in operations(openapi):
        if operation.get("parameters") or method in ("post", "put", "patch", "delete"):
            assert "400" in operation["responses"], (path, method)
            problem = operation["responses"]["400"]["content"]["application/problem+json"]
            assert "errors" in resolved(openapi, problem["schema"])["properties"]


def test_dates_and_times_carry_their_format(openapi: dict[str, Any]) -> None:
    for schema in openapi["components"]["schemas"].values():
        for name, field in schema.get("properties", {}).items():
            if re.search(r"[a-z](On|Until|Date)$|^date$|^due$", name):
                assert field.get("format") == "date", name
            if re.search(r"[a-z]At$", name):
                assert field.get("format") == "date-time", name
            assert field.get("format") not in ("time", "date-time-local"), name


def test_relations_are_codes_and_no_internal_numbers(openapi: dict[str, Any]) -> None:
    schema = openapi["components"]["schemas"]["Elements"]["properties"]
    assert (schema["ownerUnit"]["type"], schema["id"]["type"]) == ("string", "integer")


def test_doc_language_is_dutch_where_a_translation_exists(openapi: dict[str, Any]) -> None:
    assert "Registers van" in openapi["info"]["description"]


def test_the_version_of_a_record_is_asked_and_answered(openapi: dict[str, Any]) -> None:
    for path, method, operation in operations(openapi):
        if "If-Match" not in str(operation.get("parameters")):
            assert not (path.endswith("{id}") and method in ("patch", "delete")), (path, method)
            continue
        asked = next(p for p in operation["parameters"] if p["name"] == "If-Match")
        assert asked["required"]
        assert {"412", "428"} <= set(operation["responses"])
        if method == "patch":
            assert "ETag" in operation["responses"]["200"]["headers"]


# Answers ---------------------------------------------------------------------------------------


def check_problem(answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/people",
        "/api/v1/nothing",
        "/api",
        "/api/v1",
        "/api/v1/people/999",
        "/api/v1/people/",
    ],
)
def test_version_and_security_headers_are_on_every_answer(
    address: str, owner: User, api: Program
) -> None:
    for client in (api(owner), Client()):
        answer = client.get(address)
        assert answer.headers["API-Version"] == document.document()["info"]["version"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/api/v1/people/", "/api/", "/api/v1/", "/api/v1/people/1/"])
def test_no_trailing_slash_is_not_found_and_not_redirected(
    address: str, owner: User, api: Program
) -> None:
    check_problem(api(owner).get(address), 404)


def test_all_errors_are_problems(owner: User, api: Program) -> None:
    program = api(owner)
    json = "application/json"
    check_problem(program.get("/api/v1/nothing"), 404)
    check_problem(program.get("/api/v1/people/987654"), 404)
    check_problem(program.get(f"/api/v1/people/{10**17}"), 404)
    check_problem(program.put("/api/v1/people", {}, json), 405)
    check_problem(program.options("/api/v1/people"), 405)
    check_problem(program.get("/api/v1/people", headers={"accept": "text/html"}), 406)
    check_problem(program.post("/api/v1/people", "a=b", "text/plain"), 415)
    check_problem(program.post("/api/v1/people", "{", json), 400)
    check_problem(program.post("/api/v1/people", "[1]", json), 400)
    check_problem(program.post("/api/v1/people", '{"code": NaN}', json), 400)
    check_problem(program.post("/api/v1/people", b'"' + b"x" * 6_000_000 + b'"', json), 413)
    check_problem(Client().get("/api/v1/people"), 401)
    check_problem(program.get("/api/v1/people?nameX=1"), 400)


def test_a_body_that_nests_without_end_is_refused(owner: User, api: Program) -> None:
    bomb = "[" * 200_000 + "]" * 200_000
    check_problem(api(owner).post("/api/v1/people", bomb, "application/json"), 400)


def test_all_faults_are_told_together_with_their_places(owner: User, api: Program) -> None:
    body = {"code": 5, "name": "", "unit": "NO-SUCH-UNIT", "email": "x", "strange/name": 1}
    answer = api(owner).post("/api/v1/people", body, "application/json")
    check_problem(answer, 400)
    faults = {fault["location"]["pointer"]: fault for fault in answer.json()["errors"]}
    assert set(faults) == {"/code", "/name", "/unit", "/email", "/strange~1name"}
    assert all(fault["in"] == "body" and fault["code"] for fault in faults.values())


def test_any_offset_is_read_and_utc_is_answered(owner: User, api: Program) -> None:
    body = {"number": "INC1", "openedAt": "2024-08-27T22:30:00+02:00", "assignedUnit": "A"}
    answer = api(owner).post("/api/v1/incidents", body, "application/json")
    assert answer.status_code == 201, answer.json()
    assert answer.json()["openedAt"] == "2024-08-27T20:30:00Z"


def test_a_time_without_an_offset_is_refused(owner: User, api: Program) -> None:
    body = {"number": "INC1", "openedAt": "2024-08-27T22:30:00", "assignedUnit": "A"}
    answer = api(owner).post("/api/v1/incidents", body, "application/json")
    check_problem(answer, 400)
    assert answer.json()["errors"][0]["location"]["pointer"] == "/openedAt"
