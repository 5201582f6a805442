// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/item_rows.hpp"

#include "plugins/shared/amazon_reports/order_body.hpp"
#include "plugins/shared/amazon_reports/row_values.hpp"

#include <tuple>

namespace carrick::plugins {

namespace {

struct Charge {
    std::string_view type;
    std::string_view price;
    std::string_view tax;
    std::string_view price_without_tax;  // only in some reports
};
constexpr std::array kColumns{
    Charge{"ITEM", "item-price", "item-tax", "vat-exclusive-item-price"},
    Charge{"SHIPPING", "shipping-price", "shipping-tax", "vat-exclusive-shipping-price"},
    Charge{"GIFT_WRAP", "gift-wrap-price", "gift-wrap-tax", "vat-exclusive-giftwrap-price"},
};

Money operator+(const Money& a, const Money& b) {
    return a.plus(b).value();
}

}  // namespace

Result<void> ItemRows::add(const ParsedRow& row, std::string_view quantity_column,
                           bool prices_include_tax) {
    const Result<std::optional<std::int64_t>> quantity = count_in(row, quantity_column);
    if (!quantity) return quantity.error();
    if (quantity->has_value()) {
        // A line with several promotions is repeated with its promotion alone; one that repeats its
        // quantity too would count twice.
        quantity_ += **quantity;
        describe(row);
    }
    static_assert(kColumns.size() == kCharges);
    for (std::size_t i = 0; i < kCharges; ++i) {
        const Charge& charge = kColumns[i];
        const Result<std::optional<Money>> price = amount_in(row, charge.price, currency_);
        const Result<std::optional<Money>> tax = amount_in(row, charge.tax, currency_);
        const Result<std::optional<Money>> net =
            amount_in(row, charge.price_without_tax, currency_);
        if (!price) return price.error();
        if (!tax) return tax.error();
        if (!net) return net.error();
        const Money stated = price->value_or(Money::zero(currency_));
        const Money part = tax->value_or(Money::zero(currency_));
        charges_[i] = charges_[i] + stated;
        taxes_[i] = taxes_[i] + part;
        tax_ = tax_ + part;
        // The report itself tells, where it states the price without tax beside the price.
        if (part.is_zero()) continue;
        const bool stated_without = net->has_value() && !(*net)->is_zero();
        taxes_inside_ = stated_without ? **net != stated : prices_include_tax;
    }
    return add_discounts(row);
}

Result<void> ItemRows::add_discounts(const ParsedRow& row) {
    for (const auto& [column, id_column, sum] :
         {std::tuple<std::string_view, std::string_view, Money*>{"item-promotion-discount",
                                                                 "item-promotion-id", &discount_},
          {"ship-promotion-discount", "ship-promotion-id", &ship_discount_}}) {
        const Result<std::optional<Money>> amount = amount_in(row, column, currency_);
        if (!amount) return amount.error();
        // Some variants state it negative, some positive; it always takes off.
        if (*amount) *sum = *sum + (*amount)->absolute();
        if (const std::string_view id = row.get(id_column); !id.empty())
            promotions_.emplace_back(id);
    }
    return {};
}

void ItemRows::describe(const ParsedRow& row) {
    sku_ = row.get("sku");
    asin_ = row.get("asin");
    title_ = row.get("product-name");
    gift_message_ = row.get("gift-message-text");
    gift_wrap_level_ = row.get("gift-wrap-type");
    ioss_ = row.get("ioss-number");
    const std::string_view model = row.get("tax-collection-model");
    facilitator_ = amazon::detail::same_ascii(model, "MarketplaceFacilitator") ||
                   amazon::detail::same_ascii(model, "MARKETPLACE_FACILITATOR");
    collection_stated_ = facilitator_;
}

Money ItemRows::total() const {
    Money total =
        charges_[0] + charges_[1] + charges_[2] + discount_.negated() + ship_discount_.negated();
    return taxes_inside_ ? total : total + tax_;
}

/// Tax inside a price is stated as what is left after the promotion, so the price before it holds
/// more, at the same rate: by as much as the promotion takes off again.
Money ItemRows::discount_tax(std::size_t charge, const Money& discount) const {
    const Money zero = Money::zero(currency_);
    const Money left = charges_[charge] + discount.negated();
    if (!taxes_inside_ || discount.is_zero() || left.is_zero() || left.is_negative()) return zero;
    const Result<Decimal> product = taxes_[charge].amount().times(discount.amount());
    if (!product) return zero;
    const Result<Decimal> share = product->divided_by(left.amount(), currency_.exponent());
    return share ? Money::of(*share, currency_).value() : zero;
}

Json ItemRows::json(TaxCollection collection) const {
    Json breakdowns = Json::array();
    Json tax_details = Json::array();
    const std::array<Money, kCharges> off_tax{
        discount_tax(0, discount_), discount_tax(1, ship_discount_), Money::zero(currency_)};
    for (std::size_t i = 0; i < kCharges; ++i) {
        if (i > 0 && charges_[i].is_zero() && taxes_[i].is_zero()) continue;
        breakdowns.push_back(
            Json::object({{"type", Json(kColumns[i].type)}, {"subtotal", money(charges_[i])}}));
        if (!taxes_[i].is_zero())
            tax_details.push_back(Json::object(
                {{"subtype", Json(kColumns[i].type)}, {"value", money(taxes_[i] + off_tax[i])}}));
    }
    if (const Money off = off_tax[0] + off_tax[1]; !off.is_zero())
        tax_details.push_back(
            Json::object({{"subtype", Json("DISCOUNT")}, {"value", money(off.negated())}}));
    if (!tax_.is_zero())
        breakdowns.push_back(Json::object({{"type", Json("TAX")},
                                           {"subtotal", money(tax_)},
                                           {"detailedBreakdowns", std::move(tax_details)}}));
    if (const Money off = discount_ + ship_discount_; !off.is_zero()) {
        Json details = Json::array();
        if (!discount_.is_zero())
            details.push_back(
                Json::object({{"subtype", Json("ITEM")}, {"value", money(discount_.negated())}}));
        if (!ship_discount_.is_zero())
            details.push_back(Json::object(
                {{"subtype", Json("SHIPPING")}, {"value", money(ship_discount_.negated())}}));
        breakdowns.push_back(Json::object({{"type", Json("DISCOUNT")},
                                           {"subtotal", money(off.negated())},
                                           {"detailedBreakdowns", std::move(details)}}));
    }
    Json product = Json::object({{"sellerSku", Json(sku_)}});
    set_text(product, "asin", asin_);
    set_text(product, "title", title_);
    Json item = Json::object({{"orderItemId", Json(id_)},
                              {"quantityOrdered", Json(quantity_)},
                              {"product", std::move(product)},
                              {"proceeds", Json::object({{"proceedsTotal", money(total())},
                                                         {"breakdowns", std::move(breakdowns)}})}});
    if (facilitator_ || (collection == TaxCollection::Facilitator && has_tax()))
        item.set("tax", Json::object({{"taxCollections",
                                       Json::array({Json::object(
                                           {{"model", Json("MARKETPLACE_FACILITATOR")}})})}}));
    if (!promotions_.empty()) {
        Json promotions = Json::array();
        for (const std::string& id : promotions_)
            promotions.push_back(Json::object({{"promotionId", Json(id)}}));
        item.set("promotion", Json::object({{"breakdowns", std::move(promotions)}}));
    }
    Json gift = Json::object();
    set_text(gift, "giftMessage", gift_message_);
    set_text(gift, "giftWrapLevel", gift_wrap_level_);
    Json fulfillment = Json::object();
    if (!gift.empty()) fulfillment.set("packing", Json::object({{"giftOption", std::move(gift)}}));
    if (!ioss_.empty())
        fulfillment.set(
            "shipping",
            Json::object({{"internationalShipping", Json::object({{"iossNumber", Json(ioss_)}})}}));
    if (!fulfillment.empty()) item.set("fulfillment", std::move(fulfillment));
    return item;
}

}  // namespace carrick::plugins
