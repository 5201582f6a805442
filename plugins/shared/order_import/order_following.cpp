// SPDX-License-Identifier: Apache-2.0
// OrderFlow's later versions: an order that changed or was cancelled after its import. What is to
// change says order_changes; whether it may, the settings.
#include "plugins/shared/order_import/order_flow.hpp"

namespace carrick::plugins {

Error OrderFlow::ambiguous(const std::string& order_id, const Json& hit) {
    std::string ids;
    for (const Json& id : hit["ambiguous"].items()) ids += (ids.empty() ? "" : ", ") + id.text();
    return rejected("order.ambiguous",
                    "order " + order_id + ": NetSuite has several documents for it (" + ids +
                        "); cancel or relabel all but one, and retry",
                    "otherRefNum");
}

std::optional<PlacedOrder> OrderFlow::followed(sdk::Pure& pure, const sdk::RecordView& record,
                                               const sdk::Lookups& lookups,
                                               const std::string& order_id,
                                               const ImportedOrder& before,
                                               std::string_view instead) const {
    const auto skip = [&](const char* why) {
        pure.skipped(record, std::string(instead) + why);
        return std::nullopt;
    };
    const auto answer = existing(record, lookups);
    if (!answer && before.exists()) {
        // Removed by a person, or too young for queries: the record itself tells.
        pure.emit_payload(
            record,
            {.write = kChangeWrite, .action = sdk::WriteAction::Adopt, .target_id = before.id});
        return std::nullopt;
    }
    if (!answer) return skip("; not in NetSuite");
    const Json hit = answer->json().value_or(Json());
    if (hit.contains("ambiguous")) {
        pure.failed(record, ambiguous(order_id, hit));
        return std::nullopt;
    }
    if (hit["type"].text() != "SalesOrd") return skip("; no sales order in NetSuite");
    const bool ours = hit["externalid"].text().starts_with("AMZ-SO-");
    if (!ours && !follow_.edit_adopted) return skip("; made by another tool or a person");
    Result<PlacedOrder> placed = parse_placed_order(hit);
    if (placed) return *std::move(placed);
    pure.failed(record, placed.error());
    return std::nullopt;
}

void OrderFlow::emit_edit(sdk::Pure& pure, const sdk::RecordView& record, const PlacedOrder& placed,
                          const Json& body) {
    pure.emit_payload(record, {.write = kChangeWrite,
                               .action = sdk::WriteAction::Update,
                               .external_id = placed.external_id,
                               .target_id = placed.id,
                               .body = body});
}

void OrderFlow::map_change(sdk::Pure& pure, const sdk::RecordView& record, const Importable& wanted,
                           const sdk::Lookups& lookups, const ImportedOrder& before) const {
    const SeenOrder seen = SeenOrder::of(wanted.order);
    const bool updates = follow_.changes == Changes::Update;
    // Ours, and nobody knows which version it was made of: the answer to its import was lost.
    const bool first = !before.exists();
    const bool other_address =
        first || (before.seen.is_known() && seen.address != before.seen.address);
    // An address that Amazon has taken back (it does, weeks after the shipment) is no new one.
    const bool new_address = updates && !seen.address.empty() && other_address;
    if (before.seen.is_known() && seen.figures == before.seen.figures && !new_address)
        return pure.skipped(record, "nothing to change");
    const std::optional<PlacedOrder> placed =
        followed(pure, record, lookups, wanted.order.id.text, before, "imported before");
    if (!placed) return;
    const Result<OrderReferences> references = references_of(record, wanted, lookups);
    if (!references) return pure.failed(record, references.error());
    const Result<Json> document =
        to_document(wanted.order, *references, settings_, wanted.external_id);
    if (!document) return pure.failed(record, document.error());
    const Result<Money> owed = expected_receivable(wanted.order, settings_.tip_is_ours);
    if (!owed) return pure.failed(record, owed.error());

    const Money of_lines = owed->minus(tax_left_to_netsuite(wanted.order, settings_)).value();
    const OrderEdit edit = edit_of({wanted.order, *document, *references, of_lines, new_address},
                                   *placed, settings_, follow_);
    const bool task = follow_.cancellations == Cancellations::Task;
    // Units that are gone are a cancellation to some and a change to others: either setting will
    // do. What else changes beside them (tax, discounts) belongs to them.
    const bool may_cancel = !edit.cancels || follow_.closes();
    const bool may_cut = !edit.cuts || follow_.closes() || updates;
    const bool only_altered = !edit.cancels && !edit.cuts && edit.alters;
    if (task && (!may_cancel || !may_cut))
        return pure.failed(record, cancellation_task(wanted.order.id.text, *placed, false));
    const bool leaves_it = !may_cancel || !may_cut || (only_altered && !updates);
    if (leaves_it && !first) return pure.skipped(record, "changed at Amazon; left as it is");
    if (edit.problem && !leaves_it) return pure.failed(record, *edit.problem);
    if (!edit.empty() && !leaves_it) return emit_edit(pure, record, *placed, edit.body);
    // As it should be already, by an earlier write or a person: nothing to write, but to remember.
    // Or nobody has seen its total yet: what may not be changed must be right.
    pure.emit_payload(record, {.write = form().record_type,
                               .action = sdk::WriteAction::Adopt,
                               .external_id = placed->external_id,
                               .target_id = placed->id});
}

void OrderFlow::map_cancellation(sdk::Pure& pure, const sdk::RecordView& record,
                                 const std::string& order_id, const sdk::Lookups& lookups,
                                 const ImportedOrder& before) const {
    const auto answer = existing(record, lookups);
    // What was never ours is nobody's concern here, however many of it there are.
    if (!before.exists() &&
        (!answer || !answer->json().value_or(Json())["externalid"].text().starts_with("AMZ-SO-")))
        return pure.skipped(record, "cancelled");
    const std::optional<PlacedOrder> placed =
        followed(pure, record, lookups, order_id, before, "cancelled after the import");
    if (!placed) return;
    const OrderEdit edit = closing_of(order_id, *placed, follow_);
    if (placed->is_closed() || (edit.empty() && !edit.problem))
        return pure.skipped(record, "cancelled after the import; closed in NetSuite");
    if (follow_.cancellations == Cancellations::Task)
        return pure.failed(record, cancellation_task(order_id, *placed, true));
    if (edit.problem) return pure.failed(record, *edit.problem);
    emit_edit(pure, record, *placed, edit.body);
}

}  // namespace carrick::plugins
