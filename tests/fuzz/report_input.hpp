// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets of report texts share: each text is read whole, in small pieces, and group
// by group from every place where reading may go on after a restart.
#pragma once

#include "plugins/shared/amazon_reports/order_rows.hpp"
#include "plugins/shared/amazon_reports/row_groups.hpp"
#include "plugins/shared/order_model/order.hpp"

#include <carrick/sdk/marketplaces.hpp>

#include <cstdlib>
#include <string>
#include <vector>

namespace carrick::fuzz {

inline void require(bool holds) {
    if (!holds) std::abort();
}

/// An order of which the report tells all amounts is one that the flows behind can read, and adds
/// up; or its own rows do not, and they refuse it.
inline void check_order(const plugins::ReportedOrder& reported) {
    if (!reported.amazon_channel) return;
    const Result<plugins::Order> order = plugins::parse_order(reported.body, true);
    if (!order) return;
    Money sum = Money::zero(order->currency);
    for (const plugins::OrderLine& line : order->lines) {
        require(line.proceeds.net().plus(line.proceeds.tax).value() == line.proceeds.total);
        sum = sum.plus(line.proceeds.total).value();
    }
    require(sum == order->grand_total);
}

/// Reads a report as a flow does. `FromRows`: order_from_rows or shipment_from_rows.
template <class FromRows>
void read_report(const std::string& text, std::string_view key_column,
                 Result<void> (*check)(const plugins::Columns&), FromRows from_rows) {
    using namespace plugins;
    StringSource source(text);
    TableReader reader(source);
    TableRow header;
    const Result<bool> there = reader.next(header);
    if (!there || !*there) return;
    const Result<Columns> columns = Columns::from_header(header);
    if (!columns || !check(*columns)) return;
    const Result<ScatteredRows> scattered = find_scattered(
        [&]() -> Result<std::unique_ptr<TextSource>> {
            return std::unique_ptr<TextSource>(std::make_unique<StringSource>(text));
        },
        key_column);
    if (!scattered) return;
    const amazon::Marketplace& store =
        *amazon::marketplace_from_code(text.size() % 2 == 0 ? "US" : "DE");
    const TaxCollection collection =
        text.size() % 3 == 0 ? TaxCollection::Facilitator : TaxCollection::Seller;
    const auto use = [&](const RowGroup& group) {
        const auto order = from_rows(group, *columns, store, collection);
        if (order) check_order(*order);
    };
    for (const auto& [key, rows] : *scattered) use({key, rows, 0, 0});

    GroupReader groups(reader, *columns, key_column, *scattered);
    std::uint64_t offset = header.end;
    std::uint64_t line = header.line + 1;
    RowGroup group;
    for (;;) {
        const Result<bool> more = groups.next(group);
        if (!more || !*more) return;
        use(group);
        // The same group is found from the place that a checkpoint keeps.
        StringSource rest(text.substr(offset));
        TableReader again(rest, line, offset);
        GroupReader anew(again, *columns, key_column, *scattered);
        RowGroup same;
        const Result<bool> found = anew.next(same);
        require(found && *found && same.key == group.key && same.end == group.end &&
                same.rows.size() == group.rows.size());
        offset = group.end;
        line = group.next_line;
    }
}

}  // namespace carrick::fuzz
