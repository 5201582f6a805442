// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/prove_command.hpp"

#include "plugins/settlement/given_settlements.hpp"
#include "plugins/settlement/proof_json.hpp"
#include "plugins/settlement/proof_text.hpp"

namespace carrick::plugins {

namespace {

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
    else if (per == "class")
        layout.per_class = true;
    else if (!per.empty() && per != "store")
        return wrong("per", per, "store, day, class or total");
    if (const std::string& basis = arguments["date-basis"].text(); basis == "deposit")
        layout.by_month = false;
    else if (!basis.empty() && basis != "posted")
        return wrong("date-basis", basis, "posted or deposit");
    return layout;
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

}  // namespace

int prove_settlements(sdk::CommandIo& io, const Json& arguments) {
    const Result<JournalLayout> layout = layout_of(arguments);
    if (!layout) return refused(io, layout.error());
    const Result<SettlementRules> rules = rules_in(arguments["rules"]);
    if (!rules) return refused(io, rules.error());
    if (layout->per_class && rules->sku_classes().empty())
        return refused(io, misconfigured("settlement.argument",
                                         "--per class: expected --rules with `sku_classes`, by "
                                         "which to divide"));
    SettlementReading reading;
    reading.zone = arguments["zone"].text();
    reading.traced = arguments["rows"].bool_if() == true;
    reading.stands_singly = [&](const SettlementLabel& label) { return rules->is_balance(label); };
    if (!rules->sku_classes().empty())
        reading.sku_class = [&](std::string_view sku) { return rules->sku_classes().of(sku); };
    GivenSettlements given = read_given(io, reading);
    std::vector<ChainEnd> ends;
    for (const Settlement& each : given.settlements)
        if (each.header) ends.push_back(chain_end(each));
    Json all = Json::array();
    const bool as_json = arguments["json"].bool_if() == true;
    for (std::size_t i = 0; i < given.settlements.size(); ++i) {
        const Settlement& settlement = given.settlements[i];
        const Result<SettlementProof> proof =
            prove(settlement, *rules, *layout, before(settlement, ends));
        if (!proof) return refused(io, proof.error());
        if (!proof->proven() && given.code == kProven) given.code = kNotProven;
        if (as_json)
            all.push_back(proof_json(settlement, *proof));
        else
            io.out((i == 0 ? "" : "\n") + proof_text(settlement, *proof));
    }
    if (as_json && !given.settlements.empty())
        io.out((given.settlements.size() == 1 ? all.items().front() : all).pretty() + "\n");
    return given.code;
}

}  // namespace carrick::plugins
