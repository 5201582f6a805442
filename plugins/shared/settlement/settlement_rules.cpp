// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_rules.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace carrick::plugins {

namespace {

constexpr std::array<std::string_view, 6> kClasses{"receivable", "credit",  "fee",
                                                   "tax",        "balance", "suspense"};

/// Which of two rules that both fit goes first.
std::tuple<int, int, int> rank(const SettlementRule& rule) {
    int exact = 0;
    int specificity = 0;
    for (const LabelPattern* pattern :
         {&rule.transaction_type, &rule.amount_type, &rule.description, &rule.marketplace}) {
        specificity += pattern->specificity();
        if (pattern->text().find('*') == std::string::npos) ++exact;
    }
    return {rule.priority, exact, specificity};
}

bool fits(const SettlementRule& rule, const MatchedLabel& label) {
    return rule.transaction_type.matches(label.transaction_type) &&
           rule.amount_type.matches(label.amount_type) &&
           rule.description.matches(label.description) &&
           rule.marketplace.matches(label.marketplace);
}

bool holds_on(const SettlementRule& rule, Day day) {
    // Rows without a day are held by rules without days alone.
    if (day == kNoDay) return !rule.from && !rule.to;
    return (!rule.from || *rule.from <= day) && (!rule.to || day <= *rule.to);
}

/// How many letters are the same at the beginning and, of what is left, at the end.
std::size_t same_ends(std::string_view a, std::string_view b) {
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t begin = 0;
    while (begin < shorter && a[begin] == b[begin]) ++begin;
    std::size_t end = 0;
    while (begin + end < shorter && a[a.size() - 1 - end] == b[b.size() - 1 - end]) ++end;
    return begin + end;
}

/// Reads one rule of a map.
class RuleReader {
public:
    RuleReader(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

    Result<SettlementRule> read() {
        if (!json_.is_object()) return problem("", "expected keys and values");
        for (const JsonMember& member : json_.members())
            if (!kKeys.contains(member.key))
                return problem(member.key,
                               "no key of a rule; there are transaction_type, amount_type, "
                               "description, marketplace, from, to, priority, class and account");
        SettlementRule rule;
        rule.place = place_;
        const std::pair<const char*, LabelPattern*> patterns[] = {
            {"transaction_type", &rule.transaction_type},
            {"amount_type", &rule.amount_type},
            {"description", &rule.description},
            {"marketplace", &rule.marketplace}};
        for (const auto& [key, pattern] : patterns) {
            const Json& value = json_[key];
            if (value.is_null()) continue;
            if (!value.is_string()) return problem(key, "expected a text, with * for anything");
            *pattern = LabelPattern(value.text());
        }
        const std::pair<const char*, std::optional<Day>*> days[] = {{"from", &rule.from},
                                                                    {"to", &rule.to}};
        for (const auto& [key, day] : days) {
            if (json_[key].is_null()) continue;
            *day = read_day(json_[key].text());
            if (!*day) return problem(key, "expected a day such as 2026-07-01");
        }
        if (rule.from && rule.to && *rule.to < *rule.from)
            return problem("to", "lies before `from`");
        if (const Json& priority = json_["priority"]; !priority.is_null()) {
            const auto number = priority.integer_if();
            if (!number || *number < -kMostPriority || *number > kMostPriority)
                return problem("priority", "expected a whole number from -1000 to 1000");
            rule.priority = static_cast<int>(*number);
        }
        const std::optional<RowClass> row_class = row_class_from(json_["class"].text());
        if (!row_class)
            return problem("class", "expected receivable, credit, fee, tax, balance or suspense");
        rule.row_class = *row_class;
        return with_account(std::move(rule));
    }

private:
    static constexpr std::int64_t kMostPriority = 1000;
    inline static const std::set<std::string, std::less<>> kKeys{
        "transaction_type", "amount_type", "description", "marketplace", "from", "to",
        "priority",         "class",       "account"};

    Result<SettlementRule> with_account(SettlementRule rule) const {
        rule.account = json_["account"].text();
        if (rule.account.empty() &&
            (rule.row_class == RowClass::Receivable || rule.row_class == RowClass::Credit))
            rule.account = "ar";
        if (rule.account.empty() && rule.row_class == RowClass::Suspense) rule.account = "suspense";
        if (rule.account.empty())
            return problem("account", "expected a role, such as fees.commission");
        return rule;
    }
    [[nodiscard]] Error problem(const std::string& key, const std::string& what) const {
        const Json& value = json_[key];
        return misconfigured("settlement.map",
                             place_ + (key.empty() ? "" : ", " + key) + ": " +
                                 (value.is_null() ? "" : value.dump() + "; ") + what,
                             key);
    }

    const Json& json_;
    std::string place_;
};

}  // namespace

std::string_view text_of(RowClass row_class) {
    return kClasses.at(static_cast<std::size_t>(row_class));
}

std::optional<RowClass> row_class_from(std::string_view text) {
    const auto found = std::ranges::find(kClasses, text);
    if (found == kClasses.end()) return std::nullopt;
    return static_cast<RowClass>(found - kClasses.begin());
}

Result<SettlementRules> SettlementRules::with(const Json& map, const std::string& name) {
    SettlementRules result;
    if (!map.is_object() || !map["rules"].is_array() || map.members().size() != 1)
        return misconfigured("settlement.map",
                             name + ": expected one key, `rules`, with a list of rules");
    std::size_t number = 0;
    for (const Json& json : map["rules"].items()) {
        Result<SettlementRule> rule =
            RuleReader(json, name + ", rule " + std::to_string(++number)).read();
        if (!rule) return rule.error();
        if (rule->from || rule->to) result.has_dates_ = true;
        result.rules_.push_back(*std::move(rule));
    }
    return result;
}

Result<const SettlementRule*> SettlementRules::find(const MatchedLabel& label, Day day) const {
    const SettlementRule* best = nullptr;
    const SettlementRule* rival = nullptr;
    for (const SettlementRule& rule : rules_) {
        if (!fits(rule, label) || !holds_on(rule, day)) continue;
        if (best == nullptr || rank(*best) < rank(rule)) {
            best = &rule;
            rival = nullptr;
        } else if (rank(rule) == rank(*best) &&
                   (rule.row_class != best->row_class || rule.account != best->account)) {
            rival = &rule;
        }
    }
    if (rival != nullptr && best->priority <= kDefaultPriority + 1)
        return static_cast<const SettlementRule*>(nullptr);
    if (rival != nullptr)
        return misconfigured("settlement.rules_ambiguous",
                             best->place + " and " + rival->place + " both fit \"" +
                                 label.transaction_type + "|" + label.amount_type + "|" +
                                 label.description +
                                 "\" and neither asks for more; give one of them a higher "
                                 "`priority`");
    return best;
}

std::string SettlementRules::suggestion(const MatchedLabel& label) const {
    const SettlementRule* nearest = nullptr;
    std::size_t most = 0;
    bool like_fees = false;
    bool like_sales = false;
    for (const SettlementRule& rule : rules_) {
        const bool same_amount =
            rule.amount_type.specificity() > 0 && rule.amount_type.matches(label.amount_type);
        const bool same_type = rule.transaction_type.matches(label.transaction_type);
        const bool same_words =
            rule.description.specificity() > 0 && rule.description.matches(label.description);
        if (!same_words && !(same_amount && same_type)) continue;
        // Misspelt or renamed, most of its letters are still those of the rule's.
        const std::size_t alike = same_words
                                      ? std::string_view::npos
                                      : same_ends(rule.description.lowered(), label.description);
        if (alike > most && alike * 2 >= label.description.size()) {
            nearest = &rule;
            most = alike;
        }
        like_fees = like_fees || rule.row_class == RowClass::Fee;
        like_sales = like_sales || rule.row_class == RowClass::Receivable;
    }
    if (nearest != nullptr) return nearest->account;
    if (like_fees == like_sales) return {};
    return like_fees ? "fees.other" : "ar";
}

}  // namespace carrick::plugins
