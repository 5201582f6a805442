// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_proof.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

namespace carrick::plugins {

namespace {

using Sums = std::map<std::pair<std::string, RowClass>, AmountSum>;

bool is_paid_by_payments(RowClass row_class) {
    return row_class == RowClass::Receivable || row_class == RowClass::Credit;
}

Day last_of_month(Day day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    const std::chrono::sys_days last{date.year() / date.month() / std::chrono::last};
    return static_cast<Day>(last.time_since_epoch().count());
}

constexpr int kWarning = 9;  // the identity that is no proof

// Amazon pays within days of a settlement's end, later over holidays.
constexpr Day kLongestUntilDeposit = 31;

/// Amounts under which balances stand; Amazon puts them under several transaction types.
AmountSum sum_of_description(const Settlement& settlement, std::string_view description) {
    AmountSum sum = 0;
    for (const SettlementBucket& bucket : settlement.buckets)
        if (matched_label(settlement.labels[bucket.label]).description == description)
            sum += bucket.sum;
    return sum;
}

class Prover {
public:
    Prover(const Settlement& settlement, const SettlementRules& rules, const JournalLayout& layout,
           const ChainEnd* before)
        : settlement_(settlement), rules_(rules), layout_(layout), before_(before) {}

    Result<SettlementProof> run() {
        proof_.marketplaces = assign_marketplaces(settlement_);
        if (const Result<void> classed = classify(); !classed) return classed.error();
        write_journals();
        find_open_items();
        state_identities();
        return std::move(proof_);
    }

private:
    Result<void> classify();
    void take(std::uint32_t number, const SettlementRule* rule, const MatchedLabel& label);
    void write_journals();
    void add_clearing(Journal& journal) const;
    void add_deposit();
    Journal& journal_of(Day date);
    void find_open_items();
    void find_tax_gaps();
    void open_item(std::string code, const SettlementBucket& bucket, std::string message);
    void state_identities();
    void chain();
    void chain_link(const char* what, AmountSum here, std::optional<AmountSum> there);
    void identity(int number, std::string name, AmountSum left, AmountSum right);
    void unchecked(int number, std::string name, std::string why);
    [[nodiscard]] Sums journal_sums() const;
    [[nodiscard]] std::string text(AmountSum sum) const {
        return to_decimal(sum, settlement_.digits).text();
    }

