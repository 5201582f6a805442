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
constexpr std::string_view kMadeReply =
    R"({"type":"object","required":["id","adopted"],"properties":{"id":{"type":"string"},
        "adopted":{"type":"boolean"}}})";
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
     kMadeReply},
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
    {"netsuite.records.transform", OperationKind::Write,
     "Makes a record from another (order to fulfilment, invoice, …) under an external id.",
     R"({"type":"object","required":["source_type","target_type","external_id"],
         "additionalProperties":false,"properties":{"source_type":{"type":"string"},
         "source_id":{"type":"string"},"source_external_id":{"type":"string"},
         "target_type":{"type":"string"},"external_id":{"type":"string"},
         "body":{"type":"object"}}})",
     kMadeReply},
    {"netsuite.records.batch", OperationKind::Write,
     "Writes up to 100 records of one type in one asynchronous request; a result for each.",
     R"({"type":"object","required":["record_type","verb","records"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"},"verb":{"enum":["create","upsert","patch"]},
         "parallel":{"type":"boolean"},"records":{"type":"array","minItems":1,"maxItems":100,
         "items":{"type":"object","required":["body"],"additionalProperties":false,
         "properties":{"external_id":{"type":"string"},"id":{"type":"string"},
         "body":{"type":"object"}}}}}})",
     R"({"type":"object","required":["results"],"properties":{"results":{"type":"array",
         "items":{"type":"object","required":["status"],"properties":{
         "status":{"enum":["ok","failed","cancelled","unknown"]},"id":{"type":"string"},
         "error":{"type":"object","required":["class","code","message","field"],
         "additionalProperties":{"type":"string"}}}}}}})"},
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
         "custom_field":{"type":["string","null"]},"ignore_parts":{"type":"boolean"},
         "by":{"enum":["order","external_id"]},"types":{"type":"array","items":{"type":"string"}}}})",
     kFound},
    {"netsuite.lookup.order_lines", OperationKind::Lookup,
     "As netsuite.lookup.order, and of each sales order its lines with what was shipped and "
     "billed.",
     R"({"type":"object","required":["keys"],"additionalProperties":false,
         "properties":{"keys":{"type":"array","items":{"type":"string"}},
         "external_ids":{"type":"object","additionalProperties":{"type":"string"}},
         "custom_field":{"type":["string","null"]},"ignore_parts":{"type":"boolean"},
         "by":{"enum":["order","external_id"]},"types":{"type":"array","items":{"type":"string"}},
         "line_field":{"type":["string","null"]}}})",
     R"({"type":"object","required":["found"],"properties":{"found":{"type":"object",
         "additionalProperties":{"type":"object","properties":{"id":{"type":"string"},
         "ambiguous":{"type":"array","items":{"type":"string"}},
         "header_discount":{"type":"string"},
         "lines":{"type":"array","items":{"type":"object","required":["line","item","item_type",
         "amount","closed","fulfilled","billed"],"properties":{"line":{"type":"string"},
         "item":{"type":"string"},"item_type":{"type":"string"},"quantity":{"type":"string"},
         "amount":{"type":"string"},"closed":{"type":"boolean"},"fulfillable":{"type":"boolean"},"fulfilled":{"type":"string"},
         "picked":{"type":"string"},"billed":{"type":"string"},"location":{"type":"string"},
         "field":{"type":"string"}}}}}}}}})"},
    {"netsuite.lookup.period", OperationKind::Lookup,
     "Tells of days whether their accounting period is open, and the first open day from then on.",
     R"({"type":"object","required":["keys"],"additionalProperties":false,
         "properties":{"keys":{"type":"array","items":{"type":"string",
         "pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}}})",
     R"({"type":"object","required":["found"],"properties":{"found":{"type":"object",
         "additionalProperties":{"type":"object","properties":{"id":{"type":"string"},
         "name":{"type":"string"},"start":{"type":"string"},"end":{"type":"string"},
         "state":{"enum":["open","ar_locked","locked","closed"]},"open":{"type":"boolean"},
         "ar_open":{"type":"boolean"},"first_open_day":{"type":"string"},
         "first_ar_open_day":{"type":"string"},
         "ambiguous":{"type":"array","items":{"type":"string"}}}}}}})"},
    {"netsuite.lookup.customer_transactions", OperationKind::Lookup,
     "Counts the transactions of the customers whose external ids begin with a prefix.",
     R"({"type":"object","required":["keys"],"additionalProperties":false,
         "properties":{"keys":{"type":"array","items":{"type":"string"}}}})",
     R"({"type":"object","required":["found"],"properties":{"found":{"type":"object",
         "additionalProperties":{"type":"object","required":["customers"],"properties":{
         "customers":{"type":"array","items":{"type":"object",
         "required":["id","external_id","inactive","transactions"],"properties":{
         "id":{"type":"string"},"external_id":{"type":"string"},"inactive":{"type":"boolean"},
         "transactions":{"type":"integer","minimum":0}}}}}}}}})"},
    {"netsuite.metadata", OperationKind::Read,
     "The JSON Schema of a record type as this account and role have it.",
     R"({"type":"object","required":["record_type"],"additionalProperties":false,
         "properties":{"record_type":{"type":"string"}}})",
     R"({"type":"object","required":["schema"],"properties":{"schema":{"type":"object"}}})"},
    {"netsuite.features", OperationKind::Read,
     "Features of the account that show in its metadata: tax engine, OneWorld, currencies, …",
     R"({"type":"object","additionalProperties":false,"properties":{}})",
     R"({"type":"object","required":["suitetax","oneworld"],
         "properties":{"tax_engine":{"enum":["suitetax","legacy","unknown"]},
         "suitetax":{"type":"boolean"},"legacy_tax":{"type":"boolean"},
         "oneworld":{"type":"boolean"},"multi_currency":{"type":"boolean"},
         "multi_location":{"type":"boolean"},"classes":{"type":"boolean"},
         "departments":{"type":"boolean"},"pick_pack_ship":{"type":"boolean"}}})"},
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
