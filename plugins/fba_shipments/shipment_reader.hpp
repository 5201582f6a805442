// SPDX-License-Identifier: Apache-2.0
// ShipmentReader: the rows of a shipment become a record, with what the order itself must tell.
#pragma once

#include "plugins/shared/amazon_reports/report_stream.hpp"

#include <string>
#include <vector>

namespace carrick::plugins {

/// Of which orders the buyer's tax ids are asked for: no column of the report holds them.
enum class TaxIds {
    Untaxed,  ///< where they may be why there is no tax
    All,
    Off,  ///< of none, but what comes along with an order that is asked for anyway is taken
};

/// Which shipments are passed on, and what is asked for beside the report.
struct ShipmentWish {
    std::vector<std::string> stores;
    UtcTime from;    ///< shipped from here on
    UtcTime before;  ///< and before here; 0 = no end
    TaxCollection collection = TaxCollection::Unknown;
    TaxIds tax_ids = TaxIds::Untaxed;
};
/// The settings' part of it.
[[nodiscard]] ShipmentWish read_shipment_wish(const Json& settings);

class ShipmentReader final : public ReportReader {
public:
    explicit ShipmentReader(ShipmentWish wish) : wish_(std::move(wish)) {}

    [[nodiscard]] std::string_view key_column() const override { return "shipment-id"; }
    [[nodiscard]] Result<void> check(const Columns& columns) const override {
        return check_shipment_columns(columns);
    }
    [[nodiscard]] std::string how() const override;
    [[nodiscard]] Result<Taken> emit(sdk::Call& call, const RowGroup& group, const Columns& columns,
                                     const ReportedBy& by) override;

private:
    [[nodiscard]] bool is_wanted(const ReportedOrder& shipment) const;
    [[nodiscard]] bool must_ask(const ReportedOrder& shipment) const;
    void emit_refused(sdk::Call& call, const ReportedOrder& shipment, const Error& why) const;

    ShipmentWish wish_;
};

}  // namespace carrick::plugins
