// SPDX-License-Identifier: Apache-2.0
// A NetSuite in memory: sales orders and their fulfilments, as far as the flows need them. It does
// what NetSuite does where a flow could go wrong: it appends a line without a key, merges what is
// patched, refuses a second external id, a change of what has been shipped, and more than is left.
#pragma once

#include "tests/plugins/support/flow_bench.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carrick::plugins::testing {

class MemoryNetSuite {
public:
    struct Line {
        std::int64_t key = 0;
        std::string item;
        std::optional<Decimal> quantity;  ///< none: a discount
        Decimal amount;
        bool closed = false;
        Decimal fulfilled{}, picked{}, billed{};
        std::string order_item{};
    };
    struct SalesOrder {
        std::string id;
        std::string external_id;
        std::string reference;  ///< Amazon's order id
        std::string approval = "B";
        std::vector<Line> lines{};
        Decimal discount{};
        Decimal tax{};  ///< of its tax details
        Json address{};
        std::vector<Json> patches{};

        [[nodiscard]] Decimal total() const {
            Decimal sum = discount.plus(tax).value();
            for (const Line& line : lines) sum = sum.plus(line.amount).value();
            return sum;
        }
        [[nodiscard]] std::string status() const {
            bool all_closed = true;
            bool any_shipped = false;
            bool all_shipped = true;
            for (const Line& line : lines) {
                if (!line.quantity) continue;
                all_closed = all_closed && line.closed;
                any_shipped = any_shipped || !line.fulfilled.is_zero();
                all_shipped = all_shipped && (line.closed || line.fulfilled >= *line.quantity);
            }
            if (all_closed && !any_shipped) return "H";
            if (!any_shipped) return approval;
            return all_shipped ? "F" : "D";
        }
    };
    struct Fulfilment {
        std::string id;
        std::string external_id;
        std::string order;  ///< internal id
        Json body;
    };

    std::map<std::string, SalesOrder> orders;         ///< by internal id
    std::map<std::string, Fulfilment> fulfilments{};  ///< by external id
    std::string order_item_field;                     ///< "custcol_..."
    /// Items that leave a warehouse; empty: all but the charges of the usual settings.
    [[nodiscard]] static bool is_goods(const std::string& item) { return item >= "90"; }

    [[nodiscard]] SalesOrder& only_order() {
        REQUIRE(orders.size() == 1);
        return orders.begin()->second;
    }
    [[nodiscard]] SalesOrder* order_of(const std::string& reference) {
        for (auto& [id, order] : orders)
            if (order.reference == reference) return &order;
        return nullptr;
    }

    connectors::Reply reply(const std::string& operation, const Json& request) {
        if (operation == "netsuite.records.create") return create(request);
        if (operation == "netsuite.records.patch") return patch(request);
        if (operation == "netsuite.records.transform") return transform(request);
        if (operation == "netsuite.records.get") return get(request);
        if (operation == "netsuite.lookup.external_id") {
            Json found = Json::object();
            for (const Json& key : request["keys"].items())
                if (std::optional<Json> hit = by_external_id(key.text()))
                    found.set(key.text(), *std::move(hit));
            return ok(Json::object({{"found", std::move(found)}}));
        }
        return refused(bug("netsuite.unknown_operation", operation));
    }

