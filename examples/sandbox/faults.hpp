// SPDX-License-Identifier: Apache-2.0
// Faults on command: what breaks, for which operation, how often. Seeded, so that the same sequence
// of requests meets the same faults.
#pragma once

#include <carrick/sdk/json.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox {

/// What can break. The server applies those of the wire; a service asks for those of meaning with
/// `Faults::fires`.
enum class Fault {
    // Instead of processing: the request has no effect.
    Throttled,      ///< throttled: 429 as the system words it
    ServerError,    ///< error500
    Unavailable,    ///< error503
    ResetBefore,    ///< reset_before: connection closed, nothing processed
    TimeoutBefore,  ///< timeout_before: silence, then closed, nothing processed
    // After processing: the request took effect.
    ServerErrorAfter,  ///< error500_after: processed, then 500
    DropAfter,         ///< drop_after: processed, then closed without a byte
    TimeoutAfter,      ///< timeout_after: processed, then silence
    SlowDrip,          ///< slow_drip: a byte now and then
    TruncatedBody,     ///< truncated_body: half of the announced length
    BadGzip,           ///< bad_gzip: Content-Encoding: gzip with a broken stream
    // Of meaning: services ask for these.
    ExpiredToken,  ///< expired_token: a good token is called expired
    ClockSkew,  ///< clock_skew: the Date header and the server's checks are off by the rule's delay
    SlowCommit,  ///< slow_commit: answered as lost, visible only after the rule's delay (NetSuite)
    LostJob,  ///< lost_job: an asynchronous request is accepted and never heard of again (NetSuite)
    // Of a report and its document (operation: the report type).
    FatalReport,    ///< fatal_report: ends FATAL, with a document that says why
    ExpiredUrl,     ///< expired_url: the download's URL has expired before its time
    CutGzip,        ///< cut_gzip: the stored gzip file ends in its middle
    HalfFile,       ///< half_file: a well-packed file that ends in the middle of a row
    WrongCharset,   ///< wrong_charset: Content-Type names another encoding
    MissingColumn,  ///< missing_column: one that every file has is not there
    TooManyFields,  ///< too_many_fields: a row with more fields than the header
};

[[nodiscard]] std::string_view fault_name(Fault fault);
[[nodiscard]] std::optional<Fault> fault_by_name(std::string_view name);

struct FaultRule {
    Fault fault = Fault::ServerError;
    std::string service = "*";           ///< "amazon", "netsuite" or "*"
    std::string operation = "*";         ///< an operation, a prefix such as "salesOrder.*", or "*"
    std::uint32_t per_mille = 1000;      ///< chance of 1000 for each matching request
    std::uint64_t skip = 0;              ///< leave the first so many matches alone
    std::optional<std::uint64_t> count;  ///< then fire at most so often; unset: for ever
    std::chrono::milliseconds delay{2000};  ///< of timeouts (wall), drips, commits, skew
};

/// The faults now in force. Thread-safe.
class Faults {
public:
    explicit Faults(std::uint64_t seed);

    struct Hit {
        Fault fault;
        std::chrono::milliseconds delay;
    };

    /// The fault of the wire that meets this request, if any. Counts as a match for every rule.
    [[nodiscard]] std::optional<Hit> on_request(std::string_view service,
                                                std::string_view operation);
    /// Whether a fault of meaning meets this request.
    [[nodiscard]] std::optional<Hit> fires(Fault fault, std::string_view service,
                                           std::string_view operation);

    void add(FaultRule rule);
    void clear();
    /// {"profile": "rough"} or {"rules": [{"fault", "service", "operation", "per_mille", "skip",
    /// "count", "delay_ms"}]}; replaces what was in force. Errors: `sandbox.faults`.
    [[nodiscard]] Result<void> configure(const Json& json);
    /// Rules with how often each matched and fired.
    [[nodiscard]] Json describe() const;

private:
    struct Armed {
        FaultRule rule;
        std::uint64_t matched = 0;
        std::uint64_t fired = 0;
    };
    [[nodiscard]] bool decide(Armed& armed, std::size_t index, std::string_view service,
                              std::string_view operation) const;

    mutable std::mutex mutex_;
    std::uint64_t seed_;
    std::vector<Armed> armed_;
};

}  // namespace carrick::sandbox
