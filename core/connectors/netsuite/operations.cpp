// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/operations.hpp"

#include <cassert>

namespace carrick::connectors::netsuite {
namespace {

struct Row {
    std::string_view name;
    OperationKind kind;
    std::string_view summary;
    std::string_view request;
    std::string_view response;
};

constexpr std::string_view kIdReply =
    R"({"type":"object","required":["id"],"properties":{"id":{"type":"string"}}})";
constexpr std::string_view kFound =
    R"({"type":"object","required":["found"],"properties":{"found":{"type":"object",
        "additionalProperties":{"type":"object","properties":{"id":{"type":"string"},
        "ambiguous":{"type":"array","items":{"type":"string"}}}}}}})";

constexpr Row kRows[] = {
    {"netsuite.records.create", OperationKind::Write,
     "Creates a record under an external id. A duplicate is rejected as netsuite.duplicate.",
     R"({"type":"object","required":["record_type","external_id","body"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"},"external_id":{"type":"string"},
         "body":{"type":"object"}}})",
     R"({"type":"object","required":["id","adopted"],"properties":{"id":{"type":"string"},
         "adopted":{"type":"boolean"}}})"},
    {"netsuite.records.get", OperationKind::Read,
     "Reads one record by internal or external id; expand brings its sublists along.",
     R"({"type":"object","required":["record_type"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"},"id":{"type":"string"},
         "external_id":{"type":"string"},"expand":{"type":"boolean"},
         "fields":{"type":"array","items":{"type":"string"}}}})",
     R"({"type":"object","required":["id","record"],"properties":{"id":{"type":"string"},
         "record":{"type":"object"}}})"},
    {"netsuite.records.upsert", OperationKind::Write,
     "Creates or merges a record by external id; sublists in the body are replaced as a whole.",
     R"({"type":"object","required":["record_type","external_id","body"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"},"external_id":{"type":"string"},
         "body":{"type":"object"},"replace":{"type":"array","items":{"type":"string"}}}})",
     kIdReply},
    {"netsuite.records.patch", OperationKind::Write,
     "Changes fields of a record. Lines carry their keys, are matched by a field, or are replaced.",
     R"({"type":"object","required":["record_type","body"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"},"id":{"type":"string"},
         "external_id":{"type":"string"},"body":{"type":"object"},
         "replace":{"type":"array","items":{"type":"string"}},
         "match_lines":{"type":"object","additionalProperties":{"type":"string"}}}})",
     kIdReply},
    {"netsuite.suiteql.query", OperationKind::Read,
     "Runs a SuiteQL query with bound parameters; `:after` in the text pages by key.",
     R"({"type":"object","required":["q"],"additionalProperties":false,
         "properties":{"q":{"type":"string"},
         "params":{"type":"array","items":{"type":["string","number","array"]}},
         "key_column":{"type":"string"},"after":{"type":"string"},
         "limit":{"type":"integer","minimum":1,"maximum":100000}}})",
     R"({"type":"object","required":["rows","complete"],"properties":{
         "rows":{"type":"array","items":{"type":"object"}},"complete":{"type":"boolean"},
         "after":{"type":"string"}}})"},
    {"netsuite.lookup", OperationKind::Lookup, "Finds records by the exact value of one field.",
     R"({"type":"object","required":["key_field","keys"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"},"table":{"type":"string"},
         "key_field":{"type":"string"},"fields":{"type":"array","items":{"type":"string"}},
         "keys":{"type":"array","items":{"type":"string"}},"where":{"type":"string"},
         "where_params":{"type":"array","items":{"type":["string","number"]}},
         "active_only":{"type":"boolean"}}})",
     kFound},
    {"netsuite.lookup.external_id", OperationKind::Lookup,
     "Finds transactions, customers or items by external id.",
     R"({"type":"object","required":["family","keys"],"additionalProperties":false,
         "properties":{"family":{"enum":["transaction","entity","item"]},
         "keys":{"type":"array","items":{"type":"string"}},
         "fields":{"type":"array","items":{"type":"string"}}}})",
     kFound},
    {"netsuite.lookup.order", OperationKind::Lookup,
     "Finds transactions that already stand for an Amazon order, whoever made them.",
     R"({"type":"object","required":["keys"],"additionalProperties":false,
         "properties":{"keys":{"type":"array","items":{"type":"string"}},
         "external_ids":{"type":"object","additionalProperties":{"type":"string"}},
         "custom_field":{"type":["string","null"]},"types":{"type":"array","items":{"type":"string"}}}})",
     kFound},
    {"netsuite.metadata", OperationKind::Read,
     "The JSON Schema of a record type as this account and role have it.",
     R"({"type":"object","required":["record_type"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"}}})",
     R"({"type":"object","required":["schema"],"properties":{"schema":{"type":"object"}}})"},
    {"netsuite.features", OperationKind::Read,
     "Features of the account that show in its metadata: SuiteTax, OneWorld, currencies, …",
     R"({"type":"object","additionalProperties":false,"properties":{}})",
     R"({"type":"object","required":["suitetax","oneworld"],
         "additionalProperties":{"type":"boolean"}})"},
};

Json schema(std::string_view text) {
    Result<Json> parsed = Json::parse(text);
    assert(parsed.ok());
    return std::move(parsed).value();
}

}  // namespace

const std::vector<Operation>& operation_table() {
    static const std::vector<Operation> kTable = [] {
        std::vector<Operation> table;
        for (const Row& row : kRows)
            table.push_back({std::string(row.name), row.kind, std::string(row.summary),
                             schema(row.request), schema(row.response)});
        return table;
    }();
    return kTable;
}

}  // namespace carrick::connectors::netsuite
