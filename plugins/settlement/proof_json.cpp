// SPDX-License-Identifier: Apache-2.0
#include "plugins/settlement/proof_json.hpp"

#include "plugins/shared/settlement/unicode_source.hpp"

#include <map>

namespace carrick::plugins {

namespace {

using Sums = std::map<std::string, AmountSum>;

class Writer {
public:
    Writer(const Settlement& settlement, const SettlementProof& proof)
        : settlement_(settlement), proof_(proof) {
        if (!settlement.trace.empty()) lines_.resize(settlement.buckets.size());
        for (const Settlement::TracedAmount& each : settlement.trace)
            lines_[each.bucket].push_back(each.line);
    }

    Json write() const {
        Json json = Json::object({{"settlement_id", Json(utf8(settlement_.id))},
                                  {"currency", Json(settlement_.currency)}});
        if (settlement_.header) {
            json.set("start", day(settlement_.header->start_day));
            json.set("end", day(settlement_.header->end_day));
            json.set("deposit", day(settlement_.header->deposit_day));
        }
        json.set("header_total", settlement_.header ? amount(settlement_.header->total) : Json());
        json.set("rows_total", amount(settlement_.total));
        json.set("row_count", Json(static_cast<std::int64_t>(settlement_.rows)));
        json.set("order_count", Json(static_cast<std::int64_t>(settlement_.orders)));
        json.set("refund_count", Json(static_cast<std::int64_t>(settlement_.refunds)));
        json.set("proven", Json(proof_.proven()));
        add_sums(json);
        json.set("identities", identities());
        json.set("unmapped", unmapped());
        json.set("open_items", open_items());
        json.set("ledger", ledger());
        json.set("journal", journals());
        return json;
    }

private:
    void add_sums(Json& json) const {
        Sums types;
        Sums stated;
        Sums assigned;
        Sums classes;
        for (std::size_t i = 0; i < settlement_.buckets.size(); ++i) {
            const SettlementBucket& bucket = settlement_.buckets[i];
            const SettlementLabel& label = settlement_.labels[bucket.label];
            types[utf8(type_text(label))] += bucket.sum;
            stated[utf8(label.marketplace)] += bucket.sum;
            assigned[proof_.marketplaces[bucket.label].code] += bucket.sum;
            const LedgerLine& line = proof_.ledger[proof_.line_of_bucket[i]];
            classes[std::string(text_of(line.row_class))] += bucket.sum;
        }
        json.set("by_type", sums_of(types));
        json.set("by_marketplace", sums_of(stated));
        json.set("by_marketplace_assigned", sums_of(assigned));
        json.set("by_class", sums_of(classes));
    }

    Json identities() const {
        Json list = Json::array();
        for (const Identity& each : proof_.identities) {
            Json json = Json::object({{"number", Json(std::int64_t{each.number})},
                                      {"name", Json(each.name)},
                                      {"left", Json(each.left)},
                                      {"right", Json(each.right)}});
            if (each.holds == Holds::Unchecked)
                json.set("holds", Json(std::string(text_of(each.holds))));
            else
                json.set("holds", Json(each.holds == Holds::True));
            if (!each.note.empty()) json.set("note", Json(each.note));
            list.push_back(std::move(json));
        }
        return list;
    }

    Json unmapped() const {
        Json list = Json::array();
        for (const UnmappedLabel& each : proof_.unmapped) {
            const SettlementLabel& label = settlement_.labels[each.label];
            Json json =
                Json::object({{"type", Json(utf8(type_text(label)))},
                              {"marketplace", Json(utf8(label.marketplace))},
                              {"first_line", Json(static_cast<std::int64_t>(each.first_line))},
                              {"rows", Json(static_cast<std::int64_t>(each.rows))},
                              {"amount", amount(each.sum)}});
            if (!each.suggestion.empty()) json.set("suggestion", Json(each.suggestion));
            list.push_back(std::move(json));
        }
        return list;
    }

    Json open_items() const {
        Json list = Json::array();
        for (const OpenItem& each : proof_.open_items)
            list.push_back(Json::object({{"code", Json(each.code)},
                                         {"message", Json(utf8(each.message))},
                                         {"first_line", Json(static_cast<std::int64_t>(each.line))},
                                         {"rows", Json(static_cast<std::int64_t>(each.rows))},
                                         {"amount", amount(each.sum)}}));
        return list;
    }

