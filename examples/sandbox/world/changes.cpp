// SPDX-License-Identifier: Apache-2.0
// Each change leaves an order that Amazon could show.
#include "examples/sandbox/world/changes.hpp"

#include <algorithm>

namespace carrick::sandbox {

void drop_line(OrderLine& line) {
    line.cancelled = true;
    line.quantity = 0;
    line.principal = line.shipping = line.gift_wrap = line.cod_fee = {};
    line.item_discount = line.shipping_discount = {};
    line.promotion_ids.clear();
    line.gift_level.clear();
    line.gift_message.clear();
    line.points = 0;
}

void cut_quantity(OrderLine& line) {
    const std::int64_t whole = line.quantity;
    line.quantity = std::max<std::int64_t>(1, whole / 2);
    for (Amount* each : {&line.principal, &line.shipping, &line.gift_wrap, &line.cod_fee,
                         &line.item_discount, &line.shipping_discount})
        *each = {each->net * line.quantity / whole, each->tax * line.quantity / whole};
    line.points = line.points * line.quantity / whole;
}

void move_house(Address& address, const Place& place) {
    address.line1 = place.line1.empty() ? "2 New Quay" : std::string(place.line1);
    address.line2 = "c/o the harbour master";
    address.city = place.city;
    address.district = place.district;
    address.state = place.state;
    address.postal_code = place.postal_code;
    address.country = place.country;
}

}  // namespace carrick::sandbox
