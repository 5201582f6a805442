// SPDX-License-Identifier: Apache-2.0
// What all reports share: amounts, times, promotions.
#include "examples/sandbox/amazon/reports/report_rows.hpp"

#include <date/tz.h>

#include <algorithm>
#include <cstdio>

namespace carrick::sandbox {

bool RowQuestion::is(std::string_view position, std::string_view value) const {
    const auto found = positions.find(position);
    return found != positions.end() && found->second == value;
}

bool RowQuestion::has(const Marketplace* store) const {
    return std::find(stores.begin(), stores.end(), store) != stores.end();
}

std::vector<Cells> rows_for(const RowQuestion& question, const World& world) {
    switch (question.type->contents) {
        case Contents::AllOrdersByUpdate:
        case Contents::AllOrdersByDate: return all_order_rows(question, world);
        case Contents::NewOrders: return new_order_rows(question, world);
        case Contents::OpenOrders: return open_order_rows(question, world);
        case Contents::Parcels: return parcel_rows(question, world);
    }
    return {};
}

ShownAmounts::ShownAmounts(const Marketplace& store, const RowQuestion& question)
    : store_(store),
      tax_absent_(question.is("vat_tax", "absent")),
      negative_discounts_(question.is("report_discount_sign", "negative")),
      discounts_without_tax_(!store.prices_include_tax ||
                             question.is("report_discounts", "without_tax") ||
                             (question.is("report_discounts", "by_type") &&
                              (question.type->contents == Contents::AllOrdersByUpdate ||
                               question.type->contents == Contents::AllOrdersByDate))) {}

std::string ShownAmounts::text(std::int64_t units) const {
    return in_currency(units, store_.currency).text();
}

std::string ShownAmounts::price(const Amount& amount) const {
    return text(store_.prices_include_tax ? amount.gross() : amount.net);
}

std::string ShownAmounts::shipping_price(const OrderLine& line) const {
    if (!store_.prices_include_tax || !discounts_without_tax_) return price(line.shipping);
    return text(line.shipping.gross() - line.shipping_discount.tax);
}

std::string ShownAmounts::tax(const OrderLine& line, const Amount& amount,
                              const Amount& promotion) const {
    if (tax_absent_ && store_.prices_include_tax && !line.facilitator) return "";
    return text(amount.tax - promotion.tax);
}

std::string ShownAmounts::discount(const Amount& amount) const {
    if (amount.is_zero()) return "";
    const std::int64_t units = discounts_without_tax_ ? amount.net : amount.gross();
    return text(negative_discounts_ ? -units : units);
}

std::string zoned_text(UtcTime time, std::string_view zone) {
    const date::sys_seconds moment = date::floor<std::chrono::seconds>(
        date::sys_time<Milliseconds>(Milliseconds(time.milliseconds())));
    std::chrono::seconds offset{0};
    if (zone != "UTC") offset = date::locate_zone(std::string(zone))->get_info(moment).offset;
    const Milliseconds local =
        std::chrono::duration_cast<Milliseconds>((moment + offset).time_since_epoch());
    std::string text = UtcTime(local.count()).text();
    text.resize(19);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    char sign[16];
    std::snprintf(sign, sizeof sign, "%c%02d:%02d", minutes < 0 ? '-' : '+',
                  static_cast<int>(std::abs(minutes) / 60),
                  static_cast<int>(std::abs(minutes) % 60));
    return text + sign;
}

std::string one_field(std::string_view text) {
    std::string field(text);
    std::replace_if(
        field.begin(), field.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; },
        ' ');
    return field;
}

std::string truth_word(bool value) {
    return value ? "true" : "false";
}

std::vector<std::string> promotions_of(const OrderLine& line, bool shipping) {
    std::vector<std::string> ids;
    for (const std::string& id : line.promotion_ids)
        if (id.starts_with("Core Free Shipping") == shipping) ids.push_back(id);
    return ids;
}

}  // namespace carrick::sandbox