    bool queries_lag = false;  ///< records are found by their ids alone
    /// The look-ups of orders by Amazon's order id, with lines or without, and those by external
    /// id.
    [[nodiscard]] std::optional<Json> look_up(const std::string& name, const std::string& key) {
        if (queries_lag) return std::nullopt;
        if (name == "fulfillment" || name == "document") return by_external_id(key);
        std::vector<const SalesOrder*> found;
        for (const auto& [id, order] : orders) {
            const bool part = order.external_id.starts_with("AMZ-") &&
                              !order.external_id.ends_with("-" + order.reference);
            if (name == "own_order" || name == "own_order_lines"
                    ? order.external_id == key
                    : order.reference == key && (name != "order_of_others" || !part))
                found.push_back(&order);
        }
        if (found.empty()) return std::nullopt;
        if (found.size() > 1) {
            Json ids = Json::array();
            for (const SalesOrder* each : found) ids.push_back(Json(each->id));
            return Json::object({{"ambiguous", std::move(ids)}});
        }
        return hit_of(*found.front(), name != "order" && name != "any_order");
    }

private:
    [[nodiscard]] static Json hit_of(const SalesOrder& found, bool with_lines) {
        const SalesOrder* order = &found;
        Json hit = Json::object({{"id", Json(order->id)},
                                 {"type", Json("SalesOrd")},
                                 {"status", Json(order->status())},
                                 {"externalid", Json(order->external_id)},
                                 {"total", Json(order->total().text())}});
        if (!with_lines) return hit;
        Json lines = Json::array();
        for (const Line& line : order->lines) {
            Json row = Json::object({{"line", Json(std::to_string(line.key))},
                                     {"item", Json(line.item)},
                                     {"item_type", Json(line.quantity ? "InvtPart" : "Discount")},
                                     {"amount", Json(line.amount.text())},
                                     {"closed", Json(line.closed)},
                                     {"fulfillable", Json(line.quantity && is_goods(line.item))},
                                     {"fulfilled", Json(line.fulfilled.text())},
                                     {"picked", Json(line.picked.text())},
                                     {"billed", Json(line.billed.text())}});
            if (line.quantity) row.set("quantity", Json(line.quantity->text()));
            if (!line.order_item.empty()) row.set("field", Json(line.order_item));
            lines.push_back(std::move(row));
        }
        hit.set("lines", std::move(lines));
        if (!order->discount.is_zero()) hit.set("header_discount", Json(order->discount.text()));
        return hit;
    }

    static Decimal number(const Json& value) { return value.decimal_if().value_or(Decimal()); }

    std::string next_id() { return std::to_string(1000 + orders.size() + fulfilments.size()); }

    [[nodiscard]] std::optional<Json> by_external_id(const std::string& key) const {
        for (const auto& [id, order] : orders)
            if (order.external_id == key)
                return Json::object({{"id", Json(id)},
                                     {"type", Json("SalesOrd")},
                                     {"externalid", Json(key)},
                                     {"total", Json(order.total().text())}});
        if (const auto found = fulfilments.find(key); found != fulfilments.end())
            return Json::object({{"id", Json(found->second.id)},
                                 {"type", Json("ItemShip")},
                                 {"externalid", Json(key)}});
        return std::nullopt;
    }

    void merge(Line& line, const Json& sent) const {
        if (!sent["quantity"].is_null()) line.quantity = number(sent["quantity"]);
        if (!sent["amount"].is_null()) line.amount = number(sent["amount"]);
        if (const auto closed = sent["isClosed"].bool_if()) line.closed = *closed;
        if (!order_item_field.empty() && sent.contains(order_item_field))
            line.order_item = sent[order_item_field].text();
    }

    void append(SalesOrder& order, const Json& sent) const {
        Line line;
        // Keys are numbers that only grow, with gaps, as in NetSuite.
        line.key = order.lines.empty() ? 1 : order.lines.back().key + 3;
        line.item = sent["item"]["id"].text();
        merge(line, sent);
        order.lines.push_back(std::move(line));
    }

    connectors::Reply create(const Json& request) {
        const std::string& external_id = request["external_id"].text();
        if (by_external_id(external_id))
            return refused(rejected("netsuite.duplicate", "This record already exists"));
        SalesOrder order;
        order.id = next_id();
        order.external_id = external_id;
        const Json& body = request["body"];
        order.reference = body["otherRefNum"].text();
        order.approval = body["orderStatus"]["id"].text();
        order.discount = number(body["discountRate"]);
        order.address = body["shippingAddress"];
        for (const Json& detail : body["taxDetails"]["items"].items())
            order.tax = order.tax.plus(number(detail["taxAmount"])).value();
        for (const Json& line : body["item"]["items"].items()) append(order, line);
        const std::string id = order.id;
        orders.emplace(id, std::move(order));
        return ok(Json::object({{"id", Json(id)}}));
    }

