// SPDX-License-Identifier: Apache-2.0
// An order as the Orders API words it.
#include "examples/sandbox/amazon/order_json.hpp"

#include "examples/sandbox/amazon/proceeds.hpp"
#include "examples/sandbox/world/random.hpp"
#include "examples/sandbox/world/shipments.hpp"

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

bool has(const OrderView& view, std::string_view data) {
    return view.included.contains(data);
}

/// Whether the caller can see money and people yet. JP shows prices of pending orders.
bool shows_prices(const Order& order, const OrderState& state) {
    if (state.status == Status::Cancelled) return false;
    return state.status != Status::Pending || order.marketplace->code == "JP";
}

UtcTime ship_by(const Order& order) {
    return order.created() + 48h;
}
UtcTime deliver_by(const Order& order) {
    return order.created() + (order.service_level == "EXPEDITED" ? 4 * 24h : 8 * 24h);
}

Json window(UtcTime earliest, UtcTime latest) {
    return Json::object({{"earliestDateTime", earliest.text()}, {"latestDateTime", latest.text()}});
}

void set_if(Json& object, std::string_view key, const std::string& value) {
    if (!value.empty()) object.set(key, value);
}

Json buyer_json(const Order& order, const OrderState& state, const OrderView& view) {
    Json buyer = Json::object();
    if (view.may_see_pii) {
        set_if(buyer, "buyerName", order.buyer_name);
        if (!order.amazon_fulfilled && state.status != Status::Cancelled)
            set_if(buyer, "buyerEmail", order.buyer_email);
    }
    set_if(buyer, "buyerCompanyName", order.buyer_company);
    set_if(buyer, "buyerPurchaseOrderNumber", order.purchase_order_number);
    return buyer;
}

Json address_json(const Order& order, const OrderState& state, const OrderView& view) {
    const Address& address = order.address;
    Json json = Json::object();
    // Amazon's own parcels show where to, not whom to.
    const bool whole = !order.amazon_fulfilled && view.may_see_pii;
    if (whole) {
        set_if(json, "name", address.name);
        set_if(json, "companyName", address.company);
        set_if(json, "addressLine1", address.line1);
        set_if(json, "addressLine2", address.line2);
        set_if(json, "addressLine3", address.line3);
        set_if(json, "districtOrCounty", address.district);
    }
    set_if(json, "city", address.city);
    set_if(json, "stateOrRegion", address.state);
    if (view.may_see_pii) set_if(json, "postalCode", address.postal_code);
    json.set("countryCode", address.country);
    const bool past_delivery = state.status == Status::Shipped && view.now > deliver_by(order);
    if (whole && !past_delivery) set_if(json, "phone", address.phone);
    if (whole) json.set("addressType", address.type);
    return json;
}

std::int64_t fulfilled_units(const Order& order, std::size_t index, const OrderState& state) {
    const OrderLine& line = order.lines[index];
    if (state.status == Status::Shipped) return line.quantity;
    if (order.amazon_fulfilled) return shipped_units(order, index, state.last_updated);
    // Of a part shipment the first line has gone.
    if (state.status == Status::PartiallyShipped && index == 0) return line.quantity;
    return 0;
}

Json product_json(const Order& order, const OrderLine& line, bool prices) {
    Json product = Json::object(
        {{"asin", line.item->asin},
         {"title", line.item->title},
         {"sellerSku", line.item->sku},
         {"condition", Json::object({{"conditionType", "NEW"}, {"conditionSubtype", "NEW"}})}});
    if (!prices || line.cancelled) return product;
    const std::int64_t unit = order.replacement_of.empty() ? line.unit_price : 0;
    Json price = Json::object({{"unitPrice", money_json(unit, order.marketplace->currency)}});
    if (line.business_price) price.set("priceDesignation", "BUSINESS_PRICE");
    product.set("price", std::move(price));
    return product;
}

