// SPDX-License-Identifier: Apache-2.0
// SuiteTax with and without override, and legacy tax that REST hardly reaches.
#include "examples/sandbox/netsuite/tax.hpp"

namespace carrick::sandbox::netsuite {

namespace {

Decimal sum(const Decimal& a, const Decimal& b) {
    return a.plus(b).value_or(a);
}

Decimal number(const Json& value) {
    return value.decimal_if().value_or(Decimal());
}

std::vector<Json>& lines_of(Record& order) {
    static std::vector<Json> none;
    Json* list = order.body.find("item");
    return list != nullptr ? *list->find("items")->items_if() : (none.clear(), none);
}

/// Σ of the sent details; each must belong to a line, or to shipping or handling.
Decimal overridden_tax(Record& order, int digits) {
    Decimal total;
    std::map<std::string, Decimal> by_reference;
    std::size_t index = 0;
    for (const Json& detail : order.body["taxDetails"]["items"].items()) {
        const std::string path = "taxDetails.items[" + std::to_string(index++) + "]";
        const std::string& reference = detail["taxDetailsReference"]["id"].text();
        bool known = reference == "SHIPPING" || reference == "HANDLING";
        for (const Json& line : lines_of(order))
            known =
                known || (!reference.empty() && line["taxDetailsReference"].text() == reference);
        if (!known)
            throw invalid_value(reference, "taxdetailsreference", path + ".taxDetailsReference");
        const Decimal amount = number(detail["taxAmount"]).rounded(digits).value_or(Decimal());
        by_reference[reference] = sum(by_reference[reference], amount);
        total = sum(total, amount);
    }
    for (Json& line : lines_of(order)) {
        const auto found = by_reference.find(line["taxDetailsReference"].text());
        line.set("taxAmount", found != by_reference.end() ? found->second : Decimal());
        if (found != by_reference.end()) by_reference.erase(found);
    }
    return total;
}

/// The tax code of the country an order of this subsidiary is taxed in.
const Record* nexus_code(const Record& order, const SaveContext& context) {
    std::string country = order.body["shippingAddress"]["country"]["id"].text();
    if (country.empty())
        if (const Record* subsidiary = context.store.find("subsidiary", order.ref("subsidiary")))
            country = subsidiary->body["country"].text();
    for (const auto& [id, code] : context.store.family("salesTaxItem"))
        if (code.body["country"].text() == country) return &code;
    return nullptr;
}

bool item_is_taxable(const Json& line, const SaveContext& context) {
    const Record* item = context.store.find("item", line["item"]["id"].text());
    if (item == nullptr) return false;
    const Record* schedule = context.store.find("taxSchedule", item->ref("taxSchedule"));
    return schedule == nullptr || schedule->is_true("taxable");
}

Decimal engine_tax(Record& order, int digits, bool writes_count, const SaveContext& context) {
    const Record* customer = context.store.find("entity", order.ref("entity"));
    const bool header_taxable =
        customer != nullptr && customer->body["taxable"].bool_if().value_or(true) &&
        !(writes_count && !order.body["isTaxable"].bool_if().value_or(true));
    const Record* code = nexus_code(order, context);
    const Decimal rate = code != nullptr && header_taxable ? number(code->body["rate"]) : Decimal();
    Decimal total;
    bool taxable = false;
    Json details = Json::array();
    for (Json& line : lines_of(order)) {
        // A discount line follows the line above it, also in tax.
        if (line["itemType"].text() != "Discount")
            taxable = item_is_taxable(line, context) &&
                      !(writes_count && !line["isTaxable"].bool_if().value_or(true));
        const Decimal percent = taxable ? rate : Decimal();
        const Decimal tax = number(line["amount"])
                                .times(percent)
                                .value_or(Decimal())
                                .divided_by(Decimal(100), digits)
                                .value_or(Decimal());
        line.set("taxAmount", tax);
        total = sum(total, tax);
        if (code == nullptr || tax.is_zero()) continue;
        const std::string reference = "LINE-" + *line["line"].number_if();
        line.set("taxDetailsReference", reference);
        details.push_back(
            Json::object({{"taxDetailsReference", Json::object({{"id", reference}})},
                          {"taxCode", Json::object({{"id", std::to_string(code->id)}})},
                          {"taxBasis", line["amount"]},
                          {"taxRate", rate},
                          {"taxAmount", tax}}));
    }
    if (details.empty())
        order.body.erase("taxDetails");
    else
        order.body.set("taxDetails", Json::object({{"items", std::move(details)}}));
    return total;
}

}  // namespace

Decimal compute_tax(Record& order, int digits, const SaveContext& context) {
    const std::string engine = context.switches.get("netsuite.tax_engine");
    const bool recompute = context.switches.is("netsuite.tax_recompute", "on");
    if (engine == "suitetax" && order.is_true("taxDetailsOverride"))
        return overridden_tax(order, digits);
    if (engine != "none" && recompute) {
        const bool writes_count =
            engine == "legacy" && context.switches.is("netsuite.legacy_tax_writes", "accepted");
        Decimal total = engine_tax(order, digits, writes_count, context);
        if (engine == "legacy") order.body.erase("taxDetails");
        return total;
    }
    for (Json& line : lines_of(order)) line.set("taxAmount", Decimal());
    order.body.erase("taxDetails");
    return {};
}

}  // namespace carrick::sandbox::netsuite
