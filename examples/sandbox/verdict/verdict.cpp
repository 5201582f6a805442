// SPDX-License-Identifier: Apache-2.0
// Every order of the world against every sales order of NetSuite.
#include "examples/sandbox/verdict/verdict.hpp"

#include "examples/sandbox/verdict/document_check.hpp"
#include "examples/sandbox/verdict/fulfilment_check.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace carrick::sandbox {
namespace {

using Documents = std::vector<const NetSuiteSalesOrder*>;

/// The Amazon order ids that a document could be meant for.
std::vector<std::string> orders_named_by(const NetSuiteSalesOrder& document) {
    constexpr std::size_t kOrderId = 19;  // 111-1234567-1234567; a parcel's id may follow
    std::unordered_set<std::string> ids;
    for (const std::string_view prefix : {"AMZ-SO-", "AMZ-IV-", "AMZ-CS-"}) {
        if (!document.external_id.starts_with(prefix)) continue;
        const std::size_t account_end = document.external_id.find('-', prefix.size());
        if (account_end != std::string::npos)
            ids.insert(document.external_id.substr(account_end + 1, kOrderId));
    }
    if (!document.other_ref_num.empty()) ids.insert(document.other_ref_num);
    if (!document.marketplace_order_id.empty()) ids.insert(document.marketplace_order_id);
    return {ids.begin(), ids.end()};
}

std::string_view type_of(FbaDocuments fba) {
    if (fba == FbaDocuments::Invoice) return "invoice";
    return fba == FbaDocuments::CashSale ? "cashSale" : "salesOrder";
}

bool is_closed(const NetSuiteSalesOrder& document) {
    return document.status == "closed" || document.status == "cancelled";
}

/// The document without the lines that somebody closed: what is still owed.
NetSuiteSalesOrder open_part(const NetSuiteSalesOrder& document) {
    NetSuiteSalesOrder open = document;
    for (const NetSuiteSalesOrderLine& line : document.lines) {
        if (!line.closed) continue;
        const Decimal gross = line.amount.plus(line.tax_amount).value_or(line.amount);
        open.total = open.total.minus(gross).value_or(open.total);
    }
    std::erase_if(open.lines, [](const NetSuiteSalesOrderLine& line) { return line.closed; });
    return open;
}

class Judge {
public:
    Judge(const World& world, const NetSuiteView& netsuite, const VerdictOptions& options)
        : world_(world),
          options_(options),
          now_(world.now()),
          documents_(netsuite.sales_orders()),
          posting_(netsuite.posting_documents()),
          fulfilments_(netsuite, options_),
          customers_(netsuite.customers()) {}

    Verdict verdict();

private:
    void index();
    void judge_order(const Order& order);
    void judge_required(const Order& order, const ImportRule& rule, const Documents& found);
    void judge_strays();
    void judge_customers();
    void judge_fba(const Order& order, const Documents& found);
    void judge_parcels(const Order& order, Documents found);
    void refuse_all(const Order& order, const Documents& found, const std::string& reason);
    void doubled(const Order& order, const Documents& found);
    /// Closed or cancelled, where the flows close what was cancelled.
    void judge_cancelled(const Order& order, const NetSuiteSalesOrder& document);
    bool check(const Order& order, const NetSuiteSalesOrder& document);
    std::vector<Problem> problems_of(const Order& order, const Truth& truth,
                                     const NetSuiteSalesOrder& document) const;
    void problem(std::string code, const std::string& order_id, const std::string& message) {
        verdict_.problems.push_back({std::move(code), order_id, message});
    }

