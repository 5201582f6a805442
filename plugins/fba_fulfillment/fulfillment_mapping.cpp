// SPDX-License-Identifier: Apache-2.0
#include "plugins/fba_fulfillment/fulfillment_mapping.hpp"

#include "plugins/shared/time/zone_time.hpp"

#include <algorithm>

namespace carrick::plugins {

namespace {

Error unreadable(const std::string& order, const std::string& what) {
    return rejected("fulfillment.shipment",
                    "order " + order + ": a shipment without " + what +
                        "; read from fba_shipments, and compare it with Amazon's report");
}

/// Which lines of an order the units of one shipment come from.
class Allocation {
public:
    Allocation(const ShippedOrder& shipped, const PlacedOrder& placed,
               const std::map<std::string, std::string>& items)
        : shipped_(shipped), placed_(placed), items_(items) {}

    Result<void> run() {
        for (const ShippedOrder::Item& item : shipped_.items)
            if (Result<void> taken = take(item); !taken) return taken.error();
        return {};
    }
    /// Units taken from a line.
    [[nodiscard]] Decimal taken(const PlacedLine& line) const {
        const auto found = taken_.find(line.line);
        return found == taken_.end() ? Decimal() : found->second;
    }

private:
    [[nodiscard]] std::vector<const PlacedLine*> lines_of(const ShippedOrder::Item& item) const {
        std::vector<const PlacedLine*> lines;
        for (const PlacedLine& line : placed_.lines)
            if (!line.is_discount && line.order_item == item.order_item) lines.push_back(&line);
        const auto known = items_.find(item.sku);
        if (!lines.empty() || known == items_.end()) return lines;
        for (const PlacedLine& line : placed_.lines)
            if (!line.is_discount && line.order_item.empty() && line.item == known->second)
                lines.push_back(&line);
        return lines;
    }

    Result<void> take(const ShippedOrder::Item& item) {
        const std::vector<const PlacedLine*> lines = lines_of(item);
        const std::string what = "shipment " + shipped_.shipment + " of order " +
                                 shipped_.order.text + ": " + std::to_string(item.units) +
                                 " of SKU \"" + item.sku + "\" were shipped, and sales order " +
                                 placed_.id;
        if (lines.empty())
            return rejected(
                "fulfillment.line_not_found",
                what +
                    " has no line of it; add it there, name the item in sku_aliases, or keep "
                    "Amazon's order item id in fields.order_item_id; then retry",
                "item");
        Decimal open(item.units);
        Decimal ordered;
        Decimal gone;
        for (const PlacedLine* line : lines) {
            ordered = ordered.plus(line->quantity).value_or(ordered);
            gone = gone.plus(line->fulfilled).value_or(gone);
            gone = gone.plus(line->picked).value_or(gone);
            Decimal& from_line = taken_[line->line];
            const Decimal left = line->left().minus(from_line).value_or(Decimal());
            const Decimal now = std::min(left, open);
            from_line = from_line.plus(now).value_or(from_line);
            open = open.minus(now).value_or(open);
        }
        if (open.is_zero()) return {};
        return rejected("fulfillment.more_than_ordered",
                        what + " has " + ordered.text() + " of it, of which " + gone.text() +
                            " are fulfilled already; nothing was written: compare both with "
                            "Amazon's report, correct the order and retry",
                        "quantity");
    }

