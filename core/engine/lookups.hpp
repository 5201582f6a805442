// SPDX-License-Identifier: Apache-2.0
// Look-ups: what records need to know of a system, asked by the host: batched by declared look-up,
// each key once, answers remembered per connection.
#pragma once

#include "core/base/clock.hpp"
#include "core/engine/settings.hpp"
#include "core/plugin_host/flow_instance.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace carrick::engine {

/// Found answers of all connections. What was not found is not remembered: it may have been made
/// in between, and a record that waits for it must see it. Thread-safe.
class LookupCache {
public:
    explicit LookupCache(Milliseconds time_to_live) : time_to_live_(time_to_live) {}
    [[nodiscard]] std::optional<std::string> find(const std::string& key, UtcTime now) const;
    void put(const std::string& key, std::string body, UtcTime now);

private:
    struct Answer {
        std::string body;
        UtcTime at;
    };
    // About 100 MB of 1 KB answers; emptied as a whole, because what is asked often comes back
    // soon.
    static constexpr std::size_t kLimit = 100'000;

    Milliseconds time_to_live_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Answer> answers_;
};

/// What stands in place of the internal id of a document that shadow has not made.
[[nodiscard]] std::string shadow_id(const std::string& external_id);

/// External ids of documents that flows in shadow would have created, by connection. Their look-ups
/// are answered by placeholders. Thread-safe.
class ShadowDocuments {
public:
    void add(const std::string& connection, const std::string& external_id);
    [[nodiscard]] bool contains(const std::string& connection, const std::string& key) const;

private:
    mutable std::mutex mutex_;
    std::set<std::string> documents_;
};

/// One look-up of a manifest, ready to be asked for one instance.
struct CompiledLookup {
    plugin_host::LookupDeclaration declaration;
    std::string connection_name;
    const ConnectionSpec* connection = nullptr;
    Json request;           ///< without keys; settings filled in
    std::string cache_key;  ///< connection, operation and request
    bool shadow = false;    ///< nothing is written there: what would have been made counts as made
};

/// Fills `${settings.x.y}` scalars of a declared request.
[[nodiscard]] Json fill_settings(const Json& request, const Json& settings);

struct LookupAnswers {
    std::vector<plugin_host::LookupResult> results;  ///< one per request, in order
    std::vector<std::optional<Error>> errors;        ///< the request could not be asked
};

/// Asks for `requests`. Keys of one declared look-up go out together.
[[nodiscard]] LookupAnswers run_lookups(const std::vector<CompiledLookup>& lookups,
                                        std::vector<plugin_host::LookupRequest> requests,
                                        const connectors::CallContext& context, LookupCache& cache,
                                        const ShadowDocuments& shadow, UtcTime now);

}  // namespace carrick::engine
