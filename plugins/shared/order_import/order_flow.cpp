// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/order_flow.hpp"

#include "plugins/shared/order_import/order_delivery.hpp"
#include "plugins/shared/order_import/tax_rules.hpp"
#include "plugins/shared/time/go_live.hpp"

#include <set>

namespace carrick::plugins {

namespace {

/// Whether NetSuite can have an item of that name at all: its names have at most 60 characters, a
/// path of parents before them. What is not looked up is not found, and that is an error of one
/// order instead of a look-up that the host refuses.
bool is_item_name(const std::string& name) {
    constexpr std::size_t kLongest = 500;
    return !name.empty() && name.size() <= kLongest;
}

/// What an answer that fits several records names instead of an id.
std::string ids_of(const Json& answer) {
    std::string text;
    for (const Json& id : answer["ambiguous"].items())
        text += (text.empty() ? "" : ", ") + id.text();
    return text;
}

}  // namespace

const OrderFlow::Reading& OrderFlow::reading_of(const sdk::RecordView& record) {
    if (const Reading* known = readings_.find(record)) return *known;
    return readings_.keep(record, read(record));
}

OrderFlow::Reading OrderFlow::read(const sdk::RecordView& record) const {
    std::string past;
    Reading reading = read(record, past);
    if (!past.empty()) reading.skip = std::move(past);
    return reading;
}

OrderFlow::Reading OrderFlow::read(const sdk::RecordView& record, std::string& past) const {
    Result<Json> json = record.json();
    if (!json) return Reading::failed(json.error());
    Result<Order> order = parse_order(*json, false);
    if (!order) return Reading::failed(order.error());
    const bool by_amazon = settings_.fulfilment == Fulfilment::Amazon;
    if (by_amazon == order->merchant_fulfilled)
        return Reading::skipped(by_amazon ? "fulfilled by the merchant" : "fulfilled by Amazon");
    if (order->is_cancelled()) return {.skip = "cancelled", .cancelled = order->id.text};
    if (order->status == FulfillmentStatus::Unfulfillable) return Reading::skipped("unfulfillable");
    if (order->status == FulfillmentStatus::Unknown)
        return Reading::failed(
            rejected("order.status", "order " + order->id.text + ": Amazon's status \"" +
                                         order->status_text +
                                         "\" is not known to this version; upgrade the plugin, or "
                                         "retry when the status has changed"));
    const Result<bool> early =
        placed_before_go_live(order->created, marketplace_, settings_.go_live);
    if (!early) return Reading::failed(early.error());
    if (*early) return Reading::skipped("placed before go-live");
    if (!order->is_open_or_shipped())
        return {.waits_for = "pending at Amazon",
                .pending_until = order->updated + std::chrono::hours(24 * settings_.pending_days)};
    if (const Result<void> ours = belongs_to(*order, marketplace_); !ours)
        return Reading::failed(ours.error());
    if (settings_.skip_replacements && !order->replaces.empty())
        return Reading::skipped("a replacement");
    if (!settings_.takes(order->status)) {
        if (settings_.may_take_later(order->status))
            return {
                .waits_for = "not in a status that is imported yet",
                .pending_until = order->updated + std::chrono::hours(24 * settings_.pending_days)};
        past = "past the statuses that are imported";
        // One that was imported in time is followed all the same.
        if (!follows()) return {};
    }
    if (by_amazon)
        if (std::optional<Reading> held = held_back(*order)) return *std::move(held);
    Result<Order> with_amounts = parse_order(*json, true, settings_.tax.max_rounding);
    if (!with_amounts) return Reading::failed(with_amounts.error());
    if (const Result<void> taxed = supply_missing_tax(*with_amounts, settings_.tax); !taxed)
        return Reading::failed(taxed.error());
    std::string customer = (*json)["carrick"]["customer"]["id"].text();
    if (customer.empty())
        return Reading::failed(
            misconfigured("order.customer_missing",
                          "order " + order->id.text +
                              ": no customer came with it; read from a customer flow, not from the "
                              "orders directly",
                          "from"));
    Result<std::string> id = id_of(*with_amounts);
    if (!id) return Reading::failed(id.error());
    return {.importable =
                Importable{std::move(*with_amounts), std::move(customer), std::move(*id)}};
}

std::optional<OrderFlow::Reading> OrderFlow::held_back(const Order& order) const {
    if (settings_.per_shipment != order.shipment.has_value())
        return Reading::skipped(order.shipment ? "imported as an order, not by its shipments"
                                               : "imported by its shipments");
    // An invoice or a cash sale moves stock and books revenue, which a shipment alone justifies.
    if (!order.shipment && settings_.document != DocumentType::SalesOrder &&
        order.status != FulfillmentStatus::Shipped)
        return Reading{
            .waits_for = "not shipped as a whole yet",
            .pending_until = order.updated + std::chrono::hours(24 * settings_.pending_days)};
    if (!order.shipment && settings_.document != DocumentType::SalesOrder)
        for (const OrderLine& line : order.lines)
            if (line.shipped && *line.shipped < line.quantity)
                return Reading::failed(rejected(
                    "order.partly_fulfilled",
                    "order " + order.id.text + ", line " + line.id.text +
                        ": Amazon calls it shipped, and " + std::to_string(*line.shipped) + " of " +
                        std::to_string(line.quantity) +
                        " units are; all would be billed: import it by its shipments (per: "
                        "shipment); a version in which Amazon cancels the rest comes by itself",
                    "quantityFulfilled"));
    return std::nullopt;
}

Result<std::string> OrderFlow::id_of(const Order& order) const {
    if (!order.shipment) return external_id(form().kind, account_, order.id.text);
    return external_id(form().kind, account_, order.id.text, order.shipment->id);
}

void OrderFlow::needs(sdk::Pure& pure, const sdk::Records& records) {
    readings_.forget();
    for (const sdk::RecordView& record : records) {
        const Reading& reading = reading_of(record);
        if (!reading.cancelled.empty() && follows() &&
            follow_.cancellations != Cancellations::Ignore)
            look_up_lines(pure, record, reading.cancelled);
        // What is not to be imported is settled by `map`, which knows whether it was before.
        if (!reading.importable) continue;
        const Order& order = reading.importable->order;
        if (order.shipment) {
            // Documents of the order's other shipments are ours too, and stand for none of this.
            for (const std::string& id : documents_of(order))
                pure.emit_lookup(record, "document", id, true);
            pure.emit_lookup(record, "order_of_others", order.id.text, true);
        } else if (follows()) {
            look_up_lines(pure, record, order.id.text);
        } else {
            pure.emit_lookup(record, "order", order.id.text, true);
        }
        if (!settings_.currency.empty()) pure.emit_lookup(record, "currency", settings_.currency);
        if (settings_.moves_to_open_period)
            if (const Result<LocalDate> day = document_date(order, settings_))
                pure.emit_lookup(record, "period", day->text());
        std::set<std::string> names;
        for (const OrderLine& line : order.lines)
            if (const std::string name = settings_.item_name(line.sku.text);
                (line.quantity > 0 || follows()) && is_item_name(name))
                names.insert(name);
        for (const std::string& name : names) pure.emit_lookup(record, "item", name);
    }
}

void OrderFlow::look_up_lines(sdk::Pure& pure, const sdk::RecordView& record,
                              const std::string& order_id) const {
    pure.emit_lookup(record, "order_lines", order_id, true);
    // A person may have overwritten the reference; our own name of the order stays.
    if (const Result<std::string> own = external_id(form().kind, account_, order_id))
        pure.emit_lookup(record, "own_order_lines", *own, true);
}

void OrderFlow::map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
                    const sdk::Ledger& ledger) {
    for (const sdk::RecordView& record : records) {
        const Reading& reading = reading_of(record);
        ImportedOrder before;
        if (const auto earlier = ledger.find(record))
            before = ImportedOrder::parse(earlier->json().value_or(Json()), form().record_type);
        if (!reading.cancelled.empty() && lookups.find(record, "order_lines"))
            map_cancellation(pure, record, reading.cancelled, lookups, before);
        else if (before.exists())
            map_imported(pure, record, reading, lookups, before);
        else if (before.other_kind)
            pure.skipped(record, "imported before, as another kind of document");
        else if (before.by_hand)
            // Most likely booked by hand, under whatever number: twice would be worse than not.
            pure.skipped(record, "settled by hand");
        else if (!reading.skip.empty())
            pure.skipped(record, reading.skip);
        else if (reading.importable)
            map_one(pure, record, *reading.importable, lookups);
        else if (reading.error)
            pure.failed(record, *reading.error);
        else
            // Nothing to look at before Amazon sends a newer version, which takes this one's place.
            pure.waiting(record, {.reason = reading.waits_for, .deadline = reading.pending_until});
    }
}

