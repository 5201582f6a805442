// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/proceeds.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <string_view>
#include <vector>

namespace carrick::plugins {

namespace {

constexpr std::array<std::string_view, 5> kCharges{"ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE",
                                                   "OTHER"};

// In the smallest unit: ten thousand million of a currency with cents.
constexpr Decimal::Coefficient kTooLarge = 1'000'000'000'000;

/// Sums that cannot fail: all amounts of one line are in one currency and far from the range's end.
Money operator+(const Money& a, const Money& b) {
    return a.plus(b).value();
}
Money operator-(const Money& a, const Money& b) {
    return a.minus(b).value();
}

using Amounts = std::map<std::string, Money, std::less<>>;

struct Stated {
    Amounts charges;           ///< by type, without TAX and DISCOUNT
    Amounts tax_details;       ///< by component, as given
    Amounts discount_details;  ///< by component, as given
    Money tax;
    Money discount;  ///< as given
    Money total;
};

/// A type that we do not know is part of the total all the same.
std::string known_charge(const std::string& type) {
    return std::find(kCharges.begin(), kCharges.end(), type) != kCharges.end() ? type : "OTHER";
}

void add_to(Amounts& amounts, const std::string& name, const Money& amount) {
    const auto [found, is_new] = amounts.try_emplace(name, amount);
    if (!is_new) found->second = found->second + amount;
}

Result<void> read_breakdown(const Json& breakdown, Currency currency, const std::string& where,
                            Stated& stated) {
    const std::string& type = breakdown["type"].text();
    Result<Money> subtotal = parse_money(breakdown["subtotal"], currency, where + ", " + type);
    if (!subtotal) return subtotal.error();
    if (type != "TAX" && type != "DISCOUNT") {
        add_to(stated.charges, known_charge(type), *subtotal);
        return {};
    }
    Money& sum = type == "TAX" ? stated.tax : stated.discount;
    sum = sum + *subtotal;
    for (const Json& detail : breakdown["detailedBreakdowns"].items()) {
        const std::string& subtype = detail["subtype"].text();
        Result<Money> value =
            parse_money(detail["value"], currency, where + ", " + type + "/" + subtype);
        if (!value) return value.error();
        add_to(type == "TAX" ? stated.tax_details : stated.discount_details,
               subtype == "DISCOUNT" ? subtype : known_charge(subtype), *value);
    }
    return {};
}

Result<Stated> read(const Json& proceeds, Currency currency, const std::string& where) {
    const Money zero = Money::zero(currency);
    Stated stated{{}, {}, {}, zero, zero, zero};
    if (!proceeds["proceedsTotal"].is_object())
        return rejected(
            "order.proceeds_missing",
            where +
                ": no proceedsTotal; the order was read without its amounts, or is still pending");
    Result<Money> total =
        parse_money(proceeds["proceedsTotal"], currency, where + ", proceedsTotal");
    if (!total) return total.error();
    stated.total = *total;
    for (const Json& breakdown : proceeds["breakdowns"].items())
        if (Result<void> done = read_breakdown(breakdown, currency, where, stated); !done)
            return done.error();
    // Amazon's own examples state a total alone where there is nothing to break down.
    if (proceeds["breakdowns"].empty()) stated.charges.try_emplace("ITEM", stated.total);
    return stated;
}

Money charges_of(const Stated& stated) {
    Money sum = Money::zero(stated.total.currency());
    for (const auto& [type, amount] : stated.charges) sum = sum + amount;
    return sum;
}

Error unbalanced(const Stated& stated, const std::string& where, const std::string& why) {
    return rejected("order.proceeds_unbalanced",
                    where + ": charges " + charges_of(stated).text() + ", tax " +
                        stated.tax.text() + ", discount " + stated.discount.text() +
                        ", proceedsTotal " + stated.total.text() + ": " + why +
                        "; compare the order with Seller Central and retry");
}

/// How the stated amounts are to be read.
struct Reading {
    bool gross = false;  ///< charges and discount include their tax
    Money discount;      ///< with the sign that it has in the total
    Money rounding;      ///< what is missing to the total
};

/// A discount takes off, whichever sign it is stated with; then net and gross differ by the tax, so
/// that at most one of them adds up. Only what is left is the plain sum that Amazon documents.
Result<Reading> choose_reading(const Stated& stated, const std::string& where,
                               const Decimal& max_rounding) {
    const Money charges = charges_of(stated);
    const Money off = stated.discount.absolute().negated();
    const auto reading = [&](bool gross, const Money& discount) {
        const Money sum = charges + discount;
        return Reading{gross, discount, stated.total - (gross ? sum : sum + stated.tax)};
    };
    const std::array readings{reading(false, off), reading(true, off),
                              reading(false, stated.discount)};
    const Reading& nearest =
        *std::min_element(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) {
            return a.rounding.absolute().amount() < b.rounding.absolute().amount();
        });
    if (nearest.rounding.absolute().amount() <= max_rounding) return nearest;
    return unbalanced(stated, where, "no reading adds up");
}

/// The tax of the charges and of the discount.
struct InsideTax {
    Amounts charges;
    Money discount;
};

/// No parts stated: one rate for charges and discount alike, to the last cent of the stated tax.
Result<InsideTax> tax_at_one_rate(const Stated& stated, const Money& discount,
                                  const std::string& where) {
    const Money taxed = charges_of(stated) + discount;
    if (taxed.is_zero() || taxed.is_negative())
        return unbalanced(stated, where, "there is nothing that the tax could be a part of");
    InsideTax inside{{}, Money::zero(taxed.currency())};
    Result<Decimal> product = stated.tax.amount().times(discount.amount());
    if (!product) return product.error();
    Result<Decimal> share = product->divided_by(taxed.amount(), taxed.currency().exponent());
    if (!share) return share.error();
    inside.discount = Money::of(*share, taxed.currency()).value();

    std::vector<std::string> names;
    std::vector<std::int64_t> weights;
    for (const auto& [type, amount] : stated.charges) {
        if (amount.is_zero() || amount.is_negative()) continue;
        names.push_back(type);
        weights.push_back(static_cast<std::int64_t>(amount.amount().coefficient()));
    }
    Result<std::vector<Money>> parts = (stated.tax - inside.discount).allocate(weights);
    if (!parts) return parts.error();
    for (std::size_t i = 0; i < names.size(); ++i) inside.charges.emplace(names[i], (*parts)[i]);
    return inside;
}

/// Tax of a component that the line has no charge for belongs to the goods.
Result<InsideTax> tax_as_stated(const Stated& stated, const Money& discount,
                                const std::string& where) {
    const Money zero = Money::zero(stated.total.currency());
    Amounts details = stated.tax_details;
    const auto sum = [&] {
        Money total = zero;
        for (const auto& [component, amount] : details) total = total + amount;
        return total;
    };
    if (sum() != stated.tax)
        if (const auto found = details.find("DISCOUNT"); found != details.end())
            found->second = found->second.absolute().negated();
    if (sum() != stated.tax)
        return unbalanced(stated, where, "the parts of the tax add up to " + sum().text());
    InsideTax inside{{}, zero};
    for (const auto& [component, amount] : details) {
        const auto charge = stated.charges.find(component);
        if (component == "DISCOUNT" && !discount.is_zero())
            inside.discount = amount;
        else if (charge != stated.charges.end() && !charge->second.is_zero())
            add_to(inside.charges, component, amount);
        else
            add_to(inside.charges, "ITEM", amount);
    }
    return inside;
}

Money find(const Amounts& amounts, std::string_view name, const Money& zero) {
    const auto found = amounts.find(name);
    return found == amounts.end() ? zero : found->second;
}

/// Takes the tax out of the charges and the discount.
Result<void> make_net(Stated& stated, Reading& reading, const InsideTax& inside,
                      const std::string& where) {
    Amounts net = stated.charges;
    for (const auto& [component, tax] : inside.charges) {
        if (tax.is_zero()) continue;
        const Money gross = find(stated.charges, component, Money::zero(tax.currency()));
        const Money rest = gross - tax;
        if (gross.is_zero() || (!rest.is_zero() && rest.is_negative() != gross.is_negative()))
            return unbalanced(stated, where,
                              "a tax of " + tax.text() + " inside " + component + " of " +
                                  gross.text() + " is more than that");
        net[component] = rest;
    }
    const Money discount = reading.discount - inside.discount;
    if (!discount.is_zero() && !discount.is_negative())
        return unbalanced(stated, where, "the tax of the discount is more than the discount");
    stated.charges = std::move(net);
    reading.discount = discount;
    return {};
}

/// The part of the discount that is stated as shipping's, net in the proportion of the whole.
Money shipping_part(const Stated& stated, const Money& net_discount) {
    const Money zero = Money::zero(net_discount.currency());
    const Money whole = stated.discount.absolute();
    Money shipping = find(stated.discount_details, "SHIPPING", zero).absolute();
    if (whole.is_zero() || shipping.is_zero()) return zero;
    if ((whole - shipping).is_negative()) shipping = whole;
    const std::array<std::int64_t, 2> weights{
        static_cast<std::int64_t>(shipping.amount().coefficient()),
        static_cast<std::int64_t>((whole - shipping).amount().coefficient())};
    return net_discount.allocate(weights).value().front();
}

/// Where the tax is beside the charges, its parts decide nothing about the amounts: parts that do
/// not add up are not worth an order, and the tax is spread at one rate.
Result<InsideTax> tax_beside(const Stated& stated, const Money& discount,
                             const std::string& where) {
    if (!stated.tax_details.empty())
        if (Result<InsideTax> told = tax_as_stated(stated, discount, where)) return told;
    if (Result<InsideTax> spread = tax_at_one_rate(stated, discount, where)) return spread;
    return InsideTax{{{"ITEM", stated.tax}}, Money::zero(stated.tax.currency())};
}

Result<InsideTax> tax_of(const Stated& stated, const Reading& reading, const std::string& where) {
    if (!reading.gross) return tax_beside(stated, reading.discount, where);
    return stated.tax_details.empty() ? tax_at_one_rate(stated, reading.discount, where)
                                      : tax_as_stated(stated, reading.discount, where);
}

/// What a promotion took off the tax lowers the tax of what the promotion was for.
TaxParts parts_of(const InsideTax& tax, const LineProceeds& line) {
    const Money zero = Money::zero(line.tax.currency());
    Money off_shipping = zero;
    const auto weight = [](const Money& discount) {
        return static_cast<std::int64_t>(discount.absolute().amount().coefficient());
    };
    const std::array<std::int64_t, 2> weights{weight(line.shipping_discount),
                                              weight(line.item_discount)};
    if (weights[0] != 0) off_shipping = tax.discount.allocate(weights).value().front();
    return {find(tax.charges, "ITEM", zero) + (tax.discount - off_shipping),
            find(tax.charges, "SHIPPING", zero) + off_shipping,
            find(tax.charges, "GIFT_WRAP", zero), find(tax.charges, "COD_FEE", zero),
            find(tax.charges, "OTHER", zero)};
}

}  // namespace

