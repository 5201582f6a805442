// SPDX-License-Identifier: Apache-2.0
// HandedOut: how full a marketplace's customers are, with the orders that are on their way to them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace carrick::plugins {

/// NetSuite's count knows what is written. Between it and the end of the line lie the orders that
/// were given a customer and have no document yet: thousands in a backfill, and all of a look-up's
/// life. So each order is counted from the moment it gets its customer.
///
/// A customer holds at least what NetSuite counted at some moment and what was handed out since;
/// the largest of these figures holds. It is too small by what others write meanwhile and by orders
/// that were on their way when the process began, because memory is all it has; too large by
/// orders of before that come again with a change, which makes a successor come earlier.
class HandedOut {
public:
    /// `limit`: transactions at which a customer is full; above 0.
    explicit HandedOut(std::int64_t limit) : limit_(limit) {}

    /// NetSuite counts so many transactions of the customer with this number.
    void counted(std::int64_t number, std::int64_t transactions);

    /// The first customer from this number on that has room for the order, whose place there is
    /// then taken. An order that has a place keeps it, however often it comes.
    [[nodiscard]] std::int64_t take(std::int64_t from, std::string_view order);

private:
    struct Customer {
        std::int64_t before = 0;  ///< transactions that are none of `orders`, as far as is known
        std::set<std::string, std::less<>> orders;
    };

    std::int64_t limit_;
    std::map<std::int64_t, Customer> customers_;  ///< by number; those before the latest are gone
};

}  // namespace carrick::plugins