void OrderFlow::map_imported(sdk::Pure& pure, const sdk::RecordView& record, const Reading& reading,
                             const sdk::Lookups& lookups, const ImportedOrder& before) const {
    if (reading.error && (follows() || posts()))
        // What cannot be read may be a change that matters.
        pure.failed(record, *reading.error);
    else if (reading.importable && follows())
        map_change(pure, record, *reading.importable, lookups, before);
    else
        map_again(pure, record, reading.importable, before);
}

void OrderFlow::map_again(sdk::Pure& pure, const sdk::RecordView& record,
                          const std::optional<Importable>& wanted,
                          const ImportedOrder& before) const {
    if (posts() && wanted && before.seen.is_known() &&
        SeenOrder::of(wanted->order).figures != before.seen.figures)
        // Stock and revenue that Amazon tells otherwise now: the document is read once more, and
        // one that is not worth what the customer owes is for a person.
        return pure.emit_payload(record, {.write = form().record_type,
                                          .action = sdk::WriteAction::Adopt,
                                          .external_id = wanted->external_id,
                                          .target_id = before.id});
    // Add means add: the order stays in NetSuite as people there have edited it since, whatever
    // has become of it at Amazon.
    pure.skipped(record, "imported before");
}

void OrderFlow::map_one(sdk::Pure& pure, const sdk::RecordView& record, const Importable& wanted,
                        const sdk::Lookups& lookups) const {
    const Order& order = wanted.order;
    if (const auto there = order.shipment ? existing_of_shipment(record, order, lookups)
                                          : existing(record, lookups)) {
        const Json found = there->json().value_or(Json());
        const std::string& target = found["id"].text();
        if (target.empty()) return pure.failed(record, ambiguous(order.id.text, found));
        // Before `per` was set to shipments, or `document` to another kind.
        if (order.shipment && found["externalid"].text().starts_with("AMZ-") &&
            found["externalid"].text() != wanted.external_id)
            return pure.skipped(record,
                                found["externalid"].text().ends_with("-" + order.shipment->id)
                                    ? "imported before, as another kind of document"
                                    : "imported before, with its whole order");
        // Our own, though nobody remembers: its answer was lost, and the order may have changed.
        if (found["externalid"].text() == wanted.external_id && follows())
            return map_change(pure, record, wanted, lookups, {});
        return pure.emit_payload(record, {.write = form().record_type,
                                          .action = sdk::WriteAction::Adopt,
                                          .external_id = found["externalid"].text(),
                                          .target_id = target});
    }
    const Result<OrderReferences> references = references_of(record, wanted, lookups);
    if (!references) return pure.failed(record, references.error());
    const Result<Json> document = to_document(order, *references, settings_, wanted.external_id);
    if (!document) return pure.failed(record, document.error());
    pure.emit_payload(
        record,
        {.write = form().record_type, .external_id = wanted.external_id, .body = *document});
}

