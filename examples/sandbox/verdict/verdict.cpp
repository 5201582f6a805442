// SPDX-License-Identifier: Apache-2.0
// Every order of the world against every sales order of NetSuite.
#include "examples/sandbox/verdict/verdict.hpp"

#include "examples/sandbox/verdict/document_check.hpp"

#include <unordered_map>
#include <unordered_set>

namespace carrick::sandbox {
namespace {

using Documents = std::vector<const NetSuiteSalesOrder*>;

/// The Amazon order ids that a document could be meant for.
std::vector<std::string> orders_named_by(const NetSuiteSalesOrder& document) {
    std::unordered_set<std::string> ids;
    if (document.external_id.starts_with("AMZ-SO-")) {
        const std::size_t account_end = document.external_id.find('-', 7);
        if (account_end != std::string::npos)
            ids.insert(document.external_id.substr(account_end + 1));
    }
    if (!document.other_ref_num.empty()) ids.insert(document.other_ref_num);
    if (!document.marketplace_order_id.empty()) ids.insert(document.marketplace_order_id);
    return {ids.begin(), ids.end()};
}

class Judge {
public:
    Judge(const World& world, const NetSuiteView& netsuite, const VerdictOptions& options)
        : world_(world),
          options_(options),
          now_(world.now()),
          documents_(netsuite.sales_orders()),
          customers_(netsuite.customers()) {}

    Verdict verdict();

private:
    void index();
    void judge_order(const Order& order);
    void judge_required(const Order& order, const ImportRule& rule, const Documents& found);
    void judge_strays();
    void judge_customers();
    bool check(const Order& order, const NetSuiteSalesOrder& document);
    void problem(std::string code, const std::string& order_id, const std::string& message) {
        verdict_.problems.push_back({std::move(code), order_id, message});
    }

    const World& world_;
    VerdictOptions options_;
    UtcTime now_;
    std::vector<NetSuiteSalesOrder> documents_;
    std::vector<NetSuiteCustomer> customers_;
    std::unordered_map<std::string, Documents> by_order_;
    std::unordered_map<std::string, const NetSuiteCustomer*> customer_by_id_;
    Verdict verdict_;
};

void Judge::index() {
    for (const NetSuiteSalesOrder& document : documents_)
        for (const std::string& id : orders_named_by(document)) by_order_[id].push_back(&document);
    for (const NetSuiteCustomer& customer : customers_)
        customer_by_id_.emplace(customer.internal_id, &customer);
}

bool Judge::check(const Order& order, const NetSuiteSalesOrder& document) {
    const auto customer = customer_by_id_.find(document.entity);
    std::vector<Problem> found =
        check_document(order, truth_of(order), document,
                       customer == customer_by_id_.end() ? nullptr : customer->second, options_);
    const bool right = found.empty();
    for (Problem& each : found) verdict_.problems.push_back(std::move(each));
    return right;
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
    const WorldOptions& world = world_.options();
    const ImportRule rule = import_rule(order, now_, world.go_live, world.start);
    if (found.size() > 1) {
        std::string ids;
        for (const NetSuiteSalesOrder* document : found)
            ids += (ids.empty() ? "" : ", ") + document->internal_id;
        problem("doubled", order.id,
                "order " + order.id + " is in NetSuite " + std::to_string(found.size()) +
                    " times: sales orders " + ids);
    }
    switch (rule.import) {
        case Import::Required: judge_required(order, rule, found); return;
        case Import::Allowed:
            ++verdict_.left_out[rule.reason + (found.empty() ? "" : " (imported before)")];
            if (!found.empty() && rule.reason != "unknown_sku") check(order, *found.front());
            return;
        case Import::Forbidden:
            ++verdict_.left_out[rule.reason];
            if (!found.empty())
                problem("forbidden", order.id,
                        "order " + order.id + " is in NetSuite (sales order " +
                            found.front()->internal_id + ") although it is " + rule.reason);
            return;
    }
}

/// Documents that claim to be Amazon's and stand for no order of this world.
void Judge::judge_strays() {
    for (const NetSuiteSalesOrder& document : documents_) {
        if (!document.external_id.starts_with("AMZ-")) continue;
        bool known = false;
        for (const std::string& id : orders_named_by(document)) known |= world_.find(id) != nullptr;
        if (!known)
            problem("stray", "",
                    "sales order " + document.internal_id + " (" + document.external_id +
                        ") stands for no order of this world");
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
