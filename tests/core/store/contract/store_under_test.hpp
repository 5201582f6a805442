// SPDX-License-Identifier: Apache-2.0
// The store that the contract is tried on; each implementation gives its own.
#pragma once

#include "tests/core/store/store_world.hpp"

#include <memory>

namespace carrick::store::contract {

/// A store that can be closed and opened again on the same data.
class StoreUnderTest {
public:
    virtual ~StoreUnderTest() = default;
    [[nodiscard]] virtual Store& store() = 0;
    virtual void reopen() = 0;
};
[[nodiscard]] std::unique_ptr<StoreUnderTest> make_store_under_test();

inline std::unique_ptr<StoreUnderTest> fresh() {
    return make_store_under_test();
}

}  // namespace carrick::store::contract
