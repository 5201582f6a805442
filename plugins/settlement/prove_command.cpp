// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/prove_command.hpp"

#include "plugins/settlement/proof_json.hpp"
#include "plugins/settlement/proof_text.hpp"
#include "plugins/shared/settlement/unicode_source.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace carrick::plugins {

namespace {

constexpr int kProven = 0;
constexpr int kNotProven = 1;
constexpr int kUnreadable = 2;

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

Result<JournalLayout> layout_of(const Json& arguments) {
    JournalLayout layout;
    const auto wrong = [](const char* name, const std::string& value, const char* expected) {
        return misconfigured("settlement.argument",
                             "--" + std::string(name) + " " + value + ": expected " + expected);
    };
    if (const std::string& clearing = arguments["clearing"].text(); clearing == "gross")
        layout.gross_clearing = true;
    else if (!clearing.empty() && clearing != "net")
        return wrong("clearing", clearing, "net or gross");
    if (const std::string& per = arguments["per"].text(); per == "day")
        layout.per_day = true;
    else if (per == "total")
        layout.per_marketplace = false;
    else if (!per.empty() && per != "store")
        return wrong("per", per, "store, day or total");
    if (const std::string& basis = arguments["date-basis"].text(); basis == "deposit")
        layout.by_month = false;
    else if (!basis.empty() && basis != "posted")
        return wrong("date-basis", basis, "posted or deposit");
    return layout;
}

/// What was read of all files, each settlement once.
struct Collected {
    std::vector<Settlement> settlements;
    int code = kProven;
};

/// Amazon makes a settlement's report again now and then: the same rows, in whatever file.
bool same_rows(const Settlement& a, const Settlement& b) {
    const auto sums = [](const Settlement& settlement) {
        std::map<std::tuple<std::string, std::string, std::string, std::string, Day>,
                 std::pair<AmountSum, std::uint64_t>>
            all;
        for (const SettlementBucket& bucket : settlement.buckets) {
            const SettlementLabel& label = settlement.labels[bucket.label];
            auto& [sum, rows] = all[{label.transaction_type, label.amount_type, label.description,
                                     label.marketplace, bucket.day}];
            sum += bucket.sum;
            rows += bucket.rows;
        }
        return all;
    };
    const auto total = [](const Settlement& settlement) {
        return settlement.header ? std::optional(settlement.header->total) : std::nullopt;
    };
    return total(a) == total(b) && a.rows == b.rows && a.currency == b.currency &&
           a.orders == b.orders && sums(a) == sums(b);
}

void collect(sdk::CommandIo& io, std::string_view file, Settlement settlement,
             Collected& collected) {
    const auto known = std::ranges::find(collected.settlements, settlement.id, &Settlement::id);
    if (known == collected.settlements.end()) {
        collected.settlements.push_back(std::move(settlement));
        return;
    }
    const std::string which = std::string(file) + ": settlement " +
                              to_utf8(settlement.id, settlement.currency) + " was given before";
    if (same_rows(*known, settlement)) {
        io.err(which + " with the same rows; it is proven once\n");
        return;
    }
    io.err(which + " with other rows: they come to " +
           to_decimal(known->total, known->digits).text() + " there and to " +
           to_decimal(settlement.total, settlement.digits).text() +
           " here; ask Amazon which of the two it paid, and give that one "
           "[settlement.differs]\n");
    if (collected.code == kProven) collected.code = kNotProven;
}

Collected read_files(sdk::CommandIo& io) {
    Collected collected;
    for (std::uint32_t file = 0; file < io.file_count(); ++file) {
        const std::string_view name = io.file_name(file);
        ArgumentSource bytes(io, file);
        UnicodeSource source(bytes);
        Result<SettlementFile> read = read_settlements(source, [&] { return io.cancelled(); });
        if (read) {
            for (Settlement& settlement : read->settlements)
                collect(io, name, std::move(settlement), collected);
            continue;
        }
        if (read.error().code == "settlement.cancelled") {
            io.err(std::string(name) + ": reading was cancelled; nothing is proven\n");
            collected.code = kNotProven;
            collected.settlements.clear();
            return collected;
        }
        io.err(std::string(name) + ": " + to_utf8(read.error().message, std::string_view()) + " [" +
               read.error().code + "]\n");
        collected.code = kUnreadable;
    }
    return collected;
}

// Amazon begins a settlement in the second in which the one before ended.
constexpr std::int64_t kApart = 60;

/// The settlement that ended when this one began, of one currency and store; null where none of
/// the files is it, or several may be: two accounts that are paid on the same day.
const ChainEnd* before(const Settlement& settlement, const std::vector<ChainEnd>& ends) {
    if (!settlement.header) return nullptr;
    const std::string home = home_marketplace(settlement);
    const ChainEnd* found = nullptr;
    for (const ChainEnd& end : ends) {
        const std::int64_t apart = settlement.header->start_second - end.end_second;
        if (end.id == settlement.id || end.currency != settlement.currency) continue;
        if (apart < -kApart || apart > kApart) continue;
        if (!home.empty() && !end.marketplace.empty() && home != end.marketplace) continue;
        if (found != nullptr) return nullptr;
        found = &end;
    }
    return found;
}

Result<int> prove_files(sdk::CommandIo& io, const Json& arguments) {
    const Result<JournalLayout> layout = layout_of(arguments);
    if (!layout) return layout.error();
    Collected collected = read_files(io);
    std::vector<Settlement>& settlements = collected.settlements;
    // Each after its predecessor.
    std::ranges::stable_sort(settlements, {}, [](const Settlement& each) {
        return each.header ? std::pair(each.header->start_second, each.header->end_second)
                           : std::pair<std::int64_t, std::int64_t>();
    });
    const SettlementRules rules;
    std::vector<ChainEnd> ends;
    for (const Settlement& each : settlements)
        if (each.header) ends.push_back(chain_end(each));
    Json all = Json::array();
    const bool as_json = arguments["json"].bool_if() == true;
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        const Result<SettlementProof> proof =
            prove(settlements[i], rules, *layout, before(settlements[i], ends));
        if (!proof) return proof.error();
        if (!proof->proven() && collected.code == kProven) collected.code = kNotProven;
        if (as_json)
            all.push_back(proof_json(settlements[i], *proof));
        else
            io.out((i == 0 ? "" : "\n") + proof_text(settlements[i], *proof));
    }
    if (as_json && !settlements.empty())
        io.out((settlements.size() == 1 ? all.items().front() : all).pretty() + "\n");
    return collected.code;
}

}  // namespace

Result<int> run_settlement_command(sdk::CommandIo& io, const sdk::CommandCall& call) {
    return prove_files(io, call.arguments);
}

}  // namespace carrick::plugins
