// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/amazon_reports/order_rows.hpp"

#include "plugins/shared/amazon_reports/row_values.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

/// Where the two families of reports name the same thing differently.
struct Names {
    std::string_view order_id;
    std::string_view item_id;
    std::string_view quantity;
    std::string_view fulfilled_by;
    std::string_view status;
};
constexpr Names kOrderNames{"order-id", "order-item-id", "quantity-purchased", "MERCHANT",
                            "UNSHIPPED"};
constexpr Names kShipmentNames{"amazon-order-id", "amazon-order-item-id", "quantity-shipped",
                               "AMAZON", "SHIPPED"};

struct Charge {
    std::string_view type;
    std::string_view price;
    std::string_view tax;
    std::string_view price_without_tax;  // only in some reports
};
constexpr std::array kCharges{
    Charge{"ITEM", "item-price", "item-tax", "vat-exclusive-item-price"},
    Charge{"SHIPPING", "shipping-price", "shipping-tax", "vat-exclusive-shipping-price"},
    Charge{"GIFT_WRAP", "gift-wrap-price", "gift-wrap-tax", "vat-exclusive-giftwrap-price"},
};

Json money(const Money& amount) {
    return Json::object(
        {{"amount", Json(amount.amount_text())}, {"currencyCode", Json(amount.currency().code())}});
}

Money operator+(const Money& a, const Money& b) {
    return a.plus(b).value();
}

void set_text(Json& object, std::string_view member, std::string_view text) {
    if (!text.empty()) object.set(member, text);
}

/// What the rows of one order item add up to.
class ItemRows {
public:
    ItemRows(std::string id, Currency currency)
        : id_(std::move(id)),
          currency_(currency),
          discount_(Money::zero(currency)),
          ship_discount_(Money::zero(currency)),
          tax_(Money::zero(currency)) {
        charges_.fill(Money::zero(currency));
        taxes_.fill(Money::zero(currency));
    }

    /// Rows that carry a quantity are parts of the item; those that do not, further promotions.
    Result<void> add(const ParsedRow& row, const Names& names, bool prices_include_tax);
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] std::int64_t quantity() const { return quantity_; }
    [[nodiscard]] bool has_tax() const { return !tax_.is_zero(); }
    /// Whether a promotion is stated with the tax that it took or without is not the same in all
    /// reports, and cannot be seen in a row.
    [[nodiscard]] bool discount_unclear() const {
        return taxes_inside_ && !(discount_.is_zero() && ship_discount_.is_zero());
    }
    [[nodiscard]] bool sku_lost() const { return may_have_lost_letters(sku_); }
    [[nodiscard]] bool collection_stated() const { return collection_stated_; }
    [[nodiscard]] Money total() const;
    [[nodiscard]] Json json(TaxCollection collection) const;

private:
    Result<void> add_discounts(const ParsedRow& row);
    [[nodiscard]] Money discount_tax(std::size_t charge, const Money& discount) const;
    void describe(const ParsedRow& row);

    std::string id_;
    Currency currency_;
    std::array<Money, kCharges.size()> charges_{Money::zero(Currency()), Money::zero(Currency()),
                                                Money::zero(Currency())};
    std::array<Money, kCharges.size()> taxes_{Money::zero(Currency()), Money::zero(Currency()),
                                              Money::zero(Currency())};
    Money discount_;       // as much as it takes off, positive
    Money ship_discount_;  // likewise
    Money tax_;
    bool taxes_inside_ = false;
    bool facilitator_ = false;
    bool collection_stated_ = false;
    std::int64_t quantity_ = 0;
    std::string sku_;
    std::string asin_;
    std::string title_;
    std::string gift_message_;
    std::string gift_wrap_level_;
    std::string ioss_;
    std::vector<std::string> promotions_;
};

