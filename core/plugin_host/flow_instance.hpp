// SPDX-License-Identifier: Apache-2.0
// FlowInstance: one instance of a plugin's flow, in the engine's own types. The host glue behind
// it is the only code in the engine that touches the ABI's tables.
#pragma once

#include "core/connectors/connection.hpp"
#include "core/plugin_host/manifest.hpp"
#include "core/store/store.hpp"

#include <carrick/abi/carrick_plugin.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugin_host {

enum class Stage { Extract, Needs, Map, Verify, Deliver, Reconcile, Resume };

enum class OutcomeKind { Done = 1, Skipped = 2, Waiting = 3, Unknown = 4, Failed = 5, Absent = 6 };

/// What a plugin can say with an outcome. Most are a bare `done` and say none of it.
struct OutcomeDetails {
    std::string target_ids;
    std::string learnt;
    std::string reason;
    std::string token;
    std::string awaited_link;
    UtcTime look_again_at;
    UtcTime deadline;
    std::optional<Error> error;
};

/// Small, because every record of a page has one: the details, 250 bytes, are made when something
/// is said.
class Outcome {
public:
    explicit Outcome(OutcomeKind of = OutcomeKind::Done) noexcept : kind(of) {}

    OutcomeKind kind;

    [[nodiscard]] const OutcomeDetails& details() const {
        static const OutcomeDetails kNone;
        return details_ ? *details_ : kNone;
    }
    OutcomeDetails& add_details() {
        if (!details_) details_ = std::make_unique<OutcomeDetails>();
        return *details_;
    }

private:
    std::unique_ptr<OutcomeDetails> details_;
};

enum class WriteAction { Create = 1, Update = 2, Adopt = 3 };

struct Payload {
    std::uint32_t record = 0;  ///< index into the page
    std::string write;
    WriteAction action = WriteAction::Create;
    std::string external_id;
    std::string target_id;
    std::string body;
};

struct LookupRequest {
    std::uint32_t record = 0;
    std::string name;
    std::string key;
    bool fresh = false;
};

struct LookupResult {
    std::uint32_t record = 0;
    std::string name;
    std::string key;
    bool found = false;
    std::string body;
    bool placeholder = false;  ///< stands for what a shadowed write would have made
};

struct LedgerView {
    std::uint32_t record = 0;
    UtcTime version;
    std::string target_ids;
};

struct AttemptView {
    std::uint32_t record = 0;
    std::string write;
    std::string external_id;
    std::string body;
    UtcTime started_at;
};

struct WaitView {
    std::uint32_t record = 0;
    std::string token;
    UtcTime since;
    UtcTime deadline;
};

enum class CallStatus { Ok = 0, Failed = 1, Cancelled = 2 };

/// How a stage call ended. An error without Failed, or Failed without one, is the plugin's bug and
/// arrives here as such.
struct CallEnd {
    CallStatus status = CallStatus::Ok;
    Error error;  ///< valid when Failed
};

/// A document that was fetched into the archive, or found there, opened as text.
struct OpenedDocument {
    std::string id;
    std::uint64_t bytes = 0;
    std::string encoding;
    std::string encoding_why;
    std::string name;
    std::unique_ptr<DocumentReader> text;
};

/// What a stage with connections may reach. The engine implements it per call; permission checks
/// (manifest operations, a write's record) have been made before `call` is reached.
class Gateway {
public:
    virtual ~Gateway() = default;
    /// Replies on the calling thread. `records[i]` is the page index request i belongs to, -1 none.
    virtual void call(std::string_view role, std::span<const connectors::Request> requests,
                      std::span<const std::int64_t> records, connectors::ReplyHandler& handler) = 0;
    [[nodiscard]] virtual const connectors::Operation* operation(std::string_view role,
                                                                 std::string_view name) = 0;
    /// Fetches a document into the archive and opens it.
    [[nodiscard]] virtual Result<OpenedDocument> open_document(std::string_view role,
                                                               const connectors::Request& request);
    /// Opens an archived document from `offset` (bytes of its text) on.
    [[nodiscard]] virtual Result<OpenedDocument> open_archived(std::string_view id,
                                                               std::uint64_t offset);
    [[nodiscard]] virtual Result<std::vector<std::string>> links(std::string_view kind,
                                                                 std::string_view from) = 0;
    [[nodiscard]] virtual bool cancelled() = 0;
    [[nodiscard]] virtual UtcTime now() = 0;
    [[nodiscard]] virtual UtcTime deadline() = 0;
    virtual void log(int level, std::string_view message) = 0;
    /// The outcomes and links of this page so far; called between replies, so that finished
    /// records can be committed while others still run. Outcomes may be moved out (reset).
    virtual void progress() {}
};

