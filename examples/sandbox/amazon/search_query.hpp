// SPDX-License-Identifier: Apache-2.0
// The parameters of searchOrders and getOrder, with all the rules that Amazon has for them, and the
// pagination token. Source: the model orders_2026-01-01; amazon.md C.3.
#pragma once

#include "examples/sandbox/service.hpp"
#include "examples/sandbox/world/order.hpp"

#include <set>
#include <string>
#include <vector>

namespace carrick::sandbox {

using TextSet = std::set<std::string, std::less<>>;

struct SearchQuery {
    bool by_update = false;  ///< lastUpdated…, else created…
    UtcTime after;
    UtcTime before;  ///< as answered; given by the caller or chosen by Amazon
    bool before_is_given = false;
    TextSet statuses;         ///< empty: all
    TextSet marketplace_ids;  ///< empty: all of the region
    TextSet fulfilled_by;     ///< empty: both
    TextSet included;
    std::size_t page_size = 100;
};

/// Where a listing goes on: behind this order.
struct PagePosition {
    std::int64_t key = 0;  ///< milliseconds of the order's date
    std::string order_id;
    std::uint64_t page = 0;
};

struct SearchRequest {
    SearchQuery query;
    std::optional<PagePosition> position;  ///< from the pagination token
};

/// Errors: `InvalidInput` with the message for the 400.
[[nodiscard]] Result<SearchRequest> parse_search(const Request& request, std::uint64_t seed);
/// The token behind `position` for the filters of `query`; valid 24 hours from `now`.
[[nodiscard]] std::string pagination_token(const SearchQuery& query, const PagePosition& position,
                                           UtcTime now, std::uint64_t seed);
/// Only includedData. Errors as above.
[[nodiscard]] Result<TextSet> parse_included(const Request& request);

}  // namespace carrick::sandbox