    const Settlement& settlement_;
    const SettlementRules& rules_;
    const JournalLayout& layout_;
    const ChainEnd* before_;
    SettlementProof proof_;
    std::map<std::tuple<RowClass, std::string, std::string, std::string, std::string, Day,
                        std::uint64_t>,
             std::uint32_t>
        lines_;
    std::map<Day, std::size_t> journals_;
    std::map<std::string, std::size_t> unmapped_;  // by the label's words
    Sums row_sums_;                                // by store and class, as the rows came
};

Result<void> Prover::classify() {
    std::vector<MatchedLabel> labels;
    std::vector<const SettlementRule*> known;
    for (std::size_t i = 0; i < settlement_.labels.size(); ++i) {
        labels.push_back(matched_label(settlement_.labels[i]));
        labels.back().store = in_small_letters(proof_.marketplaces[i].code);
        const Result<const SettlementRule*> rule = rules_.find(labels.back(), kNoDay);
        if (!rule) return rule.error();
        known.push_back(*rule);
    }
    for (std::uint32_t i = 0; i < settlement_.buckets.size(); ++i) {
        const SettlementBucket& bucket = settlement_.buckets[i];
        const SettlementRule* rule = known[bucket.label];
        if (rules_.has_dates()) {
            const Result<const SettlementRule*> dated =
                rules_.find(labels[bucket.label], bucket.day);
            if (!dated) return dated.error();
            rule = *dated;
        }
        take(i, rule, labels[bucket.label]);
    }
    return {};
}

void Prover::take(std::uint32_t number, const SettlementRule* rule, const MatchedLabel& label) {
    const SettlementBucket& bucket = settlement_.buckets[number];
    const AssignedMarketplace& store = proof_.marketplaces[bucket.label];
    const RowClass row_class = rule == nullptr ? RowClass::Suspense : rule->row_class;
    const std::string account = rule == nullptr ? "suspense" : rule->account;
    row_sums_[{store.code, row_class}] += bucket.sum;
    Day day = kNoDay;
    if (layout_.per_day)
        day = bucket.day;
    else if (layout_.by_month && bucket.day != kNoDay)
        day = last_of_month(bucket.day);
    const std::string marketplace = layout_.per_marketplace ? store.code : std::string();
    const SettlementLabel& words = settlement_.labels[bucket.label];
    const std::string memo = row_class != RowClass::Balance ? std::string()
                             : words.description.empty()    ? words.transaction_type
                                                            : words.description;
    const std::string sku_class = layout_.per_class ? words.sku_class : std::string();
    // Each balance's line is its own.
    const std::uint64_t single = row_class == RowClass::Balance ? bucket.first_line : 0;
    const auto [place, added] =
        lines_.try_emplace({row_class, account, marketplace, sku_class, memo, day, single},
                           static_cast<std::uint32_t>(proof_.ledger.size()));
    if (added)
        proof_.ledger.push_back(
            {row_class, account, marketplace, sku_class, memo, day, 0, 0, bucket.first_line, {}});
    LedgerLine& line = proof_.ledger[place->second];
    line.sum += bucket.sum;
    line.rows += bucket.rows;
    line.first_line = std::min(line.first_line, bucket.first_line);
    line.buckets.push_back(number);
    proof_.line_of_bucket.push_back(place->second);
    proof_.rule_of_bucket.push_back(rule == nullptr ? std::string() : rule->place);
    if (rule != nullptr) return;
    const auto [slot, first] = unmapped_.try_emplace(type_text(words), proof_.unmapped.size());
    if (first)
        proof_.unmapped.push_back(
            {bucket.label, bucket.first_line, 0, 0, rules_.suggestion(label)});
    UnmappedLabel& unmapped = proof_.unmapped[slot->second];
    unmapped.rows += bucket.rows;
    unmapped.sum += bucket.sum;
}

Journal& Prover::journal_of(Day date) {
    const auto [place, added] = journals_.try_emplace(date, proof_.journals.size());
    if (added) proof_.journals.push_back({date, {}});
    return proof_.journals[place->second];
}

/// What payments and refunds bring to clearing, the journal takes out again: fees and balances
/// against clearing, and what is left of it as the deposit.
void Prover::write_journals() {
    const Day deposit = settlement_.header ? settlement_.header->deposit_day : kNoDay;
    for (const LedgerLine& line : proof_.ledger) {
        if (is_paid_by_payments(line.row_class) || line.sum == 0) continue;
        Day date = layout_.by_month && line.day != kNoDay ? last_of_month(line.day) : deposit;
        // A month that ends after the deposit has not ended for this settlement.
        if (deposit != kNoDay) date = std::min(date, deposit);
        JournalLine side{line.account, line.marketplace, line.sku_class, line.row_class, line.memo};
        (line.sum < 0 ? side.debit : side.credit) = line.sum < 0 ? -line.sum : line.sum;
        journal_of(date).lines.push_back(std::move(side));
    }
    add_deposit();
    for (Journal& journal : proof_.journals) add_clearing(journal);
    std::ranges::sort(proof_.journals, {}, &Journal::date);
}

void Prover::add_deposit() {
    if (!settlement_.header || settlement_.header->total == 0) return;
    const AmountSum total = settlement_.header->total;
    JournalLine money{total > 0 ? "in_transit" : "amazon_debt",
                      layout_.per_marketplace ? home_marketplace(settlement_) : std::string(),
                      {},
                      RowClass::Balance,
                      "deposit",
                      false,
                      true};
    (total > 0 ? money.debit : money.credit) = total < 0 ? -total : total;
    journal_of(settlement_.header->deposit_day).lines.push_back(std::move(money));
}

/// Each store has its own clearing account, which payments are on as well.
void Prover::add_clearing(Journal& journal) const {
    std::map<std::tuple<std::string, RowClass, bool>, JournalLine> clearing;
    for (const JournalLine& line : journal.lines) {
        const RowClass row_class = layout_.gross_clearing ? line.row_class : RowClass::Balance;
        const bool is_debit = layout_.gross_clearing && line.credit != 0;
        JournalLine& other = clearing[{line.marketplace, row_class, is_debit}];
        other.account = "clearing";
        other.marketplace = line.marketplace;
        other.row_class = row_class;
        other.is_clearing = true;
        other.debit += line.credit;
        other.credit += line.debit;
    }
    for (auto& [key, line] : clearing) {
        const AmountSum both = std::min(line.debit, line.credit);
        line.debit -= both;
        line.credit -= both;
        if (line.debit != 0 || line.credit != 0) journal.lines.push_back(std::move(line));
    }
}

void Prover::open_item(std::string code, const SettlementBucket& bucket, std::string message) {
    const SettlementLabel& label = settlement_.labels[bucket.label];
    proof_.open_items.push_back({std::move(code), type_text(label) + ": " + std::move(message),
                                 bucket.first_line, bucket.rows, bucket.sum});
}

void Prover::find_open_items() {
    for (const SettlementBucket& bucket : settlement_.buckets) {
        const AssignedMarketplace& store = proof_.marketplaces[bucket.label];
        const std::string& name = settlement_.labels[bucket.label].marketplace;
        if (store.unknown)
            open_item("settlement.marketplace", bucket,
                      "\"" + name + "\" is no store that is known; its rows were given to " +
                          (store.code.empty() ? "none" : store.code));
        if (bucket.day == kNoDay && settlement_.header)
            open_item("settlement.no_date", bucket,
                      "no posted-date; posted with the deposit's, " +
                          day_text(settlement_.header->deposit_day));
        if (store.other_currency)
            open_item("settlement.marketplace_currency", bucket,
                      name + " does not pay in " + settlement_.currency);
        if (settlement_.header && bucket.day != kNoDay &&
            (bucket.day < settlement_.header->start_day ||
             bucket.day > settlement_.header->end_day))
            open_item("settlement.date", bucket,
                      "posted on " + day_text(bucket.day) + ", outside the settlement's period " +
                          day_text(settlement_.header->start_day) + " to " +
                          day_text(settlement_.header->end_day));
    }
    if (settlement_.header) {
        const SettlementHeader& header = *settlement_.header;
        if (header.end_day < header.start_day || header.deposit_day < header.end_day ||
            header.deposit_day > header.end_day + kLongestUntilDeposit)
            proof_.open_items.push_back(
                {"settlement.header_dates",
                 "the period " + day_text(header.start_day) + " to " + day_text(header.end_day) +
                     " and the deposit of " + day_text(header.deposit_day) +
                     " do not follow one another; look the settlement up at Amazon",
                 header.line, 1, 0});
    }
    for (const Settlement::Contradiction& each : settlement_.contradictions)
        proof_.open_items.push_back({"settlement.marketplace_of_order",
                                     "order " + each.order + " is of " + each.marketplace +
                                         " by its other rows, and of " + each.other + " here",
                                     each.line, 1, 0});
    if (settlement_.contradicted > settlement_.contradictions.size())
        proof_.open_items.push_back({"settlement.marketplace_of_order", "and so in further rows", 0,
                                     settlement_.contradicted - settlement_.contradictions.size(),
                                     0});
    find_tax_gaps();
    for (const UnmappedLabel& each : proof_.unmapped)
        proof_.open_items.push_back(
            {"settlement.unmapped",
             type_text(settlement_.labels[each.label]) +
                 ": no rule knows it; its rows are in suspense" +
                 (each.suggestion.empty() ? std::string() : "; most like it is " + each.suggestion),
             each.first_line, each.rows, each.sum});
}

/// Amazon keeps all tax of an order, or none: else a person has to look why.
void Prover::find_tax_gaps() {
    for (const Settlement::TaxGap& each : settlement_.tax_gaps)
        proof_.open_items.push_back({"settlement.tax_withheld",
                                     "order " + each.order + ": of the tax of its " +
                                         (each.of_sale ? "sale" : "refund") + ", " +
                                         text(each.sum) + " is not what Amazon withheld",
                                     0, 0, each.sum});
    if (settlement_.tax_gap_count > settlement_.tax_gaps.size())
        proof_.open_items.push_back({"settlement.tax_withheld", "and so of further orders", 0,
                                     settlement_.tax_gap_count - settlement_.tax_gaps.size(), 0});
}

void Prover::identity(int number, std::string name, AmountSum left, AmountSum right) {
    proof_.identities.push_back({number,
                                 std::move(name),
                                 text(left),
                                 text(right),
                                 left == right ? Holds::True : Holds::False,
                                 {}});
}

void Prover::unchecked(int number, std::string name, std::string why) {
    proof_.identities.push_back(
        {number, std::move(name), {}, {}, Holds::Unchecked, std::move(why)});
}

/// What the documents that would be written come to, by store and class: payments and credits from
/// the ledger, all else from the journals' lines.
Sums Prover::journal_sums() const {
    Sums sums;
    for (const LedgerLine& line : proof_.ledger)
        if (is_paid_by_payments(line.row_class))
            sums[{line.marketplace, line.row_class}] += line.sum;
    for (const Journal& journal : proof_.journals)
        for (const JournalLine& line : journal.lines)
            if (!line.is_clearing && !line.is_deposit)
                sums[{line.marketplace, line.row_class}] += line.credit - line.debit;
    return sums;
}

void Prover::state_identities() {
    if (settlement_.header)
        identity(1, "rows = total-amount", settlement_.total, settlement_.header->total);
    else
        proof_.identities.push_back({1,
                                     "rows = total-amount",
                                     text(settlement_.total),
                                     {},
                                     Holds::False,
                                     "the file has no row with the settlement's total"});
    const Sums written = journal_sums();
    Sums rows;
    for (const auto& [key, sum] : row_sums_)
        rows[{layout_.per_marketplace ? key.first : std::string(), key.second}] += sum;
    for (const auto& [key, sum] : rows) {
        const auto found = written.find(key);
        identity(2,
                 "rows = ledger lines, " + (key.first.empty() ? "no store" : key.first) + ", " +
                     std::string(text_of(key.second)),
                 sum, found == written.end() ? 0 : found->second);
    }
    AmountSum ledger = 0;
    for (const LedgerLine& line : proof_.ledger) ledger += line.sum;
    identity(2, "all rows = all ledger lines", settlement_.total, ledger);
    for (const Journal& journal : proof_.journals) {
        AmountSum debit = 0;
        AmountSum credit = 0;
        for (const JournalLine& line : journal.lines) {
            debit += line.debit;
            credit += line.credit;
        }
        identity(2,
                 "debit = credit, journal of " +
                     (journal.date == kNoDay ? "no date" : day_text(journal.date)),
                 debit, credit);
    }
    chain();
    std::uint64_t mapped = 0;
    const std::uint64_t amounts = settlement_.amounts;  // as the reader has counted them
    for (const LedgerLine& line : proof_.ledger) mapped += line.rows;
    proof_.identities.push_back({4,
                                 "amounts with one ledger line each = amounts",
                                 std::to_string(mapped),
                                 std::to_string(amounts),
                                 mapped == amounts ? Holds::True : Holds::False,
                                 {}});
    unchecked(5, "receivables = applied + listed open", "no connection to NetSuite");
    unchecked(6, "the same settlement again changes nothing", "nothing has been posted");
    unchecked(7, "clearing = open list", "no connection to NetSuite");
    unchecked(8, "reserve, in transit and debt as last stated", "no connection to NetSuite");
    constexpr const char* kWithheld = "tax + withheld tax = 0, orders of which Amazon keeps tax";
    if (settlement_.withheld_orders == 0)
        return unchecked(9, kWithheld, "Amazon keeps no tax of this settlement's orders");
    const std::uint64_t gaps = settlement_.tax_gap_count;
    proof_.identities.push_back(
        {9, kWithheld,
         std::to_string(settlement_.withheld_orders - std::min(gaps, settlement_.withheld_orders)),
         std::to_string(settlement_.withheld_orders), gaps == 0 ? Holds::True : Holds::False,
         gaps == 0 ? "" : "a warning; see what to look at"});
}

void Prover::chain_link(const char* what, AmountSum here, std::optional<AmountSum> there) {
    if (before_ == nullptr || !there)
        return unchecked(3, what,
                         before_ == nullptr ? "its predecessor is not among the files"
                                            : "its predecessor has no total");
    identity(3, what, here, *there);
    if (here != *there)
        proof_.open_items.push_back({"settlement.chain",
                                     std::string(what) + ": " + text(here) + " here, " +
                                         text(*there) + " by settlement " + before_->id +
                                         "; is one between them missing?",
                                     0, 0, here});
}

void Prover::chain() {
    chain_link(
        "Previous Reserve = - Current Reserve of the predecessor",
        sum_of_description(settlement_, "previous reserve amount balance"),
        before_ == nullptr ? std::nullopt : std::optional<AmountSum>(-before_->current_reserve));
    std::optional<AmountSum> debt;
    if (before_ != nullptr && before_->total) debt = std::min(*before_->total, AmountSum{0});
    chain_link("Payable to Amazon = negative total of the predecessor",
               sum_of_description(settlement_, "payable to amazon"), debt);
}

}  // namespace

bool SettlementProof::proven() const {
    return std::ranges::none_of(identities, [](const Identity& each) {
        return each.holds == Holds::False && each.number != kWarning;
    });
}

ChainEnd chain_end(const Settlement& settlement) {
    ChainEnd end;
    end.id = settlement.id;
    end.currency = settlement.currency;
    end.marketplace = home_marketplace(settlement);
    if (settlement.header) {
        end.end_second = settlement.header->end_second;
        end.total = settlement.header->total;
    }
    end.current_reserve = sum_of_description(settlement, "current reserve amount");
    return end;
}

Result<SettlementProof> prove(const Settlement& settlement, const SettlementRules& rules,
                              const JournalLayout& layout, const ChainEnd* before) {
    return Prover(settlement, rules, layout, before).run();
}

}  // namespace carrick::plugins
