// SPDX-License-Identifier: Apache-2.0
// Any text as a settlement: the same settlements whatever pieces it comes in, and all that was read
// of one adds up to its total.
#include "plugins/shared/settlement/settlement_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace carrick;
using namespace carrick::plugins;

void require(bool holds) {
    if (!holds) std::abort();
}

std::string seen(const std::string& text, std::size_t step) {
    StringSource source(text, step);
    const Result<SettlementFile> file = read_settlements(source);
    if (!file) return file.error().code + " " + file.error().message;
    std::string all;
    for (const Settlement& settlement : file->settlements) {
        AmountSum sum = 0;
        std::uint64_t rows = 0;
        for (const SettlementBucket& bucket : settlement.buckets) {
            require(bucket.label < settlement.labels.size());
            sum += bucket.sum;
            rows += bucket.rows;
        }
        require(sum == settlement.total);
        if (file->format == SettlementFormat::FlatV2) require(rows == settlement.rows);
        require(settlement.orders <= settlement.rows);
        all += settlement.id + " " + to_decimal(sum, settlement.digits).text() + " " +
               std::to_string(settlement.rows) + " " + std::to_string(settlement.labels.size()) +
               " " + std::to_string(settlement.orders) + "\n";
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    require(seen(text, std::string::npos) == seen(text, std::size_t{data[0]} + 1));
    return 0;
}