Result<std::string> OrderFlow::open_day_of(const sdk::RecordView& record, const Order& order,
                                           const sdk::Lookups& lookups) const {
    const auto period = lookups.find(record, "period");
    // A day of which NetSuite has no period is for NetSuite to refuse.
    if (!period || !period->found) return std::string();
    const Json answer = period->json().value_or(Json());
    if (answer["ambiguous"].is_array())
        return rejected("order.period",
                        "order " + order.id.text + ": its day is in several accounting periods (" +
                            ids_of(answer) +
                            "), so that nobody can say which is open; set closed_period to refuse",
                        "closed_period");
    const std::string& day = answer["first_ar_open_day"].text();
    if (day.empty())
        return rejected("order.period",
                        "order " + order.id.text + ": the period " + answer["name"].text() +
                            " is closed and no later one is open; open one and retry",
                        "tranDate");
    return day;
}

Result<OrderReferences> OrderFlow::references_of(const sdk::RecordView& record,
                                                 const Importable& wanted,
                                                 const sdk::Lookups& lookups) const {
    const Order& order = wanted.order;
    OrderReferences references{wanted.customer, {}, {}, {}};
    if (const auto currency = lookups.find(record, "currency")) {
        references.currency = currency->json().value_or(Json())["id"].text();
        if (references.currency.empty())
            return rejected("order.currency",
                            "order " + order.id.text +
                                ": NetSuite has none or several currencies with the symbol " +
                                settings_.currency + "; correct its currencies and retry",
                            "currency");
    }
    Result<std::string> open_day = open_day_of(record, order, lookups);
    if (!open_day) return open_day.error();
    references.open_day = std::move(*open_day);
    for (const OrderLine& line : order.lines) {
        const auto item = lookups.find(record, "item", settings_.item_name(line.sku.text));
        if (!item || !item->found) continue;
        const Json body = item->json().value_or(Json());
        if (body["id"].text().empty())
            return rejected("order.ambiguous_item",
                            "order " + order.id.text + ": NetSuite has several active items \"" +
                                settings_.item_name(line.sku.text) + "\" (" + ids_of(body) +
                                "); rename all but one, or name another in sku_aliases, and retry",
                            "item");
        references.items[line.sku.text] = body["id"].text();
    }
    return references;
}

std::optional<sdk::LookupView> OrderFlow::existing(const sdk::RecordView& record,
                                                   const sdk::Lookups& lookups) {
    for (const std::string_view name : {"order", "order_lines", "own_order_lines"})
        if (const auto answer = lookups.find(record, name); answer && answer->found) return answer;
    return std::nullopt;
}

