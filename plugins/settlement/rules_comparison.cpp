// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/rules_comparison.hpp"

#include <map>
#include <tuple>

namespace carrick::plugins {

namespace {

// Stands between the classes that the two maps give a SKU; no name has it.
constexpr char kBetween = '\n';

enum class Which { Before, After };

/// The settlement as one of the two maps sees its SKUs.
Settlement seen_by(const Settlement& both, Which which) {
    Settlement one = both;
    for (SettlementLabel& label : one.labels) {
        const std::size_t at = label.sku_class.find(kBetween);
        if (at == std::string::npos) continue;
        label.sku_class =
            which == Which::Before ? label.sku_class.substr(0, at) : label.sku_class.substr(at + 1);
    }
    return one;
}

}  // namespace

SettlementReading RulesComparer::reading() const {
    SettlementReading reading;
    reading.stands_singly = [this](const SettlementLabel& label) {
        return before_.is_balance(label) || after_.is_balance(label);
    };
    if (!before_.sku_classes().empty() || !after_.sku_classes().empty())
        reading.sku_class = [this](std::string_view sku) {
            return before_.sku_classes().of(sku) + kBetween + after_.sku_classes().of(sku);
        };
    return reading;
}

Result<RulesComparison> RulesComparer::compare(const Settlement& settlement) const {
    const Result<SettlementProof> before =
        prove(seen_by(settlement, Which::Before), before_, JournalLayout());
    if (!before) return before.error();
    const Result<SettlementProof> after =
        prove(seen_by(settlement, Which::After), after_, JournalLayout());
    if (!after) return after.error();
    RulesComparison result;
    result.proven_before = before->proven();
    result.proven_after = after->proven();

    using Place = std::pair<RowClass, std::string>;
    std::map<std::pair<std::string, std::string>, std::map<Place, RulesComparison::Side>> kinds;
    std::set<std::pair<std::string, std::string>> moved;
    for (std::size_t i = 0; i < settlement.buckets.size(); ++i) {
        const SettlementBucket& bucket = settlement.buckets[i];
        const LedgerLine& from = before->ledger[before->line_of_bucket[i]];
        const LedgerLine& to = after->ledger[after->line_of_bucket[i]];
        const std::pair key(type_text(settlement.labels[bucket.label]),
                            after->marketplaces[bucket.label].code);
        kinds[key][{from.row_class, from.account}].before += bucket.sum;
        kinds[key][{to.row_class, to.account}].after += bucket.sum;
        if (from.row_class != to.row_class || from.account != to.account) moved.insert(key);
        if (!after->rule_of_bucket[i].empty()) result.used.insert(after->rule_of_bucket[i]);
    }
    for (const auto& key : moved) {
        RulesComparison::Move move{key.first, key.second, {}};
        for (const auto& [place, sums] : kinds[key])
            move.sides.push_back({place.first, place.second, sums.before, sums.after});
        result.moves.push_back(std::move(move));
    }
    for (const UnmappedLabel& each : after->unmapped)
        result.unmapped.push_back(type_text(settlement.labels[each.label]));
    return result;
}

}  // namespace carrick::plugins
