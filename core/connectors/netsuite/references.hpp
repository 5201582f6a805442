// SPDX-License-Identifier: Apache-2.0
// References: the names that settings use for things of the account ("FBA-US", "1100", "Net 30")
// become internal ids.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <map>
#include <mutex>

namespace carrick::connectors::netsuite {

/// Thread-safe. Lists of an account (locations, accounts, …) are read once and kept for ten
/// minutes; a name that is not in a list older than ten seconds makes it be read again, so that a
/// setting can be corrected in NetSuite without a restart. Items and customers are asked for one by
/// one.
class References {
public:
    explicit References(Session& session) : session_(session) {}

    /// `kind`: "netsuite.location", also subsidiary, account, currency, term, class (or
    /// classification), department, pricelevel, shipmethod, item, customer, customform.
    /// `name`: an internal id, or a name in any of the columns that people know the thing by (an
    /// account's number, a currency's symbol, a location's full name). "id:12" and "name:12" say
    /// which is meant where a number is both.
    /// Errors   Misconfigured `netsuite.unknown_reference` with the nearest existing names,
    ///          `netsuite.ambiguous_reference` with the ids, `netsuite.reference_kind`.
    [[nodiscard]] Result<std::string> resolve(std::string_view kind, std::string_view name,
                                              const CallContext& context);

    struct Kind;
    struct Row {
        std::string id;
        std::vector<std::string> names;
    };

private:
    [[nodiscard]] Result<std::vector<Row>> list(const Kind& kind, Milliseconds oldest,
                                                const CallContext& context);
    [[nodiscard]] Result<std::vector<Row>> query(const Kind& kind, std::string_view condition,
                                                 const std::vector<Json>& params,
                                                 const CallContext& context);

    struct Kept {
        std::vector<Row> rows;
        UtcTime at;
    };
    Session& session_;
    std::mutex mutex_;
    std::map<std::string, Kept, std::less<>> kept_;
};

}  // namespace carrick::connectors::netsuite