    connectors::Reply patch(const Json& request) {
        const auto found = orders.find(request["id"].text());
        if (found == orders.end()) return refused(rejected("netsuite.nonexistent_id", "none"));
        SalesOrder changed = found->second;
        const Json& body = request["body"];
        for (const Json& sent : body["item"]["items"].items()) {
            const auto key = sent["line"].integer_if();
            const auto line = std::find_if(changed.lines.begin(), changed.lines.end(),
                                           [&](const Line& each) { return key == each.key; });
            if (line == changed.lines.end()) {
                append(changed, sent);
                continue;
            }
            const Line before = *line;
            merge(*line, sent);
            if (!before.fulfilled.is_zero() &&
                (line->amount != before.amount || line->quantity != before.quantity))
                return refused(
                    rejected("netsuite.user_error", "Items on this line have been fulfilled."));
        }
        if (body.contains("discountRate")) changed.discount = number(body["discountRate"]);
        for (const JsonMember& part : body["shippingAddress"].members())
            if (part.value.is_null())
                changed.address.erase(part.key);
            else
                changed.address.set(part.key, part.value);
        changed.patches.push_back(body);
        found->second = std::move(changed);
        return ok(Json::object({{"id", request["id"]}}));
    }

    connectors::Reply transform(const Json& request) {
        const auto found = orders.find(request["source_id"].text());
        if (found == orders.end()) return refused(rejected("netsuite.nonexistent_id", "none"));
        const std::string& external_id = request["external_id"].text();
        if (by_external_id(external_id))
            return refused(rejected("netsuite.duplicate", "This record already exists"));
        SalesOrder shipped = found->second;
        const std::string status = shipped.status();
        if (status == "A" || status == "H")
            return refused(rejected("netsuite.not_transformable", "You can not initialize"));
        for (Line& line : shipped.lines) {
            if (!line.quantity || !is_goods(line.item)) continue;
            const Decimal left =
                line.closed ? Decimal() : line.quantity->minus(line.fulfilled).value();
            Decimal taken = left;  // what nobody mentions goes along
            for (const Json& sent : request["body"]["item"]["items"].items())
                if (sent["orderLine"].integer_if() == line.key)
                    taken =
                        sent["itemReceive"] == Json(false) ? Decimal() : number(sent["quantity"]);
            if (taken > left)
                return refused(rejected("netsuite.user_error", "more than remains on the line"));
            line.fulfilled = line.fulfilled.plus(taken).value();
        }
        const std::string id = next_id();
        fulfilments.emplace(external_id, Fulfilment{id, external_id, shipped.id, request["body"]});
        found->second = std::move(shipped);
        return ok(Json::object({{"id", Json(id)}, {"adopted", Json(false)}}));
    }

    connectors::Reply get(const Json& request) {
        const std::string& external_id = request["external_id"].text();
        for (const auto& [id, order] : orders)
            if (id == request["id"].text() ||
                (!external_id.empty() && order.external_id == external_id))
                return ok(Json::object(
                    {{"id", Json(id)},
                     {"record",
                      Json::object({{"total", Json(order.total())},
                                    {"shippingAddress", order.address},
                                    {"status", Json::object({{"id", Json(order.status())}})}})}}));
        for (const auto& [key, fulfilment] : fulfilments)
            if (key == external_id || fulfilment.id == request["id"].text())
                return ok(Json::object({{"id", Json(fulfilment.id)}, {"record", fulfilment.body}}));
        return refused(rejected("netsuite.nonexistent_id", "none"));
    }
};

}  // namespace carrick::plugins::testing