TaxParts TaxParts::none(Currency currency) {
    const Money zero = Money::zero(currency);
    return {zero, zero, zero, zero, zero};
}

LineProceeds LineProceeds::none(Currency currency) {
    const Money zero = Money::zero(currency);
    return {zero, zero, zero, zero, zero, zero, zero, zero, zero, TaxParts::none(currency), zero};
}

Result<Money> parse_money(const Json& money, Currency currency, const std::string& where) {
    const Json& amount = money["amount"];
    const std::string& code = money["currencyCode"].text();
    if (!amount.is_string() || code.empty())
        return rejected("order.amount",
                        where + ": expected {\"amount\": \"19.99\", \"currencyCode\": \"USD\"}");
    if (code != currency.code())
        return rejected("order.currency",
                        where + ": " + code + " in an order in " + std::string(currency.code()));
    Result<Money> value = Money::parse(amount.text(), currency);
    if (!value) {
        Error error = value.error();
        error.message = where + ": " + error.message;
        return error;
    }
    // Sums of any number of such amounts stay far inside Money's range.
    const Decimal::Coefficient units = value->absolute().amount().coefficient();
    if (units >= kTooLarge)
        return rejected("order.amount",
                        where + ": " + value->text() + " is too large to be an amount of an order");
    return value;
}

