// SPDX-License-Identifier: Apache-2.0
// The numbers under which a buyer is registered for tax, as far as the columns of a report tell.
#pragma once

#include "plugins/shared/amazon_reports/row_groups.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/marketplaces.hpp>

#include <vector>

namespace carrick::plugins {

/// As the Orders API tells them (`tax.taxRegistrations`); empty: no number whose kind is told.
[[nodiscard]] Json registrations_of(const ParsedRow& row);

/// Whether the buyer may be registered for tax although the rows do not tell: a number of an
/// unknown kind; a business in a report without such columns; and, where not even that is told, an
/// order without tax in a European store, whose prices hold it unless the buyer owes it.
[[nodiscard]] bool registration_open(const std::vector<ParsedRow>& rows, const Columns& columns,
                                     const Json& registrations, bool untaxed,
                                     const amazon::Marketplace& store);

}  // namespace carrick::plugins
