// SPDX-License-Identifier: Apache-2.0
// Breakdowns. In the position "net" proceedsTotal is the sum of all subtotals; in the position
// "gross" the store's prices hold the tax already, TAX is there to be known and is not added again.
#include "examples/sandbox/amazon/proceeds.hpp"

#include "examples/sandbox/world/truth.hpp"

#include <array>

namespace carrick::sandbox {
namespace {

enum class Basis {
    NetPlusTax,    ///< ITEM net, TAX beside it, all subtotals add up
    GrossWithTax,  ///< ITEM gross, TAX for information
    GrossNoTax     ///< ITEM gross, no TAX at all
};

Basis basis_of(const OrderLine& line, const Marketplace& store, const OrderView& view) {
    if (!store.prices_include_tax) return Basis::NetPlusTax;
    // Where Amazon collects the tax it always knows it.
    if (view.vat_tax_absent && !line.facilitator) return Basis::GrossNoTax;
    return view.item_price_gross ? Basis::GrossWithTax : Basis::NetPlusTax;
}

struct Breakdown {
    std::string_view type;
    std::int64_t subtotal = 0;
    std::vector<std::pair<std::string_view, std::int64_t>> details{};
    bool counts = true;  ///< part of proceedsTotal
};

/// The breakdowns of one line, discounts as negative numbers.
std::vector<Breakdown> breakdowns_of(const OrderLine& line, Basis basis) {
    const auto shown = [&](const Amount& amount) {
        return basis == Basis::NetPlusTax ? amount.net : amount.gross();
    };
    std::vector<Breakdown> result{{"ITEM", shown(line.principal)}};
    if (!line.shipping.is_zero()) result.push_back({"SHIPPING", shown(line.shipping)});
    if (!line.gift_wrap.is_zero()) result.push_back({"GIFT_WRAP", shown(line.gift_wrap)});
    if (!line.cod_fee.is_zero()) result.push_back({"COD_FEE", shown(line.cod_fee)});

    const Amount discount = line.discount();
    if (!discount.is_zero()) {
        Breakdown off{"DISCOUNT", -shown(discount)};
        if (!line.item_discount.is_zero())
            off.details.emplace_back("ITEM", -shown(line.item_discount));
        if (!line.shipping_discount.is_zero())
            off.details.emplace_back("SHIPPING", -shown(line.shipping_discount));
        result.push_back(std::move(off));
    }
    if (basis == Basis::GrossNoTax) return result;

    Breakdown tax{"TAX", 0};
    tax.counts = basis == Basis::NetPlusTax;
    const auto add = [&](std::string_view subtype, std::int64_t value) {
        if (value == 0) return;
        tax.subtotal += value;
        tax.details.emplace_back(subtype, value);
    };
    add("ITEM", line.principal.tax);
    add("SHIPPING", line.shipping.tax);
    add("GIFT_WRAP", line.gift_wrap.tax);
    add("COD_FEE", line.cod_fee.tax);
    add("DISCOUNT", -discount.tax);
    if (!tax.details.empty()) result.push_back(std::move(tax));
    return result;
}

std::int64_t total_of(const std::vector<Breakdown>& breakdowns) {
    std::int64_t total = 0;
    for (const Breakdown& each : breakdowns)
        if (each.counts) total += each.subtotal;
    return total;
}

/// The sign that the switch gives to what a discount takes off.
std::int64_t signed_value(std::string_view type, std::int64_t value, const OrderView& view) {
    return type == "DISCOUNT" && view.discount_positive ? -value : value;
}

}  // namespace

Json money_json(std::int64_t smallest_units, std::string_view currency) {
    return Json::object(
        {{"amount", in_currency(smallest_units, currency).text()}, {"currencyCode", currency}});
}

Json item_proceeds_json(const OrderLine& line, const Marketplace& store, const OrderView& view) {
    const std::vector<Breakdown> breakdowns = breakdowns_of(line, basis_of(line, store, view));
    Json list = Json::array();
    for (const Breakdown& each : breakdowns) {
        Json breakdown =
            Json::object({{"type", each.type},
                          {"subtotal", money_json(signed_value(each.type, each.subtotal, view),
                                                  store.currency)}});
        for (const auto& [subtype, value] : each.details) {
            // A discount's tax carries the sign of the discount.
            const std::string_view sign_of = each.type == "DISCOUNT" ? each.type : subtype;
            breakdown.member("detailedBreakdowns")
                .push_back(Json::object(
                    {{"subtype", subtype},
                     {"value", money_json(signed_value(sign_of, value, view), store.currency)}}));
        }
        list.push_back(std::move(breakdown));
    }
    return Json::object({{"proceedsTotal", money_json(total_of(breakdowns), store.currency)},
                         {"breakdowns", std::move(list)}});
}

Json order_proceeds_json(const Order& order, const OrderView& view) {
    static constexpr std::array<std::string_view, 6> kTypes{"ITEM",    "SHIPPING", "GIFT_WRAP",
                                                            "COD_FEE", "TAX",      "DISCOUNT"};
    const std::string_view currency = order.marketplace->currency;
    std::array<std::int64_t, kTypes.size()> sums{};
    std::array<bool, kTypes.size()> present{};
    std::int64_t grand_total = order.delivery_tip;
    for (const OrderLine& line : order.lines) {
        if (line.cancelled) continue;
        const std::vector<Breakdown> breakdowns =
            breakdowns_of(line, basis_of(line, *order.marketplace, view));
        grand_total += total_of(breakdowns);
        for (const Breakdown& each : breakdowns)
            for (std::size_t i = 0; i < kTypes.size(); ++i)
                if (kTypes[i] == each.type) {
                    sums[i] += each.subtotal;
                    present[i] = true;
                }
    }
    Json list = Json::array();
    for (std::size_t i = 0; i < kTypes.size(); ++i)
        if (present[i])
            list.push_back(Json::object(
                {{"type", kTypes[i]},
                 {"subtotal", money_json(signed_value(kTypes[i], sums[i], view), currency)}}));
    if (order.delivery_tip != 0)
        list.push_back(Json::object({{"type", "DELIVERY_TIP"},
                                     {"status", "FINALIZED"},
                                     {"subtotal", money_json(order.delivery_tip, currency)}}));
    return Json::object(
        {{"grandTotal", money_json(grand_total, currency)}, {"breakdowns", std::move(list)}});
}

}  // namespace carrick::sandbox