std::vector<std::string> OrderFlow::documents_of(const Order& order) const {
    // People may have overwritten the order's number; our own names of documents stay.
    std::vector<std::string> ids;
    for (const std::string& part : {order.shipment->id, std::string()})
        for (const DocumentForm& each : kDocumentForms)
            if (Result<std::string> id = external_id(each.kind, account_, order.id.text, part))
                ids.push_back(*std::move(id));
    return ids;
}

std::optional<sdk::LookupView> OrderFlow::existing_of_shipment(const sdk::RecordView& record,
                                                               const Order& order,
                                                               const sdk::Lookups& lookups) const {
    for (const std::string& id : documents_of(order))
        if (const auto answer = lookups.find(record, "document", id); answer && answer->found)
            return answer;
    const auto others = lookups.find(record, "order_of_others");
    return others && others->found ? others : std::nullopt;
}

void OrderFlow::verify(sdk::Pure& pure, const sdk::Records& records,
                       const sdk::Payloads& payloads) {
    for (const sdk::PayloadView& payload : payloads) {
        // A change was added up before it was emitted, with the lines that it leaves alone.
        if (payload.action != sdk::WriteAction::Create) continue;
        if (const Result<void> right = verify_one(records[payload.record], payload); !right)
            pure.failed(payload.record, right.error());
    }
}

Result<Money> OrderFlow::expected(const sdk::RecordView& record) {
    const Reading& reading = reading_of(record);
    if (reading.error) return *reading.error;
    if (!reading.importable)
        return bug("order.not_importable", "record " + std::string(record.key) +
                                               ": an order that is not to be imported has come "
                                               "to the stages behind the mapping");
    return expected_receivable(reading.importable->order, settings_.tip_is_ours);
}

Result<void> OrderFlow::verify_one(const sdk::RecordView& record, const sdk::PayloadView& payload) {
    Result<Money> owed = expected(record);
    if (!owed) return owed.error();
    Result<Json> body = payload.json();
    if (!body) return body.error();
    const Order& order = reading_of(record).importable->order;
    Result<Money> total = document_total(*body, order.currency);
    if (!total) return total.error();
    const Money before_tax = owed->minus(tax_left_to_netsuite(order, settings_)).value();
    if (*total == before_tax) return {};
    return rejected("order.total_mismatch",
                    "order " + order.id.text + ": the " + std::string(form().words) +
                        " would add up to " + total->text() + ", the customer owes " +
                        before_tax.text() +
                        "; nothing was written: correct the mapping of its amounts and retry",
                    "total");
}

void OrderFlow::deliver(sdk::Call& call, const sdk::Records& records, const sdk::Payloads& payloads,
                        const sdk::Ledger& ledger) {
    const auto about = [&](const sdk::RecordView& record) -> Result<DeliveredOrder> {
        const Reading& reading = reading_of(record);
        if (!reading.cancelled.empty())
            return DeliveredOrder{.order_id = reading.cancelled, .cancelled = true};
        const Result<Money> owed = expected(record);
        if (!owed) return owed.error();
        const Order& order = reading.importable->order;
        DeliveredOrder told{.order_id = order.id.text, .expected = *owed};
        if (order.shipment) told.shipment = order.shipment->id;
        if (is_left_to_netsuite(order, settings_)) {
            told.rounding_item = settings_.items.rounding;
            told.max_rounding = settings_.tax.max_rounding;
        }
        const SeenOrder seen = SeenOrder::of(order);
        told.seen = seen.text();
        told.followed = follows();
        ImportedOrder before;
        if (const auto earlier = ledger.find(record))
            before = ImportedOrder::parse(earlier->json().value_or(Json()), form().record_type);
        if (follows() && follow_.changes == Changes::Update && before.seen.is_known() &&
            !seen.address.empty() && seen.address != before.seen.address &&
            order.status == FulfillmentStatus::Unshipped)
            if (Result<Json> address = shipping_address(order, settings_)) told.address = *address;
        return told;
    };
    deliver_documents(call, form(), records, payloads, about);
    readings_.forget();
}

Result<std::unique_ptr<OrderFlow>> make_mfn_order_flow(const sdk::FlowConfig& config) {
    return std::make_unique<OrderFlow>(config.origin, config.partition,
                                       OrderSettings::parse(config.settings),
                                       FollowSettings::parse(config.settings));
}

Result<std::unique_ptr<OrderFlow>> make_fba_order_flow(const sdk::FlowConfig& config) {
    return std::make_unique<OrderFlow>(config.origin, config.partition,
                                       OrderSettings::parse(config.settings, Fulfilment::Amazon),
                                       FollowSettings::parse(config.settings));
}

}  // namespace carrick::plugins
