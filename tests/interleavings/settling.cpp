// SPDX-License-Identifier: Apache-2.0
#include "tests/interleavings/settling.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace carrick::interleavings {

namespace {

using sandbox::Happening;
using sandbox::Order;

class Settling {
public:
    Settling(const Weather& weather, const sandbox::Sandbox& sandbox, store::Store& store)
        : weather_(weather), sandbox_(sandbox), store_(store) {
        for (const Order* order : sandbox.world().orders())
            for (const sandbox::Shipment& shipment : order->shipments)
                order_of_shipment_[shipment.id] = order;
        // What nobody of ours has fulfilled is what people are picking.
        std::set<std::string> sources;
        for (const sandbox::NetSuiteSalesOrder& document : sandbox.netsuite()->posting_documents())
            if (document.type == "itemFulfillment" && document.external_id.empty())
                sources.insert(document.created_from);
        for (const sandbox::NetSuiteSalesOrder& document : sandbox.netsuite()->sales_orders())
            if (sources.contains(document.internal_id)) picked_.insert(document.other_ref_num);
    }

    Settled run() {
        read_errors();
        const sandbox::Verdict verdict =
            sandbox::judge(sandbox_.world(), *sandbox_.netsuite(), options());
        result_.documents = verdict.documents;
        std::set<std::string> differing;
        for (const sandbox::Problem& each : verdict.problems) {
            differing.insert(each.order_id);
            // Nothing that a person is to do explains a second document.
            if (each.code == "doubled" || !told_.contains(each.order_id))
                problem(each.order_id, each.code + ": " + each.message);
        }
        if (verdict.required == 0) problem("", "no order had to come across: nothing was tried");
        if (weather_.fba.any() && verdict.fba_required == 0)
            problem("", "nothing of Amazon's own had to come across");
        if (weather_.fba.fulfilled && verdict.fulfilments_required == 0)
            problem("", "nothing had to be fulfilled");
        if (weather_.follow.is("close_unless_picking") && picked_.empty())
            problem("", "nobody has picked anything");
        // The verdict is about amounts, lines and states; it reads no addresses.
        for (const auto& [order, message] : told_)
            if (!differing.contains(order) && !message.starts_with("order.address_too_late"))
                problem(order, "told of order " + order + ", which is right: " + message);
        result_.told = told_.size();
        return std::move(result_);
    }

private:
    void problem(const std::string& order_id, std::string text) {
        result_.problems.push_back(std::move(text));
        if (!order_id.empty()) result_.order_ids.push_back(order_id);
    }

    [[nodiscard]] sandbox::VerdictOptions options() const {
        sandbox::VerdictOptions options = weather_.verdict();
        // Orders go on being placed; those of the last hours are still on their way.
        options.grace = std::chrono::minutes(20);
        return options;
    }

    void read_errors() {
        store::ErrorFilter filter;
        filter.limit = 10'000;
        const Result<std::vector<store::ErrorRow>> rows = store_.errors(filter);
        if (!rows) return problem("", rows.error().message);
        for (const store::ErrorRow& row : *rows) {
            const Order* order = order_of(row.key);
            if (order != nullptr && may_be_told(*order, row.code))
                told_.emplace(order->id, row.code + ": " + row.message);
            else if (order == nullptr || !may_be_unsettled(*order, row.code))
                problem(order == nullptr ? "" : order->id,
                        "in the error queue: " + row.key + " " + row.code + ": " + row.message);
        }
    }

    [[nodiscard]] const Order* order_of(const std::string& key) const {
        const auto shipment = order_of_shipment_.find(key);
        return shipment == order_of_shipment_.end() ? sandbox_.world().find(key) : shipment->second;
    }

