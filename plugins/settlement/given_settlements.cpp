// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/given_settlements.hpp"

#include "plugins/shared/settlement/unicode_source.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

/// A file among the command's arguments.
class ArgumentSource final : public TextSource {
public:
    ArgumentSource(sdk::CommandIo& io, std::uint32_t file) : io_(io), file_(file) {}
    std::int64_t read(char* buffer, std::size_t capacity) override {
        const std::optional<std::size_t> got = io_.read(file_, buffer, capacity);
        return got ? static_cast<std::int64_t>(*got) : -1;
    }

private:
    sdk::CommandIo& io_;
    std::uint32_t file_;
};

/// Amazon makes a settlement's report again now and then: the same rows, in whatever file.
bool same_rows(const Settlement& a, const Settlement& b) {
    return a.fingerprint == b.fingerprint && a.rows == b.rows && a.amounts == b.amounts;
}

bool same_header(const Settlement& a, const Settlement& b) {
    if (a.header.has_value() != b.header.has_value()) return false;
    if (!a.header) return true;
    return a.header->total == b.header->total && a.currency == b.currency &&
           a.header->start_day == b.header->start_day && a.header->end_day == b.header->end_day &&
           a.header->deposit_day == b.header->deposit_day;
}

std::string total_of(const Settlement& settlement) {
    return to_decimal(settlement.total, settlement.digits).text() + " " + settlement.currency;
}

void collect(sdk::CommandIo& io, std::string_view file, Settlement settlement,
             GivenSettlements& given) {
    const auto known = std::ranges::find(given.settlements, settlement.id, &Settlement::id);
    if (known == given.settlements.end()) {
        given.settlements.push_back(std::move(settlement));
        return;
    }
    const std::string which = std::string(file) + ": settlement " +
                              to_utf8(settlement.id, settlement.currency) + " was given before";
    const bool rows = same_rows(*known, settlement);
    if (rows && same_header(*known, settlement)) {
        io.err(which + " with the same rows; it is proven once\n");
        return;
    }
    io.err(which +
           (rows ? " with another total, period or deposit"
                 : " with other rows: they come to " + total_of(*known) + " there and to " +
                       total_of(settlement) + " here") +
           "; ask Amazon which of the two it paid, and give that one [settlement.differs]\n");
    if (given.code == kProven) given.code = kNotProven;
}

}  // namespace

GivenSettlements read_given(sdk::CommandIo& io, const SettlementReading& reading) {
    GivenSettlements given;
    SettlementReading asked = reading;
    asked.cancelled = [&] { return io.cancelled(); };
    for (std::uint32_t file = 0; file < io.file_count(); ++file) {
        const std::string_view name = io.file_name(file);
        ArgumentSource bytes(io, file);
        UnicodeSource source(bytes);
        Result<SettlementFile> read = read_settlements(source, asked);
        if (read) {
            for (Settlement& settlement : read->settlements)
                collect(io, name, std::move(settlement), given);
            continue;
        }
        if (read.error().code == "settlement.cancelled") {
            io.err(std::string(name) + ": reading was cancelled; nothing is proven\n");
            return {{}, kNotProven};
        }
        io.err(std::string(name) + ": " + to_utf8(read.error().message, std::string_view()) + " [" +
               read.error().code + "]\n");
        given.code = kUnreadable;
    }
    std::ranges::stable_sort(given.settlements, {}, [](const Settlement& each) {
        return each.header ? std::pair(each.header->start_second, each.header->end_second)
                           : std::pair<std::int64_t, std::int64_t>();
    });
    return given;
}

Result<SettlementRules> rules_in(const Json& map) {
    if (map.is_null()) return SettlementRules();
    return SettlementRules::with(map["value"], map["file"].text(), map["marks"]);
}

int refused(sdk::CommandIo& io, const Error& error) {
    io.err(error.message + " [" + error.code + "]\n");
    return kUnreadable;
}

}  // namespace carrick::plugins
