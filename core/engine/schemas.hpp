// SPDX-License-Identifier: Apache-2.0
// SchemaCache: what a target accepts, per connection and record type. Kept in the store with its
// date, so that a start needs no network and `plan --offline` has something to check against.
#pragma once

#include "core/engine/settings.hpp"
#include "core/schema/schema.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace carrick::engine {

class SchemaCache {
public:
    SchemaCache(store::Store& store, Milliseconds time_to_live)
        : store_(store), time_to_live_(time_to_live) {}

    /// Null: the system offers no schema for the type. A stale schema is used on while the account
    /// cannot be asked. Thread-safe.
    /// Errors   the connection's; `schema.*` where the schema promises what we do not check.
    [[nodiscard]] Result<std::shared_ptr<const schema::Schema>> get(
        const std::string& connection_name, const ConnectionSpec& connection,
        const std::string& record_type, const connectors::CallContext& context, UtcTime now);

private:
    struct Known {
        std::shared_ptr<const schema::Schema> schema;
        UtcTime at;
    };
    [[nodiscard]] Result<std::shared_ptr<const schema::Schema>> remember(const std::string& key,
                                                                         const Json& text,
                                                                         UtcTime at);

    store::Store& store_;
    Milliseconds time_to_live_;
    std::mutex mutex_;
    std::map<std::string, Known> known_;
};

}  // namespace carrick::engine
