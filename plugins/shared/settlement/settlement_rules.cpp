// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_rules.hpp"

#include "plugins/shared/report_text/table_reader.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <tuple>

namespace carrick::plugins {

namespace {

constexpr std::array<std::string_view, 6> kClasses{"receivable", "credit",  "fee",
                                                   "tax",        "balance", "suspense"};

/// Which of two rules that both fit goes first.
std::tuple<int, int, int> rank(const SettlementRule& rule) {
    int exact = 0;
    int specificity = 0;
    for (const LabelPattern* pattern : {&rule.transaction_type, &rule.amount_type,
                                        &rule.description, &rule.marketplace, &rule.sku_class}) {
        specificity += pattern->specificity();
        if (pattern->text().find('*') == std::string::npos) ++exact;
    }
    return {rule.priority, exact, specificity};
}

bool fits(const SettlementRule& rule, const MatchedLabel& label) {
    return rule.transaction_type.matches(label.transaction_type) &&
           rule.amount_type.matches(label.amount_type) &&
           rule.description.matches(label.description) &&
           (rule.marketplace.matches(label.marketplace) ||
            (!label.store.empty() && rule.marketplace.matches(label.store))) &&
           rule.sku_class.matches(label.sku_class);
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

/// Reads a map; notes all that is wrong with it.
class MapReader {
public:
    MapReader(std::string name, const Json& marks) : name_(std::move(name)), marks_(marks) {}

    void read(const Json& map, SkuClasses& classes, std::vector<SettlementRule>& rules) {
        if (!map.is_object())
            return problem("", map, "expected the keys `rules` and, maybe, `sku_classes`");
        check_keys(map, "", kMapKeys);
        read_classes(map["sku_classes"], classes);
        const Json& list = map["rules"];
        if (!list.is_array()) return problem("/rules", list, "expected a list of rules");
        std::size_t number = 0;
        for (const Json& json : list.items()) {
            const std::string at = "/rules/" + std::to_string(number++);
            read_rule(json, at, rules);
        }
    }
    /// One a line; "" where all is well.
    [[nodiscard]] const std::string& problems() const { return problems_; }

private:
    static constexpr std::int64_t kMostPriority = 1000;
    static constexpr std::array<std::string_view, 2> kMapKeys{"rules", "sku_classes"};
    static constexpr std::array<std::string_view, 10> kRuleKeys{
        "transaction_type", "amount_type", "description", "marketplace", "sku_class", "from", "to",
        "priority",         "class",       "account"};

    void read_classes(const Json& json, SkuClasses& classes) {
        if (json.is_null()) return;
        if (!json.is_object())
            return problem("/sku_classes", json, "expected names, each with a list of SKUs");
        for (const JsonMember& member : json.members()) {
            const std::string at = "/sku_classes/" + member.key;
            std::vector<LabelPattern> skus;
            if (member.value.is_array())
                for (const Json& sku : member.value.items()) add_sku(sku, at, skus);
            else
                add_sku(member.value, at, skus);
            class_names_.insert(member.key);
            classes.add(member.key, std::move(skus));
        }
    }
    void add_sku(const Json& sku, const std::string& at, std::vector<LabelPattern>& skus) {
        const std::optional<std::string> text = text_in(sku);
        if (!text || trimmed(*text).empty())
            return problem(at, sku, "expected SKUs, with * for anything");
        skus.emplace_back(*text);
    }

    void read_rule(const Json& json, const std::string& at, std::vector<SettlementRule>& rules) {
        if (!json.is_object()) return problem(at, json, "expected a rule's keys and values");
        check_keys(json, at, kRuleKeys);
        SettlementRule rule;
        rule.place = place_of(at);
        const std::pair<const char*, LabelPattern*> patterns[] = {
            {"transaction_type", &rule.transaction_type},
            {"amount_type", &rule.amount_type},
            {"description", &rule.description},
            {"marketplace", &rule.marketplace},
            {"sku_class", &rule.sku_class}};
        for (const auto& [key, pattern] : patterns) {
            const Json& value = json[key];
            if (value.is_null()) continue;
            if (const std::optional<std::string> text = text_in(value))
                *pattern = LabelPattern(*text);
            else
                problem(at + "/" + key, value, "expected a text, with * for anything");
        }
        if (const std::string& name = rule.sku_class.text();
            name.find('*') == std::string::npos && !name.empty() && !class_names_.contains(name))
            problem(at + "/sku_class", json["sku_class"], "is none of `sku_classes`");
        read_days(json, at, rule);
        if (const Json& priority = json["priority"]; !priority.is_null()) {
            const auto number = priority.integer_if();
            if (!number || *number < -kMostPriority || *number > kMostPriority)
                problem(at + "/priority", priority, "expected a whole number from -1000 to 1000");
            rule.priority = static_cast<int>(number.value_or(0));
        }
        const std::optional<RowClass> row_class = row_class_from(json["class"].text());
        if (!row_class)
            return problem(at + "/class", json["class"],
                           "expected receivable, credit, fee, tax, balance or suspense");
        rule.row_class = *row_class;
        rule.account = json["account"].text();
        if (rule.account.empty()) rule.account = only_account(*row_class);
        if (rule.account.empty())
            return problem(at + "/account", json["account"],
                           "expected a role, such as fees.commission");
        rules.push_back(std::move(rule));
    }
    void read_days(const Json& json, const std::string& at, SettlementRule& rule) {
        const std::pair<const char*, std::optional<Day>*> days[] = {{"from", &rule.from},
                                                                    {"to", &rule.to}};
        for (const auto& [key, day] : days) {
            if (json[key].is_null()) continue;
            *day = read_day(json[key].text());
            if (!*day || states_time(json[key].text()))
                problem(at + "/" + key, json[key], "expected a day such as 2026-07-01");
        }
        if (rule.from && rule.to && *rule.to < *rule.from)
            problem(at + "/to", json["to"], "lies before `from`");
    }
    static std::string only_account(RowClass row_class) {
        switch (row_class) {
            case RowClass::Receivable:
            case RowClass::Credit: return "ar";
            case RowClass::Suspense: return "suspense";
            default: return {};
        }
    }
    /// An unquoted SKU of digits is a number to YAML.
    static std::optional<std::string> text_in(const Json& value) {
        if (value.is_string()) return value.text();
        if (value.is_number()) return value.dump();
        return std::nullopt;
    }

    void check_keys(const Json& json, const std::string& at,
                    std::span<const std::string_view> known) {
        for (const JsonMember& member : json.members()) {
            if (std::ranges::find(known, member.key) != known.end()) continue;
            std::string all;
            for (const std::string_view key : known)
                all += (all.empty() ? "" : ", ") + std::string(key);
            problem(at + "/" + member.key, Json(), "no such key; there are " + all);
        }
    }
    void problem(const std::string& at, const Json& value, const std::string& what) {
        problems_ += (problems_.empty() ? "" : "\n") + place_of(at) + key_of(at) + ": " +
                     (value.is_null() ? "" : value.dump().substr(0, 100) + "; ") + what;
    }
    /// "map.yaml:7:5", of the thing or, where it is missing, of what it is missing in; else
    /// "map.yaml".
    [[nodiscard]] std::string place_of(std::string at) const {
        if (!marks_.is_object() || marks_.members().empty()) {
            // Without marks, by the rule's number.
            constexpr std::string_view kRules = "/rules/";
            if (!at.starts_with(kRules)) return name_;
            const std::string number =
                at.substr(kRules.size(), at.find('/', kRules.size()) - kRules.size());
            return name_ + ", rule " + std::to_string(std::stoul(number) + 1);
        }
        for (;; at.resize(at.rfind('/'))) {
            if (const std::string& mark = marks_[at].text(); !mark.empty()) return mark;
            if (at.empty()) return name_;
        }
    }
    static std::string key_of(const std::string& at) {
        const std::size_t slash = at.rfind('/');
        if (slash == std::string::npos) return {};
        const std::string key = at.substr(slash + 1);
        const bool number = key.find_first_not_of("0123456789") == std::string::npos;
        return number ? std::string() : ", " + key;
    }

    std::string name_;
    const Json& marks_;
    std::set<std::string> class_names_;
    std::string problems_;
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

Result<SettlementRules> SettlementRules::with(const Json& map, const std::string& name,
                                              const Json& marks) {
    SettlementRules result;
    MapReader reader(name, marks);
    std::vector<SettlementRule> rules;
    reader.read(map, result.sku_classes_, rules);
    if (!reader.problems().empty()) return misconfigured("settlement.map", reader.problems());
    for (SettlementRule& rule : rules) {
        if (rule.from || rule.to) result.has_dates_ = true;
        result.rules_.push_back(std::move(rule));
    }
    return result;
}

bool SettlementRules::is_balance(const SettlementLabel& label) const {
    const MatchedLabel words = matched_label(label);
    return std::ranges::any_of(rules_, [&](const SettlementRule& rule) {
        return rule.row_class == RowClass::Balance &&
               rule.transaction_type.matches(words.transaction_type) &&
               rule.amount_type.matches(words.amount_type) &&
               rule.description.matches(words.description);
    });
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
    if (rival != nullptr && best->is_default()) return static_cast<const SettlementRule*>(nullptr);
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
