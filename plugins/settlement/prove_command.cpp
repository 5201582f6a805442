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

/// Settlements of one account follow one another: by store and currency, in the order of their
/// periods. The same settlement twice is proven once.
class Chain {
public:
    /// In the order in which they are to be proven: each after its predecessor.
    static void sort(std::vector<Settlement>& settlements) {
        std::ranges::stable_sort(settlements, {}, [](const Settlement& each) {
            return std::tuple(each.currency, home_marketplace(each),
                              each.header ? each.header->start_day : kNoDay);
        });
    }
    [[nodiscard]] const ChainEnd* before(const Settlement& settlement) const {
        const auto found = ends_.find(key_of(settlement));
        return found == ends_.end() ? nullptr : &found->second;
    }
    void add(const Settlement& settlement) { ends_[key_of(settlement)] = chain_end(settlement); }

private:
    static std::pair<std::string, std::string> key_of(const Settlement& settlement) {
        return {settlement.currency, home_marketplace(settlement)};
    }
    std::map<std::pair<std::string, std::string>, ChainEnd> ends_;
};

Result<int> prove_files(sdk::CommandIo& io, const Json& arguments) {
    const Result<JournalLayout> layout = layout_of(arguments);
    if (!layout) return layout.error();
    std::vector<Settlement> settlements;
    int code = kProven;
    for (std::uint32_t file = 0; file < io.file_count(); ++file) {
        ArgumentSource bytes(io, file);
        UnicodeSource source(bytes);
        Result<SettlementFile> read = read_settlements(source, [&] { return io.cancelled(); });
        if (!read) {
            io.err(std::string(io.file_name(file)) + ": " +
                   to_utf8(read.error().message, std::string_view()) + " [" + read.error().code +
                   "]\n");
            code = kUnreadable;
            continue;
        }
        for (Settlement& settlement : read->settlements)
            settlements.push_back(std::move(settlement));
    }
    Chain::sort(settlements);
    const SettlementRules rules;
    Chain chain;
    Json all = Json::array();
    const bool as_json = arguments["json"].bool_if() == true;
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        const Result<SettlementProof> proof =
            prove(settlements[i], rules, *layout, chain.before(settlements[i]));
        if (!proof) return proof.error();
        chain.add(settlements[i]);
        if (!proof->proven() && code == kProven) code = kNotProven;
        if (as_json)
            all.push_back(proof_json(settlements[i], *proof));
        else
            io.out((i == 0 ? "" : "\n") + proof_text(settlements[i], *proof));
    }
    if (as_json && !settlements.empty())
        io.out((settlements.size() == 1 ? all.items().front() : all).pretty() + "\n");
    return code;
}

}  // namespace

Result<int> run_settlement_command(sdk::CommandIo& io, const sdk::CommandCall& call) {
    return prove_files(io, call.arguments);
}

}  // namespace carrick::plugins
