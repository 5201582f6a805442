// SPDX-License-Identifier: Apache-2.0
// The settings of one marketplace, as mfn_order_import reads them. References are internal ids.
#pragma once

#include <carrick/sdk/json.hpp>

#include <string>

namespace carrick::plugins {

struct OrderSettings {
    std::string books_zone;
    std::string subsidiary;
    std::string currency;
    bool pending_approval = false;
    bool discount_per_order = false;
    bool tip_is_ours = false;
    std::string location;
    struct Items {
        std::string shipping, gift_wrap, cod_fee, other, delivery_tip;
        std::string discount, ship_discount, tax, facilitator_tax;
    } items;
    bool tax_as_line = true;
    bool override_tax_engine = true;
    bool facilitator_in_and_out = false;
    Json sku_aliases;
    std::string order_id_field, order_item_id_field, facilitator_tax_field;
    std::int64_t pending_days = 30;

    [[nodiscard]] static OrderSettings parse(const Json& settings);
    /// NetSuite's name of the item that a seller SKU stands for.
    [[nodiscard]] std::string item_name(const std::string& sku) const;
};

}  // namespace carrick::plugins