Json item_tax_json(const OrderLine& line) {
    Json tax = Json::object();
    if (line.facilitator)
        tax.set("taxCollections",
                Json::array({Json::object({{"model", "MARKETPLACE_FACILITATOR"},
                                           {"responsibleParty", "Amazon Services, Inc."}})}));
    if (!line.reporting_scheme.empty())
        tax.set("taxCalculationBreakdowns",
                Json::array({Json::object({{"reportingScheme", line.reporting_scheme}})}));
    return tax;
}

Json item_fulfillment_json(const Order& order, std::size_t index, const OrderState& state,
                           const OrderView& view) {
    const OrderLine& line = order.lines[index];
    const std::int64_t sent = fulfilled_units(order, index, state);
    const std::int64_t open = state.status == Status::Cancelled ? 0 : line.quantity - sent;
    Json json = Json::object({{"quantityFulfilled", sent}, {"quantityUnfulfilled", open}});
    if (!line.gift_level.empty()) {
        Json gift = Json::object({{"giftWrapLevel", line.gift_level}});
        if (view.may_see_pii) set_if(gift, "giftMessage", line.gift_message);
        json.set("packing", Json::object({{"giftOption", std::move(gift)}}));
    }
    return json;
}

Json item_cancellation_json(const OrderLine& line, const OrderState& state) {
    Json json = Json::object();
    if (state.cancel_requested)
        json.set("cancellationRequest",
                 Json::object({{"requester", "BUYER"}, {"cancelReason", "ORDERED_BY_MISTAKE"}}));
    if (line.cancelled || state.status == Status::Cancelled)
        json.set(
            "cancellationExecution",
            Json::object({{"cancelledBy", line.cancelled ? "MERCHANT" : "BUYER"},
                          {"cancelReason", line.cancelled ? "OUT_OF_STOCK" : "BUYER_CANCELED"}}));
    return json;
}

Json item_json(const Order& order, std::size_t index, const OrderState& state,
               const OrderView& view) {
    const OrderLine& line = order.lines[index];
    const bool prices = shows_prices(order, state);
    Json item = Json::object({{"orderItemId", line.order_item_id},
                              {"quantityOrdered", line.quantity},
                              {"product", product_json(order, line, prices)}});
    if (has(view, "PROCEEDS") && prices && !line.cancelled)
        item.set("proceeds", item_proceeds_json(line, *order.marketplace, view));
    if (has(view, "EXPENSE") && line.points > 0)
        item.set(
            "expense",
            Json::object(
                {{"pointsCost",
                  Json::object({{"pointsGranted",
                                 Json::object({{"pointsNumber", line.points},
                                               {"pointsMonetaryValue",
                                                money_json(line.points,
                                                           order.marketplace->currency)}})}})}}));
    if (has(view, "PROMOTION") && !line.promotion_ids.empty()) {
        Json list = Json::array();
        for (const std::string& id : line.promotion_ids)
            list.push_back(Json::object({{"promotionId", id}}));
        item.set("promotion", Json::object({{"breakdowns", std::move(list)}}));
    }
    if (has(view, "CANCELLATION"))
        if (Json json = item_cancellation_json(line, state); !json.empty())
            item.set("cancellation", std::move(json));
    if (has(view, "FULFILLMENT"))
        item.set("fulfillment", item_fulfillment_json(order, index, state, view));
    if (has(view, "TAX"))
        if (Json json = item_tax_json(line); !json.empty()) item.set("tax", std::move(json));
    return item;
}

Json fulfillment_json(const Order& order, const OrderState& state, const OrderView& view) {
    std::string level = order.service_level;
    // An enumeration may grow any day; a reader must not stumble over a word it does not know.
    if (view.unknown_values && mix(order.number) % 7 == 0) level = "MOONLIGHT";
    Json json = Json::object({{"fulfillmentStatus", status_text(state.status)},
                              {"fulfilledBy", order.amazon_fulfilled ? "AMAZON" : "MERCHANT"},
                              {"fulfillmentServiceLevel", level}});
    if (state.status == Status::Pending) return json;
    json.set("shipByWindow", window(order.created(), ship_by(order)));
    json.set("deliverByWindow", window(order.created() + 72h, deliver_by(order)));
    return json;
}

