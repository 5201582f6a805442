// SPDX-License-Identifier: Apache-2.0
#include "plugins/fba_shipments/promoted_parcels.hpp"

#include "plugins/shared/order_model/proceeds.hpp"

namespace carrick::plugins {

namespace {

Decimal distance(const Decimal& a, const Decimal& b) {
    const Decimal difference = a.minus(b).value_or(Decimal());
    return difference.is_negative() ? difference.negated() : difference;
}

/// What the rows of a parcel state as taken off, as a positive amount.
Result<Money> stated_discount(const Json& proceeds, Currency currency, const std::string& where) {
    for (const Json& part : proceeds["breakdowns"].items()) {
        if (part["type"].text() != "DISCOUNT") continue;
        Result<Money> off = parse_money(part["subtotal"], currency, where);
        return off ? Result<Money>(off->absolute()) : off;
    }
    return Money::zero(currency);
}

}  // namespace

Result<void> settle_promotion(Json& parcel_item, const Json& order_item, const std::string& where) {
    const std::string& code = parcel_item["proceeds"]["proceedsTotal"]["currencyCode"].text();
    const Result<Currency> currency = Currency::parse(code);
    if (!currency) return currency.error();
    const Result<Money> stated = stated_discount(parcel_item["proceeds"], *currency, where);
    if (!stated) return stated.error();
    if (stated->is_zero()) return {};
    const std::int64_t units = parcel_item["quantityOrdered"].integer_if().value_or(0);
    const std::int64_t ordered = order_item["quantityOrdered"].integer_if().value_or(0);
    if (units == ordered) {
        parcel_item.set("proceeds", order_item["proceeds"]);
        return {};
    }
    const Result<LineProceeds> whole =
        parse_line_proceeds(order_item["proceeds"], *currency, where, Decimal());
    if (!whole) return whole.error();
    const Decimal off =
        whole->item_discount.plus(whole->shipping_discount).value().absolute().amount();
    const Decimal net = whole->net().amount();
    // Both sides multiplied by what a division would round: ordered units, and the net amount.
    const Decimal mine = stated->amount().times(Decimal(ordered)).value_or(Decimal());
    const Decimal without = off.times(Decimal(units)).value_or(Decimal());
    const Result<Decimal> tax =
        net.is_zero() ? Result<Decimal>(Decimal())
                      : without.times(whole->tax.amount()).value_or(Decimal()).divided_by(net, 6);
    const Decimal with = without.plus(tax.value_or(Decimal())).value_or(without);
    if (distance(mine, with) <= distance(mine, without)) return {};
    return rejected("report.promotion",
                    where + ": the report states the promotion of " + stated->text() +
                        " without the tax it took off, and only " + std::to_string(units) + " of " +
                        std::to_string(ordered) +
                        " units are in this parcel, so its share of the tax is not known to the "
                        "cent; enter this parcel by hand, or import such orders as a whole (per: "
                        "order)",
                    "item-promotion-discount");
}

}  // namespace carrick::plugins
