// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/report_text/table_reader.hpp"
#include "plugins/shared/settlement/settlement_rules.hpp"

#include <algorithm>
#include <array>

namespace carrick::plugins {

namespace {

/// Without recursion, so that no pattern takes longer than its length times the text's.
bool like(std::string_view pattern, std::string_view text) {
    std::size_t at = 0;
    std::size_t in = 0;
    std::size_t star = std::string_view::npos;
    std::size_t taken = 0;
    while (in < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            taken = in;
        } else if (at < pattern.size() && pattern[at] == text[in]) {
            ++at;
            ++in;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in = ++taken;
        } else {
            return false;
        }
    }
    while (at < pattern.size() && pattern[at] == '*') ++at;
    return at == pattern.size();
}

struct Renamed {
    std::string_view v1;
    std::string_view v2;
};
constexpr std::array<Renamed, 6> kAmountTypes{{{"price-amount", "itemprice"},
                                               {"item-related-fee-amount", "itemfees"},
                                               {"promotion-amount", "promotion"},
                                               {"shipment-fee-amount", "shipmentfees"},
                                               {"order-fee-amount", "orderfees"},
                                               {"direct-payment-amount", "directpayment"}}};
constexpr std::array<std::string_view, 3> kOtherAmounts{"misc-fee-amount", "other-fee-amount",
                                                        "other-amount"};

}  // namespace

std::string in_small_letters(std::string_view text) {
    std::string result(trimmed(text));
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

LabelPattern::LabelPattern(std::string_view pattern)
    : text_(trimmed(pattern)), lowered_(in_small_letters(pattern)) {
    const auto stars = std::ranges::count(lowered_, '*');
    specificity_ =
        static_cast<int>(lowered_.size()) - static_cast<int>(stars) + (stars == 0 ? 1 : 0);
}

bool LabelPattern::matches(std::string_view text) const {
    return lowered_ == "*" || like(lowered_, text);
}

MatchedLabel matched_label(const SettlementLabel& label) {
    MatchedLabel result{
        in_small_letters(label.transaction_type),
        in_small_letters(label.amount_type),
        in_small_letters(label.description),
        in_small_letters(label.marketplace.empty() ? label.order_marketplace : label.marketplace),
        in_small_letters(label.sku_class),
        std::string()};
    for (const Renamed& each : kAmountTypes)
        if (result.amount_type == each.v1) result.amount_type = each.v2;
    // V1 says what these are by the transaction type, where V2 has it as a description.
    for (const std::string_view other : kOtherAmounts) {
        if (result.amount_type != other) continue;
        result.amount_type = "other-transaction";
        if (result.description.empty()) result.description = result.transaction_type;
        result.transaction_type = "other-transaction";
    }
    return result;
}

}  // namespace carrick::plugins