    /// What a person is to do, where the settings say that a person is to do it.
    [[nodiscard]] bool may_be_told(const Order& order, const std::string& code) const {
        // Amazon added to a parcel whose document or fulfilment was there.
        if (is_piecemeal(order))
            for (const char* each : {"order.total_read_back", "fulfillment.shipment_changed",
                                     "fulfillment.more_than_ordered", "fulfillment.line_not_found"})
                if (code == each) return true;
        const bool changed =
            !order.revisions.empty() || order.time_of(Happening::Cancelled).has_value();
        if (!changed) return false;
        if (code == "order.cancelled_after_import") return weather_.follow.is("task");
        if (code == "order.cancelled_while_picking")
            return weather_.follow.is("close_unless_picking") && picked_.contains(order.id);
        if (code == "order.address_too_late")
            return weather_.follow.updates() && picked_.contains(order.id);
        // An early parcel was fulfilled before the order changed.
        if (code == "order.change_after_fulfilment")
            return weather_.fba.fulfilled && !order.shipments.empty();
        return false;
    }

    static bool is_piecemeal(const Order& order) {
        return std::ranges::any_of(order.shipments, [](const sandbox::Shipment& shipment) {
            return std::ranges::any_of(shipment.parts, [&](const sandbox::ShippedPart& part) {
                return part.reported != shipment.reported;
            });
        });
    }

    /// Where nobody follows changes, one between a write whose answer was lost and its repetition
    /// is for a person to look at; the order may be right all the same.
    [[nodiscard]] bool may_be_unsettled(const Order& order, const std::string& code) const {
        return !weather_.follow.follows() && code == "order.total_read_back" &&
               !order.revisions.empty();
    }

    const Weather& weather_;
    const sandbox::Sandbox& sandbox_;
    store::Store& store_;
    std::map<std::string, const Order*> order_of_shipment_;
    std::set<std::string> picked_;             // Amazon's order ids
    std::map<std::string, std::string> told_;  // by order id
    Settled result_;
};

void tell_lines(const std::vector<sandbox::OrderLine>& lines,
                const std::function<void(const std::string&)>& log) {
    for (const sandbox::OrderLine& line : lines)
        log("    " + std::to_string(line.quantity) + " x " + std::string(line.item->item) + " " +
            std::to_string(line.principal.net) + " + " + std::to_string(line.principal.tax));
}

}  // namespace

Settled settle(const Weather& weather, const sandbox::Sandbox& sandbox, store::Store& store) {
    return Settling(weather, sandbox, store).run();
}

void tell_life(const sandbox::Sandbox& sandbox, const std::string& order_id,
               const std::function<void(const std::string&)>& log) {
    const Order* order = sandbox.world().find(order_id);
    if (order == nullptr) return;
    constexpr std::array kWords{"placed",           "paid",           "touched", "changed",
                                "cancel requested", "partly shipped", "shipped", "cancelled"};
    log(order_id + " (" + order->recipe + ", " + std::string(order->marketplace->code) + ")");
    for (const sandbox::Event& event : order->events)
        log("  " + event.time.text() + " " + kWords.at(static_cast<std::size_t>(event.what)));
    log("  lines");
    tell_lines(order->lines, log);
    for (const sandbox::Revision& revision : order->revisions) {
        log("  as of " + revision.time.text());
        tell_lines(revision.lines, log);
    }
    for (const sandbox::Shipment& shipment : order->shipments) {
        log("  parcel " + shipment.id + " left " + shipment.shipped.text() + ", reported " +
            shipment.reported.text());
        for (const sandbox::ShippedPart& part : shipment.parts) tell_lines({part.share}, log);
    }
    std::set<std::string> ids;
    for (const auto& list :
         {sandbox.netsuite()->sales_orders(), sandbox.netsuite()->posting_documents()})
        for (const sandbox::NetSuiteSalesOrder& document : list) {
            if (document.other_ref_num != order_id && !ids.contains(document.created_from))
                continue;
            ids.insert(document.internal_id);
            log("  " + document.type + " " + document.internal_id + " " + document.external_id +
                " " + document.status + " " + document.total.text());
            for (const sandbox::NetSuiteSalesOrderLine& line : document.lines)
                log("    " + line.quantity.text() + " x " + line.item + " " + line.amount.text() +
                    (line.closed ? " closed" : ""));
        }
}

}  // namespace carrick::interleavings