    /// For each ledger line the labels and days that it is made of, with the rule of each: by these
    /// every row of the file has its line, and every line its rows.
    Json ledger() const {
        Json list = Json::array();
        for (const LedgerLine& line : proof_.ledger) {
            Json parts = Json::array();
            for (const std::uint32_t number : line.buckets) {
                const SettlementBucket& bucket = settlement_.buckets[number];
                const SettlementLabel& label = settlement_.labels[bucket.label];
                Json part = Json::object(
                    {{"type", Json(utf8(type_text(label)))},
                     {"marketplace", Json(utf8(label.marketplace))},
                     {"day", bucket.day == kNoDay ? Json("") : day(bucket.day)},
                     {"rule", Json(proof_.rule_of_bucket[number])},
                     {"first_line", Json(static_cast<std::int64_t>(bucket.first_line))},
                     {"rows", Json(static_cast<std::int64_t>(bucket.rows))},
                     {"amount", amount(bucket.sum)}});
                const AssignedMarketplace& store = proof_.marketplaces[bucket.label];
                part.set("marketplace_assigned", Json(store.code));
                if (!label.sku_class.empty()) part.set("sku_class", Json(label.sku_class));
                part.set("assigned_by", Json(std::string(text_of(store.by))));
                if (!label.order_marketplace.empty())
                    part.set("marketplace_of_order", Json(utf8(label.order_marketplace)));
                if (!lines_.empty()) part.set("lines", lines_of(number));
                parts.push_back(std::move(part));
            }
            Json json = Json::object({{"account", Json(line.account)},
                                      {"class", Json(std::string(text_of(line.row_class)))},
                                      {"marketplace", Json(line.marketplace)},
                                      {"rows", Json(static_cast<std::int64_t>(line.rows))},
                                      {"amount", amount(line.sum)}});
            if (line.day != kNoDay) json.set("day", day(line.day));
            if (!line.sku_class.empty()) json.set("sku_class", Json(line.sku_class));
            if (!line.memo.empty()) json.set("memo", Json(utf8(line.memo)));
            json.set("parts", std::move(parts));
            list.push_back(std::move(json));
        }
        return list;
    }

    Json journals() const {
        Json list = Json::array();
        for (const Journal& journal : proof_.journals) {
            Json lines = Json::array();
            for (const JournalLine& line : journal.lines) {
                Json json = Json::object({{"account", Json(line.account)},
                                          {"marketplace", Json(line.marketplace)},
                                          {"debit", amount(line.debit)},
                                          {"credit", amount(line.credit)}});
                if (!line.sku_class.empty()) json.set("sku_class", Json(line.sku_class));
                if (!line.memo.empty()) json.set("memo", Json(utf8(line.memo)));
                lines.push_back(std::move(json));
            }
            list.push_back(
                Json::object({{"date", journal.date == kNoDay ? Json("") : day(journal.date)},
                              {"lines", std::move(lines)}}));
        }
        return list;
    }

    /// The lines of the file whose amounts are in a bucket; V1 has several amounts a line.
    [[nodiscard]] Json lines_of(std::uint32_t bucket) const {
        Json list = Json::array();
        for (const std::uint64_t line : lines_[bucket])
            list.push_back(Json(static_cast<std::int64_t>(line)));
        return list;
    }
    [[nodiscard]] std::string utf8(std::string_view text) const {
        return to_utf8(text, settlement_.currency);
    }
    [[nodiscard]] Json amount(AmountSum sum) const {
        return Json(to_decimal(sum, settlement_.digits).text());
    }
    static Json day(Day value) { return Json(day_text(value)); }
    [[nodiscard]] Json sums_of(const Sums& sums) const {
        Json json = Json::object();
        for (const auto& [name, sum] : sums) json.members_if()->push_back({name, amount(sum)});
        return json;
    }

    const Settlement& settlement_;
    const SettlementProof& proof_;
    std::vector<std::vector<std::uint64_t>> lines_;  // of each bucket, where they were asked for
};

}  // namespace

std::string_view text_of(Holds holds) {
    switch (holds) {
        case Holds::True: return "true";
        case Holds::False: return "false";
        case Holds::Unchecked: return "unchecked";
    }
    return {};
}

Json proof_json(const Settlement& settlement, const SettlementProof& proof) {
    return Writer(settlement, proof).write();
}

}  // namespace carrick::plugins