    const World& world_;
    VerdictOptions options_;
    UtcTime now_;
    std::vector<NetSuiteSalesOrder> documents_;
    std::vector<NetSuiteSalesOrder> posting_;
    FulfilmentCheck fulfilments_;
    std::vector<NetSuiteCustomer> customers_;
    std::unordered_map<std::string, Documents> by_order_;
    std::unordered_map<std::string, const NetSuiteCustomer*> customer_by_id_;
    Verdict verdict_;
};

void Judge::index() {
    for (const std::vector<NetSuiteSalesOrder>* list : {&documents_, &posting_})
        for (const NetSuiteSalesOrder& document : *list) {
            // What was made from a sales order stands for that order's progress, not for another.
            if (!document.created_from.empty() || document.type == "itemFulfillment") continue;
            for (const std::string& id : orders_named_by(document))
                by_order_[id].push_back(&document);
        }
    for (const NetSuiteCustomer& customer : customers_)
        customer_by_id_.emplace(customer.internal_id, &customer);
}

std::vector<Problem> Judge::problems_of(const Order& order, const Truth& truth,
                                        const NetSuiteSalesOrder& document) const {
    const auto customer = customer_by_id_.find(document.entity);
    return check_document(order, truth, document,
                          customer == customer_by_id_.end() ? nullptr : customer->second, options_);
}

bool Judge::check(const Order& order, const NetSuiteSalesOrder& document) {
    const NetSuiteSalesOrder open = document.status == "closed" ? document : open_part(document);
    std::vector<UtcTime> moments;
    for (const Revision& revision : order.revisions)
        if (revision.time <= now_) moments.push_back(revision.time);
    std::vector<Problem> found = problems_of(order, truth_of(revised(order, now_)), open);
    const bool settled = moments.empty() || now_ - moments.back() >= options_.grace;
    if (options_.changed == Aftermath::Either || !settled) {
        // The order as it once was is right too, as far as nobody said that changes are followed.
        moments.insert(moments.begin(), order.created());
        for (const UtcTime moment : moments)
            if (!found.empty() &&
                problems_of(order, truth_of(revised(order, moment)), open).empty())
                found.clear();
        if (!found.empty() && problems_of(order, truth_of(order), document).empty()) found.clear();
    }
    const bool right = found.empty();
    for (Problem& each : found) verdict_.problems.push_back(std::move(each));
    return right;
}

void Judge::judge_cancelled(const Order& order, const NetSuiteSalesOrder& document) {
    if (options_.cancelled != Aftermath::Followed) return;
    const UtcTime cancelled = order.time_of(Happening::Cancelled).value_or(now_);
    if (now_ - cancelled < options_.grace) return;
    if (!is_closed(document))
        problem("not_closed", order.id,
                "order " + order.id + " was cancelled at " + cancelled.text() + "; its " +
                    title_of(document.type) + " " + document.internal_id + " is still open");
}

void Judge::doubled(const Order& order, const Documents& found) {
    std::string ids;
    for (const NetSuiteSalesOrder* document : found)
        ids += (ids.empty() ? "" : ", ") + document->internal_id;
    problem("doubled", order.id,
            "order " + order.id + " is in NetSuite " + std::to_string(found.size()) +
                " times: " + title_of(found.front()->type) + "s " + ids);
}

void Judge::refuse_all(const Order& order, const Documents& found, const std::string& reason) {
    for (const NetSuiteSalesOrder* document : found)
        problem("forbidden", order.id,
                "order " + order.id + " is in NetSuite (" + title_of(document->type) + " " +
                    document->internal_id + ") although it is " + reason);
}

/// One document for each parcel that the shipments report has shown, none for any other.
void Judge::judge_parcels(const Order& order, Documents found) {
    for (const Shipment& shipment : order.shipments) {
        if (shipment.shipped > now_) continue;
        const Truth truth = truth_of(order, shipment);
        const auto fits = [&](const NetSuiteSalesOrder* document) {
            return problems_of(order, truth, *document).empty();
        };
        const auto right = std::find_if(found.begin(), found.end(), fits);
        if (right != found.end()) {
            ++verdict_.fba_required;
            ++verdict_.fba_imported;
            found.erase(right);
            continue;
        }
        // Between shipment and report, a document may or may not be there yet.
        if (shipment.reported + options_.grace > now_) {
            ++verdict_.in_flight;
            continue;
        }
        ++verdict_.fba_required;
        problem("missing", order.id,
                "parcel " + shipment.id + " of order " + order.id + " (" + order.recipe + ", " +
                    std::string(order.marketplace->code) + ") has no right " +
                    title_of(type_of(options_.fba)) + " of " + truth.receivable.text() + " " +
                    truth.currency + ", reported since " + shipment.reported.text());
    }
    refuse_all(order, found, "for no parcel of that order");
}

void Judge::judge_fba(const Order& order, const Documents& found) {
    const WorldOptions& world = world_.options();
    const bool by_parcel = options_.fba_grain == FbaGrain::Shipment;
    // What a parcel justifies, and what posts, is there when goods have left.
    const bool when_shipped = by_parcel || options_.fba != FbaDocuments::SalesOrder;
    Documents chosen;
    Documents others;
    for (const NetSuiteSalesOrder* document : found)
        (document->type == type_of(options_.fba) ? chosen : others).push_back(document);
    if (!others.empty()) refuse_all(order, others, "to be a " + title_of(type_of(options_.fba)));
    const ImportRule sold = fba_rule(order, now_, world.go_live, world.start, false);
    if (options_.fulfilled && sold.import == Import::Required) fulfilments_.take(order, now_);
    if (options_.fulfilled && sold.import == Import::Allowed) fulfilments_.allow(order);
    if (by_parcel && sold.import == Import::Required) return judge_parcels(order, chosen);
    const ImportRule rule = fba_rule(order, now_, world.go_live, world.start, when_shipped);
    if (chosen.size() > 1) doubled(order, chosen);
    if (rule.import == Import::Forbidden) {
        ++verdict_.left_out["fba " + rule.reason];
        return refuse_all(order, chosen, rule.reason);
    }
    if (rule.import == Import::Allowed) {
        ++verdict_.left_out["fba " + rule.reason];
        if (!chosen.empty() && rule.reason == "cancelled_after_import")
            judge_cancelled(order, *chosen.front());
        return;
    }
    if (chosen.empty() && now_ - *rule.since < options_.grace) {
        ++verdict_.in_flight;
        return;
    }
    ++verdict_.fba_required;
    if (chosen.empty())
        return problem("missing", order.id,
                       "order " + order.id + " (" + order.recipe + ", " +
                           std::string(order.marketplace->code) + ") has no " +
                           title_of(type_of(options_.fba)) + ", due since " + rule.since->text());
    if (check(order, *chosen.front())) ++verdict_.fba_imported;
}

void Judge::judge_required(const Order& order, const ImportRule& rule, const Documents& found) {
    if (found.empty() && now_ - *rule.since < options_.grace) {
        ++verdict_.in_flight;
        return;
    }
    ++verdict_.required;
    if (found.empty()) {
        problem("missing", order.id,
                "order " + order.id + " (" + order.recipe + ", " +
                    std::string(order.marketplace->code) +
                    ") is not in NetSuite, importable since " + rule.since->text());
        return;
    }
    if (!check(order, *found.front())) return;
    ++verdict_.imported;
    ++verdict_.imported_by_marketplace[std::string(order.marketplace->code)];
}

void Judge::judge_order(const Order& order) {
    ++verdict_.checked;
    const auto entry = by_order_.find(order.id);
    const Documents found = entry == by_order_.end() ? Documents{} : entry->second;
    if (order.amazon_fulfilled && options_.fba != FbaDocuments::None)
        return judge_fba(order, found);
    const WorldOptions& world = world_.options();
    const ImportRule rule = import_rule(order, now_, world.go_live, world.start);
    if (found.size() > 1) doubled(order, found);
    switch (rule.import) {
        case Import::Required: judge_required(order, rule, found); return;
        case Import::Allowed:
            ++verdict_.left_out[rule.reason + (found.empty() ? "" : " (imported before)")];
            if (!found.empty() && rule.reason != "unknown_sku") {
                // What was closed tells what it was when it was closed: nobody owes it.
                if (!is_closed(*found.front())) check(order, *found.front());
                judge_cancelled(order, *found.front());
            }
            return;
        case Import::Forbidden:
            ++verdict_.left_out[rule.reason];
            refuse_all(order, found, rule.reason);
            return;
    }
}

/// Documents that claim to be Amazon's and stand for no order of this world.
void Judge::judge_strays() {
    for (const std::vector<NetSuiteSalesOrder>* list : {&documents_, &posting_})
        for (const NetSuiteSalesOrder& document : *list) {
            if (!document.external_id.starts_with("AMZ-") || !document.created_from.empty())
                continue;
            bool known = false;
            for (const std::string& id : orders_named_by(document))
                known |= world_.find(id) != nullptr;
            if (!known)
                problem("stray", "",
                        title_of(document.type) + " " + document.internal_id + " (" +
                            document.external_id + ") stands for no order of this world");
        }
}

/// One buyer, one customer: two made by the flows for the same address are one too many.
void Judge::judge_customers() {
    std::unordered_map<std::string, const NetSuiteCustomer*> by_email;
    for (const NetSuiteCustomer& customer : customers_) {
        if (customer.email.empty() || !customer.external_id.starts_with("AMZ-C-")) continue;
        const auto [found, first] =
            by_email.emplace(customer.email + "|" + customer.subsidiary, &customer);
        if (!first)
            problem("doubled_customer", "",
                    "customers " + found->second->internal_id + " and " + customer.internal_id +
                        " have the same e-mail");
    }
}

Verdict Judge::verdict() {
    index();
    verdict_.documents = documents_.size();
    for (const Order* order : world_.orders()) judge_order(*order);
    judge_strays();
    judge_customers();
    if (options_.fulfilled) {
        fulfilments_.finish();
        verdict_.fulfilments_required = fulfilments_.required;
        verdict_.fulfilments_right = fulfilments_.right;
        for (Problem& each : fulfilments_.problems) verdict_.problems.push_back(std::move(each));
    }
    verdict_.adds_up = verdict_.problems.empty();
    return std::move(verdict_);
}

}  // namespace

