// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/settlement_book.hpp"
#include "plugins/shared/settlement/settlement_file.hpp"

#include "plugins/shared/report_text/columns.hpp"
#include "plugins/shared/time/zone_time.hpp"

#include <carrick/sdk/money.hpp>

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace carrick::plugins {

namespace {

using Column = SettlementColumn;

// Amazon has some hundred; a file of so many is none of its.
constexpr std::size_t kMostLabels = 20'000;
constexpr std::size_t kMostSettlements = 1000;
// Files write zeros behind a yen's point too; three digits are a mark of thousands, or damage.
constexpr int kDigitsOfAny = 2;
constexpr std::size_t kShown = 60;
constexpr std::uint64_t kRowsBetweenLooks = 1U << 16U;  // at a cancellation

std::string shown(std::string_view text) {
    if (text.size() <= kShown) return "\"" + std::string(text) + "\"";
    // Not in the middle of a letter of UTF-8.
    std::size_t end = kShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return "\"" + std::string(text.substr(0, end)) + "...\"";
}

class Reader {
public:
    Reader(TextSource& source, const SettlementReading& reading)
        : cutter_(source), reading_(reading) {}
    Result<SettlementFile> run();

private:
    Result<void> take(const CutRow& row);
    Result<void> take_header(const CutRow& row);
    Result<void> take_v2(const CutRow& row);
    Result<void> take_v1(const CutRow& row);
    Result<void> check_size(const CutRow& row) const;
    Result<void> check_currency(const CutRow& row);
    Result<void> switch_to(std::string_view id);
    Result<Amount> amount_in(const CutRow& row, std::size_t place);
    Result<Day> day_in(const CutRow& row);
    Result<Day> day_of(const CutRow& row, std::string_view stated, SettlementColumn column) const;
    [[nodiscard]] std::uint32_t of_class(const CutRow& row, std::uint32_t label);
    Result<std::uint32_t> label_of_v2(const CutRow& row, std::string_view type);
    Result<std::uint32_t> added(const CutRow& row, std::string_view type, std::string_view rest,
                                SettlementLabel label);
    Result<void> settle_currency(Settlement& settlement) const;

    [[nodiscard]] std::string_view raw(const CutRow& row, Column column) const {
        return layout_.raw(row, column);
    }
    [[nodiscard]] std::string_view text(const CutRow& row, Column column) const {
        return trimmed(raw(row, column));
    }
    [[nodiscard]] Error row_error(const CutRow& row, std::size_t place,
                                  const std::string& expected) const {
        return rejected("settlement.row", "line " + std::to_string(row.line()) + ", column " +
                                              layout_.name(place) + ": " + shown(row.field(place)) +
                                              "; expected " + expected +
                                              "; the file is damaged or was edited, get it again");
    }

    struct Entry {
        Entry(std::string id, bool names_stores, const SettlementReading& reading)
            : book(std::move(id), names_stores, reading) {}
        SettlementBook book;
        // The most of any amount, and where.
        struct Digits {
            int count = 0;
            std::uint64_t line = 0;
        };
        Digits significant;
        Digits written;
    };

    static Result<void> check_digits(const Entry& entry, const Settlement& settlement);

    RowCutter cutter_;
    const SettlementReading& reading_;
    SettlementLayout layout_;
    bool classed_ = false;   // rows are told apart by the classes of their SKUs
    bool adjacent_ = false;  // marketplace, amount type and description stand side by side
    DecimalMark mark_ = DecimalMark::Unknown;
    std::deque<Entry> entries_;
    Entry* entry_ = nullptr;  // of the rows of now
    std::string last_id_;     // as it stands in the rows
    std::string last_posted_;
    Day last_day_ = kNoDay;
    // Of SKUs that were seen; a file with more than these is read all the same.
    static constexpr std::size_t kMostSkus = 1'000'000;
    std::unordered_map<std::string, std::string> sku_classes_;
    std::string scratch_;
};

Result<SettlementFile> Reader::run() {
    CutRow row;
    const Result<bool> first = cutter_.next(row);
    if (!first) return first.error();
    if (!*first) return rejected("settlement.empty", "the file is empty; get the settlement again");
    if (!reading_.zone.empty())
        if (const Result<LocalDate> known = date_in_zone(UtcTime(), reading_.zone); !known)
            return known.error();
    Result<SettlementLayout> layout = SettlementLayout::of(row);
    if (!layout) return layout.error();
    layout_ = *std::move(layout);
    classed_ = reading_.sku_class && layout_.has(Column::Sku);
    adjacent_ = layout_.has(Column::MarketplaceName) &&
                layout_.place(Column::AmountType) == layout_.place(Column::MarketplaceName) + 1 &&
                layout_.place(Column::Description) == layout_.place(Column::AmountType) + 1;
    std::uint64_t count = 0;
    for (;;) {
        const Result<bool> more = cutter_.next(row);
        if (!more) return more.error();
        if (!*more) break;
        if (const Result<void> taken = take(row); !taken) return taken.error();
        if (++count % kRowsBetweenLooks == 0 && reading_.cancelled && reading_.cancelled())
            return transient("settlement.cancelled", "reading was cancelled");
    }
    if (entries_.empty())
        return rejected("settlement.empty",
                        "the file has the columns of a settlement and no row; get it again");
    SettlementFile file{layout_.format(), cutter_.bytes(), count + 1, {}};
    for (Entry& entry : entries_) {
        Settlement settlement = entry.book.finish();
        if (const Result<void> settled = settle_currency(settlement); !settled)
            return settled.error();
        if (const Result<void> fit = check_digits(entry, settlement); !fit) return fit.error();
        file.settlements.push_back(std::move(settlement));
    }
    return file;
}

Result<void> Reader::take(const CutRow& row) {
    if (const std::string_view id = raw(row, Column::SettlementId);
        id != last_id_ || entry_ == nullptr) {
        if (column_name(id) == layout_.name(layout_.place(Column::SettlementId)))
            return rejected("settlement.header_twice",
                            "line " + std::to_string(row.line()) +
                                " has the columns' names again: two files were put together; give "
                                "each by itself");
        if (const Result<void> there = switch_to(id); !there)
            return row_error(row, layout_.place(Column::SettlementId),
                             "the number of one of at most a thousand settlements");
    }
    if (row.size() != layout_.columns())
        if (const Result<void> fits = check_size(row); !fits) return fits.error();
    if (raw(row, Column::TransactionType).empty() || text(row, Column::TransactionType).empty()) {
        if (!text(row, Column::Total).empty()) return take_header(row);
        return row_error(row, layout_.place(Column::TransactionType),
                         "what the row is, such as Order");
    }
    if (const Result<void> same = check_currency(row); !same) return same.error();
    entry_->book.take_row();
    return layout_.format() == SettlementFormat::FlatV2 ? take_v2(row) : take_v1(row);
}

/// Empty fields at a row's end may be cut off; one too many has pushed others into wrong columns.
Result<void> Reader::check_size(const CutRow& row) const {
    if (row.size() > layout_.columns())
        return rejected("settlement.row", "line " + std::to_string(row.line()) + " has " +
                                              std::to_string(row.size()) + " fields, the last " +
                                              shown(row.field(row.size() - 1)) +
                                              "; the first line has " +
                                              std::to_string(layout_.columns()) +
                                              "; the file is damaged or was edited, get it again");
    if (row.size() < layout_.columns() && !row.has_end())
        return rejected("settlement.row_cut", "line " + std::to_string(row.line()) +
                                                  ", the last, ends after " +
                                                  std::to_string(row.size()) + " of " +
                                                  std::to_string(layout_.columns()) +
                                                  " fields: the file was cut short; get it again");
    return {};
}

Result<void> Reader::switch_to(std::string_view id) {
    const std::string_view name = trimmed(id);
    if (name.empty()) return rejected("settlement.row", "no settlement-id");
    last_id_ = id;
    const auto known = std::ranges::find_if(
        entries_, [&](Entry& entry) { return entry.book.settlement().id == name; });
    if (known == entries_.end() && entries_.size() >= kMostSettlements)
        return rejected("settlement.row", "too many settlements");
    entry_ = known != entries_.end()
                 ? &*known
                 : &entries_.emplace_back(std::string(name), layout_.has(Column::MarketplaceName),
                                          reading_);
    return {};
}

Result<void> Reader::check_currency(const CutRow& row) {
    const std::string_view stated = raw(row, Column::Currency);
    if (stated.empty()) return {};
    Settlement& settlement = entry_->book.settlement();
    const std::string_view code = trimmed(stated);
    if (code.empty() || code == settlement.currency) return {};
    if (!settlement.currency.empty())
        return row_error(row, layout_.place(Column::Currency),
                         settlement.currency + " as in the settlement's other rows");
    settlement.currency = code;
    return {};
}

Result<void> Reader::take_header(const CutRow& row) {
    Settlement& settlement = entry_->book.settlement();
    SettlementHeader header;
    header.line = row.line();
    header.start = text(row, Column::Start);
    header.end = text(row, Column::End);
    header.deposit = text(row, Column::Deposit);
    header.currency = text(row, Column::Currency);
    const std::pair<Column, Day*> days[] = {{Column::Start, &header.start_day},
                                            {Column::End, &header.end_day},
                                            {Column::Deposit, &header.deposit_day}};
    for (const auto& [column, day] : days) {
        const Result<Day> read = day_of(row, text(row, column), column);
        if (!read) return read.error();
        *day = *read;
    }
    header.start_second = read_second(header.start);
    header.end_second = read_second(header.end);
    if (layout_.has(Column::Amount) && !text(row, Column::Amount).empty())
        return row_error(row, layout_.place(Column::Amount),
                         "nothing in the row with the total, which has no transaction-type");
    const Result<Amount> total = amount_in(row, layout_.place(Column::Total));
    if (!total) return total.error();
    header.total = *total;
    if (const Result<void> same = check_currency(row); !same) return same.error();
    if (header.currency.empty())
        return row_error(row, layout_.place(Column::Currency),
                         "the settlement's currency, such as EUR");
    if (settlement.header)
        return rejected("settlement.header_twice",
                        "line " + std::to_string(row.line()) + ": a second total of settlement " +
                            settlement.id + ", after line " +
                            std::to_string(settlement.header->line) +
                            ": two files were put together; give each by itself");
    settlement.header = std::move(header);
    return {};
}

Result<Amount> Reader::amount_in(const CutRow& row, std::size_t place) {
    const std::string_view field = row.field(place);
    std::optional<ReadAmount> read = read_amount(field, mark_);
    if (!read) read = read_amount(trimmed(field), mark_);
    if (!read)
        return row_error(row, place,
                         mark_ == DecimalMark::Comma   ? "an amount such as -12,50"
                         : mark_ == DecimalMark::Point ? "an amount such as -12.50"
                                                       : "an amount such as -12.50 or -12,50");
    if (read->digits > entry_->significant.count) entry_->significant = {read->digits, row.line()};
    if (read->written > entry_->written.count) entry_->written = {read->written, row.line()};
    return read->amount;
}

/// In the reading's zone where the text states a time, else as it stands there.
Result<Day> Reader::day_of(const CutRow& row, std::string_view stated, Column column) const {
    const std::optional<Day> day = read_day(stated);
    if (!day)
        return row_error(row, layout_.place(column),
                         column == Column::PostedDate || column == Column::PostedTime
                             ? "a day or a time in UTC, such as 2026-06-03"
                             : "a time such as 2026-06-01 05:23:19 UTC");
    if (reading_.zone.empty() || !states_time(stated)) return *day;
    const Result<LocalDate> local =
        date_in_zone(UtcTime(read_second(stated) * 1000), reading_.zone);
    if (!local) return local.error();
    constexpr std::int64_t kMillisecondsADay = 86'400'000;
    return static_cast<Day>(UtcTime::from_date(*local).milliseconds() / kMillisecondsADay);
}

Result<Day> Reader::day_in(const CutRow& row) {
    Column column = Column::PostedDate;
    // The day alone would be UTC's.
    if (!reading_.zone.empty() && !text(row, Column::PostedTime).empty())
        column = Column::PostedTime;
    const std::string_view posted = raw(row, column);
    if (posted == last_posted_) return last_day_;
    const std::string_view stated = trimmed(posted);
    Day day = kNoDay;
    if (!stated.empty()) {
        const Result<Day> read = day_of(row, stated, column);
        if (!read) return read.error();
        day = *read;
    }
    last_posted_ = posted;
    last_day_ = day;
    return day;
}

std::uint32_t Reader::of_class(const CutRow& row, std::uint32_t label) {
    const std::string_view sku = text(row, Column::Sku);
    scratch_.assign(sku);
    const auto known = sku_classes_.find(scratch_);
    if (known != sku_classes_.end()) return entry_->book.of_class(label, known->second);
    const std::string name = reading_.sku_class(sku);
    if (sku_classes_.size() < kMostSkus) sku_classes_.emplace(scratch_, name);
    return entry_->book.of_class(label, name);
}

Result<std::uint32_t> Reader::added(const CutRow& row, std::string_view type, std::string_view rest,
                                    SettlementLabel label) {
    if (entry_->book.settlement().labels.size() >= kMostLabels ||
        entry_->book.spellings() >= 4 * kMostLabels)
        return rejected("settlement.labels",
                        "line " + std::to_string(row.line()) + ": more than " +
                            std::to_string(kMostLabels) +
                            " different descriptions; the file is damaged or was edited, get it "
                            "again");
    return entry_->book.add_label(type, rest, std::move(label));
}

Result<std::uint32_t> Reader::label_of_v2(const CutRow& row, std::string_view type) {
    const std::string_view marketplace = raw(row, Column::MarketplaceName);
    const std::string_view amount_type = raw(row, Column::AmountType);
    const std::string_view description = raw(row, Column::Description);
    std::string_view rest;
    if (adjacent_ && row.size() > layout_.place(Column::Description)) {
        rest = {
            marketplace.data(),
            static_cast<std::size_t>(description.data() + description.size() - marketplace.data())};
    } else {
        scratch_.assign(marketplace)
            .append("\t")
            .append(amount_type)
            .append("\t")
            .append(description);
        rest = scratch_;
    }
    if (const std::uint32_t known = entry_->book.find_label(type, rest); known != LabelTable::kNone)
        return known;
    return added(row, type, rest,
                 {std::string(trimmed(type)),
                  std::string(trimmed(amount_type)),
                  std::string(trimmed(description)),
                  std::string(trimmed(marketplace)),
                  {}});
}

Result<void> Reader::take_v2(const CutRow& row) {
    const Result<Amount> amount = amount_in(row, layout_.place(Column::Amount));
    if (!amount) return amount.error();
    const Result<Day> day = day_in(row);
    if (!day) return day.error();
    const Result<std::uint32_t> found = label_of_v2(row, raw(row, Column::TransactionType));
    if (!found) return found.error();
    const std::uint32_t label = classed_ ? of_class(row, *found) : *found;
    entry_->book.take_order(text(row, Column::OrderId), label, row.line());
    entry_->book.take_amount(label, *day, *amount, row.line(),
                             quick_hash(text(row, Column::Sku), 0));
    return {};
}

/// A row of V1 has up to nine amounts; one without any says how many units were sold.
Result<void> Reader::take_v1(const CutRow& row) {
    const Result<Day> day = day_in(row);
    if (!day) return day.error();
    const std::string_view type = raw(row, Column::TransactionType);
    const std::string_view marketplace = raw(row, Column::MarketplaceName);
    for (const AmountColumn& column : layout_.amounts()) {
        if (trimmed(row.field(column.amount)).empty()) {
            if (trimmed(row.field(column.description)).empty()) continue;
            return row_error(row, column.amount,
                             "an amount, since the row says what it is for: " +
                                 shown(trimmed(row.field(column.description))));
        }
        const Result<Amount> amount = amount_in(row, column.amount);
        if (!amount) return amount.error();
        const std::string_view description = row.field(column.description);
        scratch_.assign(marketplace)
            .append("\t")
            .append(column.name)
            .append("\t")
            .append(description);
        std::uint32_t label = entry_->book.find_label(type, scratch_);
        if (label == LabelTable::kNone) {
            const Result<std::uint32_t> there = added(row, type, scratch_,
                                                      {std::string(trimmed(type)),
                                                       column.name,
                                                       std::string(trimmed(description)),
                                                       std::string(trimmed(marketplace)),
                                                       {}});
            if (!there) return there.error();
            label = *there;
        }
        if (classed_) label = of_class(row, label);
        entry_->book.take_order(text(row, Column::OrderId), label, row.line());
        entry_->book.take_amount(label, *day, *amount, row.line(),
                                 quick_hash(text(row, Column::Sku), 0));
    }
    return {};
}

/// What looks like parts of a cent is a mark of thousands, or damage.
Result<void> Reader::check_digits(const Entry& entry, const Settlement& settlement) {
    const bool real = entry.significant.count > settlement.digits;
    const Entry::Digits& found = real ? entry.significant : entry.written;
    if (!real && found.count <= std::max(settlement.digits, kDigitsOfAny)) return {};
    return rejected("settlement.row",
                    "line " + std::to_string(found.line) + ": an amount with " +
                        std::to_string(found.count) + " digits behind its mark; " +
                        (settlement.currency.empty() ? "the settlement, whose currency is not told,"
                                                     : settlement.currency) +
                        " has " + std::to_string(settlement.digits) +
                        "; the file is damaged or was edited, get it again");
}

Result<void> Reader::settle_currency(Settlement& settlement) const {
    if (settlement.currency.empty()) return {};
    const Result<Currency> currency = Currency::parse(settlement.currency);
    if (!currency)
        return rejected("settlement.row", "settlement " + settlement.id +
                                              ", column currency: " + shown(settlement.currency) +
                                              "; expected a code such as EUR; the file is damaged "
                                              "or was edited, get it again");
    settlement.digits = currency->exponent();
    return {};
}

}  // namespace

Result<SettlementFile> read_settlements(TextSource& source, const SettlementReading& reading) {
    return Reader(source, reading).run();
}

}  // namespace carrick::plugins
