// SPDX-License-Identifier: Apache-2.0
// Connection: one authenticated account on one system, as the engine sees it. The connectors
// implement it; tests put fakes in their place.
#pragma once

#include "core/base/document.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::connectors {

enum class OperationKind {
    Read,      ///< changes nothing; the connector may repeat it
    Lookup,    ///< a read that takes many keys at once: {"keys": [...], ...} -> {"found": {key:
               ///< {...}}}
    Write,     ///< changes the target; sent at most once a call, unless proven unsent
    Document,  ///< fetches a file of any size; asked for through `fetch`, not `call`
};

/// One thing a connection can do, as `carrick operations` lists it.
struct Operation {
    std::string name;  ///< "amazon.orders.search"
    OperationKind kind = OperationKind::Read;
    std::string summary;
    Json request_schema;  ///< JSON Schema draft-07
    Json response_schema;
};

/// Lower runs first when a quota is short. Backfill is work that nobody waits for: it leaves a part
/// of each quota to the others, and takes no more of it than its share.
enum class Priority { Confirm = 0, Order = 1, Stock = 2, Price = 3, Catalogue = 4, Backfill = 5 };

struct Request {
    std::string operation;
    std::string body;  ///< JSON object as the operation's request schema says
};

enum class ReplyStatus {
    Ok = 0,
    Failed = 1,     ///< `error` says why; a write was not carried out
    Cancelled = 2,  ///< stopped before it was sent
    Unknown = 3,    ///< a write was sent and its answer lost; `error` says how
};

struct Reply {
    ReplyStatus status = ReplyStatus::Ok;
    std::string body;  ///< JSON
    Error error;
};

struct CallContext {
    std::string flow;  ///< for logs and fairness
    Priority priority = Priority::Order;
    /// Of the quota, in percent: how fast work of priority Backfill may go.
    int share = 100;
    /// On the steady clock: nothing may be waited for beyond it. A quota that frees later than
    /// this answers Throttled with retry_after at once.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    const std::atomic<bool>* cancelled = nullptr;

    [[nodiscard]] bool is_cancelled() const {
        return cancelled != nullptr && cancelled->load(std::memory_order_acquire);
    }
};

/// Takes the replies to one call, on the thread that called.
class ReplyHandler {
public:
    virtual ~ReplyHandler() = default;
    virtual void on_reply(std::size_t request, Reply reply) = 0;
    /// Called at least every 250 ms while replies are awaited, so that the engine can commit.
    virtual void on_tick() {}
};

/// What a connection knows of a document once it has fetched it.
struct FetchedDocument {
    std::string kind;  ///< "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
    std::string name;  ///< the sender's id of the document
    std::string declared_encoding;
    std::string regional_encoding = "CP1252";  ///< where neither its bytes nor its sender tell
    bool personal = false;
    Milliseconds keep{0};  ///< of personal documents: how long they may be kept
};

/// Quota levels that survive a restart: bucket name -> {tokens, at}. Unknown at start: one token.
struct BucketLevel {
    std::string bucket;
    std::string tokens;  ///< decimal text
    UtcTime at;
};

class Connection {
public:
    virtual ~Connection() = default;

    [[nodiscard]] virtual std::span<const Operation> operations() const = 0;

    /// Carries out the requests, in parallel within the connection's budget, and returns when each
    /// has had its reply. Thread-safe: flows share a connection.
    /// Errors   A request's own trouble comes as its reply; the call itself cannot fail.
    virtual void call(std::span<const Request> requests, const CallContext& context,
                      ReplyHandler& handler) = 0;

    /// How many records a delivery had best bring, because writes of this account travel together;
    /// 0: as many as are done in a short time. A flow's own `batch` goes before it.
    [[nodiscard]] virtual std::size_t preferred_batch() const { return 0; }

    /// Fetches the document that a Document operation names. `sink` gets its raw bytes, once; what
    /// it got counts only when this ends well. Thread-safe. Errors   as replies have them;
    /// Transient where fetching it again may help.
    [[nodiscard]] virtual Result<FetchedDocument> fetch(const Request& request,
                                                        const CallContext& context,
                                                        DocumentSink& sink);

    /// The JSON Schema of what may be written for a record type, from the account itself where the
    /// system offers one (NetSuite's metadata-catalog). A null value: no schema to check against.
    [[nodiscard]] virtual Result<Json> schema(std::string_view record_type,
                                              const CallContext& context) = 0;

    /// Finds the ids of names that settings refer to: kind such as "netsuite.location", name or id.
    /// Errors: Misconfigured with the name and the nearest existing ones.
    [[nodiscard]] virtual Result<std::string> resolve_reference(std::string_view kind,
                                                                std::string_view name,
                                                                const CallContext& context) = 0;

    [[nodiscard]] virtual std::vector<BucketLevel> bucket_levels() const { return {}; }
    virtual void restore_bucket_levels(std::span<const BucketLevel>) {}

    /// A cheap proof that credentials work, for start and `doctor`.
    [[nodiscard]] virtual Result<void> check(const CallContext& context) = 0;
};

/// One request, one reply.
[[nodiscard]] Reply call_one(Connection& connection, const Request& request,
                             const CallContext& context);

}  // namespace carrick::connectors
