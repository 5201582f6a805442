// SPDX-License-Identifier: Apache-2.0
// Look-ups: many keys at once, by SuiteQL, each answered exactly or not at all.
#pragma once

#include "core/connectors/netsuite/metadata.hpp"
#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

namespace carrick::connectors::netsuite {

// What all of them answer: {"found": {key: {"id": "98", field: text, ...}}}. A key that is not
// there has no member. Keys are compared byte for byte, whatever the database thinks of case. All
// values are SuiteQL's texts ("T" and "F" for booleans); an empty field is absent. A key that fits
// several records answers {"ambiguous": ["98", "99"]} and no id, so that nobody can take the wrong
// one by accident.

/// Which SuiteQL table holds a record type, and the condition that narrows it to the type (""
/// none). A type that is not listed is taken for its own table, as custom records are.
struct RecordTable {
    std::string table;
    std::string condition;
};
[[nodiscard]] RecordTable record_table(std::string_view record_type);

/// {record_type | table, key_field, fields: [name], keys: [text], where?, where_params?,
///  active_only?: bool}. `where` is a SuiteQL condition of the plugin's own, with `?`.
[[nodiscard]] Reply lookup(Session& session, const Json& request, const CallContext& context);

/// {family: "transaction" | "entity" | "item", keys: [external id], fields?: [name]}.
/// Transactions also tell record_type, type, status, tranid, entity, total; entities (customers)
/// entityid, subsidiary; items itemid, itemtype.
[[nodiscard]] Reply lookup_external_id(Session& session, const Json& request,
                                       const CallContext& context);

/// {keys: [Amazon order id], external_ids?: {order id: external id}, custom_field?: name,
///  types?: ["SalesOrd"]}: is there already a transaction for this order, from us, another tool or
/// a person? Looks at, in this order: the external id; the fields that this account has of
/// custbody_celigo_etail_order_id, custbody_fa_channel_order, custbody_amz_order_id; `custom_field`
/// and the connection's order_field, which must be there (Misconfigured `netsuite.unknown_field`);
/// otherrefnum. The first that hits wins. Among several hits of one field the earliest of `types`
/// (default SalesOrd, CashSale, CustInvc) wins, cancelled orders last; what then is still several
/// is ambiguous. An invoice or a cash sale that was made from a sales order of ours is that sales
/// order (at the cost of one query more, and only where such a document is found without an
/// external id of ours): a person has billed it. Each hit tells id, type, record_type, status,
/// tranid, externalid, entity, currency, total, matched_by. With `by: "external_id"` the keys are
/// external ids, and nothing else is looked at. With `ignore_parts` our own documents of a part of
/// an order, such as a shipment, are no hits, nor are the bills of those.
[[nodiscard]] Reply lookup_order(Session& session, Metadata& metadata, const Json& request,
                                 const CallContext& context);

}  // namespace carrick::connectors::netsuite