Json packages_json(const Order& order, const OrderState& state) {
    Json items = Json::array();
    for (std::size_t i = 0; i < order.lines.size(); ++i)
        if (const std::int64_t sent = fulfilled_units(order, i, state); sent > 0)
            items.push_back(
                Json::object({{"orderItemId", order.lines[i].order_item_id}, {"quantity", sent}}));
    const UtcTime sent_at = *state.first_shipped;
    return Json::array({Json::object({{"packageReferenceId", "1"},
                                      {"createdTime", (sent_at - 30min).text()},
                                      {"packageStatus", Json::object({{"status", "IN_TRANSIT"}})},
                                      {"carrier", order.marketplace->code == "US" ? "UPS" : "DHL"},
                                      {"shipTime", sent_at.text()},
                                      {"shippingService", "Standard"},
                                      {"trackingNumber", "1ZCARRICK" + order.id.substr(4, 7)},
                                      {"packageItems", std::move(items)}})});
}

Json tax_json(const Order& order) {
    return Json::object(
        {{"taxRegistrations",
          Json::array({Json::object({{"entityType", "BUYER"},
                                     {"legalName", order.buyer_company},
                                     {"taxRegistrationType", "VAT"},
                                     {"taxRegistrationNumber", order.vat_number}})})}});
}

Json payment_json(const Order& order, const OrderView& view) {
    return Json::object(
        {{"paymentExecutions",
          Json::array({Json::object(
              {{"paymentMethod", order.payment_method},
               {"paymentAmount", order_proceeds_json(order, view)["grandTotal"]}})})}});
}

Json programs_json(const Order& order, const OrderView& view) {
    Json programs = Json::array();
    for (const std::string& program : order.programs) programs.push_back(program);
    if (view.unknown_values && mix(order.number) % 5 == 0) programs.push_back("AMAZON_TOMORROW");
    return programs;
}

}  // namespace

Json order_json(const Order& order, const OrderState& state, const OrderView& view) {
    Json json = Json::object({{"orderId", order.id}});
    if (!order.seller_order_id.empty())
        json.set("orderAliases", Json::array({Json::object({{"aliasId", order.seller_order_id},
                                                            {"aliasType", "SELLER_ORDER_ID"}})}));
    json.set("createdTime", order.created().text());
    json.set("lastUpdatedTime", state.last_updated.text());
    if (Json programs = programs_json(order, view); !programs.empty())
        json.set("programs", std::move(programs));
    if (!order.replacement_of.empty())
        json.set("associatedOrders",
                 Json::array({Json::object({{"orderId", order.replacement_of},
                                            {"associationType", "REPLACEMENT_ORIGINAL_ID"}})}));
    json.set("salesChannel", Json::object({{"channelName", "AMAZON"},
                                           {"marketplaceId", order.marketplace->id},
                                           {"marketplaceName", order.marketplace->name}}));

    const bool paid = state.status != Status::Pending && state.status != Status::Cancelled;
    if (has(view, "BUYER") && paid)
        if (Json buyer = buyer_json(order, state, view); !buyer.empty())
            json.set("buyer", std::move(buyer));
    if (has(view, "RECIPIENT") && paid)
        json.set("recipient",
                 Json::object({{"deliveryAddress", address_json(order, state, view)}}));
    if (has(view, "PROCEEDS") && shows_prices(order, state))
        json.set("proceeds", order_proceeds_json(order, view));
    if (has(view, "PAYMENT") && paid) json.set("payment", payment_json(order, view));
    if (has(view, "TAX") && paid && !order.vat_number.empty()) json.set("tax", tax_json(order));
    if (has(view, "FULFILLMENT")) json.set("fulfillment", fulfillment_json(order, state, view));
    Json items = Json::array();
    for (std::size_t i = 0; i < order.lines.size(); ++i)
        items.push_back(item_json(order, i, state, view));
    json.set("orderItems", std::move(items));
    const bool sent = state.first_shipped && state.status != Status::Cancelled;
    if (has(view, "PACKAGES") && !order.amazon_fulfilled && sent)
        json.set("packages", packages_json(order, state));
    return json;
}

}  // namespace carrick::sandbox