Result<LineProceeds> parse_line_proceeds(const Json& proceeds, Currency currency,
                                         const std::string& where, const Decimal& max_rounding) {
    Result<Stated> stated = read(proceeds, currency, where);
    if (!stated) return stated.error();
    Result<Reading> reading = choose_reading(*stated, where, max_rounding);
    if (!reading) return reading.error();
    Result<InsideTax> tax = tax_of(*stated, *reading, where);
    if (!tax) return tax.error();
    if (reading->gross)
        if (Result<void> net = make_net(*stated, *reading, *tax, where); !net) return net.error();

    const Money zero = Money::zero(currency);
    LineProceeds result;
    result.item = find(stated->charges, "ITEM", zero);
    result.shipping = find(stated->charges, "SHIPPING", zero);
    result.gift_wrap = find(stated->charges, "GIFT_WRAP", zero);
    result.cod_fee = find(stated->charges, "COD_FEE", zero);
    result.other = find(stated->charges, "OTHER", zero);
    result.shipping_discount = shipping_part(*stated, reading->discount);
    result.item_discount = reading->discount - result.shipping_discount;
    result.tax = stated->tax;
    result.total = stated->total;
    result.tax_parts = parts_of(*tax, result);
    result.rounding = reading->rounding;
    assert(result.net() + result.tax + result.rounding == result.total);
    return result;
}

Money LineProceeds::net() const {
    return item + shipping + gift_wrap + cod_fee + other + item_discount + shipping_discount;
}

}  // namespace carrick::plugins
