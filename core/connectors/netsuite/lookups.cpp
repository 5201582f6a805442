// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/lookups.hpp"

#include "core/connectors/netsuite/request_reader.hpp"
#include "core/connectors/netsuite/suiteql.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

namespace carrick::connectors::netsuite {
namespace {

/// Which table holds a record type, and what narrows the table to it.
struct TableOf {
    std::string_view record_type;
    std::string_view table;
    std::string_view condition;
};
constexpr std::array kTables{
    TableOf{"salesOrder", "transaction", "type = 'SalesOrd'"},
    TableOf{"cashSale", "transaction", "type = 'CashSale'"},
    TableOf{"invoice", "transaction", "type = 'CustInvc'"},
    TableOf{"itemFulfillment", "transaction", "type = 'ItemShip'"},
    TableOf{"customerPayment", "transaction", "type = 'CustPymt'"},
    TableOf{"creditMemo", "transaction", "type = 'CustCred'"},
    TableOf{"customerRefund", "transaction", "type = 'CustRfnd'"},
    TableOf{"cashRefund", "transaction", "type = 'CashRfnd'"},
    TableOf{"returnAuthorization", "transaction", "type = 'RtnAuth'"},
    TableOf{"journalEntry", "transaction", "type = 'Journal'"},
    TableOf{"deposit", "transaction", "type = 'Deposit'"},
    TableOf{"inventoryAdjustment", "transaction", "type = 'InvAdjst'"},
    TableOf{"transferOrder", "transaction", "type = 'TrnfrOrd'"},
    TableOf{"itemReceipt", "transaction", "type = 'ItemRcpt'"},
    TableOf{"customerDeposit", "transaction", "type = 'CustDep'"},
    TableOf{"item", "item", ""},
    TableOf{"inventoryItem", "item", "itemtype = 'InvtPart'"},
    TableOf{"nonInventorySaleItem", "item", "itemtype = 'NonInvtPart'"},
    TableOf{"kitItem", "item", "itemtype = 'Kit'"},
    TableOf{"assemblyItem", "item", "itemtype = 'Assembly'"},
    TableOf{"discountItem", "item", "itemtype = 'Discount'"},
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

Json as_list(const std::vector<std::string>& keys) {
    // Twice the same key would be twice the same row, and ambiguous.
    std::set<std::string> seen;
    Json list = Json::array();
    for (const std::string& key : keys)
        if (seen.insert(key).second) list.push_back(Json(key));
    return list;
}

/// Rows of one look-up by their key, keys byte for byte as they were asked for.
using ByKey = std::map<std::string, std::vector<Json>>;

ByKey by_key(std::vector<Json> rows, const std::string& column, const Json& keys) {
    ByKey out;
    std::set<std::string> asked;
    for (const Json& key : keys.items()) asked.insert(key.text());
    for (Json& row : rows)
        if (const std::string key = row[column].text(); asked.contains(key))
            out[key].push_back(std::move(row));
    return out;
}

Json ids_of(const std::vector<Json>& rows) {
    Json ids = Json::array();
    for (const Json& row : rows) ids.push_back(row["id"]);
    return ids;
}

Json one_or_ambiguous(std::vector<Json>& rows, std::string_view key_column) {
    if (rows.size() > 1) return Json::object({{"ambiguous", ids_of(rows)}});
    rows[0].erase(key_column);
    return std::move(rows[0]);
}

Reply found_reply(Json found) {
    return {ReplyStatus::Ok, Json::object({{"found", std::move(found)}}).dump(), {}};
}

Reply incomplete() {
    return failed_reply(transient("netsuite.lookup_incomplete",
                                  "a look-up has more than 100000 rows; ask for fewer keys"));
}

/// The alias under which the key comes back. Ours, so that it cannot collide with a field.
constexpr std::string_view kKeyAlias = "lookupkey";

}  // namespace

RecordTable record_table(std::string_view record_type) {
    for (const TableOf& row : kTables)
        if (row.record_type == record_type)
            return {std::string(row.table), std::string(row.condition)};
    return {std::string(record_type), ""};
}

Reply lookup(Session& session, const Json& request, const CallContext& context) {
    RequestReader reader("netsuite.lookup", request);
    const std::string record_type = reader.optional_text("record_type");
    std::string table = reader.identifier("table", record_type.empty());
    const std::string key_field = reader.identifier("key_field", true);
    const std::vector<std::string> fields = reader.identifiers("fields");
    const std::vector<std::string> keys = reader.texts("keys");
    const std::string where = reader.optional_text("where");
    const bool active_only = reader.flag("active_only", false);
    const Json& where_params = request["where_params"];
    if (!where_params.is_null() && !where_params.is_array())
        reader.complain("where_params is no list");
    std::string narrowing;
    if (table.empty()) {
        RecordTable row = record_table(record_type);
        table = std::move(row.table);
        narrowing = std::move(row.condition);
        if (!is_identifier(table))
            reader.complain("\"" + table.substr(0, 60) + "\" is no record type");
    }
    if (reader.problem()) return failed_reply(*reader.problem());
    if (keys.empty()) return found_reply(Json::object());

    SuiteQl query;
    std::set<std::string> selected{"id"};
    query.text = "SELECT id, " + key_field + " AS " + std::string(kKeyAlias);
    for (const std::string& field : fields)
        if (selected.insert(lower(field)).second) query.text += ", " + field;
    query.text += " FROM " + table + " WHERE " + key_field + " IN (?)";
    query.params.push_back(as_list(keys));
    if (!narrowing.empty()) query.text += " AND " + narrowing;
    if (active_only) query.text += " AND isinactive = 'F'";
    if (!where.empty()) query.text += " AND (" + where + ")";
    for (const Json& param : where_params.items()) query.params.push_back(param);
    query.text += " AND id > :after ORDER BY id";

    SuiteQlOutcome answer = run_suiteql(session, query, context);
    if (!answer.outcome.ok()) return failed_reply(answer.outcome);
    if (!answer.result.complete) return incomplete();
    Json found = Json::object();
    for (auto& [key, rows] :
         by_key(std::move(answer.result.rows), std::string(kKeyAlias), query.params[0]))
        found.set(key, one_or_ambiguous(rows, kKeyAlias));
    return found_reply(std::move(found));
}

Reply lookup_external_id(Session& session, const Json& request, const CallContext& context) {
    struct Family {
        std::string_view name;
        std::string_view table;
        std::string_view columns;
    };
    static constexpr std::array kFamilies{
        Family{"transaction", "transaction",
               "recordtype AS record_type, type, status, tranid, entity, foreigntotal AS total"},
        Family{"entity", "customer", "entityid, subsidiary"},
        Family{"item", "item", "itemid, itemtype"},
    };
    RequestReader reader("netsuite.lookup.external_id", request);
    const std::string family_name = reader.text("family");
    const std::vector<std::string> keys = reader.texts("keys");
    const std::vector<std::string> fields = reader.identifiers("fields");
    const auto family = std::find_if(kFamilies.begin(), kFamilies.end(),
                                     [&](const Family& row) { return row.name == family_name; });
    if (family == kFamilies.end())
        reader.complain("family \"" + family_name.substr(0, 40) +
                        "\" is none of transaction, entity, item");
    if (reader.problem()) return failed_reply(*reader.problem());
    if (keys.empty()) return found_reply(Json::object());

    SuiteQl query;
    query.text = "SELECT id, externalid, " + std::string(family->columns);
    for (const std::string& field : fields) query.text += ", " + field;
    query.text += " FROM " + std::string(family->table) +
                  " WHERE externalid IN (?) AND id > :after ORDER BY id";
    query.params.push_back(as_list(keys));
    SuiteQlOutcome answer = run_suiteql(session, query, context);
    if (!answer.outcome.ok()) return failed_reply(answer.outcome);
    if (!answer.result.complete) return incomplete();
    Json found = Json::object();
    for (auto& [key, rows] : by_key(std::move(answer.result.rows), "externalid", query.params[0])) {
        // The family's namespace makes an external id unique; a second row is a line of a join that
        // a script field brought in, or a family that is larger than we think: never guess.
        found.set(key, one_or_ambiguous(rows, ""));
    }
    return found_reply(std::move(found));
}

namespace {

/// Where an order may have left its id.
struct Trace {
    std::string name;    ///< as `matched_by` tells it
    std::string column;  ///< of `transaction`
};

/// The traces that this account can have, strongest first. The external id is dealt with apart.
Result<std::vector<Trace>> traces_of(Session& session, Metadata& metadata, const std::string& extra,
                                     const CallContext& context) {
    std::vector<std::string> fields{"custbody_celigo_etail_order_id", "custbody_fa_channel_order",
                                    "custbody_amz_order_id"};
    for (const std::string& field : {extra, session.options().order_field})
        if (!field.empty() && std::find(fields.begin(), fields.end(), lower(field)) == fields.end())
            fields.push_back(lower(field));
    std::vector<Trace> traces;
    for (const std::string& field : fields) {
        if (field == "otherrefnum") continue;  // comes last for everybody
        // Asking SuiteQL for a column that is not there fails the whole query.
        Result<bool> present = metadata.has_field("salesOrder", field, context);
        if (!present) return present.error();
        const bool ours = field == lower(extra) || field == lower(session.options().order_field);
        if (*present) traces.push_back({field, field});
        // Silence about a field that somebody configured would let every order be doubled.
        else if (ours)
            return misconfigured("netsuite.unknown_field",
                                 "order field \"" + field +
                                     "\" is not on this account's sales order, or the role may not "
                                     "see it; correct the connection's order_field or the flow's "
                                     "adopt.custom_field, or the role");
    }
    traces.push_back({"otherrefnum", "otherrefnum"});
    return traces;
}

/// One of our documents that stands for a part of the order, such as a shipment. What stands for
/// the whole order ends with its id.
bool is_part_of(const Json& row, const std::string& order) {
    const std::string& external_id = row["externalid"].text();
    return external_id.starts_with("AMZ-") && !external_id.ends_with("-" + order);
}

bool is_ours(const Json& row) {
    return row["externalid"].text().starts_with("AMZ-");
}

/// What look-ups of orders tell of a transaction, by the alias of its table.
std::string order_columns(const std::string& alias) {
    const std::string of = alias.empty() ? "" : alias + ".";
    std::string text;
    for (const char* column : {"id", "type", "recordtype AS record_type", "status", "tranid",
                               "externalid", "entity", "currency", "foreigntotal AS total"})
        text += (text.empty() ? "" : ", ") + of + column;
    return text;
}

/// An invoice or a cash sale that was made from a sales order of ours carries its order's traces
/// over, and has no external id of its own: it stands for that sales order, whose row takes its
/// place. Else a bill would pass for another tool's document, and the order for imported.
std::optional<Reply> put_sources(Session& session, std::vector<Json>& rows,
                                 const CallContext& context) {
    std::vector<std::string> bills;
    for (const Json& row : rows)
        if (row["type"].text() != "SalesOrd" && !is_ours(row)) bills.push_back(row["id"].text());
    if (bills.empty()) return std::nullopt;
    SuiteQl query;
    // `createdfrom` is a column of lines only; whether the main line has it too is not asked.
    query.text = "SELECT DISTINCT l.transaction AS bill, " + order_columns("o") +
                 " FROM transactionline l JOIN transaction o ON o.id = l.createdfrom WHERE "
                 "l.transaction IN (?) ORDER BY l.transaction";
    query.params.push_back(as_list(bills));
    SuiteQlOutcome answer = run_suiteql(session, query, context);
    if (!answer.outcome.ok()) return failed_reply(answer.outcome);
    if (!answer.result.complete) return incomplete();
    std::map<std::string, Json> source_of;
    for (Json& source : answer.result.rows)
        if (is_ours(source) && source["type"].text() == "SalesOrd") {
            const std::string bill = source["bill"].text();
            source.erase("bill");
            source_of.insert_or_assign(bill, std::move(source));
        }
    for (Json& row : rows) {
        const auto source = source_of.find(row["id"].text());
        if (source == source_of.end()) continue;
        Json key = row[kKeyAlias];
        row = source->second;
        row.set(kKeyAlias, std::move(key));
    }
    return std::nullopt;
}

/// A sales order that was found by itself and by its bills is one.
void drop_repeated(std::vector<Json>& rows) {
    std::set<std::string> seen;
    std::erase_if(rows, [&](const Json& row) { return !seen.insert(row["id"].text()).second; });
}

/// Of several transactions for one order the one it is about: the earliest type of the list, not
/// cancelled. What is left over is several, and nobody guesses.
Json best_of(std::vector<Json> rows, const std::vector<std::string>& types,
             const std::string& matched_by, std::string_view key_column) {
    const auto rank = [&](const Json& row) {
        const auto type = std::find(types.begin(), types.end(), row["type"].text());
        // C is Cancelled for sales orders, and only for them.
        const bool cancelled = row["type"].text() == "SalesOrd" && row["status"].text() == "C";
        return std::pair(cancelled, type - types.begin());
    };
    auto best = rank(rows[0]);
    for (const Json& row : rows) best = std::min(best, rank(row));
    std::erase_if(rows, [&](const Json& row) { return rank(row) != best; });
    Json hit = one_or_ambiguous(rows, key_column);
    hit.set("matched_by", Json(matched_by));
    return hit;
}

}  // namespace

Reply lookup_order(Session& session, Metadata& metadata, const Json& request,
                   const CallContext& context) {
    RequestReader reader("netsuite.lookup.order", request);
    const std::vector<std::string> keys = reader.texts("keys");
    const std::string extra = reader.identifier("custom_field", false);
    std::vector<std::string> types = reader.identifiers("types");
    const bool ignore_parts = request["ignore_parts"].bool_if().value_or(false);
    const std::string by = reader.optional_text("by");
    if (!by.empty() && by != "order" && by != "external_id")
        reader.complain("by \"" + by.substr(0, 40) + "\" is neither order nor external_id");
    const Json& external_ids = request["external_ids"];
    if (!external_ids.is_null() && !external_ids.is_object())
        reader.complain("external_ids is no object");
    if (reader.problem()) return failed_reply(*reader.problem());
    if (keys.empty()) return found_reply(Json::object());
    if (types.empty()) types = {"SalesOrd", "CashSale", "CustInvc"};

    std::string type_list;
    for (const std::string& type : types)
        type_list += (type_list.empty() ? "" : ", ") + quoted(type);
    // Our own documents, by what nobody edits: an order's id can be overwritten, or be a buyer's.
    const bool own = by == "external_id";
    Result<std::vector<Trace>> traces =
        own ? std::vector<Trace>{} : traces_of(session, metadata, extra, context);
    if (!traces) return failed_reply(traces.error());

    const bool orders_count = std::find(types.begin(), types.end(), "SalesOrd") != types.end();
    Json found = Json::object();
    // What is asked under which key: external ids answer for the order that they stand for.
    const auto ask =
        [&](const Trace& trace,
            const std::map<std::string, std::string>& order_of) -> std::optional<Reply> {
        std::vector<std::string> wanted;
        for (const auto& [value, order] : order_of)
            if (!found.contains(order)) wanted.push_back(value);
        if (wanted.empty()) return std::nullopt;
        SuiteQl query;
        query.text = "SELECT " + order_columns("") + ", " + trace.column + " AS " +
                     std::string(kKeyAlias) + " FROM transaction WHERE type IN (" + type_list +
                     ") AND " + trace.column + " IN (?) AND id > :after ORDER BY id";
        query.params.push_back(as_list(wanted));
        SuiteQlOutcome answer = run_suiteql(session, query, context);
        if (!answer.outcome.ok()) return failed_reply(answer.outcome);
        if (!answer.result.complete) return incomplete();
        if (orders_count)
            if (std::optional<Reply> failure = put_sources(session, answer.result.rows, context))
                return failure;
        for (auto& [value, rows] :
             by_key(std::move(answer.result.rows), std::string(kKeyAlias), query.params[0])) {
            const std::string& order = order_of.at(value);
            drop_repeated(rows);
            if (ignore_parts)
                std::erase_if(rows, [&](const Json& row) { return is_part_of(row, order); });
            if (rows.empty()) continue;
            found.set(order, best_of(std::move(rows), types, trace.name, kKeyAlias));
        }
        return std::nullopt;
    };

    std::map<std::string, std::string> by_external_id;
    std::map<std::string, std::string> by_order;
    for (const std::string& key : keys) {
        (own ? by_external_id : by_order).emplace(key, key);
        if (const std::string& eid = external_ids[key].text(); !eid.empty())
            by_external_id.emplace(eid, key);
    }
    if (std::optional<Reply> failure = ask({"externalid", "externalid"}, by_external_id))
        return std::move(*failure);
    for (const Trace& trace : *traces)
        if (std::optional<Reply> failure = ask(trace, by_order)) return std::move(*failure);
    return found_reply(std::move(found));
}

}  // namespace carrick::connectors::netsuite
