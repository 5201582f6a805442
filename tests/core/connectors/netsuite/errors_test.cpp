// SPDX-License-Identifier: Apache-2.0
// What NetSuite's refusals mean.
#include "core/connectors/netsuite/error_classification.hpp"
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>

using namespace carrick;
using namespace carrick::testing;
using connectors::netsuite::classify_response;
using connectors::netsuite::field_word;
using connectors::netsuite::masked;

TEST_CASE("every row of the error table has its class and code", "[netsuite][errors]") {
    struct Row {
        int status;
        std::string code;
        std::string detail;
        std::string path;
        ErrorClass error_class;
        std::string expected;
    };
    using enum ErrorClass;
    const std::string resource = "Error while accessing a resource. ";
    const std::vector<Row> rows{
        {400, "USER_ERROR", resource + "Please enter value(s) for: Location.", "", Rejected,
         "netsuite.missing_location"},
        {400, "USER_ERROR",
         resource + "You have entered an Invalid Field Value 9999 for the following field: item",
         "item.items[0].item", Rejected, "netsuite.invalid_item"},
        {400, "INVALID_CONTENT",
         resource + "You have entered an Invalid Field Value 7 for the following field: subsidiary",
         "subsidiary", Rejected, "netsuite.invalid_subsidiary"},
        {400, "USER_ERROR", resource + "This entity already exists.", "", Rejected,
         "netsuite.duplicate"},
        {400, "USER_ERROR", resource + "This record already exists", "", Rejected,
         "netsuite.duplicate"},
        {400, "DUP_RCRD", "A record like this is there.", "", Rejected, "netsuite.duplicate"},
        {400, "DUP_ENTITY", "", "", Rejected, "netsuite.duplicate"},
        {400, "DUP_ITEM", "", "", Rejected, "netsuite.duplicate"},
        {400, "UNIQUE_CUST_EMAIL_REQD", "", "", Rejected, "netsuite.duplicate"},
        {400, "USER_ERROR",
         "The transaction date you specified is not within the date range of your accounting "
         "period.",
         "tranDate", Rejected, "netsuite.period_closed"},
        {400, "CLOSED_TRAN_PRD", "", "", Rejected, "netsuite.period_closed"},
        {400, "DATE_PRD_MISMATCH", "", "", Rejected, "netsuite.period_closed"},
        {400, "USER_ERROR", "The posting period is closed.", "postingPeriod", Rejected,
         "netsuite.period_closed"},
        // Locked is not closed: an administrator unlocks for the one, nobody posts into the other.
        {400, "USER_ERROR", "The accounting period Nov 2026 is locked.", "", Rejected,
         "netsuite.period_locked"},
        {400, "USER_ERROR", "The period is locked for A/R transactions.", "", Rejected,
         "netsuite.period_locked"},
        {400, "USER_ERROR", "Nov 2026 is locked for accounts receivable", "", Rejected,
         "netsuite.period_locked"},
        {400, "INVALID_INITIALIZE_REF", "invalid reference 766", "", Rejected,
         "netsuite.not_transformable"},
        {400, "INVALID_RCRD_INITIALIZE", "", "", Rejected, "netsuite.not_transformable"},
        {400, "INVALID_REF_CANT_INITIALIZE", "", "", Rejected, "netsuite.not_transformable"},
        {400, "VALID_LINE_ITEM_REQD", "", "", Rejected, "netsuite.no_lines"},
        {400, "USER_ERROR", "You must have at least one valid line item for this transaction.", "",
         Rejected, "netsuite.no_lines"},
        {400, "USER_ERROR", "This account cannot be used with the parent subsidiary", "", Rejected,
         "netsuite.subsidiary_mismatch"},
        {400, "USER_ERROR", "This record has been locked by a user defined workflow.", "",
         Transient, "netsuite.record_locked"},
        {400, "USER_ERROR", "Record has been changed", "", Transient, "netsuite.record_changed"},
        {400, "RCRD_HAS_BEEN_CHANGED", "", "", Transient, "netsuite.record_changed"},
        {400, "USER_ERROR", "Orders over 500 need Ms. Miller's approval", "", Rejected,
         "netsuite.user_error"},
        {400, "INVALID_CONTENT",
         "The record instance for external ID 'AMZ-C-1' does not exist. Provide a valid record "
         "instance ID.",
         "entity", Rejected, "netsuite.nonexistent_entity"},
        {400, "INVALID_KEY_OR_REF", "Invalid item reference key 99.", "item.items[2].item",
         Rejected, "netsuite.nonexistent_item"},
        {404, "NONEXISTENT_ID",
         "The record instance does not exist. Provide a valid record "
         "instance ID.",
         "", Rejected, "netsuite.nonexistent_id"},
        {400, "INVALID_CONTENT", "Unknown property \"mmeo\".", "mmeo", Rejected,
         "netsuite.unknown_field"},
        {400, "INVALID_CONTENT", "Not a number.", "item.items[0].quantity", Rejected,
         "netsuite.invalid_quantity"},
        {400, "INVALID_PARAMETER", "Invalid limit.", "limit", Bug, "netsuite.invalid_request"},
        {400, "INVALID_REQUEST", "", "", Bug, "netsuite.invalid_request"},
        {400, "INVALID_HEADER", "", "Prefer", Bug, "netsuite.invalid_request"},
        {400, "INVALID_ID", "", "", Bug, "netsuite.invalid_request"},
        {400, "IDEMPOTENCY_ERROR", "The idempotency key was already used.", "", Rejected,
         "netsuite.idempotency_conflict"},
        {401, "INVALID_LOGIN", "Invalid login attempt.", "", Misconfigured,
         "netsuite.invalid_login"},
        {403, "INSUFFICIENT_PERMISSION", "Permission Violation: you need Sales Order.", "",
         Misconfigured, "netsuite.insufficient_permission"},
        {400, "USER_ERROR", "Your current role does not have permission to do this.", "",
         Misconfigured, "netsuite.insufficient_permission"},
        {403, "FEATURE_DISABLED", "", "", Misconfigured, "netsuite.feature_disabled"},
        {403, "", "", "", Misconfigured, "netsuite.insufficient_permission"},
        {404, "NONEXISTENT_ID", "Record does not exist.", "", Rejected, "netsuite.nonexistent_id"},
        {404, "INVALID_RCRD_TYPE", "Unsupported record type", "", Misconfigured,
         "netsuite.unknown_record_type"},
        {405, "", "", "", Bug, "netsuite.invalid_request"},
        {415, "", "", "", Bug, "netsuite.invalid_request"},
        {409, "", "", "", Transient, "netsuite.record_changed"},
        {413, "", "", "", Rejected, "netsuite.too_large"},
        {429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded.", "", Throttled,
         "netsuite.concurrency_limit"},
        {400, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded.", "", Throttled,
         "netsuite.concurrency_limit"},
        {500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: abc", "", Transient,
         "netsuite.unexpected_error"},
        {502, "", "", "", Transient, "netsuite.unavailable"},
        {503, "", "", "", Transient, "netsuite.unavailable"},
        {504, "", "", "", Transient, "netsuite.unavailable"},
        {400, "INACTIVE_RCRD_FOR_ROLE", "", "", Rejected, "netsuite.inactive_record"},
        {400, "EXCEEDED_MAX_FIELD_LENGTH", "", "memo", Rejected, "netsuite.too_long"},
        {400, "COUNTRY_STATE_MISMATCH", "", "", Rejected, "netsuite.country_state_mismatch"},
        {400, "SSS_TIME_LIMIT_EXCEEDED", "", "", Rejected, "netsuite.script_limit"},
        {400, "CANT_FULFILL_ITEM", "", "", Rejected, "netsuite.cant_fulfill_item"},
        {400, "INVALID_PARAMETER",
         "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
         "Field 'x' for record 'transaction' was not found. Reason: NOT_EXPOSED - hidden",
         "q", Misconfigured, "netsuite.suiteql_unknown_name"},
        {400, "INVALID_PARAMETER",
         "Invalid search query. Search error occurred: Record 'x' was not found.", "q",
         Misconfigured, "netsuite.suiteql_unknown_name"},
        {400, "INVALID_PARAMETER", "Invalid search query. Search error occurred: missing FROM", "q",
         Bug, "netsuite.suiteql"},
    };
    for (const Row& row : rows) {
        const Error error =
            classify_response(error_reply(row.status, row.code, row.detail, row.path).response);
        INFO(row.status << " " << row.code << " " << row.detail);
        CHECK(error.code == row.expected);
        CHECK(to_string(error.error_class) == to_string(row.error_class));
        CHECK_THAT(error.message, Catch::Contains(std::to_string(row.status)));
        if (!row.detail.empty()) CHECK_THAT(error.message, Catch::Contains(row.detail));
        if (!row.path.empty()) CHECK(error.field == row.path);
    }
}