struct ExtractPage {
    CallEnd end;
    std::vector<store::Record> records;  ///< content_hash filled in
    std::optional<std::string> checkpoint;
    int page_end = CARRICK_PAGE_IDLE;
    UtcTime look_again_at;
};

/// The results of a page in progress. `outcomes[i]` is reset by the engine once committed.
struct DeliverBoard {
    std::vector<std::optional<Outcome>> outcomes;  ///< one a record
    std::vector<std::pair<std::uint32_t, store::Link>> links;
};

struct NeedsResult {
    CallEnd end;
    std::vector<LookupRequest> lookups;
    std::vector<std::optional<Outcome>> outcomes;
};

struct MapResult {
    CallEnd end;
    std::vector<Payload> payloads;
    std::vector<std::optional<Outcome>> outcomes;
};

struct VerifyResult {
    CallEnd end;
    std::vector<std::optional<Outcome>> outcomes;
};

/// One instance. Called by one thread at a time. Any exception from below becomes a Bug.
class FlowInstance {
public:
    virtual ~FlowInstance() = default;
    [[nodiscard]] virtual const Manifest& manifest() const = 0;
    [[nodiscard]] virtual bool offers(Stage stage) const = 0;
    [[nodiscard]] virtual ExtractPage extract(Gateway& gateway, std::string_view stream,
                                              std::string_view checkpoint) = 0;
    [[nodiscard]] virtual NeedsResult needs(std::span<const store::Record* const> records) = 0;
    [[nodiscard]] virtual MapResult map(std::span<const store::Record* const> records,
                                        std::span<const LookupResult> lookups,
                                        std::span<const LedgerView> ledger) = 0;
    [[nodiscard]] virtual VerifyResult verify(std::span<const store::Record* const> records,
                                              std::span<const Payload> payloads) = 0;
    [[nodiscard]] virtual CallEnd deliver(Gateway& gateway, DeliverBoard& board,
                                          std::span<const store::Record* const> records,
                                          std::span<const Payload> payloads,
                                          std::span<const LedgerView> ledger) = 0;
    [[nodiscard]] virtual CallEnd reconcile(Gateway& gateway, DeliverBoard& board,
                                            std::span<const store::Record* const> records,
                                            std::span<const AttemptView> attempts) = 0;
    [[nodiscard]] virtual CallEnd resume(Gateway& gateway, DeliverBoard& board,
                                         std::span<const store::Record* const> records,
                                         std::span<const WaitView> waits) = 0;
};

/// A loaded plugin. Stays loaded until the process ends.
class LoadedPlugin {
public:
    virtual ~LoadedPlugin() = default;
    [[nodiscard]] virtual const Manifest& manifest() const = 0;
    /// `config` as the ABI's `create` says. Errors: the plugin's own, or Misconfigured where a
    /// mandatory stage for its kind is missing (names which), or Bug.
    [[nodiscard]] virtual Result<std::unique_ptr<FlowInstance>> create(const Json& config) = 0;
    /// Its command table, or null.
    [[nodiscard]] virtual const carrick_command* command() const = 0;
};

/// Loads the library beside a manifest with Boost.DLL (RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE).
/// Errors   Misconfigured: `plugin.not_a_library` (with the loader's text),
/// `plugin.wrong_architecture`,
///          `plugin.no_entry` (symbol named), `plugin.version` (both versions), `plugin.name` (both
///          names).
[[nodiscard]] Result<std::shared_ptr<LoadedPlugin>> load_plugin(const Manifest& manifest);
/// A plugin linked into this program, for tests and simulation: the same glue without the loader.
[[nodiscard]] Result<std::shared_ptr<LoadedPlugin>> adopt_plugin(const Manifest& manifest,
                                                                 carrick_plugin_entry entry);

}  // namespace carrick::plugin_host