    const ShippedOrder& shipped_;
    const PlacedOrder& placed_;
    const std::map<std::string, std::string>& items_;
    std::map<std::string, Decimal> taken_;  // by line key
};

Json packages_of(const ShippedOrder& shipped, const FulfillmentSettings& settings) {
    Json packages = Json::array();
    for (const ShippedOrder::Package& package : shipped.packages)
        packages.push_back(
            Json::object({{"packageDescr", Json(package.carrier)},
                          {"packageTrackingNumber", Json(package.tracking)},
                          {"packageWeight", Json::number_token(settings.package_weight)}}));
    return packages;
}

}  // namespace

FulfillmentSettings FulfillmentSettings::parse(const Json& settings) {
    return {settings["books_zone"].text_or("UTC"), settings["locations"]["fba"].text(),
            settings["locations"]["centres"], settings["package_weight"].text_or("1"),
            settings["sku_aliases"]};
}

const std::string& FulfillmentSettings::location_of(const std::string& centre) const {
    const std::string& of_centre = centre_locations[centre].text();
    return of_centre.empty() ? location : of_centre;
}

std::string FulfillmentSettings::item_name(const std::string& sku) const {
    return sku_aliases[sku].text_or(sku);
}

std::int64_t ShippedOrder::units() const {
    std::int64_t sum = 0;
    for (const Item& item : items) sum += item.units;
    return sum;
}

Result<ShippedOrder> parse_shipped_order(const Json& json) {
    if (const std::string& why = json["unreadable"].text(); !why.empty())
        return rejected("report.row", why);
    const Json& shipment = json["shipment"];
    ShippedOrder result;
    result.order.text = json["orderId"].text();
    result.shipment = shipment["shipmentId"].text();
    result.centre = shipment["fulfillmentCenterId"].text();
    if (result.order.text.empty() || result.shipment.empty())
        return unreadable(result.order.text, "its id");
    const Result<UtcTime> shipped = UtcTime::parse(shipment["shipmentDate"].text());
    if (!shipped) return unreadable(result.order.text, "a readable date");
    result.shipped = *shipped;
    std::map<std::string, std::string> skus;
    for (const Json& item : json["orderItems"].items())
        skus[item["orderItemId"].text()] = item["product"]["sellerSku"].text();
    for (const Json& row : shipment["items"].items()) {
        const std::string& id = row["orderItemId"].text();
        const auto units = row["quantity"].integer_if();
        if (id.empty() || !units || *units < 0)
            return unreadable(result.order.text, "readable units");
        if (*units == 0) continue;
        const auto known =
            std::find_if(result.items.begin(), result.items.end(),
                         [&](const ShippedOrder::Item& item) { return item.order_item == id; });
        if (known == result.items.end())
            result.items.push_back({id, skus[id], *units});
        else
            known->units += *units;
    }
    for (const Json& package : shipment["packages"].items())
        result.packages.push_back({package["carrier"].text(), package["trackingNumber"].text()});
    return result;
}

Decimal fulfilled_units(const Json& fulfilment) {
    Decimal units;
    for (const Json& line : fulfilment["item"]["items"].items()) {
        if (line["itemReceive"].bool_if() == false || !line["kitMemberOf"].is_null()) continue;
        units = units.plus(line["quantity"].decimal_if().value_or(Decimal())).value_or(units);
    }
    return units;
}

Result<Json> to_fulfillment(const ShippedOrder& shipped, const PlacedOrder& placed,
                            const std::map<std::string, std::string>& items,
                            const FulfillmentSettings& settings, const std::string& external_id) {
    const Result<LocalDate> date = date_in_zone(shipped.shipped, settings.books_zone);
    if (!date) return date.error();
    Allocation allocation(shipped, placed, items);
    if (const Result<void> fits = allocation.run(); !fits) return fits.error();
    const std::string& location = settings.location_of(shipped.centre);
    Json lines = Json::array();
    for (const PlacedLine& line : placed.lines) {
        const Decimal units = allocation.taken(line);
        if (units.is_zero() && (!line.fulfillable || line.left().is_zero())) continue;
        Json row = Json::object({{"orderLine", Json::number_token(line.line)},
                                 {"itemReceive", Json(!units.is_zero())}});
        if (!units.is_zero()) {
            row.set("quantity", Json(units));
            const std::string& from = location.empty() ? line.location : location;
            if (!from.empty()) row.set("location", Json::object({{"id", Json(from)}}));
        }
        lines.push_back(std::move(row));
    }
    Json result = Json::object({{"externalId", Json(external_id)},
                                {"tranDate", Json(date->text())},
                                {"shipStatus", Json::object({{"id", Json("C")}})},
                                {"item", Json::object({{"items", std::move(lines)}})}});
    if (Json packages = packages_of(shipped, settings); !packages.empty())
        result.set("package", Json::object({{"items", std::move(packages)}}));
    return result;
}

}  // namespace carrick::plugins
