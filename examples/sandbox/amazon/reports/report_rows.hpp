// SPDX-License-Identifier: Apache-2.0
// What the orders of the world look like as rows of a report.
#pragma once

#include "examples/sandbox/amazon/reports/report_types.hpp"
#include "examples/sandbox/world/world.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox {

/// The cells of one row by column name; what is not there is blank.
using Cells = std::map<std::string_view, std::string>;

/// Positions of the switches that decide what a file says, as they stood when it was asked for.
/// Names without "amazon.": "report_discount_sign".
using Positions = std::map<std::string, std::string, std::less<>>;

/// One report's question to the world.
struct RowQuestion {
    const ReportType* type = nullptr;
    std::vector<const Marketplace*> stores;
    UtcTime from;                ///< included
    UtcTime to;                  ///< excluded
    UtcTime as_of;               ///< the world as it was then, the type's lag already taken off
    bool sales_channel = false;  ///< option ShowSalesChannel
    const Positions& positions;

    [[nodiscard]] bool is(std::string_view position, std::string_view value) const;
    [[nodiscard]] bool has(const Marketplace* store) const;
};

/// Rows in rising order of the date that the report goes by.
[[nodiscard]] std::vector<Cells> all_order_rows(const RowQuestion& question, const World& world);
[[nodiscard]] std::vector<Cells> new_order_rows(const RowQuestion& question, const World& world);
[[nodiscard]] std::vector<Cells> open_order_rows(const RowQuestion& question, const World& world);
[[nodiscard]] std::vector<Cells> parcel_rows(const RowQuestion& question, const World& world);

/// What `question.type` asks for.
[[nodiscard]] std::vector<Cells> rows_for(const RowQuestion& question, const World& world);

// ---- shared by the four -----------------------------------------------------------------------

/// Amounts of a store's order as reports show them. Prices hold the tax where the store's do, and
/// are before promotions; taxes are what is left after them. Whether a promotion holds its tax is
/// the switch amazon.report_discounts.
class ShownAmounts {
public:
    ShownAmounts(const Marketplace& store, const RowQuestion& question);
    [[nodiscard]] std::string price(const Amount& amount) const;
    /// What shipping costs; where promotions are shown without tax, the tax they took is off here.
    [[nodiscard]] std::string shipping_price(const OrderLine& line) const;
    /// What a promotion leaves of the tax; blank where Amazon does not tell (switch
    /// amazon.vat_tax).
    [[nodiscard]] std::string tax(const OrderLine& line, const Amount& amount,
                                  const Amount& promotion = {}) const;
    /// With the sign of the switch amazon.report_discount_sign; blank when there is none.
    [[nodiscard]] std::string discount(const Amount& amount) const;

private:
    [[nodiscard]] std::string text(std::int64_t units) const;

    const Marketplace& store_;
    bool tax_absent_;
    bool negative_discounts_;
    bool discounts_without_tax_;
};

/// "2026-11-02T09:05:33-08:00" in that zone; "+00:00" for UTC.
[[nodiscard]] std::string zoned_text(UtcTime time, std::string_view zone);
/// Titles and messages are one field: tabs and line ends become blanks.
[[nodiscard]] std::string one_field(std::string_view text);
[[nodiscard]] std::string truth_word(bool value);
/// The ids of the promotions on goods (or, `shipping`, on shipping) of a line.
[[nodiscard]] std::vector<std::string> promotions_of(const OrderLine& line, bool shipping);

}  // namespace carrick::sandbox
