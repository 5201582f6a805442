// SPDX-License-Identifier: Apache-2.0
// OrderTable: the orders of one settlement, 16 bytes each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace carrick::plugins {

class OrderTable {
public:
    struct Order {
        std::uint64_t key = 0;
        std::uint16_t marketplace = 0;  ///< 0: none of its rows has named one yet
        bool sold = false;
        bool refunded = false;
    };

    /// The order of that id, new if it was not there; valid until the next call.
    [[nodiscard]] Order& at(std::string_view id);
    [[nodiscard]] const Order* find(std::uint64_t key) const;
    [[nodiscard]] std::size_t size() const { return count_; }

private:
    [[nodiscard]] std::uint64_t key_of(std::string_view id);
    [[nodiscard]] Order& place(std::uint64_t key);
    void grow();

    std::vector<Order> slots_{std::vector<Order>(1024)};
    std::size_t count_ = 0;
    // What is not of the shape 701-0590237-2315442: fee, case, shipment and removal ids.
    std::unordered_map<std::string, std::uint64_t> other_ids_;
};

}  // namespace carrick::plugins
