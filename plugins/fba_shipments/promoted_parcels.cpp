// SPDX-License-Identifier: Apache-2.0
#include "plugins/fba_shipments/promoted_parcels.hpp"

#include "plugins/shared/order_model/proceeds.hpp"

namespace carrick::plugins {

namespace {

/// What promotions take off, as positive amounts.
struct Off {
    Money goods;
    Money shipping;
};

/// As the amounts are stated; what is not said to be shipping's is the goods'.
Result<Off> stated_off(const Json& proceeds, Currency currency, const std::string& where) {
    Off off{Money::zero(currency), Money::zero(currency)};
    for (const Json& part : proceeds["breakdowns"].items()) {
        if (part["type"].text() != "DISCOUNT") continue;
        const Result<Money> whole = parse_money(part["subtotal"], currency, where);
        if (!whole) return whole.error();
        for (const Json& detail : part["detailedBreakdowns"].items()) {
            if (detail["subtype"].text() != "SHIPPING") continue;
            const Result<Money> shipping = parse_money(detail["value"], currency, where);
            if (!shipping) return shipping.error();
            off.shipping = off.shipping.plus(shipping->absolute()).value();
        }
        off.goods = off.goods.plus(whole->absolute()).value();
    }
    off.goods = off.goods.minus(off.shipping).value();
    return off;
}

Result<Money> stated_charge(const Json& proceeds, std::string_view type, Currency currency,
                            const std::string& where) {
    Money charge = Money::zero(currency);
    for (const Json& part : proceeds["breakdowns"].items()) {
        if (part["type"].text() != type) continue;
        const Result<Money> amount = parse_money(part["subtotal"], currency, where);
        if (!amount) return amount.error();
        charge = charge.plus(*amount).value();
    }
    return charge;
}

/// The tax that an order's promotions took, where it states one.
Result<Money> stated_tax_off(const Json& proceeds, Currency currency, const std::string& where) {
    Money tax = Money::zero(currency);
    for (const Json& part : proceeds["breakdowns"].items())
        for (const Json& detail : part["detailedBreakdowns"].items()) {
            if (part["type"].text() != "TAX" || detail["subtype"].text() != "DISCOUNT") continue;
            const Result<Money> amount = parse_money(detail["value"], currency, where);
            if (!amount) return amount.error();
            tax = tax.plus(amount->absolute()).value();
        }
    return tax;
}

/// One order item's promotions, without the tax that they took and with it. Exact, so that shares
/// of them can be compared to the cent.
struct Promotions {
    Decimal goods_without;
    Decimal goods_with;
    Decimal shipping_without;
    Decimal shipping_with;
};

constexpr int kDigits = 8;

Result<Promotions> promotions_of(const Json& proceeds, Currency currency,
                                 const std::string& where) {
    const Result<Off> stated = stated_off(proceeds, currency, where);
    if (!stated) return stated.error();
    const Result<LineProceeds> line = parse_line_proceeds(proceeds, currency, where, Decimal());
    if (!line) return line.error();
    const Decimal goods = line->item_discount.absolute().amount();
    const Decimal shipping = line->shipping_discount.absolute().amount();
    const Decimal net = goods.plus(shipping).value();
    if (stated->goods.amount().plus(stated->shipping.amount()).value() != net)
        return Promotions{goods, stated->goods.amount(), shipping, stated->shipping.amount()};
    // Stated without it: the order tells the tax beside, else it is at the rate of what was paid.
    const Result<Money> beside = stated_tax_off(proceeds, currency, where);
    if (!beside) return beside.error();
    const bool told = !beside->is_zero();
    const Decimal tax = told ? beside->amount() : line->tax.amount();
    const Decimal base = told ? net : line->net().amount();
    const auto with_tax = [&](const Decimal& off) {
        const Result<Decimal> product = off.times(tax);
        if (!product || base.is_zero()) return off;
        const Result<Decimal> part = product->divided_by(base, kDigits);
        return part ? off.plus(*part).value_or(off) : off;
    };
    return Promotions{goods, with_tax(goods), shipping, with_tax(shipping)};
}

Decimal distance(const Decimal& a, const Decimal& b) {
    return a.minus(b).value_or(Decimal()).absolute();
}

/// What a parcel's row says of one kind of promotion, and what the whole order item does.
struct Question {
    const char* what;
    Money charge;
    Money stated;
    Decimal without;  ///< of the whole order item
    Decimal with;
    std::int64_t units;
    std::int64_t ordered;
};

/// Stated with its tax, to the cent: nothing is left of the charge, or all of the promotion is in
/// this parcel, or its share by units within a cent a unit, and nearer to that than to the share
/// without tax.
bool holds_its_tax(const Question& asked) {
    if (asked.stated.is_zero() || asked.stated == asked.charge) return true;
    const Decimal stated = asked.stated.amount();
    const int digits = asked.stated.currency().exponent();
    if (asked.with.rounded(digits).value_or(Decimal()) == stated) return true;
    // All multiplied by the ordered units, which a division would round.
    const Decimal mine = stated.times(Decimal(asked.ordered)).value_or(Decimal());
    const auto share = [&](const Decimal& whole) {
        return whole.times(Decimal(asked.units)).value_or(Decimal());
    };
    const Decimal cent = Decimal::from_parts(1, digits).value_or(Decimal());
    const Decimal allowed = share(cent).times(Decimal(asked.ordered)).value_or(Decimal());
    const Decimal off = distance(mine, share(asked.with));
    if (allowed < off) return false;
    return asked.with == asked.without || off < distance(mine, share(asked.without));
}

Error not_told(const Question& asked, const std::string& where) {
    return rejected(
        "report.promotion",
        where + ": the report states a promotion of " + asked.stated.text() + " on the " +
            asked.what + ", which is not the share of " + std::to_string(asked.units) + " of " +
            std::to_string(asked.ordered) +
            " units in the order's promotion with the tax it took off, so the parcel's amounts "
            "are not known to the cent; enter this parcel by hand, or import such orders as a "
            "whole (per: order)",
        std::string_view(asked.what) == "goods" ? "item-promotion-discount"
                                                : "ship-promotion-discount");
}

}  // namespace

Result<void> settle_promotion(Json& parcel_item, const Json& order_item, const std::string& where) {
    const Json& mine = parcel_item["proceeds"];
    const Result<Currency> currency = Currency::parse(mine["proceedsTotal"]["currencyCode"].text());
    if (!currency) return currency.error();
    const Result<Off> stated = stated_off(mine, *currency, where);
    if (!stated) return stated.error();
    if (stated->goods.is_zero() && stated->shipping.is_zero()) return {};
    const std::int64_t units = parcel_item["quantityOrdered"].integer_if().value_or(0);
    const std::int64_t ordered = order_item["quantityOrdered"].integer_if().value_or(0);
    if (units == ordered) {
        parcel_item.set("proceeds", order_item["proceeds"]);
        return {};
    }
    const Result<Promotions> whole = promotions_of(order_item["proceeds"], *currency, where);
    if (!whole) return whole.error();
    const Result<Money> goods = stated_charge(mine, "ITEM", *currency, where);
    const Result<Money> shipping = stated_charge(mine, "SHIPPING", *currency, where);
    if (!goods) return goods.error();
    if (!shipping) return shipping.error();
    for (const Question& asked :
         {Question{"goods", *goods, stated->goods, whole->goods_without, whole->goods_with, units,
                   ordered},
          Question{"shipping", *shipping, stated->shipping, whole->shipping_without,
                   whole->shipping_with, units, ordered}})
        if (!holds_its_tax(asked)) return not_told(asked, where);
    return {};
}

}  // namespace carrick::plugins