TEST_CASE("a RESTlet's concurrency refusal is known in its own shape", "[netsuite][errors]") {
    const Error error = classify_response(
        respond(400, R"({"error":{"code":"SSS_REQUEST_LIMIT_EXCEEDED","message":"slow down"}})")
            .response);
    CHECK(error.code == "netsuite.concurrency_limit");
    CHECK(error.error_class == ErrorClass::Throttled);
    CHECK(error.retry_after.count() > 0);
}

TEST_CASE("of several details the one that says most decides, and all are told",
          "[netsuite][errors]") {
    const http::HttpResult reply = respond(400, R"({"title":"Bad Request","o:errorDetails":[
            {"detail":"Something is wrong","o:errorCode":"USER_ERROR"},
            {"detail":"Please enter value(s) for: Department","o:errorCode":"USER_ERROR"}]})");
    const Error error = classify_response(reply.response);
    CHECK(error.code == "netsuite.missing_department");
    CHECK(error.field == "Department");
    CHECK_THAT(error.message, Catch::Contains("Something is wrong"));
}

TEST_CASE("a web page is a maintenance window, whatever its status", "[netsuite][errors]") {
    for (const int status : {200, 302, 403, 500, 503, 504}) {
        const Error error = classify_response(
            respond(status, "<!DOCTYPE html><html><body>Scheduled maintenance</body></html>",
                    {{"Content-Type", "text/html;charset=utf-8"}})
                .response);
        CHECK(error.code == "netsuite.maintenance");
        CHECK(error.error_class == ErrorClass::Transient);
    }
}

