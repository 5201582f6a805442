// SPDX-License-Identifier: Apache-2.0
// Any text as a tab-delimited report: the same rows, whatever pieces it comes in.
#include "tests/fuzz/report_input.hpp"

#include <cstddef>
#include <cstdint>

namespace {

struct Seen {
    std::vector<std::string> rows;  ///< offset, end, number of fields and text of each
    std::string error;
};

Seen read_all(const std::string& text, std::size_t step) {
    using namespace carrick;
    plugins::StringSource source(text, step);
    plugins::TableReader reader(source);
    plugins::TableRow row;
    Seen seen;
    for (;;) {
        const Result<bool> more = reader.next(row);
        if (!more) seen.error = more.error().code;
        if (!more || !*more) return seen;
        carrick::fuzz::require(text.substr(row.offset, row.text.size()) == row.text);
        seen.rows.push_back(std::to_string(row.offset) + " " + std::to_string(row.end) + " " +
                            std::to_string(row.fields.size()) + " " + std::string(row.text));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Seen whole = read_all(text, std::string::npos);
    const Seen pieces = read_all(text, std::size_t{data[0]} + 1);
    carrick::fuzz::require(whole.rows == pieces.rows && whole.error == pieces.error);
    return 0;
}
