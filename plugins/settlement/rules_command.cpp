// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/rules_command.hpp"

#include "plugins/settlement/given_settlements.hpp"
#include "plugins/settlement/rules_comparison.hpp"
#include "plugins/shared/settlement/unicode_source.hpp"

#include <set>

namespace carrick::plugins {

namespace {

constexpr std::size_t kAmountWidth = 16;

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

/// The default map in the shape of a map of one's own, to copy from.
std::string as_yaml(const std::vector<SettlementRule>& rules) {
    std::string text = "rules:\n";
    for (const SettlementRule& rule : rules) {
        text += "  - { ";
        const std::pair<const char*, const LabelPattern*> patterns[] = {
            {"transaction_type", &rule.transaction_type},
            {"amount_type", &rule.amount_type},
            {"description", &rule.description},
            {"marketplace", &rule.marketplace},
            {"sku_class", &rule.sku_class}};
        for (const auto& [key, pattern] : patterns)
            if (pattern->text() != "*")
                text += std::string(key) + ": " + quoted(pattern->text()) + ", ";
        text += "class: " + std::string(text_of(rule.row_class)) + ", account: " + rule.account +
                " }\n";
    }
    return text;
}

std::string right(const std::string& text) {
    return text.size() < kAmountWidth ? std::string(kAmountWidth - text.size(), ' ') + text : text;
}
std::string left(std::string text, std::size_t width) {
    if (text.size() < width) text.resize(width, ' ');
    return text;
}

std::string comparison_text(const Settlement& settlement, const RulesComparison& comparison) {
    const auto amount = [&](AmountSum sum) { return to_decimal(sum, settlement.digits).text(); };
    const auto utf8 = [&](const std::string& text) { return to_utf8(text, settlement.currency); };
    std::string text = "Settlement " + utf8(settlement.id) + " (" + settlement.currency + "): ";
    if (comparison.moves.empty())
        text += "nothing would move\n";
    else
        text += std::to_string(comparison.moves.size()) +
                (comparison.moves.size() == 1 ? " kind of rows" : " kinds of rows") +
                " would move\n" + left("", 46) + right("before") + right("after") + "\n";
    for (const RulesComparison::Move& move : comparison.moves) {
        text += "  " + utf8(move.type) +
                (move.marketplace.empty() ? std::string() : ", " + move.marketplace) + "\n";
        for (const RulesComparison::Side& side : move.sides)
            text += "      " +
                    left(std::string(text_of(side.row_class)) + ", " + side.account, 40) +
                    right(amount(side.before)) + right(amount(side.after)) + "\n";
    }
    for (const std::string& each : comparison.unmapped)
        text += "  in suspense still: " + utf8(each) + "\n";
    return text + "  " + (comparison.proven_before ? "proven" : "NOT PROVEN") + " before, " +
           (comparison.proven_after ? "proven" : "NOT PROVEN") + " after\n";
}

Json comparison_json(const Settlement& settlement, const RulesComparison& comparison) {
    const auto amount = [&](AmountSum sum) {
        return Json(to_decimal(sum, settlement.digits).text());
    };
    const auto utf8 = [&](const std::string& text) {
        return Json(to_utf8(text, settlement.currency));
    };
    Json moves = Json::array();
    for (const RulesComparison::Move& move : comparison.moves) {
        Json sides = Json::array();
        for (const RulesComparison::Side& side : move.sides)
            sides.push_back(Json::object({{"class", Json(std::string(text_of(side.row_class)))},
                                          {"account", Json(side.account)},
                                          {"before", amount(side.before)},
                                          {"after", amount(side.after)}}));
        moves.push_back(Json::object({{"type", utf8(move.type)},
                                      {"marketplace", Json(move.marketplace)},
                                      {"accounts", std::move(sides)}}));
    }
    Json unmapped = Json::array();
    for (const std::string& each : comparison.unmapped) unmapped.push_back(utf8(each));
    return Json::object({{"settlement_id", utf8(settlement.id)},
                         {"currency", Json(settlement.currency)},
                         {"moves", std::move(moves)},
                         {"unmapped", std::move(unmapped)},
                         {"proven_before", Json(comparison.proven_before)},
                         {"proven_after", Json(comparison.proven_after)}});
}

int test_rules(sdk::CommandIo& io, const Json& arguments) {
    const Result<SettlementRules> before = rules_in(arguments["against"]);
    if (!before) return refused(io, before.error());
    const Result<SettlementRules> after = rules_in(arguments["map"]);
    if (!after) return refused(io, after.error());
    const RulesComparer comparer(*before, *after);
    GivenSettlements given = read_given(io, comparer.reading());
    Json all = Json::array();
    std::set<std::string> unused;
    for (const SettlementRule& rule : after->rules())
        if (!rule.is_default()) unused.insert(rule.place);
    const bool as_json = arguments["json"].bool_if() == true;
    for (const Settlement& settlement : given.settlements) {
        const Result<RulesComparison> compared = comparer.compare(settlement);
        if (!compared) return refused(io, compared.error());
        if (!compared->proven_after && given.code == kProven) given.code = kNotProven;
        for (const std::string& place : compared->used) unused.erase(place);
        if (as_json)
            all.push_back(comparison_json(settlement, *compared));
        else
            io.out(comparison_text(settlement, *compared));
    }
    if (as_json) {
        Json places = Json::array();
        for (const std::string& place : unused) places.push_back(Json(place));
        io.out(Json::object({{"settlements", std::move(all)}, {"unused_rules", std::move(places)}})
                   .pretty() +
               "\n");
    } else if (!given.settlements.empty()) {
        for (const std::string& place : unused) io.out(place + ": this rule fits no row\n");
    }
    return given.code;
}

}  // namespace

int run_rules(sdk::CommandIo& io, const Json& arguments) {
    const std::string& action = arguments["action"].text();
    const auto wrong = [&](const std::string& what) {
        return refused(io, misconfigured("settlement.argument", what));
    };
    if (action == "show") {
        io.out(as_yaml(default_map()));
        return kProven;
    }
    if (action != "test") return wrong(action + ": expected show or test");
    if (!arguments.contains("map"))
        return wrong("settlement rules test: expected --map FILE, the map to test");
    if (io.file_count() == 0)
        return wrong("settlement rules test: expected settlement files to test the map on");
    return test_rules(io, arguments);
}

}  // namespace carrick::plugins
