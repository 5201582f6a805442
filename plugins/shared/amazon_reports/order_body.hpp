// SPDX-License-Identifier: Apache-2.0
// Pieces of the JSON that the Orders API would have sent.
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/money.hpp>

#include <string_view>

namespace carrick::plugins {

inline Json money(const Money& amount) {
    return Json::object(
        {{"amount", Json(amount.amount_text())}, {"currencyCode", Json(amount.currency().code())}});
}

/// What is empty is left out, as Amazon does.
inline void set_text(Json& object, std::string_view member, std::string_view text) {
    if (!text.empty()) object.set(member, text);
}

}  // namespace carrick::plugins
