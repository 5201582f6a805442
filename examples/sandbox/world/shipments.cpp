// SPDX-License-Identifier: Apache-2.0
// Parcels, from a stream of chance of their own, so that they change nothing else of an order.
#include "examples/sandbox/world/shipments.hpp"

#include "examples/sandbox/world/random.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

struct Centres {
    std::string_view region_or_store;
    std::array<std::string_view, 3> ids;
    std::string_view carrier;
};
// Of the store where it has its own, else of the region.
constexpr std::array kCentres{
    Centres{"US", {"PHX7", "ONT8", "BFI4"}, "UPS"},
    Centres{"CA", {"YYZ4", "YVR3", "YOW1"}, "CANADA_POST"},
    Centres{"MX", {"MEX2", "MEX3", "GDL1"}, "ESTAFETA"},
    Centres{"UK", {"LTN4", "BHX4", "EDI4"}, "AMZN_UK"},
    Centres{"JP", {"HND3", "KIX2", "NRT5"}, "YAMATO"},
    Centres{"AU", {"SYD1", "MEL5", "BNE1"}, "AU_POST"},
    Centres{"eu", {"LEJ1", "BLQ1", "WRO5"}, "DHL"},
    Centres{"na", {"GRU5", "GRU8", "REC1"}, "CORREIOS"},
    Centres{"fe", {"SIN6", "SIN7", "SIN8"}, "SINGPOST"},
};

const Centres& centres_of(const Marketplace& store) {
    for (const Centres& each : kCentres)
        if (each.region_or_store == store.code) return each;
    for (const Centres& each : kCentres)
        if (each.region_or_store == store.region) return each;
    return kCentres.front();
}

/// What units (from, to] of `of` hold of a whole. Differences of rounded-down running shares add up
/// to the whole whatever the cuts are.
std::int64_t share(std::int64_t whole, std::int64_t from, std::int64_t to, std::int64_t of) {
    return whole * to / of - whole * from / of;
}

OrderLine share_of(const OrderLine& line, std::int64_t from, std::int64_t to) {
    OrderLine part = line;
    part.quantity = to - from;
    const auto cut = [&](Amount& amount) {
        amount = {share(amount.net, from, to, line.quantity),
                  share(amount.tax, from, to, line.quantity)};
    };
    for (Amount* each : {&part.principal, &part.shipping, &part.gift_wrap, &part.cod_fee,
                         &part.item_discount, &part.shipping_discount})
        cut(*each);
    part.points = share(line.points, from, to, line.quantity);
    return part;
}

std::string token_of(Chance& chance, std::size_t length) {
    static constexpr std::string_view kLetters =
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    std::string text;
    while (text.size() < length)
        text += kLetters[static_cast<std::size_t>(
            chance.below(static_cast<std::int64_t>(kLetters.size())))];
    return text;
}

/// Times of the parcels, rising, the last one at `done`. Fewer than asked for when they would come
/// too close to the start or to each other.
std::vector<UtcTime> parcel_times(const Order& order, std::int64_t parcels, UtcTime start,
                                  Milliseconds quiet, Chance& chance) {
    const UtcTime paid = order.time_of(Happening::Confirmed).value_or(order.created());
    const UtcTime done = *order.time_of(Happening::Shipped);
    std::vector<UtcTime> times{done};
    const Milliseconds step = (done - paid) / (parcels + 1);
    for (std::int64_t i = 1; i < parcels; ++i) {
        const UtcTime time = paid + step * i + Milliseconds(chance.below(step.count() / 2 + 1));
        const bool near_start = time > start - quiet && time < start + quiet;
        if (!near_start && time + 1min < done) times.push_back(time);
    }
    std::sort(times.begin(), times.end());
    return times;
}

/// Puts units (from, to] of the whole order, counted line after line, into a parcel.
void fill(Shipment& shipment, const std::vector<OrderLine>& lines, std::int64_t from,
          std::int64_t to, Chance& chance) {
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const OrderLine& line = lines[i];
        const std::int64_t end = begin + line.quantity;
        const std::int64_t first = std::max(from, begin) - begin;
        const std::int64_t last = std::min(to, end) - begin;
        if (first < last)
            shipment.parts.push_back({i, "D" + token_of(chance, 8), share_of(line, first, last)});
        begin = end;
    }
}

}  // namespace

void add_shipments(Order& order, std::uint64_t seed, UtcTime start, Milliseconds quiet,
                   bool piecemeal) {
    if (!order.amazon_fulfilled || !order.time_of(Happening::Shipped)) return;
    // What is shipped is what the order came to in the end.
    const std::vector<OrderLine> lines =
        order.revisions.empty() ? order.lines : order.revisions.back().lines;
    std::int64_t units = 0;
    for (const OrderLine& line : lines) units += line.quantity;
    if (units == 0) return;
    Chance chance(mix(seed ^ 0x5417, order.number));
    const std::int64_t wanted = std::min(units, chance.between(1, 3));
    const std::vector<UtcTime> times = parcel_times(order, wanted, start, quiet, chance);
    const auto parcels = static_cast<std::int64_t>(times.size());
    const Centres& centres = centres_of(*order.marketplace);
    for (std::int64_t i = 0; i < parcels; ++i) {
        Shipment shipment;
        shipment.id = "D" + token_of(chance, 8);
        shipment.shipped = times[static_cast<std::size_t>(i)];
        // One to three hours as a rule, up to a day now and then.
        shipment.reported =
            shipment.shipped + Milliseconds(chance.one_in(5)
                                                ? chance.between(3 * 3'600'000, 24 * 3'600'000)
                                                : chance.between(3'600'000, 3 * 3'600'000));
        shipment.arrives = shipment.shipped + chance.between(20, 96) * 1h;
        shipment.centre = chance.pick(std::span(centres.ids));
        shipment.carrier = centres.carrier;
        char tracking[32];
        std::snprintf(tracking, sizeof tracking, "TBA%012llu",
                      static_cast<unsigned long long>(chance.next() % 1'000'000'000'000));
        shipment.tracking = tracking;
        fill(shipment, lines, units * i / parcels, units * (i + 1) / parcels, chance);
        for (ShippedPart& part : shipment.parts) part.reported = shipment.reported;
        if (piecemeal && shipment.parts.size() > 1 && !chance.one_in(3))
            shipment.parts.front().reported =
                shipment.shipped + (shipment.reported - shipment.shipped) / 4;
        order.shipments.push_back(std::move(shipment));
        if (i + 1 < parcels)
            order.events.push_back({times[static_cast<std::size_t>(i)], Happening::PartlyShipped});
    }
}

std::int64_t shipped_units(const Order& order, std::size_t line, UtcTime time) {
    std::int64_t units = 0;
    for (const Shipment& shipment : order.shipments)
        for (const ShippedPart& part : shipment.parts)
            if (shipment.shipped <= time && part.line == line) units += part.share.quantity;
    return units;
}

}  // namespace carrick::sandbox
