// SPDX-License-Identifier: Apache-2.0
// What flows.yaml says about the tax of orders. References are internal ids.
#pragma once

#include <carrick/sdk/decimal.hpp>
#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace carrick::plugins {

/// Who states the tax of a document, and where it stands.
enum class TaxMode {
    LineItem,  ///< Amazon's amounts, on lines of their own
    SuiteTax,  ///< Amazon's amounts, as NetSuite's tax details of each line
    NetSuite,  ///< NetSuite computes it; its total is compared with Amazon's
    None,      ///< orders with tax that we owe are refused
};

/// What happens to a line of a store whose prices include tax, where Amazon states none.
enum class MissingTax {
    None,    ///< it is taken for untaxed
    Refuse,  ///< unless a rule of the table says that the rate is 0
    Rate,    ///< the tax inside its price is computed at the rate of the table
};

/// One rule of the table of tax codes. What it does not name holds for every line.
struct TaxRule {
    std::vector<std::string> ship_from;  ///< countries, ISO 3166
    std::vector<std::string> ship_to;    ///< countries, or states such as "US-WA"
    std::optional<Decimal> rate;         ///< percent
    std::optional<bool> vat_id;          ///< whether the buyer gave one
    std::string scheme;                  ///< "uoss", "ioss", "facilitator", "none"; "" = any
    std::string code;                    ///< NetSuite's tax code, for tax details
    std::string item;                    ///< the item of the tax line, instead of items.tax
};

struct TaxSettings {
    TaxMode mode = TaxMode::LineItem;
    bool engine_is_suitetax = true;
    bool facilitator_in_and_out = false;
    MissingTax when_missing = MissingTax::None;
    std::string ship_from;  ///< country that goods leave from; "": the store's
    Json centres;           ///< Amazon's fulfilment centre -> country
    Decimal max_rounding;
    std::vector<TaxRule> codes;  ///< the first that fits holds

    [[nodiscard]] static TaxSettings parse(const Json& tax);
};

}  // namespace carrick::plugins