Result<void> ItemRows::add(const ParsedRow& row, const Names& names, bool prices_include_tax) {
    const Result<std::optional<std::int64_t>> quantity = count_in(row, names.quantity);
    if (!quantity) return quantity.error();
    if (quantity->has_value()) {
        // A line with several promotions is repeated with its promotion alone; one that repeats its
        // quantity too would count twice.
        quantity_ += **quantity;
        describe(row);
    }
    for (std::size_t i = 0; i < kCharges.size(); ++i) {
        const Charge& charge = kCharges[i];
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
    const std::array<Money, kCharges.size()> off_tax{
        discount_tax(0, discount_), discount_tax(1, ship_discount_), Money::zero(currency_)};
    for (std::size_t i = 0; i < kCharges.size(); ++i) {
        if (i > 0 && charges_[i].is_zero() && taxes_[i].is_zero()) continue;
        breakdowns.push_back(
            Json::object({{"type", Json(kCharges[i].type)}, {"subtotal", money(charges_[i])}}));
        if (!taxes_[i].is_zero())
            tax_details.push_back(Json::object(
                {{"subtype", Json(kCharges[i].type)}, {"value", money(taxes_[i] + off_tax[i])}}));
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

Json address_of(const ParsedRow& row) {
    Json address = Json::object();
    set_text(address, "name", row.get("recipient-name"));
    set_text(address, "addressLine1", row.get("ship-address-1"));
    set_text(address, "addressLine2", row.get("ship-address-2"));
    set_text(address, "addressLine3", row.get("ship-address-3"));
    set_text(address, "city", row.get("ship-city"));
    set_text(address, "stateOrRegion", row.get("ship-state"));
    set_text(address, "postalCode", row.get("ship-postal-code"));
    set_text(address, "countryCode", row.get("ship-country"));
    set_text(address, "phone", row.get("ship-phone-number"));
    return address;
}

Json buyer_of(const ParsedRow& row) {
    Json buyer = Json::object();
    set_text(buyer, "buyerName", row.get("buyer-name"));
    set_text(buyer, "buyerEmail", row.get("buyer-email"));
    set_text(buyer, "buyerCompanyName", row.get("buyer-company-name"));
    set_text(buyer, "buyerPurchaseOrderNumber", row.get("purchase-order-number"));
    return buyer;
}

struct RegistrationColumn {
    std::string_view column;
    std::string_view type;  // in the words of the Orders API
};
constexpr std::string_view kRegistrationId = "buyer-tax-registration-id";
// Older columns, each for one kind of number.
constexpr std::array kRegistrationColumns{RegistrationColumn{"buyer-vat-number", "VAT"},
                                          RegistrationColumn{"buyer-cst-number", "CST"}};

Json registration(std::string_view type, std::string_view number, std::string_view country) {
    Json one = Json::object({{"entityType", Json("BUYER")},
                             {"taxRegistrationType", Json(type)},
                             {"taxRegistrationNumber", Json(number)}});
    if (!country.empty()) one.set("address", Json::object({{"countryCode", Json(country)}}));
    return one;
}

/// The numbers under which the buyer is registered for tax, as far as their kind is told.
Json registrations_of(const ParsedRow& row) {
    Json all = Json::array();
    const std::string_view number = row.get(kRegistrationId);
    const std::string_view stated = row.get("buyer-tax-registration-type");
    const std::string_view type = amazon::detail::same_ascii(stated, "VAT") ? "VAT" : stated;
    const std::string_view country = row.get("buyer-tax-registration-country");
    if (!number.empty() && !type.empty()) all.push_back(registration(type, number, country));
    for (const RegistrationColumn& each : kRegistrationColumns) {
        const std::string_view own = row.get(each.column);
        if (own.empty() || (own == number && !type.empty())) continue;
        all.push_back(registration(each.type, own, own == number ? country : ""));
    }
    return all;
}

/// Whether the buyer may be registered for tax although the rows do not tell: a number of an
/// unknown kind; a business in a report without such columns; and, where not even that is told, an
/// order without tax in a European store, whose prices hold it unless the buyer owes it.
bool registration_open(const std::vector<ParsedRow>& rows, const Columns& columns,
                       const Json& registrations, bool untaxed, const amazon::Marketplace& store) {
    if (!registrations.empty()) return false;
    const auto filled = [](std::string_view column) {
        return [column](const ParsedRow& row) { return !row.get(column).empty(); };
    };
    if (std::ranges::any_of(rows, filled(kRegistrationId))) return true;
    if (columns.has(kRegistrationId) || columns.has(kRegistrationColumns[0].column)) return false;
    if (columns.has("is-business-order")) return flag_in(rows.front(), "is-business-order");
    return untaxed && store.prices_include_tax && store.region == amazon::Region::Europe;
}

/// A row's store: the one it names, else the one whose report this is; null for another channel.
const amazon::Marketplace* store_of(const ParsedRow& row, const amazon::Marketplace& store) {
    const std::string_view channel = row.get("sales-channel");
    return channel.empty() ? &store : amazon::marketplace_from_name(channel);
}

Result<std::vector<ItemRows>> items_of(const std::vector<ParsedRow>& rows, const Names& names,
                                       Currency currency, bool prices_include_tax) {
    std::vector<ItemRows> items;
    for (const ParsedRow& row : rows) {
        const std::string id(row.get(names.item_id));
        if (id.empty()) return row_error(row, names.item_id, "Amazon's id of the order item");
        auto item = std::ranges::find(items, id, &ItemRows::id);
        if (item == items.end()) item = items.emplace(items.end(), id, currency);
        if (const Result<void> added = item->add(row, names, prices_include_tax); !added)
            return added.error();
    }
    return items;
}

Result<Currency> currency_of(const std::vector<ParsedRow>& rows) {
    for (const ParsedRow& row : rows) {
        const std::string_view code = row.get("currency");
        if (code.empty()) continue;
        const Result<Currency> currency = Currency::parse(code);
        if (!currency) return row_error(row, "currency", "a code such as EUR");
        return currency;
    }
    return row_error(rows.front(), "currency", "a code such as EUR");
}

/// All that orders and shipments have in common.
Result<ReportedOrder> read_group(const RowGroup& group, const Columns& columns, const Names& names,
                                 const amazon::Marketplace& store, TaxCollection collection,
                                 std::vector<ParsedRow>& rows) {
    rows.reserve(group.rows.size());
    for (const OwnedRow& row : group.rows) {
        rows.emplace_back(row, columns);
        if (const Result<void> fits = rows.back().check(); !fits) return fits.error();
    }
    const ParsedRow& first = rows.front();

    ReportedOrder order;
    order.key = group.key;
    const amazon::Marketplace* own = store_of(first, store);
    order.amazon_channel = own != nullptr;
    order.marketplace = own != nullptr ? std::string(own->code) : std::string();
    const Result<std::optional<UtcTime>> created = time_in(first, "purchase-date");
    const Result<std::optional<UtcTime>> paid = time_in(first, "payments-date");
    if (!created) return created.error();
    if (!paid) return paid.error();
    if (!*created) return row_error(first, "purchase-date", "a time");
    order.event_time = **created;
    order.version = std::max(**created, paid->value_or(**created));
    if (!order.amazon_channel) return order;

    const Result<Currency> currency = currency_of(rows);
    if (!currency) return currency.error();
    const Result<std::vector<ItemRows>> items =
        items_of(rows, names, *currency, own->prices_include_tax);
    if (!items) return items.error();
    Money total = Money::zero(*currency);
    Json item_list = Json::array();
    bool untaxed = true;
    for (const ItemRows& item : *items) {
        total = total + item.total();
        item_list.push_back(item.json(collection));
        untaxed &= !item.has_tax();
        order.sku_lost |= item.sku_lost();
        order.amounts_missing |= item.discount_unclear();
        order.tax_collection_unknown |= collection == TaxCollection::Unknown && item.has_tax() &&
                                        !item.collection_stated() &&
                                        !columns.has("tax-collection-model");
    }
    order.body =
        Json::object({{"orderId", Json(first.get(names.order_id))},
                      {"createdTime", Json(order.event_time.text())},
                      {"lastUpdatedTime", Json(order.version.text())},
                      {"salesChannel", Json::object({{"channelName", Json("AMAZON")},
                                                     {"marketplaceId", Json(own->id)},
                                                     {"marketplaceName", Json(own->name)}})},
                      {"buyer", buyer_of(first)},
                      {"recipient", Json::object({{"deliveryAddress", address_of(first)}})},
                      {"proceeds", Json::object({{"grandTotal", money(total)}})},
                      {"fulfillment", Json::object({{"fulfillmentStatus", Json(names.status)},
                                                    {"fulfilledBy", Json(names.fulfilled_by)}})},
                      {"orderItems", std::move(item_list)}});
    Json registrations = Json::array();
    for (auto row = rows.begin(); row != rows.end() && registrations.empty(); ++row)
        registrations = registrations_of(*row);
    order.tax_id_unknown = registration_open(rows, columns, registrations, untaxed, *own);
    if (!registrations.empty())
        order.body.set("tax", Json::object({{"taxRegistrations", std::move(registrations)}}));
    return order;
}

void add_programs(Json& body, const ParsedRow& row) {
    Json programs = Json::array();
    if (flag_in(row, "is-business-order")) programs.push_back("AMAZON_BUSINESS");
    if (flag_in(row, "is-prime")) programs.push_back("PRIME");
    if (!programs.empty()) body.set("programs", std::move(programs));
    const std::string_view original = row.get("original-order-id");
    if (flag_in(row, "is-replacement-order") && !original.empty())
        body.set(
            "associatedOrders",
            Json::array({Json::object({{"orderId", Json(original)},
                                       {"associationType", Json("REPLACEMENT_ORIGINAL_ID")}})}));
}

/// No report names the fee that buyers in Japan pay for cash on delivery.
bool may_hold_a_cod_fee(const ParsedRow& row, const Columns& columns,
                        const std::string& marketplace) {
    const std::string_view method = row.get("payment-method-details");
    return method == "CashOnDelivery" || method == "COD" ||
           (marketplace == "JP" && !columns.has("payment-method-details"));
}

}  // namespace

bool may_have_lost_letters(std::string_view text) {
    // A mark of its own is possible too; then asking costs a call and changes nothing.
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    return text.find('?') != std::string_view::npos ||
           text.find(kReplacement) != std::string_view::npos;
}

Result<void> check_order_columns(const Columns& columns) {
    return columns.require({"order-id", "order-item-id", "purchase-date", "sku",
                            "quantity-purchased", "currency", "item-price", "item-tax",
                            "shipping-price", "shipping-tax"});
}

Result<void> check_shipment_columns(const Columns& columns) {
    return columns.require({"amazon-order-id", "shipment-id", "shipment-item-id",
                            "amazon-order-item-id", "purchase-date", "shipment-date", "sku",
                            "quantity-shipped", "currency", "item-price", "item-tax",
                            "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
                            "item-promotion-discount", "ship-promotion-discount"});
}

Result<ReportedOrder> order_from_rows(const RowGroup& group, const Columns& columns,
                                      const amazon::Marketplace& store, TaxCollection collection) {
    std::vector<ParsedRow> rows;
    Result<ReportedOrder> order = read_group(group, columns, kOrderNames, store, collection, rows);
    if (!order || !order->amazon_channel) return order;
    const ParsedRow& first = rows.front();
    const Result<std::optional<UtcTime>> ship_by = time_in(first, "latest-ship-date");
    if (!ship_by) return ship_by.error();
    order->amounts_missing |=
        !columns.has("item-promotion-discount") || !columns.has("ship-promotion-discount") ||
        !columns.has("gift-wrap-price") || may_hold_a_cod_fee(first, columns, order->marketplace);
    Json& fulfillment = order->body.member("fulfillment");
    if (*ship_by) {
        order->due = **ship_by;
        fulfillment.set("shipByWindow",
                        Json::object({{"latestDateTime", Json(order->due.text())}}));
    }
    set_text(fulfillment, "fulfillmentServiceLevel", first.get("ship-service-level"));
    add_programs(order->body, first);
    return order;
}

namespace {

/// Rows of a shipment may be reported one after the other: the last one makes the version.
Result<void> read_reporting(const std::vector<ParsedRow>& rows, ReportedOrder& shipment) {
    shipment.version = shipment.event_time;
    std::optional<UtcTime> first;
    bool all = true;
    for (const ParsedRow& row : rows) {
        const Result<std::optional<UtcTime>> reported = time_in(row, "reporting-date");
        if (!reported) return reported.error();
        all = all && *reported;
        if (!*reported) continue;
        shipment.version = std::max(shipment.version, **reported);
        first = std::min(first.value_or(**reported), **reported);
    }
    if (all && first) shipment.reported = *first;
    return {};
}

}  // namespace

Result<ReportedOrder> shipment_from_rows(const RowGroup& group, const Columns& columns,
                                         const amazon::Marketplace& store,
                                         TaxCollection collection) {
    std::vector<ParsedRow> rows;
    Result<ReportedOrder> order =
        read_group(group, columns, kShipmentNames, store, collection, rows);
    if (!order || !order->amazon_channel) return order;
    const ParsedRow& first = rows.front();
    const Result<std::optional<UtcTime>> shipped = time_in(first, "shipment-date");
    if (!shipped) return shipped.error();
    if (!*shipped) return row_error(first, "shipment-date", "a time");
    order->event_time = **shipped;
    if (const Result<void> read = read_reporting(rows, *order); !read) return read.error();
    order->body.set("lastUpdatedTime", order->version.text());

    Json items = Json::array();
    Json packages = Json::array();
    std::vector<std::string> seen;
    for (const ParsedRow& row : rows) {
        const Result<std::optional<std::int64_t>> quantity = count_in(row, "quantity-shipped");
        if (!quantity) return quantity.error();
        if (row.get("amazon-order-id") != first.get("amazon-order-id"))
            return row_error(row, "amazon-order-id", "the same order in all rows of a shipment");
        if (*quantity)
            items.push_back(Json::object({{"orderItemId", Json(row.get("amazon-order-item-id"))},
                                          {"shipmentItemId", Json(row.get("shipment-item-id"))},
                                          {"quantity", Json(**quantity)}}));
        const std::string tracking(row.get("tracking-number"));
        const std::string package = std::string(row.get("carrier")) + "\t" + tracking;
        if (tracking.empty() || std::ranges::find(seen, package) != seen.end()) continue;
        seen.push_back(package);
        packages.push_back(Json::object(
            {{"carrier", Json(row.get("carrier"))}, {"trackingNumber", Json(tracking)}}));
    }
    Json shipment = Json::object(
        {{"shipmentId", Json(group.key)}, {"shipmentDate", Json(order->event_time.text())}});
    set_text(shipment, "fulfillmentCenterId", first.get("fulfillment-center-id"));
    shipment.set("items", std::move(items));
    if (!packages.empty()) shipment.set("packages", std::move(packages));
    order->body.set("shipment", std::move(shipment));
    return order;
}

ReportedOrder outline_of_shipment(const RowGroup& group, const Columns& columns,
                                  const amazon::Marketplace& store) {
    ReportedOrder outline;
    outline.key = group.key;
    const amazon::Marketplace* own = nullptr;
    for (const OwnedRow& each : group.rows) {
        const ParsedRow row(each, columns);
        if (!row.check()) continue;
        if (own == nullptr) own = amazon::marketplace_from_name(row.get("sales-channel"));
        const Result<std::optional<UtcTime>> shipped = time_in(row, "shipment-date");
        const Result<std::optional<UtcTime>> reported = time_in(row, "reporting-date");
        if (shipped && outline.event_time == UtcTime())
            outline.event_time = shipped->value_or(UtcTime());
        if (reported) outline.version = std::max(outline.version, reported->value_or(UtcTime()));
    }
    outline.version = std::max(outline.version, outline.event_time);
    outline.marketplace = (own != nullptr ? *own : store).code;
    return outline;
}

}  // namespace carrick::plugins
