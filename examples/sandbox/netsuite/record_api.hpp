// SPDX-License-Identifier: Apache-2.0
// The REST record service: what each verb on /record/v1 does.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"
#include "examples/sandbox/netsuite/values.hpp"
#include "examples/sandbox/netsuite/write_ledger.hpp"

#include <functional>

namespace carrick::sandbox::netsuite {

/// Not thread-safe: the service locks it.
class RecordApi {
public:
    RecordApi(RecordStore& store, const Switches& switches, WriteLedger& ledger)
        : store_(store), switches_(switches), ledger_(ledger) {}

    /// `path`: the decoded segments behind /record/v1. `commit_delay`: a create becomes visible so
    /// much later. Throws Refusal.
    [[nodiscard]] Response handle(const Request& request, const std::vector<std::string>& path,
                                  UtcTime now, Milliseconds commit_delay);

    /// The same business rules for what a seed or a person in the UI does.
    std::int64_t save(Record draft, const Json& sent, UtcTime now, Milliseconds commit_delay,
                      bool replace_all = false);

    [[nodiscard]] static std::string today_in(const std::string& zone, UtcTime now);

private:
    struct Call {
        const Request& request;
        const RecordType& type;
        UtcTime now;
        Milliseconds commit_delay;
    };

    [[nodiscard]] const RecordType& type_of(const std::string& name) const;
    /// By internal id or eid:; nullptr where there is none (yet).
    [[nodiscard]] const Record* find(const RecordType& type, const std::string& segment,
                                     UtcTime now) const;
    [[nodiscard]] const Record& require(const RecordType& type, const std::string& segment,
                                        UtcTime now) const;

    [[nodiscard]] Response get(const Call& call, const std::vector<std::string>& path) const;
    [[nodiscard]] Response list(const Call& call) const;
    [[nodiscard]] Response create(const Call& call);
    [[nodiscard]] Response update(const Call& call, const std::string& segment);
    [[nodiscard]] Response upsert(const Call& call, const std::string& segment);
    [[nodiscard]] Response erase(const Call& call, const std::string& segment);
    [[nodiscard]] Response transform(const Call& call, const std::string& segment,
                                     const std::string& target);

    /// Reads the body; the names that are unknown go into `warnings`.
    [[nodiscard]] Json read(const Call& call, std::vector<std::string>& warnings) const;
    [[nodiscard]] std::int64_t store_sent(const Call& call, const Record* before, const Json& sent);
    void refuse_duplicate(const RecordType& type, const std::string& external_id,
                          std::int64_t self) const;
    [[nodiscard]] Response written(const Call& call, int status, std::int64_t id,
                                   const std::vector<std::string>& warnings) const;

    RecordStore& store_;
    const Switches& switches_;
    WriteLedger& ledger_;
};

}  // namespace carrick::sandbox::netsuite
