// SPDX-License-Identifier: Apache-2.0
// The host's side of a carrick_pure: needs, map and verify get emitters and nothing else.
#pragma once

#include "core/plugin_host/stage_context.hpp"

namespace carrick::plugin_host {

class PureContext : public StageContext {
public:
    explicit PureContext(const InstanceIdentity& identity) : StageContext(identity) {}

    /// What the plugin is handed; valid until finish. `lookups` only in needs, `payloads` in map.
    [[nodiscard]] const carrick_pure& start(Stage stage,
                                            std::span<const store::Record* const> records,
                                            std::vector<std::optional<Outcome>>& outcomes,
                                            std::vector<LookupRequest>* lookups,
                                            std::vector<Payload>* payloads);
    [[nodiscard]] CallEnd finish(std::int32_t status);

    // The host functions, inside their guards.
    std::int32_t emit_lookup(std::uint32_t record, std::string_view name, std::string_view key,
                             std::int32_t fresh);
    std::int32_t emit_payload(const carrick_payload* raw);
    std::int32_t set_outcome(std::uint32_t record, const carrick_outcome* outcome);
    void log(std::int32_t level, std::string_view message);

private:
    std::int32_t take_payload(const carrick_payload& raw);

    carrick_pure raw_{};
    std::vector<std::optional<Outcome>>* outcomes_ = nullptr;
    std::vector<LookupRequest>* lookups_ = nullptr;
    std::vector<Payload>* payloads_ = nullptr;
};

}  // namespace carrick::plugin_host
