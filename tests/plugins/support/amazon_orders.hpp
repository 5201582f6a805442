// SPDX-License-Identifier: Apache-2.0
// Amazon orders as the Orders API 2026-01-01 words them, in the few words that a test needs.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/marketplaces.hpp>

#include <string>
#include <utility>
#include <vector>

namespace carrick::plugins::testing {

inline Json amount(const std::string& value, const std::string& currency) {
    return Json::object({{"amount", Json(value)}, {"currencyCode", Json(currency)}});
}

/// One entry of `breakdowns`, with what `detailedBreakdowns` says of its components.
struct Part {
    std::string type;
    std::string value;
    std::vector<std::pair<std::string, std::string>> details{};
};

inline Json proceeds(const std::string& currency, const std::string& total,
                     const std::vector<Part>& parts) {
    Json list = Json::array();
    for (const Part& part : parts) {
        Json entry = Json::object({{"subtotal", amount(part.value, currency)}});
        if (!part.type.empty()) entry.set("type", Json(part.type));
        for (const auto& [component, value] : part.details)
            entry.member("detailedBreakdowns")
                .push_back(Json::object(
                    {{"subtype", Json(component)}, {"value", amount(value, currency)}}));
        list.push_back(std::move(entry));
    }
    return Json::object(
        {{"proceedsTotal", amount(total, currency)}, {"breakdowns", std::move(list)}});
}

struct Line {
    std::string sku;
    std::int64_t quantity = 1;
    std::string total{};  ///< "" = no amounts
    std::vector<Part> parts{};
    bool facilitator = false;
    std::vector<std::string> promotions{};
};

/// An order with its lines numbered 1, 2, ...; the grand total is "" where Amazon states none.
inline Json amazon_order(const std::string& store, const std::vector<Line>& lines,
                         const std::string& grand_total = {}) {
    const amazon::Marketplace* found = amazon::marketplace_from_code(store);
    const std::string currency(found->currency);
    Json items = Json::array();
    for (const Line& line : lines) {
        Json item =
            Json::object({{"orderItemId", Json(std::to_string(items.size() + 1))},
                          {"quantityOrdered", Json(line.quantity)},
                          {"product", Json::object({{"sellerSku", Json(line.sku)},
                                                    {"title", Json("Title " + line.sku)}})}});
        if (!line.total.empty()) item.set("proceeds", proceeds(currency, line.total, line.parts));
        if (line.facilitator)
            item.set("tax", Json::object({{"taxCollections",
                                           Json::array({Json::object(
                                               {{"model", Json("MARKETPLACE_FACILITATOR")}})})}}));
        for (const std::string& promotion : line.promotions)
            item.member("promotion")
                .member("breakdowns")
                .push_back(Json::object({{"promotionId", Json(promotion)}}));
        items.push_back(std::move(item));
    }
    Json order = Json::object(
        {{"orderId", Json("112-1234567-1234567")},
         {"createdTime", Json("2026-11-20T03:30:00Z")},
         {"lastUpdatedTime", Json("2026-11-20T11:00:00Z")},
         {"salesChannel",
          Json::object({{"channelName", Json("AMAZON")}, {"marketplaceId", Json(found->id)}})},
         {"buyer", Json::object({{"buyerName", Json("Ann Buyer")},
                                 {"buyerEmail", Json("ann@marketplace.amazon.com")}})},
         {"recipient",
          Json::object({{"deliveryAddress", Json::object({{"name", Json("Ann Buyer")},
                                                          {"addressLine1", Json("1 Main St")},
                                                          {"city", Json("Seattle")},
                                                          {"stateOrRegion", Json("Washington")},
                                                          {"postalCode", Json("98101")},
                                                          {"countryCode", Json("US")}})}})},
         {"fulfillment", Json::object({{"fulfillmentStatus", Json("UNSHIPPED")},
                                       {"fulfilledBy", Json("MERCHANT")}})},
         {"orderItems", std::move(items)}});
    if (!grand_total.empty())
        order.set("proceeds", Json::object({{"grandTotal", amount(grand_total, currency)}}));
    return order;
}

/// The order-level breakdown of a tip.
inline Json with_tip(Json order, const std::string& tip) {
    const std::string currency = order["proceeds"]["grandTotal"]["currencyCode"].text();
    order.find("proceeds")
        ->member("breakdowns")
        .push_back(
            Json::object({{"type", Json("DELIVERY_TIP")}, {"subtotal", amount(tip, currency)}}));
    return order;
}

inline Json with_status(Json order, const std::string& status) {
    order.find("fulfillment")->set("fulfillmentStatus", Json(status));
    return order;
}

}  // namespace carrick::plugins::testing
