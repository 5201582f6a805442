// SPDX-License-Identifier: Apache-2.0
// OrderTable: the orders of one settlement, 32 bytes each.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
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
        bool withheld = false;  ///< Amazon keeps tax of it
        // What customers pay as tax, less what Amazon keeps of it; wraps around where a file's
        // amounts are none.
        std::uint64_t sale_tax = 0;
        std::uint64_t refund_tax = 0;
    };

    /// The order of that id, new if it was not there; valid until the next call.
    [[nodiscard]] Order& at(std::string_view id);
    [[nodiscard]] const Order* find(std::uint64_t key) const;
    /// The id that has this key.
    [[nodiscard]] std::string id_of(std::uint64_t key) const;
    template <class Visit>
    void each(Visit&& visit) const {
        for (const Order& order : slots_)
            if (order.key != 0) visit(order);
    }
    [[nodiscard]] std::size_t size() const { return count_; }

private:
    [[nodiscard]] std::uint64_t key_of(std::string_view id);
    [[nodiscard]] Order& place(std::uint64_t key);
    [[nodiscard]] std::size_t slot_of(std::uint64_t key) const;
    void grow();

    std::vector<Order> slots_{std::vector<Order>(1024)};
    std::size_t count_ = 0;
    std::uint64_t seed_ = std::random_device()();  // nobody can choose ids that collide
    // What is not of the shape 701-0590237-2315442: fee, case, shipment and removal ids.
    std::unordered_map<std::string, std::uint64_t> other_ids_;
};

}  // namespace carrick::plugins
