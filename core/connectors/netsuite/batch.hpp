// SPDX-License-Identifier: Apache-2.0
// Batches: up to 100 records of one type in one asynchronous request, and what became of each.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace carrick::connectors::netsuite {

inline constexpr std::size_t kMostInBatch = 100;

struct BatchItem {
    std::string external_id;  ///< a create and an upsert must have one
    std::string id;           ///< a patch may have this instead
    Json body;                ///< without `id`; with `externalId` for creates
};

struct Batch {
    enum class Verb { Create, Upsert, Patch };
    Verb verb = Verb::Create;
    std::string record_type;
    std::vector<BatchItem> items;  ///< at most kMostInBatch
    /// Carried out by several of NetSuite's processors, in no order; else one after the other.
    bool parallel = false;
};

/// Writes the batch and answers for each record. How it finds out, cheapest first:
///   1. creates: which external ids exist already (one query): those are `netsuite.duplicate`,
///      the rest is sent, so that whatever is found later was made here;
///   2. one asynchronous request, and polls until its job is completed;
///   3. creates: which external ids exist now (one query): those are done;
///   4. for what is left, and for every upsert and patch, the result of its task.
/// Nothing promises that tasks stand in the order of the records, so a refusal is believed to be a
/// record's own only where the results that name their records prove the order, or leave no other
/// record it could belong to.
///
/// Returns  a reply for each item as the single operation would give it, or nothing where the
///          record is best sent by itself, which is always safe then: the batch was refused as a
///          whole, SuiteQL does not know the type, or the tasks cannot be told apart.
///          Unknown `netsuite.batch_pending`: not completed before the deadline, and not found; the
///          record may still come. `netsuite.batch_lost`: it is not known whether NetSuite has the
///          batch. `netsuite.batch_result`: completed, but the record's result cannot be had.
/// Waits    at most to the context's deadline; a part of the time is kept for the reading back.
[[nodiscard]] std::vector<std::optional<Reply>> run_batch(Session& session, const Batch& batch,
                                                          const CallContext& context);

/// {record_type, verb: "create" | "upsert" | "patch", records: [{external_id | id, body}],
///  parallel?: bool} -> {results: [{status: "ok" | "failed" | "unknown" | "cancelled", id?,
///  error?: {class, code, message, field}}]}, in the order of the records. What a batch cannot tell
/// is sent by itself. The reply is Unknown, with the results, where some record's is; it is Failed
/// where every record failed for one and the same reason that is not a record's own.
[[nodiscard]] Reply batch_records(Session& session, const Json& request,
                                  const CallContext& context);

}  // namespace carrick::connectors::netsuite
