// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/order_lines.hpp"

#include "core/connectors/netsuite/lookups.hpp"
#include "core/connectors/netsuite/request_reader.hpp"
#include "core/connectors/netsuite/suiteql.hpp"

#include <carrick/sdk/decimal.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace carrick::connectors::netsuite {
namespace {

Reply incomplete() {
    return failed_reply(transient("netsuite.lookup_incomplete",
                                  "a look-up has more than 100000 rows; ask for fewer keys"));
}

/// Whether goods can be picked before they leave. A role that may not see fulfilments is an
/// ordinary role.
Result<bool> picks(Metadata& metadata, const CallContext& context) {
    Result<bool> has = metadata.has_field("itemFulfillment", "shipStatus", context);
    if (!has && has.error().error_class == ErrorClass::Misconfigured) return false;
    return has;
}

/// A figure with the other sign: SuiteQL tells sales from the side of the ledger.
Json turned(const Json& figure) {
    const Result<Decimal> value = Decimal::parse(figure.text());
    return value ? Json(value->is_zero() ? value->text() : value->negated().text()) : figure;
}

Json or_zero(const Json& figure) {
    return figure.is_null() ? Json("0") : figure;
}

/// What is on its way out. Packed units were picked before, so the larger of the two counts; and
/// what has left was picked before it left, and is counted on: the columns are cumulative as far as
/// is known. Where they are not, this tells too few where units of one line have left and others
/// are being picked; a fulfilment of too many is then refused by NetSuite. The other mistake would
/// have units that left count twice, and nothing of the line could be fulfilled any more.
Json in_hand(const Json& row) {
    const auto figure = [&](const char* column) {
        return Decimal::parse(row[column].text()).value_or(Decimal());
    };
    const Decimal touched = std::max(figure("quantitypicked"), figure("quantitypacked"));
    const Decimal rest = touched.minus(figure("quantityshiprecv")).value_or(Decimal());
    return Json(rest.is_negative() ? "0" : rest.text());
}

Json line_of(const Json& row, const std::string& field, bool with_picked) {
    Json line = Json::object({{"line", row["id"]},
                              {"item", row["item"]},
                              {"item_type", row["itemtype"]},
                              {"amount", turned(or_zero(row["foreignamount"]))},
                              {"closed", Json(row["isclosed"].text() == "T")},
                              {"fulfillable", Json(row["fulfillable"].text() == "T")},
                              {"fulfilled", or_zero(row["quantityshiprecv"])},
                              {"billed", or_zero(row["quantitybilled"])}});
    if (!row["quantity"].is_null()) line.set("quantity", turned(row["quantity"]));
    if (with_picked) line.set("picked", in_hand(row));
    if (!row["location"].is_null()) line.set("location", row["location"]);
    if (!field.empty() && !row[field].is_null()) line.set("field", row[field]);
    return line;
}

bool is_order_line(const Json& row) {
    const std::string& type = row["itemtype"].text();
    return type != "ShipItem" && type != "TaxItem" && type != "TaxGroup" &&
           row["kitmemberof"].is_null();
}

struct Lines {
    Json lines = Json::array();
    Json header_discount;
};

void keep(Lines& lines, const Json& row, const std::string& field, bool with_picked) {
    if (row["transactiondiscount"].text() == "T") {
        lines.header_discount = turned(or_zero(row["foreignamount"]));
        return;
    }
    if (is_order_line(row)) lines.lines.push_back(line_of(row, field, with_picked));
}

}  // namespace

Reply lookup_order_lines(Session& session, Metadata& metadata, const Json& request,
                         const CallContext& context) {
    RequestReader reader("netsuite.lookup.order_lines", request);
    std::string field = reader.identifier("line_field", false);
    if (reader.problem()) return failed_reply(*reader.problem());
    std::transform(field.begin(), field.end(), field.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });

    Reply reply = lookup_order(session, metadata, request, context);
    if (reply.status != ReplyStatus::Ok) return reply;
    Json body = Json::parse(reply.body).value_or(Json());
    Json* found = body.find("found");
    std::map<std::string, Lines> by_id;
    Json ids = Json::array();
    for (const JsonMember& hit : found->members())
        if (hit.value["type"].text() == "SalesOrd" && !hit.value["id"].is_null() &&
            by_id.try_emplace(hit.value["id"].text()).second)
            ids.push_back(hit.value["id"]);
    if (ids.empty()) return reply;

    const Result<bool> with_picked = picks(metadata, context);
    if (!with_picked) return failed_reply(with_picked.error());
    SuiteQl query;
    query.text =
        "SELECT transaction, id, linesequencenumber, item, itemtype, quantity, foreignamount, "
        "isclosed, fulfillable, quantityshiprecv, quantitybilled, location, transactiondiscount, "
        "kitmemberof";
    if (*with_picked) query.text += ", quantitypicked, quantitypacked";
    if (!field.empty()) query.text += ", " + field;
    query.text +=
        " FROM transactionline WHERE transaction IN (?) AND mainline = 'F' AND taxline = 'F' AND "
        "iscogs = 'F' ORDER BY transaction, linesequencenumber, id";
    query.params.push_back(std::move(ids));
    const SuiteQlOutcome answer = run_suiteql(session, query, context);
    if (!answer.outcome.ok()) return failed_reply(answer.outcome);
    if (!answer.result.complete) return incomplete();
    for (const Json& row : answer.result.rows)
        if (const auto order = by_id.find(row["transaction"].text()); order != by_id.end())
            keep(order->second, row, field, *with_picked);

    for (JsonMember& hit : *found->members_if()) {
        const auto lines = by_id.find(hit.value["id"].text());
        if (lines == by_id.end()) continue;
        hit.value.set("lines", lines->second.lines);
        if (!lines->second.header_discount.is_null())
            hit.value.set("header_discount", lines->second.header_discount);
    }
    return {ReplyStatus::Ok, body.dump(), {}};
}

}  // namespace carrick::connectors::netsuite
