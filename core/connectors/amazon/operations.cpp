// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/operations.hpp"

#include <array>

namespace carrick::amazon {
namespace {

constexpr std::array kOperations{
    AmazonOperation{"amazon.orders.search", search_orders},
    AmazonOperation{"amazon.orders.get", get_order},
    AmazonOperation{"amazon.sellers.participations", get_participations},
};

constexpr std::string_view kSearchRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["marketplaces"],
  "oneOf": [{"required": ["created_after"]}, {"required": ["last_updated_after"]}],
  "properties": {
    "marketplaces": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"type": "string"},
                     "description": "marketplace codes of the connection's region"},
    "created_after": {"type": "string", "description": "ISO 8601 with zone"},
    "created_before": {"type": "string", "description": "at least three minutes ago"},
    "last_updated_after": {"type": "string", "description": "ISO 8601 with zone"},
    "last_updated_before": {"type": "string", "description": "at least three minutes ago"},
    "statuses": {"type": "array", "minItems": 1, "items": {"enum": ["PENDING_AVAILABILITY", "PENDING",
                 "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"]}},
    "fulfilled_by": {"type": "array", "minItems": 1, "items": {"enum": ["MERCHANT", "AMAZON"]}},
    "included_data": {"type": "array", "minItems": 1, "items": {"enum": ["BUYER", "RECIPIENT",
                      "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES",
                      "TAX", "PAYMENT", "FULFILLMENT_ORDERS"]}},
    "max_results": {"type": "integer", "minimum": 1, "maximum": 100},
    "pagination_token": {"type": "string", "minLength": 1,
                         "description": "of the page before; valid 24 h; repeat all filters"}
  }
})json";

constexpr std::string_view kSearchResponse = R"json({
  "type": "object", "required": ["orders"],
  "properties": {
    "orders": {"type": "array", "items": {"type": "object", "required": ["orderId"]}},
    "pagination": {"type": "object", "properties": {"nextToken": {"type": "string"}}},
    "lastUpdatedBefore": {"type": "string"},
    "createdBefore": {"type": "string"}
  }
})json";

constexpr std::string_view kGetRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["order_id"],
  "properties": {
    "order_id": {"type": "string", "minLength": 1, "maxLength": 64},
    "included_data": {"type": "array", "minItems": 1, "items": {"enum": ["BUYER", "RECIPIENT",
                      "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES",
                      "TAX", "PAYMENT", "FULFILLMENT_ORDERS"]}}
  }
})json";

constexpr std::string_view kGetResponse = R"json({
  "type": "object", "required": ["order"],
  "properties": {"order": {"type": "object", "required": ["orderId"]}}
})json";

constexpr std::string_view kParticipationsRequest =
    R"json({"type": "object", "additionalProperties": false})json";

constexpr std::string_view kParticipationsResponse = R"json({
  "type": "object", "required": ["payload"],
  "properties": {"payload": {"type": "array", "items": {"type": "object"}}}
})json";

connectors::Operation described(std::size_t index, std::string summary, std::string_view request,
                                std::string_view response) {
    return {std::string(kOperations[index].name), connectors::OperationKind::Read,
            std::move(summary), Json::parse(request).value(), Json::parse(response).value()};
}

}  // namespace

const AmazonOperation* find_operation(std::string_view name) {
    for (const AmazonOperation& one : kOperations)
        if (one.name == name) return &one;
    return nullptr;
}

std::span<const connectors::Operation> described_operations() {
    static const std::array kDescribed{
        described(0,
                  "orders created or changed since a time, one page of up to 100 (Orders API "
                  "2026-01-01, searchOrders); the answer is Amazon's own",
                  kSearchRequest, kSearchResponse),
        described(1, "one order by Amazon's id (Orders API 2026-01-01, getOrder)", kGetRequest,
                  kGetResponse),
        described(2, "the marketplaces that the seller takes part in (Sellers API v1)",
                  kParticipationsRequest, kParticipationsResponse),
    };
    return kDescribed;
}

}  // namespace carrick::amazon
