// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/customer_import/handed_out.hpp"

#include <algorithm>

namespace carrick::plugins {

void HandedOut::counted(std::int64_t number, std::int64_t transactions) {
    Customer& customer = customers_[number];
    const auto handed = static_cast<std::int64_t>(customer.orders.size());
    customer.before = std::max(customer.before, transactions - handed);
}

std::int64_t HandedOut::take(std::int64_t from, std::string_view order) {
    customers_.erase(customers_.begin(), customers_.lower_bound(from));
    for (std::int64_t number = from;; ++number) {
        Customer& customer = customers_[number];
        if (customer.orders.contains(order)) return number;
        const auto handed = static_cast<std::int64_t>(customer.orders.size());
        if (customer.before + handed >= limit_) continue;
        customer.orders.emplace(order);
        return number;
    }
}

}  // namespace carrick::plugins
