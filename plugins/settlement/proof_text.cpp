// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/proof_text.hpp"

#include "plugins/settlement/proof_json.hpp"
#include "plugins/shared/settlement/unicode_source.hpp"

#include <algorithm>
#include <map>

namespace carrick::plugins {

namespace {

constexpr std::size_t kAmountWidth = 16;
constexpr std::size_t kShownOpenItems = 20;

std::string right(const std::string& text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}
std::string left(const std::string& text, std::size_t width) {
    return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

class Writer {
public:
    Writer(const Settlement& settlement, const SettlementProof& proof)
        : settlement_(settlement), proof_(proof) {}

    std::string write() {
        verdict();
        stores();
        journals();
        identities();
        open_items();
        rows();
        return std::move(out_);
    }

private:
    void verdict();
    void stores();
    void journals();
    void identities();
    void open_items();
    void rows();
    void line(const std::string& text) { out_ += text + "\n"; }
    [[nodiscard]] std::string amount(AmountSum sum) const {
        return to_decimal(sum, settlement_.digits).text();
    }
    [[nodiscard]] std::string utf8(std::string_view text) const {
        return to_utf8(text, settlement_.currency);
    }

    const Settlement& settlement_;
    const SettlementProof& proof_;
    std::string out_;
};

void Writer::verdict() {
    line("Settlement " + utf8(settlement_.id) + ": " + (proof_.proven() ? "proven" : "NOT PROVEN"));
    if (settlement_.header)
        line("  " + day_text(settlement_.header->start_day) + " to " +
             day_text(settlement_.header->end_day) + ", deposit of " +
             day_text(settlement_.header->deposit_day) + ": " + amount(settlement_.header->total) +
             " " + settlement_.currency);
    line("  " + std::to_string(settlement_.rows) + " rows, " + std::to_string(settlement_.orders) +
         (settlement_.orders == 1 ? " order, " : " orders, ") +
         std::to_string(settlement_.refunds) + " refunded; all rows come to " +
         amount(settlement_.total) + " " + settlement_.currency);
}

void Writer::stores() {
    std::map<std::string, std::map<std::string, AmountSum>> sums;
    for (std::size_t i = 0; i < settlement_.buckets.size(); ++i) {
        const SettlementBucket& bucket = settlement_.buckets[i];
        const std::string& code = proof_.marketplaces[bucket.label].code;
        const LedgerLine& ledger = proof_.ledger[proof_.line_of_bucket[i]];
        sums[code.empty() ? "(none)" : code][std::string(text_of(ledger.row_class))] += bucket.sum;
    }
    line("\n" + left("By store", 24) + right(settlement_.currency, kAmountWidth));
    for (const auto& [code, classes] : sums)
        for (const auto& [name, sum] : classes)
            line("  " + left(code, 8) + left(name, 14) + right(amount(sum), kAmountWidth));
}

void Writer::journals() {
    for (const Journal& journal : proof_.journals) {
        const std::string date = journal.date == kNoDay ? "no date" : day_text(journal.date);
        line("\n" + left("Journal of " + date, 38) + right("debit", kAmountWidth) +
             right("credit", kAmountWidth));
        for (const JournalLine& each : journal.lines)
            line("  " +
                 left(each.account + (each.sku_class.empty() ? "" : " " + each.sku_class), 28) +
                 left(each.marketplace, 8) +
                 right(each.debit == 0 ? "" : amount(each.debit), kAmountWidth) +
                 right(each.credit == 0 ? "" : amount(each.credit), kAmountWidth));
    }
}

void Writer::identities() {
    line("\nProof");
    for (const Identity& each : proof_.identities) {
        const std::string mark = each.holds == Holds::True    ? "holds     "
                                 : each.holds == Holds::False ? "FAILS     "
                                                              : "unchecked ";
        std::string text = "  " + std::to_string(each.number) + "  " + mark + each.name;
        const char* between = each.holds == Holds::False ? " is not " : " = ";
        if (!each.left.empty()) text += ": " + each.left;
        if (!each.right.empty()) text += between + each.right;
        if (!each.note.empty()) text += " (" + each.note + ")";
        line(text);
    }
}

void Writer::open_items() {
    if (proof_.open_items.empty()) return;
    line("\nTo look at");
    for (std::size_t i = 0; i < std::min(proof_.open_items.size(), kShownOpenItems); ++i) {
        const OpenItem& each = proof_.open_items[i];
        line("  " + utf8(each.message) + "; " + std::to_string(each.rows) +
             (each.rows == 1 ? " row, " : " rows, ") + amount(each.sum) + " " +
             settlement_.currency +
             (each.line == 0 ? std::string() : ", from line " + std::to_string(each.line)));
    }
    if (proof_.open_items.size() > kShownOpenItems)
        line("  and " + std::to_string(proof_.open_items.size() - kShownOpenItems) +
             " more; --json lists all");
}

/// Where each amount of the file went.
void Writer::rows() {
    if (settlement_.trace.empty()) return;
    line("\n" + left("Rows", 10) + right(settlement_.currency, kAmountWidth) + "  ledger line");
    for (const Settlement::TracedAmount& each : settlement_.trace) {
        const SettlementBucket& bucket = settlement_.buckets[each.bucket];
        const LedgerLine& ledger = proof_.ledger[proof_.line_of_bucket[each.bucket]];
        const std::string& rule = proof_.rule_of_bucket[each.bucket];
        line("  " + left(std::to_string(each.line), 8) + right(amount(each.amount), kAmountWidth) +
             "  " + ledger.account + (ledger.marketplace.empty() ? "" : " " + ledger.marketplace) +
             (ledger.sku_class.empty() ? "" : " " + ledger.sku_class) +
             (bucket.day == kNoDay ? std::string() : ", " + day_text(bucket.day)) + ": " +
             utf8(type_text(settlement_.labels[bucket.label])) + " (" +
             (rule.empty() ? "no rule" : rule) + ")");
    }
}

}  // namespace

std::string proof_text(const Settlement& settlement, const SettlementProof& proof) {
    return Writer(settlement, proof).write();
}

}  // namespace carrick::plugins
