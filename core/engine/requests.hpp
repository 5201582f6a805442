// SPDX-License-Identifier: Apache-2.0
// Requests: what a command or the admin API may ask of an engine, running or not.
//
//   errors.retry  {"id": 7} | {"fingerprint": "..."} | {"flow": "..."}   run failed records again;
//                 also releases instances that a misconfiguration or a bug holds
//   errors.resolve {"ids": [7, 8], "reason": "..."}   a person has settled these records by hand:
//                 each ends as skipped, its version is not taken up again (a newer one is). All of
//                 the ids are open errors of records, or nothing is done
//   flows.allow   {"flow": "..."}   go on beyond first_run_limit
//   backfill.start, backfill.stop, records.sync: demand_requests.hpp
//
// Answers are JSON objects: {"ok": true, "retried": 3, "released": 1} (records that run again,
// instances whose hold was settled; "resolved" instead of "retried" for errors.resolve) or {"ok":
// false, "code": ..., "message": ...}. A retry that releases nothing is of the second kind.
//
// A request is answered when all of its effects are stored. Each effect is noted in the request's
// row by the commit that makes it true; until the answer the request is read again, after a crash
// or a refused commit, and what is left of it is carried out.
#pragma once

#include "core/store/store.hpp"

#include <map>
#include <string>
#include <vector>

namespace carrick::engine {

/// What a request asks of one instance.
struct RequestPart {
    std::vector<store::Position> places;  ///< open records that shall run again
    std::vector<std::string> keys;        ///< of errors that are settled by releasing the instance
    bool release = false;                 ///< a hold ends
    bool by_hand = false;                 ///< the records at `places` end instead of running again
};

/// Which records and instances a request is about, worked out from the error queue.
struct RequestPlan {
    std::map<store::InstanceName, RequestPart> parts;
    std::vector<std::string> release_flows;
    std::string allow_flow;  ///< flows.allow
    std::string resolution;  ///< "retried by ops", "resolved by ops: booked as SO-12"
    bool by_hand = false;    ///< errors.resolve
};

/// Empty where an earlier attempt has done everything and only the answer is missing.
/// Errors: Rejected `request.kind`, `request.arguments`, `request.nothing` (no such open error),
/// `request.no_record` (errors.resolve of one that stopped an instance).
[[nodiscard]] Result<RequestPlan> plan_request(store::Store& store,
                                               const store::EngineRequest& request);

/// Whether a part is about an open record that stands like this. A person may also settle one that
/// waits or runs again under an error of an earlier try; what a shadow holds has no error.
[[nodiscard]] bool concerns(const RequestPart& part, store::OpenState state);
/// Carries one part out in the store itself, for an instance that no engine runs.
[[nodiscard]] Result<store::RequestEffect> carry_out_in_store(
    store::Store& store, std::int64_t request, const store::InstanceName& name,
    const RequestPart& part, const std::string& resolution, UtcTime now);
/// Carries a request out beside no engine: changes the store directly and returns the answer.
[[nodiscard]] Result<std::string> execute_request(store::Store& store,
                                                  const store::EngineRequest& request, UtcTime now);
/// Executes and answers everything pending; returns how many. Only where no engine runs.
[[nodiscard]] Result<std::size_t> execute_pending_requests(store::Store& store, UtcTime now);

/// The answer to a request of this plan with these effects in all.
[[nodiscard]] std::string answer_for(const RequestPlan& plan, const store::RequestEffect& effect);
[[nodiscard]] std::string failure_answer(const Error& error);

/// The stage of an open record that a person has settled: ready, and its next step is to end it.
/// So it is the same whether the engine runs or is started later.
inline constexpr std::string_view kByHandStage = "by hand";
/// Under which such a record is counted as skipped. What the person wrote stands in the error.
inline constexpr std::string_view kByHand = "resolved by hand";
/// Its ids in the ledger where no earlier version has any: unlike an ordinary skip, nobody who asks
/// for the record once more decides it anew, or what was booked by hand would be booked twice.
inline constexpr std::string_view kByHandIds = R"({"resolved":"by hand"})";

/// Where a flow's permission to go on beyond its first_run_limit is kept (Store::cache_get).
inline constexpr std::string_view kFirstRunCache = "first_run";

}  // namespace carrick::engine