Verdict judge(const World& world, const NetSuiteView& netsuite, const VerdictOptions& options) {
    return Judge(world, netsuite, options).verdict();
}

Json Verdict::json() const {
    Json reasons = Json::object();
    for (const auto& [reason, count] : left_out) reasons.set(reason, count);
    Json stores = Json::object();
    for (const auto& [code, count] : imported_by_marketplace) stores.set(code, count);
    Json list = Json::array();
    for (const Problem& each : problems)
        list.push_back(Json::object(
            {{"code", each.code}, {"order_id", each.order_id}, {"message", each.message}}));
    return Json::object({{"adds_up", adds_up},
                         {"checked", checked},
                         {"required", required},
                         {"imported", imported},
                         {"in_flight", in_flight},
                         {"documents", documents},
                         {"fba_required", fba_required},
                         {"fba_imported", fba_imported},
                         {"fulfilments_required", fulfilments_required},
                         {"fulfilments_right", fulfilments_right},
                         {"left_out", std::move(reasons)},
                         {"imported_by_marketplace", std::move(stores)},
                         {"problems", std::move(list)}});
}

std::string Verdict::text() const {
    std::string text = adds_up ? "The world adds up.\n" : "The world does NOT add up.\n";
    text += "  " + std::to_string(checked) + " orders on Amazon, " + std::to_string(documents) +
            " sales orders in NetSuite\n";
    text += "  " + std::to_string(imported) + " of " + std::to_string(required) +
            " importable orders are there once, with the right total, lines, customer and "
            "subsidiary";
    std::string stores;
    for (const auto& [code, count] : imported_by_marketplace)
        stores += (stores.empty() ? "" : ", ") + code + " " + std::to_string(count);
    if (!stores.empty()) text += "\n    " + stores;
    text += "\n";
    if (fba_required > 0)
        text += "  " + std::to_string(fba_imported) + " of " + std::to_string(fba_required) +
                " documents of orders that Amazon ships are there and right\n";
    if (fulfilments_required > 0)
        text += "  " + std::to_string(fulfilments_right) + " of " +
                std::to_string(fulfilments_required) +
                " parcels that Amazon has shipped are fulfilled, unit by unit\n";
    if (in_flight > 0)
        text += "  " + std::to_string(in_flight) + " became importable only just now\n";
    for (const auto& [reason, count] : left_out)
        text += "  " + std::to_string(count) + " rightly left out: " + reason + "\n";
    constexpr std::size_t kShown = 20;
    for (std::size_t i = 0; i < std::min(problems.size(), kShown); ++i)
        text += "  ! " + problems[i].message + "\n";
    if (problems.size() > kShown)
        text += "  ! and " + std::to_string(problems.size() - kShown) + " more problems\n";
    return text;
}

}  // namespace carrick::sandbox
