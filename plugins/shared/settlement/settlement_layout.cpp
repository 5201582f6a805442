// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_layout.hpp"

#include "plugins/shared/report_text/columns.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

constexpr std::array<std::string_view, kSettlementColumns> kNames{"settlement-id",
                                                                  "settlement-start-date",
                                                                  "settlement-end-date",
                                                                  "deposit-date",
                                                                  "total-amount",
                                                                  "currency",
                                                                  "transaction-type",
                                                                  "order-id",
                                                                  "marketplace-name",
                                                                  "posted-date",
                                                                  "posted-date-time",
                                                                  "sku",
                                                                  "amount-type",
                                                                  "amount-description",
                                                                  "amount"};

struct Pair {
    std::string_view amount;
    std::string_view description;  // "": the amount's own name says it all
};
constexpr std::array<Pair, 9> kAmountsOfV1{{{"price-amount", "price-type"},
                                            {"item-related-fee-amount", "item-related-fee-type"},
                                            {"shipment-fee-amount", "shipment-fee-type"},
                                            {"order-fee-amount", "order-fee-type"},
                                            {"promotion-amount", "promotion-type"},
                                            {"direct-payment-amount", "direct-payment-type"},
                                            {"misc-fee-amount", ""},
                                            {"other-fee-amount", "other-fee-reason-description"},
                                            {"other-amount", ""}}};

constexpr std::size_t kMostColumns = 200;

constexpr std::string_view kGet =
    "; get the settlement report \"Flat File V2\" (Seller Central, Payments, Reports repository)";

std::string_view without_mark(std::string_view text) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    return text;
}

Result<void> refuse_others(std::string_view text) {
    const std::string_view start = trimmed(text);
    if (start.starts_with("<"))
        return rejected("settlement.xml",
                        "this is XML; Amazon's XML settlement is not read" + std::string(kGet));
    const std::string name = column_name(start.substr(0, start.find_first_of("\t,;")));
    if (name == "date/time" || start.find("\"date/time\"") != std::string_view::npos ||
        start.starts_with("\"Includes Amazon Marketplace"))
        return rejected(
            "settlement.other_report",
            "this is a date range report, which belongs to no settlement" + std::string(kGet));
    if (start.find('\t') == std::string_view::npos &&
        start.find("settlement-id") != std::string_view::npos)
        return rejected("settlement.not_tabs",
                        "the columns are not divided by tabs: another program has written this "
                        "file; give the file as Amazon wrote it" +
                            std::string(kGet));
    return {};
}

}  // namespace

Result<SettlementLayout> SettlementLayout::of(const CutRow& header) {
    if (const Result<void> refused = refuse_others(without_mark(header.text())); !refused)
        return refused.error();
    if (header.size() > kMostColumns)
        return rejected("settlement.columns",
                        "the first line has " + std::to_string(header.size()) +
                            " columns; a settlement has 24 or 36" + std::string(kGet));
    SettlementLayout layout;
    layout.columns_ = header.size();
    layout.places_.fill(kAbsent);
    for (std::size_t i = 0; i < header.size(); ++i) {
        std::string name = column_name(i == 0 ? without_mark(header.field(i)) : header.field(i));
        if (!name.empty() && std::ranges::find(layout.names_, name) != layout.names_.end())
            return rejected("settlement.columns", "line " + std::to_string(header.line()) +
                                                      ": the column " + name +
                                                      " stands there twice" + std::string(kGet));
        const auto known = std::ranges::find(kNames, name);
        if (known != kNames.end())
            layout.places_[static_cast<std::size_t>(known - kNames.begin())] = i;
        layout.names_.push_back(std::move(name));
    }
    const auto place_of = [&](std::string_view name) {
        const auto found = std::ranges::find(layout.names_, name);
        return found == layout.names_.end() || name.empty()
                   ? kAbsent
                   : static_cast<std::size_t>(found - layout.names_.begin());
    };
    for (const Pair& pair : kAmountsOfV1)
        if (const std::size_t place = place_of(pair.amount); place != kAbsent)
            layout.amounts_.push_back(
                {std::string(pair.amount), place, place_of(pair.description)});
    if (!layout.amounts_.empty() && !layout.has(SettlementColumn::Amount))
        layout.format_ = SettlementFormat::FlatV1;
    using Column = SettlementColumn;
    std::vector<Column> needed{Column::SettlementId,    Column::Start,     Column::End,
                               Column::Deposit,         Column::Total,     Column::Currency,
                               Column::TransactionType, Column::PostedDate};
    if (layout.format_ == SettlementFormat::FlatV2)
        needed.insert(needed.end(), {Column::AmountType, Column::Description, Column::Amount});
    std::string missing;
    for (const SettlementColumn column : needed)
        if (!layout.has(column))
            missing += (missing.empty() ? "" : ", ") +
                       std::string(kNames[static_cast<std::size_t>(column)]);
    if (missing.empty()) return layout;
    std::string there(without_mark(header.text()).substr(0, 200));
    std::ranges::replace(there, '\t', ' ');
    return rejected("settlement.columns", "line " + std::to_string(header.line()) +
                                              ": this is no settlement report, it has no column " +
                                              missing + "; its first line is \"" + there + "\"" +
                                              std::string(kGet));
}

}  // namespace carrick::plugins
