// SPDX-License-Identifier: Apache-2.0
// The list of operations: complete, each with schemas that say what the operation takes.
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace carrick;
using namespace carrick::testing;
using connectors::Operation;
using connectors::OperationKind;

TEST_CASE("every operation is listed with its schemas, and known to the connection",
          "[netsuite][operations]") {
    NetSuiteFixture erp;
    std::set<std::string> names;
    for (const Operation& operation : erp.connection().operations()) {
        INFO(operation.name);
        CHECK(names.insert(operation.name).second);
        CHECK(operation.request_schema["type"].text() == "object");
        CHECK(operation.response_schema["type"].text() == "object");
        CHECK(operation.request_schema["additionalProperties"].bool_if() == false);
        CHECK_FALSE(operation.summary.empty());
        const bool is_lookup = operation.name.starts_with("netsuite.lookup");
        CHECK((operation.kind == OperationKind::Lookup) == is_lookup);
        CHECK(operation.name.starts_with("netsuite."));
        if (is_lookup) {
            CHECK(operation.request_schema["properties"].contains("keys"));
            CHECK(operation.response_schema["properties"].contains("found"));
        }
        // An empty request is refused for what it lacks, never as an operation that is not there.
        CHECK(erp.call(operation.name, "[]").error.code != "netsuite.unknown_operation");
    }
    for (const char* name :
         {"netsuite.records.create", "netsuite.records.get", "netsuite.records.upsert",
          "netsuite.records.patch", "netsuite.records.transform", "netsuite.records.batch",
          "netsuite.suiteql.query", "netsuite.lookup", "netsuite.lookup.external_id",
          "netsuite.lookup.order", "netsuite.lookup.order_lines", "netsuite.lookup.period",
          "netsuite.lookup.customer_transactions", "netsuite.metadata", "netsuite.features"})
        CHECK(names.contains(name));
    CHECK(names.size() == 15);
}

TEST_CASE("what writes is listed as a write, so that shadow can keep it back",
          "[netsuite][operations]") {
    NetSuiteFixture erp;
    for (const Operation& operation : erp.connection().operations()) {
        const bool writes =
            operation.name.starts_with("netsuite.records.") && !operation.name.ends_with(".get");
        INFO(operation.name);
        CHECK((operation.kind == OperationKind::Write) == writes);
    }
}
