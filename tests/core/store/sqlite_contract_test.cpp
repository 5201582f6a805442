// SPDX-License-Identifier: Apache-2.0
// The contract of Store, on SQLite in a file.
#include "tests/core/store/sqlite_fixture.hpp"
#include "tests/core/store/store_contract.hpp"

namespace carrick::store::contract {

namespace {

class SqliteUnderTest final : public StoreUnderTest {
public:
    SqliteUnderTest() { reopen(); }
    Store& store() override { return *store_; }
    void reopen() override {
        store_.reset();
        store_ = testing::open_store(folder_.database());
    }

private:
    testing::StoreFolder folder_;
    std::unique_ptr<Store> store_;
};

}  // namespace

std::unique_ptr<StoreUnderTest> make_store_under_test() {
    return std::make_unique<SqliteUnderTest>();
}

}  // namespace carrick::store::contract
