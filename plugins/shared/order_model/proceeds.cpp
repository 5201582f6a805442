// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/proceeds.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace carrick::plugins {

namespace {

constexpr std::array<std::string_view, 5> kCharges{"ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE",
                                                   "OTHER"};

/// Sums that cannot fail: all amounts of one line are in one currency and far from the range's end.
Money operator+(const Money& a, const Money& b) {
    return a.plus(b).value();
}
Money operator-(const Money& a, const Money& b) {
    return a.minus(b).value();
}

struct Stated {
    std::map<std::string, Money, std::less<>> charges;      ///< by type, without TAX and DISCOUNT
    std::map<std::string, Money, std::less<>> tax_details;  ///< by component
    std::map<std::string, Money, std::less<>> discount_details;  ///< by component, as given
    Money tax;
    Money discount;  ///< as given
    Money total;
};

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

    for (const Json& breakdown : proceeds["breakdowns"].items()) {
        const std::string& type = breakdown["type"].text();
        Result<Money> subtotal = parse_money(breakdown["subtotal"], currency, where + ", " + type);
        if (!subtotal) return subtotal.error();
        auto& details = type == "TAX" ? stated.tax_details : stated.discount_details;
        if (type == "TAX")
            stated.tax = stated.tax + *subtotal;
        else if (type == "DISCOUNT")
            stated.discount = stated.discount + *subtotal;
        else {
            // A type we do not know is part of the total all the same.
            const bool known = std::find(kCharges.begin(), kCharges.end(), type) != kCharges.end();
            Money& charge = stated.charges.try_emplace(known ? type : "OTHER", zero).first->second;
            charge = charge + *subtotal;
            continue;
        }
        for (const Json& detail : breakdown["detailedBreakdowns"].items()) {
            const std::string& subtype = detail["subtype"].text();
            Result<Money> value =
                parse_money(detail["value"], currency, where + ", " + type + "/" + subtype);
            if (!value) return value.error();
            Money& sum = details.try_emplace(subtype, zero).first->second;
            sum = sum + *value;
        }
    }
    // Amazon's own examples state a total alone where there is nothing to break down.
    if (proceeds["breakdowns"].empty()) stated.charges.try_emplace("ITEM", stated.total);
    return stated;
}

/// How the stated amounts are to be read.
struct Reading {
    bool gross = false;     ///< charges and discount include their tax
    bool negative = false;  ///< the discount is stated as a positive number to be taken off
};

Money charges_of(const Stated& stated) {
    Money sum = Money::zero(stated.total.currency());
    for (const auto& [type, amount] : stated.charges) sum = sum + amount;
    return sum;
}

Result<Reading> choose_reading(const Stated& stated, const std::string& where) {
    const Money charges = charges_of(stated);
    const Money minus = stated.discount.absolute().negated();
    std::vector<Reading> fits;
    for (const bool gross : {false, true}) {
        if (gross && stated.tax.is_zero()) continue;
        for (const bool negative : {false, true}) {
            if (negative && minus == stated.discount) continue;
            const Money sum = charges + (negative ? minus : stated.discount) +
                              (gross ? Money::zero(charges.currency()) : stated.tax);
            if (sum == stated.total) fits.push_back({gross, negative});
        }
    }
    if (fits.size() == 1) return fits.front();
    const std::string figures = where + ": charges " + charges.text() + ", tax " +
                                stated.tax.text() + ", discount " + stated.discount.text() +
                                ", proceedsTotal " + stated.total.text();
    if (fits.empty())
        return rejected(
            "order.proceeds_unbalanced",
            figures + ": no reading adds up; compare the order with Seller Central and retry");
    return rejected(
        "order.proceeds_ambiguous",
        figures + ": two different readings add up; compare the order with Seller Central");
}

/// The tax of each component, adding up to the stated tax to the last cent.
Result<std::map<std::string, Money, std::less<>>> tax_by_component(const Stated& stated,
                                                                   const std::string& where) {
    const Money zero = Money::zero(stated.total.currency());
    std::map<std::string, Money, std::less<>> taxes = stated.tax_details;
    const auto sum = [&] {
        Money total = zero;
        for (const auto& [component, amount] : taxes) total = total + amount;
        return total;
    };
    if (!taxes.empty() && sum() != stated.tax)
        if (const auto discount = taxes.find("DISCOUNT"); discount != taxes.end())
            discount->second = discount->second.absolute().negated();
    if (!taxes.empty()) {
        if (sum() == stated.tax) return taxes;
        return rejected("order.proceeds_unbalanced",
                        where + ": the parts of its tax add up to " + sum().text() +
                            ", the tax says " + stated.tax.text() +
                            "; compare the order with Seller Central and retry");
    }
    // No parts stated: in proportion to the charges, by largest remainder.
    std::vector<std::string> names;
    std::vector<std::int64_t> weights;
    for (const auto& [type, amount] : stated.charges) {
        names.push_back(type);
        weights.push_back(static_cast<std::int64_t>(amount.absolute().amount().coefficient()));
    }
    if (stated.tax.is_zero() || charges_of(stated).is_zero()) return taxes;
    Result<std::vector<Money>> parts = stated.tax.allocate(weights);
    if (!parts) return parts.error();
    for (std::size_t i = 0; i < names.size(); ++i) taxes.emplace(names[i], (*parts)[i]);
    return taxes;
}

Money find(const std::map<std::string, Money, std::less<>>& amounts, std::string_view name,
           const Money& zero) {
    const auto found = amounts.find(name);
    return found == amounts.end() ? zero : found->second;
}

}  // namespace

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
    return value;
}

Result<LineProceeds> parse_line_proceeds(const Json& proceeds, Currency currency,
                                         const std::string& where) {
    Result<Stated> stated = read(proceeds, currency, where);
    if (!stated) return stated.error();
    Result<Reading> reading = choose_reading(*stated, where);
    if (!reading) return reading.error();
    Result<std::map<std::string, Money, std::less<>>> taxes = tax_by_component(*stated, where);
    if (!taxes) return taxes.error();

    const Money zero = Money::zero(currency);
    const auto net = [&](std::string_view component) {
        const Money charge = find(stated->charges, component, zero);
        return reading->gross ? charge - find(*taxes, component, zero) : charge;
    };
    LineProceeds result;
    result.item = net("ITEM");
    result.shipping = net("SHIPPING");
    result.gift_wrap = net("GIFT_WRAP");
    result.cod_fee = net("COD_FEE");
    result.other = net("OTHER");
    result.tax = stated->tax;
    result.total = stated->total;

    Money discount = reading->negative ? stated->discount.absolute().negated() : stated->discount;
    if (reading->gross) discount = discount - find(*taxes, "DISCOUNT", zero);
    // Only the part that is stated as shipping's is taken off shipping; its tax share stays with
    // the item's part, so that both still add up.
    Money shipping = find(stated->discount_details, "SHIPPING", zero);
    if (discount.is_negative()) shipping = shipping.absolute().negated();
    result.shipping_discount = shipping;
    result.item_discount = discount - shipping;
    return result;
}

}  // namespace carrick::plugins