TEST_CASE("secrets and addresses do not get into messages", "[netsuite][errors][secrets]") {
    CHECK(masked("Unsupported record type; token=private-value") ==
          "Unsupported record type; token=***");
    CHECK(masked(R"({"password":"hunter2","memo":"x"})") == R"({"password":"***","memo":"x"})");
    CHECK(masked("Authorization: Bearer abc.def") == "Authorization: Bearer ***");
    CHECK(masked("value eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is wrong") ==
          "value *** is wrong");
    CHECK(masked("email ann.buyer+7@marketplace.amazon.com is invalid") == "email *** is invalid");
    CHECK(masked("key 0123456789abcdef0123456789abcdef here") == "key *** here");
    // Ours to read: ids, prices, names of fields.
    for (const std::string text :
         {"Invalid Field Value 53384 for the following field: customer.",
          "external ID 'AMZ-SO-NA1-112-1234567-1234567-extra-long' does not exist",
          "Invalid login attempt.", "item.items[0].item", "a@", "@", "token is missing", "x = 5"})
        CHECK(masked(text) == text);
    CHECK(masked("two\nlines") == "two lines");
    CHECK(masked(std::string(3000, 'x')).size() < 1010);
}

TEST_CASE("a path gives the word for its field", "[netsuite][errors]") {
    CHECK(field_word("item.items[0].item") == "item");
    CHECK(field_word("expense.items[2]") == "expense");
    CHECK(field_word("shippingAddress.addr1") == "addr1");
    CHECK(field_word("orderStatus") == "order_status");
    CHECK(field_word("Ship To") == "ship_to");
    CHECK(field_word("") == "");
}

TEST_CASE("the collected real errors classify as a person would", "[netsuite][errors][samples]") {
    const char* samples = std::getenv("CARRICK_SAMPLES");
    if (samples == nullptr) {
        std::cout << "SKIPPED: CARRICK_SAMPLES is not set\n";
        return;
    }
    std::ifstream file(std::string(samples) + "/netsuite/errors/rest-errors.jsonl");
    REQUIRE(file);
    const std::vector<std::string> expected{
        "netsuite.invalid_customer",     "netsuite.concurrency_limit",
        "netsuite.concurrency_limit",    "netsuite.suiteql_unknown_name",
        "netsuite.unknown_record_type",  "netsuite.maintenance",
        "netsuite.idempotency_conflict", "netsuite.invalid_login",
        "netsuite.suiteql_unknown_name", "netsuite.maintenance"};
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line);) {
        const Json sample = Json::parse(line).value();
        http::HttpResponse response;
        response.status = static_cast<int>(*sample["status"].integer_if());
        const Json& body = sample["body"];
        response.body = body.is_string() ? body.text() : (body.is_null() ? "" : body.dump());
        for (const JsonMember& header : sample["response_headers"].members())
            response.headers.emplace_back(header.key, header.value.text());
        const Error error = classify_response(response);
        CHECK(error.message.find("private-value") == std::string::npos);
        found.push_back(error.code);
    }
    CHECK(found == expected);
}
