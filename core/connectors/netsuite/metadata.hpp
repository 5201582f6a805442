// SPDX-License-Identifier: Apache-2.0
// Metadata: what this account, seen by this role, has: the fields of its record types (the
// metadata-catalog) and the features that show in them.
#pragma once

#include "core/connectors/netsuite/session.hpp"

#include <carrick/sdk/json.hpp>

#include <map>
#include <memory>
#include <mutex>

namespace carrick::connectors::netsuite {

/// Thread-safe; schemas are kept for an hour of the clock.
class Metadata {
public:
    explicit Metadata(Session& session) : session_(session) {}

    /// The JSON Schema of a record type, fit for a validator: the schemas of its sublists and
    /// subrecords are fetched and put under `definitions`; references to other record types accept
    /// anything (NetSuite takes an object with id or externalId, or a bare id); vocabulary that
    /// says nothing about validity (`links`, `$schema` of a hyper-schema) is taken out. Errors
    /// those of the session; Misconfigured `netsuite.unknown_record_type`.
    [[nodiscard]] Result<Json> schema(std::string_view record_type, const CallContext& context);

    /// True if the record type has that body field in this account; case does not count.
    [[nodiscard]] Result<bool> has_field(std::string_view record_type, std::string_view field,
                                         const CallContext& context);

    /// "suitetax", "legacy" or "unknown", read off salesOrder: SuiteTax shows in
    /// `taxDetailsOverride`, the legacy engine in `taxItem` or `isTaxable` without it. "unknown":
    /// the role sees neither, which also an account without taxes looks like; nothing may be
    /// concluded from it.
    [[nodiscard]] Result<std::string> tax_engine(const CallContext& context);

    /// {suitetax, legacy_tax, oneworld, multi_currency, multi_location, classes, departments,
    ///  pick_pack_ship: true or false, read off salesOrder and itemFulfillment; tax_engine: as of
    /// `tax_engine`}.
    [[nodiscard]] Result<Json> features(const CallContext& context);

private:
    [[nodiscard]] Result<Json> fetch(std::string_view name, const CallContext& context);
    [[nodiscard]] Result<Json> self_contained(std::string_view record_type, Json schema,
                                              const CallContext& context);

    struct Kept {
        Json schema;
        UtcTime until;
    };
    Session& session_;
    std::mutex mutex_;
    std::map<std::string, Kept, std::less<>> kept_;
};

}  // namespace carrick::connectors::netsuite
